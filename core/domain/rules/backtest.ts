import type { InteractionId } from '../ids.ts'
import type { RecordedSide } from '../policy.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import type { DecisionInput } from './decision-input.ts'
import type { Policy } from './policy.ts'
import { countsShifted, type QuotaCounts } from './quota.ts'
import { reevaluate } from './reevaluate.ts'

/** A call of before, as it is stored. */
export interface PastCall {
  /** The decision that was in force at its end, and with it the first input. */
  readonly decision: Decision
  /** What became known while it lasted, in order. */
  readonly later: readonly DecisionInput[]
  readonly endedAt: Date
  /** Of what was stored; 0 for a call that was not recorded. */
  readonly sizeBytes: number
}

/** What is recorded of many calls. Hours and bytes count each side of a call by itself. */
export interface Volume {
  readonly calls: number
  readonly durationMs: number
  readonly sizeBytes: number
}

export const CHANGES = ['recorded-now', 'not-recorded-now', 'sides-differ', 'partitions-differ', 'rule-differs', 'same'] as const
/** What the draft changes about a call; the first of these that is true. */
export type Change = (typeof CHANGES)[number]

export interface BacktestReport {
  readonly policyVersion: string
  readonly calls: number
  readonly before: Volume
  /** Its bytes are an estimate: as many per hour as before. */
  readonly after: Volume
  readonly changes: Readonly<Record<Change, number>>
  /** Calls by deciding rule, before and after. */
  readonly rules: readonly { readonly rule: string; readonly before: number; readonly after: number }[]
  /** The first calls of each kind of change but `same`, to look at. */
  readonly examples: readonly { readonly interactionId: InteractionId; readonly change: Change; readonly before: string; readonly after: string }[]
}

export const MAX_EXAMPLES_PER_CHANGE = 20
/** Two channels of 8 kHz and 16 bits, for a history in which nothing was recorded at all. */
const BYTES_PER_SECOND = 8000 * 2 * 2

/** What a draft would have done to these calls. Quotas are counted along, so the calls come in the order of their time. */
export function backtest(draft: Policy, calls: Iterable<PastCall>): BacktestReport {
  const fold = new Backtest(draft)
  for (const call of calls) fold.add(call)
  return fold.report()
}

/** The same for histories that do not fit into memory: it keeps sums, accounts and a few examples. */
export class Backtest {
  readonly #draft: Policy
  readonly #counts = new Map<string, number>()
  readonly #rules = new Map<string, { before: number; after: number }>()
  readonly #changes: Record<Change, number> = { 'recorded-now': 0, 'not-recorded-now': 0, 'sides-differ': 0, 'partitions-differ': 0, 'rule-differs': 0, same: 0 }
  readonly #examples: BacktestReport['examples'][number][] = []
  readonly #before = { calls: 0, durationMs: 0, sizeBytes: 0 }
  readonly #after = { calls: 0, durationMs: 0 }
  #calls = 0

  constructor(draft: Policy) {
    this.#draft = draft
  }

  add(call: PastCall): void {
    const { decision: stored, endedAt, sizeBytes } = call
    const { decision, recordedMs } = replay(this.#draft, call, this.#counts)
    for (const account of decision.accounts) this.#counts.set(account, (this.#counts.get(account) ?? 0) + 1)
    this.#calls += 1
    if (stored.outcome === 'record') {
      this.#before.calls += 1
      this.#before.durationMs += stored.sides.length * elapsedMs(stored.input.at, endedAt)
      this.#before.sizeBytes += sizeBytes
    }
    if (decision.outcome === 'record') this.#after.calls += 1
    this.#after.durationMs += recordedMs
    this.#note(stored, decision)
  }

  report(): BacktestReport {
    const bytesPerMs = this.#before.durationMs > 0 && this.#before.sizeBytes > 0 ? this.#before.sizeBytes / this.#before.durationMs : BYTES_PER_SECOND / 1000
    return {
      policyVersion: this.#draft.version,
      calls: this.#calls,
      before: { ...this.#before },
      after: { ...this.#after, sizeBytes: Math.round(this.#after.durationMs * bytesPerMs) },
      changes: { ...this.#changes },
      rules: [...this.#rules].map(([rule, { before, after }]) => ({ rule, before, after })).sort((a, b) => (a.rule < b.rule ? -1 : 1)),
      examples: [...this.#examples],
    }
  }

  #note(before: Decision, after: Decision): void {
    this.#ofRule(before.rule).before += 1
    this.#ofRule(after.rule).after += 1
    const change = changeOf(before, after)
    this.#changes[change] += 1
    if (change === 'same' || this.#changes[change] > MAX_EXAMPLES_PER_CHANGE) return
    this.#examples.push({ interactionId: before.input.interactionId, change, before: before.rule, after: after.rule })
  }

  #ofRule(rule: string): { before: number; after: number } {
    const known = this.#rules.get(rule) ?? { before: 0, after: 0 }
    this.#rules.set(rule, known)
    return known
  }
}

/** The draft's decision at the end of the call, and for how long, side by side, it would have recorded. */
function replay(draft: Policy, { decision: stored, later, endedAt }: PastCall, counts: QuotaCounts): { readonly decision: Decision; readonly recordedMs: number } {
  let decision = decide(draft, stored.input, counts)
  let recordedMs = decision.sides.length * elapsedMs(stored.input.at, endedAt)
  for (const input of later) {
    // While a call lasts it is on its accounts already, as it would have been.
    const renewed = reevaluate(decision, draft, { input, counts: countsShifted(counts, decision.accounts, 1) })
    decision = renewed.decision
    recordedMs += renewed.starts.length * elapsedMs(input.at, endedAt)
  }
  return { decision, recordedMs }
}

function changeOf(before: Decision, after: Decision): Change {
  if (before.outcome !== after.outcome) return after.outcome === 'record' ? 'recorded-now' : 'not-recorded-now'
  if (!sameMembers<RecordedSide>(before.sides, after.sides)) return 'sides-differ'
  if (!sameMembers(before.partitions, after.partitions)) return 'partitions-differ'
  return before.rule === after.rule ? 'same' : 'rule-differs'
}

function sameMembers<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((member) => other.includes(member))
}

/** A call whose data came after its end, by clocks that differ, lasted no negative time. */
function elapsedMs(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime())
}
