import type { NodeName } from '../domain/ids.ts'
import type { CaptureJournal } from '../ports/capture-journal.ts'
import type { Runtime } from '../ports/runtime.ts'
import { type Store, storeIn } from './catalogue.ts'
import { SqlCaptureJournal } from './sql/sql-capture-journal.ts'
import { openSqliteDatabase } from './sql/sqlite-database.ts'
import { WriteTurns } from './sql/write-turns.ts'

/**
 * Everything in SQLite. The journal has its own connection, in `journalFile` or (`null`) in the catalogue's file; there an append
 * waits for the catalogue's transaction that is under way, so a node that records much gives it a file of its own.
 * @throws HoldfastError `STORE_NEWER`; `STORE_FAILED`
 */
export async function openSqliteStore(options: {
  readonly file: string
  readonly journalFile: string | null
  readonly node: NodeName
  readonly nodeNumber: number
  readonly runtime: Runtime
  readonly customerIdKey?: string | null
}): Promise<Store> {
  const { file, journalFile, nodeNumber, runtime } = options
  const turns = new WriteTurns()
  const database = await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own', turns })
  return await storeIn(database, options, async () => (journalFile === null
    ? new SqlCaptureJournal(await openSqliteDatabase({ file, schema: 'journal', readers: 'shared', turns }), { nodeNumber, runtime })
    : await openSqliteJournal({ file: journalFile, nodeNumber, runtime })))
}

/**
 * A capture node's journal alone, beside a catalogue that lives elsewhere.
 * @throws HoldfastError `STORE_NEWER`; `STORE_FAILED`
 */
export async function openSqliteJournal(options: { readonly file: string; readonly nodeNumber: number; readonly runtime: Runtime }): Promise<CaptureJournal> {
  return new SqlCaptureJournal(await openSqliteDatabase({ file: options.file, schema: 'journal', readers: 'shared' }), options)
}
