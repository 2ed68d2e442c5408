import { createSecretKey } from 'node:crypto'
import { parseInteractionId, parsePbxId } from '../../../../../core/domain/ids.ts'
import { ALWAYS, type Condition, type Field } from '../../../../../core/domain/rules/condition.ts'
import { DEFAULT_FACT_KEYS, type DecisionInput } from '../../../../../core/domain/rules/decision-input.ts'
import { holds, sceneOf } from '../../../../../core/domain/rules/holds.ts'
import type { PolicyContent } from '../../../../../core/domain/rules/policy-content.ts'
import { makePolicy, type Policy } from '../../../../../core/domain/rules/policy.ts'
import type { PauseTerms } from '../../../../../core/domain/rules/pause-terms.ts'
import { type NeverRule, NO_RULE, type Rule, type Selection } from '../../../../../core/domain/rules/rule.ts'

/** Fixed: the draws of the tests are the same on every machine. */
export const SAMPLING_KEY = createSecretKey(Buffer.from('a sampling key that is for tests alone'))

/** A Sunday, 10:05 in Berlin. */
export const AT = new Date('2026-11-22T09:05:00Z')

/** By everybody, in every way. */
export const PAUSABLE = { type: 'allowed', by: ['agent', 'supervisor', 'integrator'], ways: ['dtmf', 'api', 'dialplan'], maxDurationMs: null, endsWith: [] } as const satisfies PauseTerms

export function inputWith(given: Partial<Omit<DecisionInput, 'interactionId'>> & { readonly interactionId?: string } = {}): DecisionInput {
  const { interactionId = 'pbx1-1763802300.1', ...rest } = given
  return {
    occasion: 'route',
    at: AT,
    attached: {},
    caller: '+4930111',
    callee: '2001',
    dialled: '100',
    extensions: ['2001'],
    direction: 'inbound',
    queue: null,
    agent: null,
    businessUnit: null,
    customerType: null,
    language: null,
    pbx: parsePbxId('pbx1'),
    site: null,
    ...rest,
    interactionId: parseInteractionId(interactionId),
  }
}

export type RuleGiven = Partial<Omit<Rule, 'selection' | 'name' | 'terms'>> & Partial<Selection> & { readonly name: string; readonly terms?: Partial<Rule['terms']> }

export function ruleWith({ name, percent = 100, atMost = null, atLeast = null, terms = {}, ...rest }: RuleGiven): Rule {
  return { ...NO_RULE, name, record: 'source', ...rest, selection: { percent, atMost, atLeast }, terms: { ...NO_RULE.terms, ...terms } }
}

export function policyWith({ rules = [], never = [] }: { readonly rules?: readonly RuleGiven[]; readonly never?: readonly (Partial<NeverRule> & Pick<NeverRule, 'name'>)[] }): Policy {
  return makePolicy(contentWith({ rules: rules.map(ruleWith), never: never.map((rule) => ({ when: ALWAYS, ...rule })) }), SAMPLING_KEY)
}

export function contentWith(given: Partial<PolicyContent> = {}): PolicyContent {
  return { timeZone: 'Europe/Berlin', factKeys: DEFAULT_FACT_KEYS, never: [], rules: [], ...given }
}

export function attached(key: string): Field {
  return { type: 'attached', key }
}

/** A condition on one key of the attached data. */
export function keyIs(key: string, value: string): Condition {
  return { type: 'equals', field: attached(key), value }
}

/** Whether a condition holds of one call. */
export function holdsOf(condition: Condition, given: Parameters<typeof inputWith>[0] = {}): boolean {
  return holds(condition, sceneOf(inputWith(given)))
}
