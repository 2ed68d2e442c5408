import type { InteractionId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { type AttachedData, attachedValue, withAttached } from '../../domain/attached-data.ts'
import { Backtest, type BacktestReport, type PastCall } from '../../domain/rules/backtest.ts'
import type { Decision } from '../../domain/rules/decision.ts'
import type { DecisionInput } from '../../domain/rules/decision-input.ts'
import type { Policy } from '../../domain/rules/policy.ts'
import type { AccessScope, RecordingFilter, RecordingRepository } from '../../ports/recording-repository.ts'

/** Recordings read at a time: what they cost this thread is a few milliseconds. */
const PAGE = 50
/** Reading stops when so much of the time is left: deciding takes about as long at the worst. A guess. */
const READING_SHARE = 0.5
/** Held in memory at once, in the order of time that quotas need: a few kilobytes each. A longer history is cut, and that is told. */
export const MAX_HISTORY = 100_000

/** What ended the look at the history before its end: the newest calls were looked at. */
export type HistoryCut = 'recordings' | 'time'

/** What a draft would have done, and how much of the history was looked at. */
export interface HistoryReport extends BacktestReport {
  readonly recordings: number
  /** When the first and the last call that was decided again began; `null` when there is none. */
  readonly fromAt: Date | null
  readonly toAt: Date | null
  readonly cutBy: HistoryCut | null
}

/** How much may be looked at, and how others get their turn meanwhile. */
export interface HistoryBounds {
  readonly maxRecordings: number
  /** How much of the time is left, from 1 down. Reading takes the first half, deciding what is left. */
  readonly timeLeft: () => number
  /** Awaited after each page and each call: whoever else waits for this thread goes first. */
  readonly rest: () => Promise<void>
}

/** At the console nobody else waits. */
export const UNHURRIED: HistoryBounds = { maxRecordings: MAX_HISTORY, timeLeft: () => 1, rest: () => Promise.resolve() }

/** What is tried on what. */
export interface Trial {
  readonly draft: Policy
  readonly filter: RecordingFilter
  readonly scope: AccessScope
  /** The attached data that may be looked at. */
  readonly sight: (data: AttachedData) => AttachedData
}

/** Tries a draft on the calls of a period; the newest ones when there are too many. */
export async function backtestHistory(repository: Pick<RecordingRepository, 'search'>, { draft, filter, scope, sight }: Trial, bounds: HistoryBounds = UNHURRIED): Promise<HistoryReport> {
  const { recordings, cutBy } = await newest(repository, { filter, scope }, bounds)
  const test = new Backtest(draft)
  const calls = byInteraction(recordings.toReversed())
  let done = 0
  for (const call of calls) {
    if (bounds.timeLeft() <= 0) break
    test.add(pastCall(call, sight))
    done += 1
    await bounds.rest()
  }
  const began = (call: readonly Recording[] | undefined): Date | null => call?.[0]?.decision.input.at ?? null
  return { ...test.report(), recordings: recordings.length, fromAt: began(done > 0 ? calls[0] : undefined), toAt: began(calls[done - 1]), cutBy: done < calls.length ? 'time' : cutBy }
}

/** The recordings of each interaction, which are one call, in the order of their beginnings. */
function byInteraction(oldestFirst: readonly Recording[]): readonly (readonly Recording[])[] {
  const calls = new Map<InteractionId, Recording[]>()
  for (const recording of oldestFirst) {
    const known = calls.get(recording.interactionId)
    if (known === undefined) calls.set(recording.interactionId, [recording])
    else known.push(recording)
  }
  return [...calls.values()]
}

async function newest(repository: Pick<RecordingRepository, 'search'>, asked: { readonly filter: RecordingFilter; readonly scope: AccessScope }, { maxRecordings, timeLeft, rest }: HistoryBounds): Promise<{ readonly recordings: readonly Recording[]; readonly cutBy: HistoryCut | null }> {
  const recordings: Recording[] = []
  for (;;) {
    const page = await repository.search({ ...asked, first: Math.min(PAGE, maxRecordings - recordings.length), before: recordings.at(-1)?.id ?? null })
    recordings.push(...page.recordings)
    if (!page.hasMore) return { recordings, cutBy: null }
    if (recordings.length >= maxRecordings) return { recordings, cutBy: 'recordings' }
    if (timeLeft() <= READING_SHARE) return { recordings, cutBy: 'time' }
    await rest()
  }
}

function pastCall(recordings: readonly Recording[], sight: Trial['sight']): PastCall {
  const [first] = recordings
  if (first === undefined) throw new TypeError('an interaction without recordings')
  const made = recordings.filter(({ decision }) => decision.outcome === 'record')
  const decision: Decision = {
    ...(made[0] ?? first).decision,
    // The input is that of the first decision; the rest is what was in force at the end.
    input: seen(first.decision.input, sight),
    sides: [...new Set(made.flatMap(({ decision: { sides } }) => sides))],
    partitions: [...new Set(recordings.flatMap(({ partitions }) => partitions))],
    labels: [...new Set(recordings.flatMap(({ labels }) => labels))],
  }
  const ends = recordings.map(({ endedAt, startedAt }) => (endedAt ?? startedAt).getTime())
  return { decision, later: laterInputs(first).map((input) => seen(input, sight)), endedAt: new Date(Math.max(...ends)), sizeBytes: recordings.reduce((sum, { media }) => sum + (media?.sizeBytes ?? 0), 0) }
}

/** What attached data brought while the call lasted. The first changes tell only where the data of the decision came from. */
function laterInputs({ decision: { input }, attachedChanges }: Recording): readonly DecisionInput[] {
  let { attached } = input
  return attachedChanges.flatMap(({ key, value, at }) => {
    if (attachedValue(attached, key) === value) return []
    attached = withAttached(attached, key, value)
    return [{ ...input, attached, at }]
  })
}

/** Facts that attached data alone tells are told anew, by the keys that the draft names for them. */
function seen(input: DecisionInput, sight: Trial['sight']): DecisionInput {
  return { ...input, attached: sight(input.attached), businessUnit: null, customerType: null, language: null }
}
