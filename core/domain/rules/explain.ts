import { type Condition, conditionsWithin, fieldName, fieldOf } from './condition.ts'
import { wantedWords } from './condition-words.ts'
import { decide, hearingOf } from './decide.ts'
import type { Decider, Decision } from './decision.ts'
import { type DecisionInput, type FactKeys, valuesOf } from './decision-input.ts'
import { holds, type Scene } from './holds.ts'
import { judge, type Verdict } from './judge.ts'
import { clockText } from './local-time.ts'
import type { Policy } from './policy.ts'
import type { QuotaCounts } from './quota.ts'
import { type NeverRule, NO_RULE, type Rule } from './rule.ts'

/** How one condition fared. */
export interface ConditionTrace {
  /** The field's name, by which the reader's right to see the value is found; `null` for those that only combine others. */
  readonly field: string | null
  readonly wanted: string
  /** What the call has; empty: nothing. Show it only to those who may see the field. */
  readonly saw: readonly string[]
  readonly holds: boolean
  readonly within: readonly ConditionTrace[]
}

/** How one rule fared. */
export interface RuleTrace {
  readonly rule: string
  readonly kind: Decider
  /** What it says of this call, whether or not it was asked. */
  readonly verdict: Verdict
  /** `passed`: asked, and did not take the call; `not-asked`: another had taken it before. */
  readonly part: 'decided' | 'passed' | 'not-asked'
  readonly when: ConditionTrace
}

/** Why a call was, or was not, recorded: rule by rule. */
export interface Explanation {
  readonly decision: Decision
  /** Of the policy that decided: they tell which key a fact came from. */
  readonly factKeys: FactKeys
  readonly rules: readonly RuleTrace[]
}

/** Decides, and tells of every rule what it said and why. The decision is that of `decide`, from the same code. */
export function explain(policy: Policy, input: DecisionInput, counts: QuotaCounts = new Map()): Explanation {
  const hearing = hearingOf(policy, input, counts)
  const decision = decide(policy, input, counts)
  let open = true
  const trace = (rule: Rule | NeverRule, kind: Decider): RuleTrace => {
    const verdict = judge(rule, hearing)
    const part = !open ? 'not-asked' : verdict.type === 'takes' ? 'decided' : 'passed'
    if (part === 'decided') open = false
    return { rule: rule.name, kind, verdict, part, when: conditionTrace(rule.when, hearing.scene) }
  }
  const rules = [
    ...policy.never.map((rule) => trace(rule, 'never')),
    ...policy.rules.map((rule) => trace(rule, 'rule')),
    trace(NO_RULE, 'no-rule'),
  ]
  return { decision, factKeys: policy.factKeys, rules }
}

function conditionTrace(condition: Condition, scene: Scene): ConditionTrace {
  const field = fieldOf(condition)
  return {
    field: condition.type === 'time' ? 'time' : field === null ? null : fieldName(field),
    wanted: wantedWords(condition),
    saw: sawOf(condition, scene),
    holds: holds(condition, scene),
    within: conditionsWithin(condition).map((inner) => conditionTrace(inner, scene)),
  }
}

function sawOf(condition: Condition, scene: Scene): readonly string[] {
  const field = fieldOf(condition)
  if (field !== null) return valuesOf(scene.input, field)
  if (condition.type !== 'time') return []
  const { weekday, minuteOfDay } = scene.local(condition.zone)
  return [`${weekday} ${clockText(minuteOfDay)}`]
}
