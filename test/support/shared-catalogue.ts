import { after, before } from 'mocha'
import { parseNodeName } from '../../core/domain/ids.ts'
import { catalogueIn, type ProvableCatalogue } from '../../core/store/catalogue.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { CATALOGUE_COLUMNS } from './catalogue-columns.ts'
import { quietRuntime } from './quiet-runtime.ts'

/** The node whose audit chain the shared catalogue continues. */
export const SHARED_NODE = parseNodeName('api-1')

/** Every table whose rows a test may leave; those that others refer to stand last. What a migration put in stays. */
const TABLES = Object.keys(CATALOGUE_COLUMNS).filter((table) => table !== 'schema_migrations' && table !== 'organisation_state') as (keyof typeof CATALOGUE_COLUMNS)[]

/**
 * One database for a whole suite, emptied for each test: to open one costs more than most tests do.
 * Call it inside a `describe`. `open` gives a catalogue in it, `database` the database itself.
 */
export function sharedCatalogue(start: () => Promise<SqlDatabase>): { readonly open: () => Promise<ProvableCatalogue>; readonly database: () => SqlDatabase } {
  let shared: SqlDatabase | null = null
  const database = (): SqlDatabase => {
    if (shared === null) throw new Error('the suite has not begun')
    return shared
  }
  before(async () => {
    shared = await start()
  })
  after(async () => {
    await shared?.close()
  })
  return {
    database,
    open: async () => {
      await emptyDatabase(database())
      return { ...catalogueIn(database(), { node: SHARED_NODE, runtime: quietRuntime() }), close: () => Promise.resolve() }
    },
  }
}

async function emptyDatabase(database: SqlDatabase): Promise<void> {
  await database.change(async (tx) => {
    for (const table of TABLES) await tx.deleteFrom(table).execute()
    await tx.updateTable('organisation_state').set({ version: 1, restamp_from: null, restamp_asked_at: null, restamp_next_id: 0, restamp_looked: 0, restamp_changed: 0 }).execute()
  })
}
