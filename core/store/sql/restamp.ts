import { sql } from 'kysely'
import { onTimeLine } from '../../domain/time-line.ts'
import { together } from './portable.ts'
import type { Tx } from './sql-database.ts'
import { type Stamped, stamps } from './unit-stamps.ts'

/** Looks at the next recordings again, and remembers how far it came. Gives whether there are no more. */
export async function restampNext(tx: Tx, most: number): Promise<'more' | 'done'> {
  const { restamp_next_id: next } = await tx.selectFrom('organisation_state').select('restamp_next_id').executeTakeFirstOrThrow()
  // One more than are looked at: it tells whether there are more.
  const found = await tx.selectFrom('recordings').select(['id', 'started_at', 'clock_offset_ms']).where('id', '>=', next).orderBy('id').limit(most + 1).execute()
  const rows = found.slice(0, most)
  const last = rows.at(-1)
  if (last === undefined) return 'done'
  const parties = await tx.selectFrom('parties').select(['recording_id', 'agent']).where('recording_id', 'in', rows.map(({ id }) => id)).where('agent', 'is not', null).execute()
  const agents = Map.groupBy(parties, (party) => party.recording_id)
  const recordings = rows.map((row): Stamped => ({
    id: row.id,
    agents: [...new Set((agents.get(row.id) ?? []).flatMap(({ agent }) => agent?.normalize('NFC') ?? []))],
    at: onTimeLine({ clockOffsetMs: row.clock_offset_ms }, new Date(row.started_at)),
  }))
  const { queries, changed } = await stamps(tx, recordings)
  await together(tx, [...queries, tx.updateTable('organisation_state').set({
    restamp_next_id: last.id + 1, restamp_looked: sql<number>`restamp_looked + ${rows.length}`, restamp_changed: sql<number>`restamp_changed + ${changed}`,
  })])
  return found.length > most ? 'more' : 'done'
}
