import type { Weekday } from './local-time.ts'

export const CALL_FACTS = [
  'caller', 'callee', 'dialled', 'extension', 'direction', 'queue', 'agent', 'businessUnit', 'customerType', 'language', 'pbx', 'site',
] as const
/** What a call is known by besides its attached data. `extension`: the DN of a telephone of ours; an internal call has two. */
export type CallFact = (typeof CALL_FACTS)[number]

export const RECORDING_FACTS = ['retentionClass', 'rule', 'partition', 'label', 'side', 'origin', 'durationSeconds'] as const
/** What a recording is known by besides its call: for rules that ask once it is made (retention). Of a call it has no value. */
export type RecordingFact = (typeof RECORDING_FACTS)[number]

/** What a condition looks at: a key of the attached data, or a fact of the call or of its recording. */
export type Field = { readonly type: 'attached'; readonly key: string } | { readonly type: CallFact | RecordingFact }

/**
 * What must hold of a call. On a field without a value every operator fails, so that `not` of it holds.
 * Plain data all the way down: it is hashed, stored and read back.
 */
export type Condition =
  | { readonly type: 'equals'; readonly field: Field; readonly value: string }
  | { readonly type: 'in'; readonly field: Field; readonly values: readonly string[] }
  | { readonly type: 'prefix'; readonly field: Field; readonly prefixes: readonly string[] }
  /** `*` any run, `?` one character, `\` before either takes it as it is (glob.ts). */
  | { readonly type: 'glob'; readonly field: Field; readonly patterns: readonly string[] }
  /** There, and not empty: an unset variable of Asterisk reads as an empty one. */
  | { readonly type: 'exists'; readonly field: Field }
  /** Both bounds belong to the range; `null` is no bound. A value that is no number lies in no range. */
  | { readonly type: 'number'; readonly field: Field; readonly atLeast: number | null; readonly atMost: number | null }
  /** ISO 8601: `2026-03-01`, or with time and offset. `notBefore` belongs to the range, `before` does not. */
  | { readonly type: 'date'; readonly field: Field; readonly notBefore: string | null; readonly before: string | null }
  | TimeWindow
  | { readonly type: 'all'; readonly of: readonly Condition[] }
  | { readonly type: 'any'; readonly of: readonly Condition[] }
  | { readonly type: 'not'; readonly of: Condition }

/**
 * A span of the day on the clock of a place. `untilMinute` at or before `fromMinute` lies on the next day: then `days` are those on
 * which the span begins.
 */
export interface TimeWindow {
  readonly type: 'time'
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string
  readonly days: readonly Weekday[]
  /** Minutes since midnight, 0 to 1439. */
  readonly fromMinute: number
  /** 1 to 1440; not part of the span. */
  readonly untilMinute: number
}

/** Every call. */
export const ALWAYS: Condition = { type: 'all', of: [] }

/** Conditions within conditions; beyond this nobody reads a rule right, and evaluation is recursive. */
export const MAX_CONDITION_DEPTH = 16
/** Conditions of one rule, those within others counted. A guess that no rule comes near to. */
export const MAX_CONDITIONS_PER_RULE = 256

export function isRecordingFact(type: Field['type']): type is RecordingFact {
  return RECORDING_FACTS.some((known) => known === type)
}

/** The conditions directly within this one. */
export function conditionsWithin(condition: Condition): readonly Condition[] {
  if (condition.type === 'not') return [condition.of]
  return condition.type === 'all' || condition.type === 'any' ? condition.of : []
}

/** The field that this condition itself looks at; `null` for the clock and for those that only combine others. */
export function fieldOf(condition: Condition): Field | null {
  return 'field' in condition ? condition.field : null
}

/** How people and stored decisions name a field: `attached.CUSTOMER_TYPE`, `caller`. */
export function fieldName(field: Field): string {
  return field.type === 'attached' ? `attached.${field.key}` : field.type
}

/** The names of all that a condition looks at; the clock is `time`. */
export function namesLookedAt(condition: Condition): readonly string[] {
  const field = fieldOf(condition)
  const own = field !== null ? [fieldName(field)] : condition.type === 'time' ? ['time'] : []
  return own.concat(conditionsWithin(condition).flatMap(namesLookedAt))
}
