import { after, before } from 'mocha'
import { parseNodeName } from '../../core/domain/ids.ts'
import { type Catalogue, catalogueIn } from '../../core/store/sqlite-store.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import type { CatalogueTables } from '../../core/store/sql/tables.ts'
import { quietRuntime } from './quiet-runtime.ts'

/** The node whose audit chain the shared catalogue continues. */
export const SHARED_NODE = parseNodeName('api-1')

/** Every table but the one of the migrations, those that others refer to last. */
const TABLES = Object.keys({
  job_marks: true, jobs: true, media_headers: true, media: true, findings: true, attached_changes: true, parties: true, pauses: true,
  spool_files: true, segments: true, attached: true, access: true, recordings: true, interactions: true, journal_positions: true,
  audit_personal: true, audit_entries: true, audit_chains: true, tokens: true, nodes: true, policies: true, unit_members: true, units: true,
  hold_recordings: true, holds: true,
} satisfies Record<Exclude<keyof CatalogueTables, 'schema_migrations'>, true>) as Exclude<keyof CatalogueTables, 'schema_migrations'>[]

/**
 * One database for a whole suite, emptied for each test: to open one costs more than most tests do.
 * Call it inside a `describe`. `open` gives a catalogue in it, `database` the database itself.
 */
export function sharedCatalogue(start: () => Promise<SqlDatabase>): { readonly open: () => Promise<Catalogue>; readonly database: () => SqlDatabase } {
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
  })
}
