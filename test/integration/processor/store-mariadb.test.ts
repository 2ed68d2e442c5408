import { sql } from 'kysely'
import { after, before, describe } from 'mocha'
import type { SqlDatabase } from '../../../core/store/sql/sql-database.ts'
import { openMysqlDatabase } from '../../../core/store/sql/mysql-database.ts'
import { type PrivateMariadb, requireMariadb } from '../../support/mariadb.ts'
import { storeContracts } from '../../support/store-contracts.ts'

describe('on MariaDB', () => {
  let server: PrivateMariadb | null = null
  before(async function () {
    server = await requireMariadb(this)
  })
  after(() => server?.stop())

  describe('the store', () => {
    storeContracts('MariaDB', async () => {
      if (server === null) throw new Error('there is no server')
      const database = await openMysqlDatabase(server.settings)
      await connectAll(database, server.settings.maxConnections)
      return database
    })
  })
})

/** Every connection of the pool, so that none is left open by a test that is the first to need it. */
async function connectAll(database: SqlDatabase, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => database.read((tx) => sql`select sleep(0.2)`.execute(tx))))
}
