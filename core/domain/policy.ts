import { type AttachedData, attachedValue, PARTITIONS_KEY, RECORD_KEY } from './attached-data.ts'
import { parsePartitionList } from './partition.ts'

export const RECORDED_SIDES = ['source', 'destination'] as const
/** `source` follows the customer until she leaves; `destination` follows the agent until the agent leaves. */
export type RecordedSide = (typeof RECORDED_SIDES)[number]

/** What a condition looks at: a key of the attached data, or a fact of the call. */
export type Field = { readonly type: 'attached'; readonly key: string } | { readonly type: 'caller' } | { readonly type: 'callee' }

export type Condition =
  | { readonly type: 'equals'; readonly field: Field; readonly value: string }
  | { readonly type: 'in'; readonly field: Field; readonly values: readonly string[] }

export const RECORD_ACTIONS = ['source', 'destination', 'both', 'no', 'as-asked'] as const
/** `as-asked` obeys the dialplan's own `record` key. */
export type RecordAction = (typeof RECORD_ACTIONS)[number]

export const PAUSE_RIGHTS = ['allowed', 'forbidden'] as const
export type PauseRight = (typeof PAUSE_RIGHTS)[number]

/** One rule: all its conditions must hold. */
export interface Rule {
  /** Shown in the audit trail; unique within a policy. */
  readonly name: string
  readonly when: readonly Condition[]
  readonly record: RecordAction
  /** Added to those that `GRECORD_PARTITIONS` names. */
  readonly partitions: readonly string[]
  readonly pause: PauseRight
}

/** Rules in order of precedence; `version` is the hash of their content. */
export interface Policy {
  readonly version: string
  readonly rules: readonly Rule[]
}

/** What a decision was made upon. */
export interface DecisionInput {
  readonly attached: AttachedData
  readonly caller: string | null
  readonly callee: string | null
}

/** An answer that names its rule and can be replayed; stored also when it is "no". */
export interface Decision {
  readonly outcome: 'record' | 'do-not-record'
  readonly sides: readonly RecordedSide[]
  readonly rule: string
  readonly policyVersion: string
  readonly partitions: readonly string[]
  readonly pause: PauseRight
  readonly input: DecisionInput
}

/** The rule that speaks when no other does: the dialplan's own request is obeyed. */
export const DIALPLAN_RULE: Rule = { name: 'dialplan-request', when: [], record: 'as-asked', partitions: [], pause: 'allowed' }

const SIDES: Record<Exclude<RecordAction, 'as-asked'>, readonly RecordedSide[]> = {
  source: ['source'],
  destination: ['destination'],
  both: ['source', 'destination'],
  no: [],
}

/** First match wins; without a match the dialplan's request is obeyed. Pure: any past decision can be replayed. */
export function decide(policy: Policy, input: DecisionInput): Decision {
  const rule = policy.rules.find((candidate) => candidate.when.every((condition) => holds(condition, input))) ?? DIALPLAN_RULE
  const sides = rule.record === 'as-asked' ? askedSides(input.attached) : SIDES[rule.record]
  const asked = parsePartitionList(attachedValue(input.attached, PARTITIONS_KEY) ?? '')
  return {
    outcome: sides.length > 0 ? 'record' : 'do-not-record',
    sides,
    rule: rule.name,
    policyVersion: policy.version,
    partitions: [...new Set([...asked.partitions, ...rule.partitions])],
    pause: rule.pause,
    input,
  }
}

function askedSides(attached: AttachedData): readonly RecordedSide[] {
  const asked = attachedValue(attached, RECORD_KEY)
  return asked === 'source' || asked === 'destination' ? [asked] : []
}

function holds(condition: Condition, input: DecisionInput): boolean {
  const actual = fieldValue(condition.field, input)
  return condition.type === 'equals' ? actual === condition.value : actual !== null && condition.values.includes(actual)
}

function fieldValue(field: Field, input: DecisionInput): string | null {
  return field.type === 'attached' ? attachedValue(input.attached, field.key) : input[field.type]
}
