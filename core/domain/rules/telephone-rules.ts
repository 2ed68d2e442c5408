import { parseInteractionId, parsePbxId } from '../ids.ts'
import { type Condition, conditionsWithin, fieldOf } from './condition.ts'
import { type DecisionInput, withFactsOfKeys } from './decision-input.ts'
import { holds, sceneOf } from './holds.ts'
import type { Policy } from './policy.ts'
import { type NeverRule, NO_RULE, type Rule } from './rule.ts'

/** A call of which nothing is known. */
const NOTHING: DecisionInput = {
  interactionId: parseInteractionId('none'), occasion: 'telephone', at: new Date(0), attached: {}, caller: null, callee: null, dialled: null, extensions: [], direction: 'internal',
  queue: null, agent: null, businessUnit: null, customerType: null, language: null, pbx: parsePbxId('none'), site: null,
}

/**
 * Whether a condition holds only of calls with a telephone of ours. A rule with such a condition records telephones full-time: it is
 * asked whenever one rings or calls, also where no route asks. `not` of an extension holds of calls without any, and is none.
 */
export function needsTelephone(condition: Condition): boolean {
  const field = fieldOf(condition)
  if (field !== null) return field.type === 'extension'
  if (condition.type === 'all') return condition.of.some(needsTelephone)
  return condition.type === 'any' && condition.of.length > 0 && condition.of.every(needsTelephone)
}

/** Whether a rule is asked about this call at all: about a call whose route asked every one is, those of `never` always. */
export function isAsked(rule: NeverRule | Rule, { occasion }: Pick<DecisionInput, 'occasion'>): boolean {
  return occasion !== 'telephone' || !('record' in rule) || rule === NO_RULE || needsTelephone(rule.when)
}

interface TelephoneRules {
  /** What the rules that record telephones ask of a call. */
  readonly wanted: readonly Condition[]
  /** Tests of an extension in these rules, and in all that are asked before them. */
  readonly names: readonly Condition[]
  readonly never: readonly Condition[]
}

/** Worked out once, and forgotten with their policy. */
const known = new WeakMap<Policy, TelephoneRules>()

function rulesOf(policy: Policy): TelephoneRules {
  const before = known.get(policy)
  if (before !== undefined) return before
  const wanted = policy.rules.map(({ when }) => when).filter(needsTelephone)
  const rules = { wanted, names: wanted.flatMap(extensionTests), never: policy.never.flatMap(({ when }) => extensionTests(when)) }
  known.set(policy, rules)
  return rules
}

function extensionTests(condition: Condition): readonly Condition[] {
  return fieldOf(condition)?.type === 'extension' ? [condition] : conditionsWithin(condition).flatMap(extensionTests)
}

/** Whether any telephone is recorded full-time. */
export function hasTelephoneRules(policy: Policy): boolean {
  return rulesOf(policy).wanted.length > 0
}

/** Whether a rule that records telephones looks at this call: its conditions hold, whatever lots and quotas say then. */
export function concernsTelephone(policy: Policy, input: DecisionInput): boolean {
  const scene = sceneOf(withFactsOfKeys(input, policy.factKeys))
  return rulesOf(policy).wanted.some((condition) => holds(condition, scene))
}

/** Whether this is the name of a rule that records telephones. */
export function isTelephoneRule({ rules }: Policy, name: string): boolean {
  return rules.some((rule) => rule.name === name && needsTelephone(rule.when))
}

/** Whether rules name one of these as an extension: those that record alone, or those that forbid it, too. */
export function isNamed(policy: Policy, numbers: readonly string[], by: 'rules' | 'rules-and-never'): boolean {
  const { names, never } = rulesOf(policy)
  const scene = sceneOf({ ...NOTHING, extensions: numbers })
  return (by === 'rules' ? names : [...names, ...never]).some((condition) => holds(condition, scene))
}
