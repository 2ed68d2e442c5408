import { sql } from 'kysely'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { HeldSearch, Hold } from '../../ports/hold-register.ts'
import { fitsFilter } from './filter-match.ts'
import { holdOf } from './hold-rows.ts'
import type { HoldRow } from './hold-tables.ts'
import { interactionMembers } from './interactions.ts'
import { insertIfAbsent, locked, together } from './portable.ts'
import type { Tx } from './sql-database.ts'
import { isReached } from './sql-recording-repository.ts'

const GATE = 'holds'
/** Ids in one `in (…)` list. */
const IDS_PER_QUERY = 500

/**
 * Holds the gate until the transaction ends. Whoever places a hold and whoever decides a destruction come one after the other: without it
 * a search that matches a recording could be placed between the look at the holds and the commit of the tombstone.
 */
export async function passGate(tx: Tx): Promise<void> {
  await together(tx, [
    insertIfAbsent(tx, tx.insertInto('hold_gate').values({ name: GATE }), { name: sql.ref<string>('name') }),
    locked(tx, tx.selectFrom('hold_gate').select('name').where('name', '=', GATE)),
  ])
}

/** These holds, whole, in the order of their rows. */
export async function wholeHolds(tx: Tx, rows: readonly HoldRow[]): Promise<readonly Hold[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [searches, counts] = await together(tx, [
    tx.selectFrom('hold_searches').selectAll().where('hold_id', 'in', ids).orderBy('hold_id').orderBy('search_index'),
    tx.selectFrom('hold_recordings').select(['hold_id', (select) => select.fn.countAll<number>().as('named')]).where('hold_id', 'in', ids).groupBy('hold_id'),
  ])
  return rows.map((row) => holdOf(row, { searches: searches.filter((search) => search.hold_id === row.id), named: counts.find((count) => count.hold_id === row.id)?.named ?? 0 }))
}

/** The standing holds over each of these recordings; those without one are not in the answer. */
export async function holdsOver(tx: Tx, recordings: readonly Recording[]): Promise<ReadonlyMap<RecordingId, readonly Hold[]>> {
  const standing = await wholeHolds(tx, await tx.selectFrom('holds').selectAll().where('released_at', 'is', null).orderBy('placed_at').orderBy('id').execute())
  const over = new Map<RecordingId, readonly Hold[]>()
  if (standing.length === 0) return over
  const named = await namesOf(tx, recordings.map(({ id }) => Number(id)))
  const found = await finders(tx, standing)
  for (const recording of recordings) {
    const holds: Hold[] = []
    for (const hold of standing) {
      if (named.has(`${hold.id} ${recording.id}`) || await someFinds(tx, hold.searches, { recording, found })) holds.push(hold)
    }
    if (holds.length > 0) over.set(recording.id, holds)
  }
  return over
}

async function namesOf(tx: Tx, ids: readonly number[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
    const rows = await tx.selectFrom('hold_recordings').select(['hold_id', 'recording_id']).where('recording_id', 'in', ids.slice(from, from + IDS_PER_QUERY)).execute()
    for (const row of rows) names.add(`${row.hold_id} ${row.recording_id}`)
  }
  return names
}

type Interactions = ReadonlyMap<InteractionId, readonly string[]>

/** What is one with each interaction that a search names: merges go on after a hold was placed. */
async function finders(tx: Tx, holds: readonly Hold[]): Promise<Interactions> {
  const ids = new Set(holds.flatMap(({ searches }) => searches.flatMap(({ filter }) => filter.interactionId ?? [])))
  const found = new Map<InteractionId, readonly string[]>()
  for (const id of ids) found.set(id, await interactionMembers(tx, id))
  return found
}

async function someFinds(tx: Tx, searches: readonly HeldSearch[], { recording, found }: { readonly recording: Recording; readonly found: Interactions }): Promise<boolean> {
  for (const { filter, scope } of searches) {
    const interactions = filter.interactionId === null ? null : found.get(filter.interactionId) ?? []
    if (fitsFilter(recording, filter, interactions) && await isReached(tx, recording.id, scope)) return true
  }
  return false
}
