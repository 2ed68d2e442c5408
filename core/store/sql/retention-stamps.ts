import { sql } from 'kysely'
import type { RetentionStamp } from '../../ports/retention-store.ts'
import { insertIfAbsent, locked } from './portable.ts'
import type { RetentionStampRow } from './retention-tables.ts'
import type { Tx } from './sql-database.ts'

/** Rows in one statement: four parameters each. */
const ROWS_PER_QUERY = 500

/** Writes stamps; one that is there is only ever moved on. */
export async function writeStamps(tx: Tx, stamps: readonly RetentionStamp[]): Promise<void> {
  const rows = stamps.map(({ recordingId, keptUntil, rule, version }) => ({ recording_id: Number(recordingId), kept_until: keptUntil.getTime(), rule, version })).sort((a, b) => a.recording_id - b.recording_id)
  for (let from = 0; from < rows.length; from += ROWS_PER_QUERY) await writeSome(tx, rows.slice(from, from + ROWS_PER_QUERY))
}

async function writeSome(tx: Tx, rows: readonly RetentionStampRow[]): Promise<void> {
  await insertIfAbsent(tx, tx.insertInto('retention_stamps').values([...rows]), { recording_id: sql.ref<number>('recording_id') }).execute()
  const had = await locked(tx, tx.selectFrom('retention_stamps').selectAll().where('recording_id', 'in', rows.map((row) => row.recording_id)).orderBy('recording_id')).execute()
  const wanted = new Map(rows.map((row) => [row.recording_id, row]))
  const moved = had.flatMap((row) => {
    const next = wanted.get(row.recording_id)
    if (next === undefined || (next.kept_until <= row.kept_until && next.version === row.version && next.rule === row.rule)) return []
    return [{ ...next, kept_until: Math.max(next.kept_until, row.kept_until) }]
  })
  if (moved.length === 0) return
  // Held by this transaction: nobody sees the rows away. One statement each, where an update of many rows with values of their own would be as many.
  await tx.deleteFrom('retention_stamps').where('recording_id', 'in', moved.map((row) => row.recording_id)).execute()
  await tx.insertInto('retention_stamps').values(moved).execute()
}

/** Until when nobody may destroy it, by what was stamped; `null`: nothing was. */
export async function stampedUntil(tx: Tx, recordingId: number): Promise<Date | null> {
  const row = await tx.selectFrom('retention_stamps').select('kept_until').where('recording_id', '=', recordingId).executeTakeFirst()
  return row === undefined || row.kept_until === 0 ? null : new Date(row.kept_until)
}
