import { expect } from 'chai'
import { sql } from 'kysely'
import { describe, it } from 'mocha'
import { SCHEMAS } from '../../core/store/sql/migrate.ts'
import { isSqlite } from '../../core/store/sql/portable.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { CATALOGUE_COLUMNS } from '../support/catalogue-columns.ts'
import { expectCode } from '../support/rejection.ts'

/** What every database of a catalogue has. `database` is open; `start` opens it once more. */
export function schemaContract(name: string, { database, start }: { readonly database: () => SqlDatabase; readonly start: () => Promise<SqlDatabase> }): void {
  describe(`the schema in ${name}`, () => {
    it('has the tables and columns of the row types, and no others', async () => {
      const tables = await database().read((tx) => tx.introspection.getTables())
      const live = Object.fromEntries(tables.map((table) => [table.name, table.columns.map((column) => column.name).toSorted()]))
      expect(live).to.deep.equal(Object.fromEntries(Object.entries(CATALOGUE_COLUMNS).map(([table, columns]) => [table, Object.keys(columns).toSorted()])))
    })

    it('has one index of lengths, and no longer the one that a search walked to its end', async () => {
      const { rows } = await database().read((tx) => isSqlite(tx)
        ? sql<{ index: string; name: string }>`select i.name as "index", c.name as name from pragma_index_list('recordings') as i, pragma_index_info(i.name) as c where i.name in ('recordings_by_duration', 'recordings_by_length')`.execute(tx)
        : sql<{ index: string; name: string }>`select index_name as \`index\`, column_name as name from information_schema.statistics where table_schema = database() and index_name in ('recordings_by_duration', 'recordings_by_length')`.execute(tx))
      expect(rows).to.deep.equal([{ index: 'recordings_by_length', name: 'duration_ms' }])
    })

    it('is made once, however many programs start at once', async () => {
      await Promise.all([1, 2, 3].map(async () => (await start()).close()))
      const rows = await database().read((tx) => tx.selectFrom('schema_migrations').select(['schema_name', 'number']).orderBy('number').execute())
      expect(rows).to.deep.equal(SCHEMAS.catalogue.map((_, index) => ({ schema_name: 'catalogue', number: index + 1 })))
    })

    it('is taken up where a run was cut off in the middle', async () => {
      await database().change((tx) => tx.deleteFrom('schema_migrations').where('number', '>', 1).execute())
      await (await start()).close()
      expect(await database().read((tx) => tx.selectFrom('schema_migrations').select('number').execute())).to.have.length(SCHEMAS.catalogue.length)
    })

    it('is refused when a newer program has been here', async () => {
      const newer = { schema_name: 'catalogue', number: SCHEMAS.catalogue.length + 1, applied_at: 0 }
      await database().change((tx) => tx.insertInto('schema_migrations').values(newer).execute())
      const refusal = start()
      try {
        await expectCode(refusal.then((opened) => opened.close()), 'STORE_NEWER')
      } finally {
        await database().change((tx) => tx.deleteFrom('schema_migrations').where('number', '=', newer.number).execute())
      }
    })
  })
}
