import type { AttachedChange } from '../attached-data.ts'
import { maskCardNumbers } from './card-number.ts'
import type { AttachedKey, AttachedSchema, ValueType } from './attached-schema.ts'
import { instantOf, numberOf } from './value-text.ts'

/** What stands for a value that is not kept; its length tells nothing. */
export const MASKED_VALUE = '(masked)'

export const REFUSALS = ['not-listed', 'source-not-allowed', 'never-stored', 'too-long', 'not-a-number', 'not-a-date'] as const
/** Why a value is not taken. Never with the value itself: this goes to logs and counters. */
export type Refusal = (typeof REFUSALS)[number]

/** What becomes of a value: only `kept` and `masked` have one that may go further. */
export type Admission =
  | { readonly outcome: 'kept'; readonly value: string }
  | { readonly outcome: 'masked'; readonly value: string; readonly because: 'key' | 'card-number' }
  | { readonly outcome: 'refused'; readonly reason: Refusal }

/**
 * The gate of attached data: everything that a switch, a header or a client tells passes here before it is decided upon, journalled
 * or logged. Text is normalised (NFC, well-formed), so that a rule's `é` is the caller's. Never throws.
 */
export function admit(schema: AttachedSchema, { key, value, source }: Pick<AttachedChange, 'key' | 'value' | 'source'>): Admission {
  const listed = schema.keys.get(key)
  if (listed === undefined) return refused('not-listed')
  if (listed.store === 'never') return refused('never-stored')
  if (!listed.sources.includes(source)) return refused('source-not-allowed')
  if (listed.store === 'masked') return { outcome: 'masked', value: value === '' ? '' : MASKED_VALUE, because: 'key' }
  return keep(listed, value)
}

/** A value as this key keeps it, as far as numbers of cards go. */
export function withoutCards({ type, cardNumbers }: Pick<AttachedKey, 'type' | 'cardNumbers'>, value: string): string {
  return cardNumbers === 'masked' && type !== 'date' ? maskCardNumbers(value) : value
}

function keep(listed: AttachedKey, given: string): Admission {
  const { type, maxBytes } = listed
  // As it came, and as it would be kept: normalising may make a text longer or shorter, and no stranger's megabyte is worth the work.
  if (given.length > maxBytes) return refused('too-long')
  const value = given.toWellFormed().normalize('NFC')
  if (Buffer.byteLength(value) > maxBytes) return refused('too-long')
  const fault = value === '' ? null : FAULTS[type](value)
  if (fault !== null) return refused(fault)
  const masked = withoutCards(listed, value)
  return masked === value ? { outcome: 'kept', value } : { outcome: 'masked', value: masked, because: 'card-number' }
}

/** An empty value is an unset variable, of whatever type. */
const FAULTS: Record<ValueType, (value: string) => Refusal | null> = {
  text: () => null,
  number: (value) => (numberOf(value) === null ? 'not-a-number' : null),
  date: (value) => (instantOf(value) === null ? 'not-a-date' : null),
}

function refused(reason: Refusal): Admission {
  return { outcome: 'refused', reason }
}
