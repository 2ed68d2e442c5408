import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import { describe, it } from 'mocha'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

describe('a search by duration alone, on SQLite', () => {
  const directory = suiteDirectory()

  it('reads an index and no wide row', async () => {
    const database = await openSqliteDatabase({ file: join(directory(), 'durations.db'), schema: 'catalogue', readers: 'own' })
    try {
      const { rows } = await database.read((tx) => sql<{ detail: string }>`explain query plan
        select r.id as id from recordings as r where r.id >= ${0} and r.id < ${Number.MAX_SAFE_INTEGER} and r.duration_ms >= ${60_000} order by r.id desc limit 51`.execute(tx))
      expect(rows.map(({ detail }) => detail)).to.deep.equal(['SEARCH r USING COVERING INDEX recordings_by_duration (id>? AND id<?)'])
    } finally {
      await database.close()
    }
  })
})
