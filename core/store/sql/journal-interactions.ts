import { parseCallId, parseInteractionId, parsePbxId } from '../../domain/ids.ts'
import { afterOpeningFact, type OpeningFact, type OpenInteraction } from '../../domain/open-interaction.ts'
import type { Tx } from './sql-database.ts'

/** An interaction as JSON: written and read here alone. */
interface StoredInteraction {
  readonly startedAt: number
  readonly party: OpenInteraction['party']
  readonly calls: readonly { readonly pbxId: string; readonly callId: string }[]
  readonly mergedIntoId: string | null
}

/** Keeps a row for each interaction that is open. */
export async function keepInteraction(tx: Tx, fact: OpeningFact): Promise<void> {
  const id = fact.interactionId
  const row = await tx.selectFrom('journal_interactions').selectAll().where('id', '=', id).executeTakeFirst()
  const next = afterOpeningFact(row === undefined ? null : interactionOf(row), fact)
  if (next === null) {
    await tx.deleteFrom('journal_interactions').where('id', '=', id).execute()
    return
  }
  const { startedAt, party, calls, mergedIntoId } = next
  const interaction_json = JSON.stringify({ startedAt: startedAt.getTime(), party, calls, mergedIntoId } satisfies StoredInteraction)
  await tx.insertInto('journal_interactions').values({ id, interaction_json }).onConflict((conflict) => conflict.column('id').doUpdateSet({ interaction_json })).execute()
}

export async function keptInteractions(tx: Tx): Promise<readonly OpenInteraction[]> {
  const rows = await tx.selectFrom('journal_interactions').selectAll().orderBy('id').execute()
  return rows.map(interactionOf)
}

function interactionOf({ id, interaction_json: json }: { readonly id: string; readonly interaction_json: string }): OpenInteraction {
  const { startedAt, party, calls, mergedIntoId } = JSON.parse(json) as StoredInteraction
  return {
    id: parseInteractionId(id),
    startedAt: new Date(startedAt),
    party,
    calls: calls.map(({ pbxId, callId }) => ({ pbxId: parsePbxId(pbxId), callId: parseCallId(callId) })),
    mergedIntoId: mergedIntoId === null ? null : parseInteractionId(mergedIntoId),
  }
}
