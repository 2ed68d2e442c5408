import type { InteractionId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import { withAttached } from '../domain/attached-data.ts'
import { backtest, type BacktestReport, type PastCall } from '../domain/rules/backtest.ts'
import type { Decision } from '../domain/rules/decision.ts'
import type { DecisionInput } from '../domain/rules/decision-input.ts'
import type { Policy } from '../domain/rules/policy.ts'
import type { AccessScope, RecordingFilter, RecordingRepository } from '../ports/recording-repository.ts'

/** Recordings read at a time. */
const PAGE = 500
/** Held in memory at once, in the order of time that quotas need: about a kilobyte each. A longer history is cut, and that is told. */
export const MAX_HISTORY = 100_000

/** What a draft would have done, and whether the history was longer than what was looked at. */
export interface HistoryReport extends BacktestReport {
  readonly isCut: boolean
}

/** Tries a draft on the calls of a period; the newest ones when there are too many. */
export async function backtestHistory(repository: Pick<RecordingRepository, 'search'>, { draft, filter, scope }: { readonly draft: Policy; readonly filter: RecordingFilter; readonly scope: AccessScope }): Promise<HistoryReport> {
  const { recordings, isCut } = await newest(repository, filter, scope)
  const calls = pastCalls(recordings.toReversed())
  return { ...backtest(draft, calls), isCut }
}

/** The recordings of each interaction as one call, in the order of their beginnings. */
export function pastCalls(oldestFirst: readonly Recording[]): readonly PastCall[] {
  const calls = new Map<InteractionId, Recording[]>()
  for (const recording of oldestFirst) calls.set(recording.interactionId, [...calls.get(recording.interactionId) ?? [], recording])
  return [...calls.values()].map(pastCall)
}

async function newest(repository: Pick<RecordingRepository, 'search'>, filter: RecordingFilter, scope: AccessScope): Promise<{ readonly recordings: readonly Recording[]; readonly isCut: boolean }> {
  const recordings: Recording[] = []
  for (;;) {
    const page = await repository.search({ filter, scope, first: PAGE, before: recordings.at(-1)?.id ?? null })
    recordings.push(...page.recordings)
    if (!page.hasMore || recordings.length >= MAX_HISTORY) return { recordings, isCut: page.hasMore }
  }
}

function pastCall(recordings: readonly Recording[]): PastCall {
  const [first] = recordings
  if (first === undefined) throw new TypeError('an interaction without recordings')
  const made = recordings.filter(({ decision }) => decision.outcome === 'record')
  const decision: Decision = {
    ...(made[0] ?? first).decision,
    // The input is that of the first decision; the rest is what was in force at the end.
    input: first.decision.input,
    sides: [...new Set(made.flatMap(({ decision: { sides } }) => sides))],
    partitions: [...new Set(recordings.flatMap(({ partitions }) => partitions))],
    labels: [...new Set(recordings.flatMap(({ labels }) => labels))],
  }
  const ends = recordings.map(({ endedAt, startedAt }) => (endedAt ?? startedAt).getTime())
  return { decision, later: laterInputs(first), endedAt: new Date(Math.max(...ends)), sizeBytes: recordings.reduce((sum, { media }) => sum + (media?.sizeBytes ?? 0), 0) }
}

/** What attached data brought while the call lasted. */
function laterInputs({ decision: { input }, attachedChanges }: Recording): readonly DecisionInput[] {
  let { attached } = input
  return attachedChanges.map(({ key, value, at }) => {
    attached = withAttached(attached, key, value)
    return { ...input, attached, at }
  })
}
