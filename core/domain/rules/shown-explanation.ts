import type { Decider } from './decision.ts'
import type { ConditionTrace, Explanation, RuleTrace } from './explain.ts'
import { outcomeWords, verdictWords } from './explain-words.ts'
import type { Verdict } from './judge.ts'
import type { Quota } from './quota.ts'

/** Whether the reader may see the values of this field: `attached.CUSTOMER_ID`, `caller`, `time`. */
export type MaySee = (field: string) => boolean

/** How one condition fared, as far as the reader may know. */
export interface ShownCondition {
  /** How far it lies within others. */
  readonly depth: number
  /** `null` for those that only combine others. */
  readonly field: string | null
  /** `null`: hidden, and with it whether it holds. */
  readonly wanted: string | null
  readonly saw: readonly string[]
  /** `null`: hidden, also of one that combines others when something within it is hidden. */
  readonly holds: boolean | null
}

export interface ShownRule {
  readonly rule: string
  readonly kind: Decider
  readonly part: RuleTrace['part']
  /** `null`: hidden, as it would tell of a hidden value. */
  readonly verdict: Verdict['type'] | null
  /** The verdict in words; `null` with it. */
  readonly words: string | null
  /** What `when` asks for, the outermost first. */
  readonly conditions: readonly ShownCondition[]
}

/** An explanation without what its reader may not see. */
export interface ShownExplanation {
  readonly summary: string
  readonly policyVersion: string
  readonly rules: readonly ShownRule[]
}

/**
 * Of a field that the reader may not see, neither the value is told nor the rule's word for it, nor whether the two fit: each would
 * tell of the value. So would the verdict of a rule that looks at it, or counts by it, asked or not. That a rule took the call is
 * told all the same: its name stands in every recording.
 */
export function shownExplanation({ decision, rules }: Explanation, maySee: MaySee): ShownExplanation {
  return {
    summary: outcomeWords(decision),
    policyVersion: decision.policyVersion,
    rules: rules.map((trace) => ({ rule: trace.rule, kind: trace.kind, part: trace.part, ...shownVerdict(trace, maySee), conditions: shownConditions(trace.when, maySee, 0) })),
  }
}

function shownVerdict({ part, verdict, when }: RuleTrace, maySee: MaySee): Pick<ShownRule, 'verdict' | 'words'> {
  const countsOpenly = quotasOf(verdict).every(({ per }) => maySee(per))
  if (countsOpenly && looksOpenly(when, maySee)) return { verdict: verdict.type, words: verdictWords(verdict) }
  if (part !== 'decided') return { verdict: null, words: null }
  return { verdict: verdict.type, words: countsOpenly ? verdictWords(verdict) : verdictWords({ type: 'takes', draw: null, quotas: [] }) }
}

function looksOpenly({ field, within }: ConditionTrace, maySee: MaySee): boolean {
  return (field === null || maySee(field)) && within.every((inner) => looksOpenly(inner, maySee))
}

/** What was counted for the verdict, or could not be. */
function quotasOf(verdict: Verdict): readonly Quota[] {
  if (verdict.type === 'subject-unknown') return [verdict.quota]
  return 'quotas' in verdict ? verdict.quotas.map(({ quota }) => quota) : []
}

function shownConditions(trace: ConditionTrace, maySee: MaySee, depth: number): readonly ShownCondition[] {
  const within = trace.within.flatMap((inner) => shownConditions(inner, maySee, depth + 1))
  const { field, wanted, saw, holds } = trace
  const own: ShownCondition = field !== null && !maySee(field)
    ? { depth, field, wanted: null, saw: [], holds: null }
    : { depth, field, wanted, saw, holds: within.some((inner) => inner.holds === null) ? null : holds }
  return [own].concat(within)
}
