import { type AttachedData, attachedValue } from '../attached-data.ts'
import type { Direction } from '../call.ts'
import type { InteractionId, PbxId } from '../ids.ts'
import { type Field, isRecordingFact } from './condition.ts'

export const OCCASIONS = ['route', 'telephone'] as const
/**
 * Why the rules are asked. `route`: the dialplan asked for a recording. `telephone`: it did not, and a telephone of ours rings, calls
 * or is connected; then only rules that name telephones are asked (telephone-rules.ts).
 */
export type Occasion = (typeof OCCASIONS)[number]

/** What a decision is made upon. Plain but for `at`; stored with the decision, so that it can be made again. */
export interface DecisionInput {
  readonly interactionId: InteractionId
  readonly occasion: Occasion
  /** When the rules are asked, by the PBX's clock: for times of day, and for the periods of quotas. */
  readonly at: Date
  /** As the schema let it in (admit.ts): a rule cannot see more than is kept. */
  readonly attached: AttachedData
  readonly caller: string | null
  /** Who is called; before anybody is, the number that was dialled. */
  readonly callee: string | null
  /** The number that was dialled to reach the dialplan. */
  readonly dialled: string | null
  /** The DNs of our telephones in the call. */
  readonly extensions: readonly string[]
  readonly direction: Direction
  readonly queue: string | null
  readonly agent: string | null
  readonly businessUnit: string | null
  readonly customerType: string | null
  readonly language: string | null
  readonly pbx: PbxId
  readonly site: string | null
}

export const FACTS_BY_KEY = ['agent', 'queue', 'businessUnit', 'customerType', 'language'] as const
/** Facts that a key of the attached data may tell. */
export type FactByKey = (typeof FACTS_BY_KEY)[number]

/** Which key tells which fact; `null`: none does. */
export type FactKeys = Readonly<Record<FactByKey, string | null>>

export const DEFAULT_FACT_KEYS: FactKeys = { agent: 'agent', queue: 'QUEUE', businessUnit: 'BUSINESS_UNIT', customerType: 'CUSTOMER_TYPE', language: 'LANGUAGE' }

/** The input with the facts that the PBX did not tell taken from the attached data. What the PBX told goes first. Idempotent. */
export function withFactsOfKeys(input: DecisionInput, keys: FactKeys): DecisionInput {
  const told = FACTS_BY_KEY.flatMap((fact) => {
    const value = input[fact] === null ? keyValue(input.attached, keys[fact]) : null
    return value === null ? [] : [[fact, value] as const]
  })
  return told.length === 0 ? input : { ...input, ...Object.fromEntries(told) }
}

/** Whether a field has a value that passes the test. */
export function someValue(input: DecisionInput, field: Field, test: (value: string) => boolean): boolean {
  if (field.type === 'extension') return input.extensions.some(test)
  if (isRecordingFact(field.type)) return false
  const value = field.type === 'attached' ? attachedValue(input.attached, field.key) : input[field.type]
  return value !== null && test(value)
}

/** All values of a field: none or one, for extensions more. */
export function valuesOf(input: DecisionInput, field: Field): readonly string[] {
  const values: string[] = []
  someValue(input, field, (value) => {
    values.push(value)
    return false
  })
  return values
}

/** An unset variable of Asterisk reads as an empty one, which tells nothing. */
function keyValue(attached: AttachedData, key: string | null): string | null {
  const value = key === null ? null : attachedValue(attached, key)
  return value === '' ? null : value
}
