import type { CaptureJournal } from '../ports/capture-journal.ts'
import type { DestructionLedger, EndedPlace } from '../ports/destruction-ledger.ts'

const AT_ONCE = 500
/** The clocks of nodes differ, and a transaction may commit after one that began later: so much is looked at again. */
const OVERLAP_MS = 10 * 60_000

interface Forgetting {
  readonly ledger: Pick<DestructionLedger, 'endedFrom'>
  readonly journal: Pick<CaptureJournal, 'forget' | 'forgottenUntil'>
}

/**
 * Removes from this node's journal what it tells of recordings that are destroyed, by whichever node: numbers, names and attached data stand
 * in its facts. Goes on where the last run ended.
 * @returns of how many facts
 */
export async function forgetDestroyed({ ledger, journal }: Forgetting, signal: AbortSignal): Promise<number> {
  const until = await journal.forgottenUntil()
  let from: EndedPlace | null = until === null ? null : { endedAt: new Date(until.getTime() - OVERLAP_MS), recordingId: null }
  let forgotten = 0
  while (!signal.aborted) {
    const ended = await ledger.endedFrom(from, AT_ONCE)
    const last = ended.at(-1)
    if (last === undefined) break
    forgotten += await journal.forget(ended.map(({ recordingId }) => recordingId), last.endedAt)
    if (ended.length < AT_ONCE) break
    from = last
  }
  return forgotten
}
