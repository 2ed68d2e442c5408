import { expect } from 'chai'
import { sql } from 'kysely'
import { after, before, describe, it } from 'mocha'
import type { SqlDatabase } from '../../../core/store/sql/sql-database.ts'
import { openMysqlDatabase } from '../../../core/store/sql/mysql-database.ts'
import { type PrivateMariadb, requireMariadb } from '../../support/mariadb.ts'
import { expectCode } from '../../support/rejection.ts'
import { storeContracts } from '../../support/store-contracts.ts'

describe('on MariaDB', () => {
  let server: PrivateMariadb | null = null
  before(async function () {
    server = await requireMariadb(this)
  })
  after(() => server?.stop())

  it('ends a statement by itself before the client hangs up, on each connection', async () => {
    if (server === null) throw new Error('there is no server')
    const database = await openMysqlDatabase(server.settings)
    try {
      const asked = Array.from({ length: 3 }, () => database.ask((db) => sql<{ seconds: string }>`select @@session.max_statement_time + sleep(0.2) as seconds`.execute(db)))
      expect((await Promise.all(asked)).map(({ rows }) => rows.map(({ seconds }) => Number(seconds)))).to.deep.equal([[60], [60], [60]])
      const late = database.ask((db) => sql`set statement max_statement_time = 0.05 for select count(*) from information_schema.columns as a, information_schema.columns as b, information_schema.columns as c`.execute(db))
      expect((await expectCode(late, 'STORE_FAILED')).details, 'told as the database\'s failure').to.deep.include({ errno: 1969 })
    } finally {
      await database.close()
    }
  })

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
