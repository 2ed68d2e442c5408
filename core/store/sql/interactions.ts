import { sql } from 'kysely'
import type { InteractionEnded, InteractionFact, InteractionMerged, InteractionOpened } from '../../domain/capture-fact.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type InteractionId, parseInteractionId } from '../../domain/ids.ts'
import type { Interaction } from '../../domain/recording.ts'
import { insertIfAbsent, locked, together } from './portable.ts'
import type { Tx } from './sql-database.ts'
import type { InteractionRow } from './tables.ts'

/** Applies a fact about an interaction. Facts of several nodes may come in any order, so each makes the row that it needs. */
export async function applyInteractionFact(tx: Tx, fact: InteractionFact): Promise<void> {
  switch (fact.type) {
    case 'interaction-opened':
      await opened(tx, fact)
      break
    case 'interaction-ended':
      await ended(tx, fact)
      break
    case 'interaction-merged':
      await merged(tx, fact)
      break
    case 'interaction-paused':
    case 'interaction-resumed':
      // For capture alone: each recording's own facts tell of its pause.
      break
  }
}

/** What the interaction is part of now: itself, or what it was merged into, followed to the end. */
export async function rootInteraction(tx: Tx, id: InteractionId): Promise<Interaction | null> {
  const row = await tx.selectFrom('interactions as told').innerJoin('interactions as root', 'root.id', 'told.root_id')
    .selectAll('root').where('told.id', '=', id).executeTakeFirst()
  return row === undefined ? null : {
    id: parseInteractionId(row.id),
    startedAt: new Date(row.started_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    mergedIntoId: row.merged_into_id === null ? null : parseInteractionId(row.merged_into_id),
  }
}

/** All interactions that are one with this one; itself alone when nothing is known of it. */
export async function interactionMembers(tx: Tx, id: InteractionId): Promise<readonly string[]> {
  const rows = await tx.selectFrom('interactions as told').innerJoin('interactions as member', 'member.root_id', 'told.root_id')
    .select('member.id').where('told.id', '=', id).execute()
  return rows.length === 0 ? [id] : rows.map((row) => row.id)
}

/** What is asked for under it after its end (a second call of the same case, another site) opens it again. */
async function opened(tx: Tx, fact: InteractionOpened): Promise<void> {
  const row = await ensured(tx, fact.interactionId, fact.at)
  const at = fact.at.getTime()
  if (at < row.started_at) await tx.updateTable('interactions').set({ started_at: at }).where('id', '=', row.id).execute()
  if (row.ended_at !== null && at > row.ended_at) await tx.updateTable('interactions').set({ ended_at: null }).where('id', '=', row.id).execute()
}

/** Each node tells when the last leg of its own went: the last word stands. */
async function ended(tx: Tx, fact: InteractionEnded): Promise<void> {
  const row = await ensured(tx, fact.interactionId, fact.at)
  if (row.ended_at === null || fact.at.getTime() > row.ended_at) await tx.updateTable('interactions').set({ ended_at: fact.at.getTime() }).where('id', '=', row.id).execute()
}

/** Every interaction knows its root, so that a read follows any number of merges in one step. Told again, or in a circle, it changes nothing. */
async function merged(tx: Tx, fact: InteractionMerged): Promise<void> {
  const { root_id: root } = await ensured(tx, fact.interactionId, fact.at)
  const { root_id: into } = await ensured(tx, fact.mergedIntoId, fact.at)
  if (root === into) return
  await tx.updateTable('interactions').set({ merged_into_id: into }).where('id', '=', root).execute()
  await tx.updateTable('interactions').set({ root_id: into }).where('root_id', '=', root).execute()
}

/** The row, made where it is missing, and held: two nodes that tell of the same interaction come one after the other. */
async function ensured(tx: Tx, id: InteractionId, at: Date): Promise<InteractionRow> {
  const row: InteractionRow = { id, root_id: id, merged_into_id: null, started_at: at.getTime(), ended_at: null }
  const [, [had]] = await together(tx, [
    insertIfAbsent(tx, tx.insertInto('interactions').values(row), { id: sql.ref<string>('id') }),
    locked(tx, tx.selectFrom('interactions').selectAll().where('id', '=', id)),
  ])
  if (had === undefined) throw new HoldfastError('STORE_FAILED', 'an interaction was not kept', { interactionId: id })
  return had
}
