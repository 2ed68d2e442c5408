import type { Compilable } from 'kysely'
import { type InteractionId, parseCallId, parseInteractionId, parsePbxId } from '../../domain/ids.ts'
import { afterOpeningFact, type OpeningFact, type OpenInteraction } from '../../domain/open-interaction.ts'
import type { Tx } from './sql-database.ts'

/** An interaction as JSON: written and read here alone. */
interface StoredInteraction {
  readonly startedAt: number
  readonly party: OpenInteraction['party']
  readonly calls: readonly { readonly pbxId: string; readonly callId: string }[]
  readonly mergedIntoId: string | null
}

interface InteractionRow {
  readonly id: string
  readonly interaction_json: string
}

/** What has to be known before {@link interactionsKept}. */
export function interactionRows(tx: Tx, facts: readonly OpeningFact[]): readonly Compilable<InteractionRow>[] {
  return idsOf(facts).map((id) => tx.selectFrom('journal_interactions').selectAll().where('id', '=', id))
}

/** A row for each interaction that is open. */
export function interactionsKept(tx: Tx, facts: readonly OpeningFact[], found: readonly (readonly InteractionRow[])[]): readonly Compilable[] {
  const open = new Map<InteractionId, OpenInteraction | null>(idsOf(facts).map((id, index) => [id, found[index]?.map(interactionOf)[0] ?? null]))
  for (const fact of facts) open.set(fact.interactionId, afterOpeningFact(open.get(fact.interactionId) ?? null, fact))
  return [...open].map(([id, interaction]) => (interaction === null ? tx.deleteFrom('journal_interactions').where('id', '=', id) : keptRow(tx, id, interaction)))
}

function idsOf(facts: readonly OpeningFact[]): readonly InteractionId[] {
  return [...new Set(facts.map(({ interactionId }) => interactionId))]
}

function keptRow(tx: Tx, id: InteractionId, { startedAt, party, calls, mergedIntoId }: OpenInteraction): Compilable {
  const interaction_json = JSON.stringify({ startedAt: startedAt.getTime(), party, calls, mergedIntoId } satisfies StoredInteraction)
  return tx.insertInto('journal_interactions').values({ id, interaction_json }).onConflict((conflict) => conflict.column('id').doUpdateSet({ interaction_json }))
}

export async function keptInteractions(tx: Tx): Promise<readonly OpenInteraction[]> {
  const rows = await tx.selectFrom('journal_interactions').selectAll().orderBy('id').execute()
  return rows.map(interactionOf)
}

function interactionOf({ id, interaction_json: json }: InteractionRow): OpenInteraction {
  const { startedAt, party, calls, mergedIntoId } = JSON.parse(json) as StoredInteraction
  return {
    id: parseInteractionId(id),
    startedAt: new Date(startedAt),
    party,
    calls: calls.map(({ pbxId, callId }) => ({ pbxId: parsePbxId(pbxId), callId: parseCallId(callId) })),
    mergedIntoId: mergedIntoId === null ? null : parseInteractionId(mergedIntoId),
  }
}
