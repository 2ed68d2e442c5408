import { isUnfinished } from '../domain/lifecycle.ts'
import { minimumUntil, retentionRuleOf } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import { fieldsAsked } from '../domain/retention/retention-subject.ts'
import { parseRecordingId, type RecordingId } from '../domain/ids.ts'
import { recordingIdRange } from '../domain/recording-id.ts'
import type { RetentionStore } from '../ports/retention-store.ts'

/** Rows at one look, and in one transaction: short enough that nobody waits for it. */
const STAMPED_AT_ONCE = 500
/** A recording may settle so long after it began, and still be stamped soon; what takes longer is stamped by the next whole pass. */
const LOOKED_BACK_MS = 24 * 3_600_000

/**
 * Stamps on every recording that has settled until when the rules keep it, where they have not yet: from then on no other rules shorten it.
 * Goes on where it was cut off.
 * @param afterPage - where others have their turn
 * @param reach - `recent`: those that began within the last day alone
 * @returns how many
 */
export async function stampMinimums(store: Pick<RetentionStore, 'candidates' | 'stamp'>, { rules, reach, now, signal, afterPage }: { readonly rules: RetentionRules; readonly reach: 'all' | 'recent'; readonly now: Date; readonly signal: AbortSignal; readonly afterPage?: () => Promise<void> }): Promise<number> {
  // Without a minimum there is nothing to keep: a row for each of a million recordings would say nothing.
  if ([...rules.rules, rules.otherwise].every(({ minimumDays }) => minimumDays === 0)) return 0
  let after: RecordingId | null = reach === 'all' ? null : firstOf(new Date(now.getTime() - LOOKED_BACK_MS))
  let stamped = 0
  const fields = fieldsAsked([rules])
  while (!signal.aborted) {
    const candidates = await store.candidates({ after, first: STAMPED_AT_ONCE, notStampedBy: rules.version, fields })
    const settled = candidates.filter(({ subject }) => !isUnfinished(subject.state))
    await store.stamp(settled.map(({ subject }) => ({
      recordingId: subject.id, keptUntil: minimumUntil(rules, subject) ?? new Date(0), rule: retentionRuleOf(rules, subject).name, version: rules.version,
    })))
    stamped += settled.length
    after = candidates.at(-1)?.subject.id ?? after
    if (candidates.length < STAMPED_AT_ONCE) break
    await afterPage?.()
  }
  return stamped
}

function firstOf(from: Date): RecordingId | null {
  const { least } = recordingIdRange(from, from)
  return least < 1 ? null : parseRecordingId(String(least))
}
