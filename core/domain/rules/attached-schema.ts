import { ACCESS_KEYS, ATTACHED_SOURCES, type AttachedSource, INTERACTION_HEADER, isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../attached-data.ts'
import { HoldfastError } from '../errors.ts'
import type { FactKeys } from './decision-input.ts'

export const VALUE_TYPES = ['text', 'number', 'date'] as const
/** `number` and `date` are those that ranges compare (value-text.ts). */
export type ValueType = (typeof VALUE_TYPES)[number]

export const VISIBILITIES = ['open', 'restricted', 'confidential'] as const
/** Who sees a value: everybody who finds the recording; supervisors and compliance officers; compliance officers alone. Roles map to these in core/domain/actor.ts. */
export type Visibility = (typeof VISIBILITIES)[number]

export const KEEPINGS = ['always', 'masked', 'never'] as const
/** `masked`: that there was a value is kept, the value is not. `never`: neither reaches database, journal or log. */
export type Keeping = (typeof KEEPINGS)[number]

export const CARD_NUMBER_RULES = ['masked', 'kept'] as const
/** What becomes of digits within a text that form the number of a payment card. */
export type CardNumberRule = (typeof CARD_NUMBER_RULES)[number]

/** What is taken under one key. */
export interface AttachedKey {
  readonly key: string
  readonly type: ValueType
  readonly maxBytes: number
  readonly visibility: Visibility
  readonly store: Keeping
  readonly cardNumbers: CardNumberRule
  readonly sources: readonly AttachedSource[]
}

/** The allow-list: what is not on it is not taken. Made by {@link makeAttachedSchema}. */
export interface AttachedSchema {
  readonly keys: ReadonlyMap<string, AttachedKey>
  /** SIP headers that are read, and the key that each fills. */
  readonly headers: SipHeaders
}

/** Header → key. */
export type SipHeaders = ReadonlyMap<string, string>
export const NO_HEADERS: SipHeaders = new Map()
/** Each is read from every call that asks. A guess at what nobody needs more of. */
export const MAX_SIP_HEADERS = 32

/** Whether a header may be named: a letter, then up to 63 letters, digits and hyphens. Source: RFC 3261 §25.1 `token`, less what the dialplan cannot carry */
export function isSipHeader(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)
}

/** Whoever fills a SIP header must not choose who hears the recording; events of the PBX carry channel variables that were headers once. */
export const ACCESS_SOURCES: readonly AttachedSource[] = ['dialplan', 'api']
/** Headers are strangers' words until the administrator says that the trunk's are not. */
const DEFAULT_SOURCES: readonly AttachedSource[] = ATTACHED_SOURCES.filter((source) => source !== 'sip-header')

/** Enough for names, numbers and paths; a longer one has to be allowed by name. A guess. */
export const DEFAULT_MAX_BYTES = 1024

/** Keys whose value decides who may hear a recording: the dialplan's own, and those that tell agent and business unit. */
export function accessKeys({ agent, businessUnit }: FactKeys): readonly string[] {
  return [...ACCESS_KEYS, agent, businessUnit].filter((key) => key !== null)
}

/** Keys that every recording shows under another name: its side, its partitions, its agent and its queue. */
export function shownKeys({ agent, queue }: FactKeys): readonly string[] {
  return [...ACCESS_KEYS, agent, queue].filter((key) => key !== null)
}

/** The sources of a key that a header fills, where nothing is said of them: whoever names the header trusts it, unless it gives access. */
export function withHeaderSource(sources: readonly AttachedSource[]): readonly AttachedSource[] {
  return sources === ACCESS_SOURCES || sources.includes('sip-header') ? sources : [...sources, 'sip-header']
}

/** A key of which nothing is said: text, seen by everybody, kept. */
export function defaultKey(key: string, facts: FactKeys): AttachedKey {
  const givesAccess = accessKeys(facts).includes(key)
  return {
    key,
    type: 'text',
    // A list of partitions may be as long as the PBX lets it be.
    maxBytes: ACCESS_KEYS.includes(key) ? MAX_ATTACHED_VALUE_BYTES : DEFAULT_MAX_BYTES,
    visibility: 'open',
    store: 'always',
    cardNumbers: givesAccess ? 'kept' : 'masked',
    sources: givesAccess ? ACCESS_SOURCES : DEFAULT_SOURCES,
  }
}

/** Something in a schema that would let in what must stay out, or keep out what is needed. */
export interface SchemaFault {
  readonly key: string
  readonly message: string
}

/** What a call said of its interaction: kept as data, whether or not it was believed. Longer ones are none. */
const TOLD_INTERACTION: AttachedKey = { key: INTERACTION_HEADER, type: 'text', maxBytes: 256, visibility: 'open', store: 'always', cardNumbers: 'kept', sources: ['sip-header'] }

/**
 * The schema of these keys, with those that Holdfast itself reads.
 * @throws HoldfastError `POLICY_INVALID` with the first fault
 */
export function makeAttachedSchema(keys: readonly AttachedKey[], facts: FactKeys, headers: SipHeaders = NO_HEADERS): AttachedSchema {
  const [fault] = [...faultsOfSchema(keys, facts), ...faultsOfHeaders(headers, keys, facts).map(({ header, message }) => ({ key: header, message }))]
  if (fault !== undefined) throw new HoldfastError('POLICY_INVALID', `attached data ${fault.key}: ${fault.message}`)
  return { keys: new Map([TOLD_INTERACTION, ...builtInKeys(facts).map((key) => defaultKey(key, facts)), ...keys].map((key) => [key.key, key])), headers }
}

/** The keys worth asking a source for: a filter at the switch keeps the others, those never stored among them, off the wire. */
export function keysFrom({ keys }: AttachedSchema, source: AttachedSource): readonly string[] {
  return [...keys.values()].filter(({ store, sources }) => store !== 'never' && sources.includes(source)).map(({ key }) => key)
}

/** The keys that are let in though nobody lists them. */
export function builtInKeys(facts: FactKeys): readonly string[] {
  return [...new Set([...ACCESS_KEYS, ...Object.values(facts).filter((key) => key !== null)])]
}

/** Everything that is wrong with the keys. */
export function faultsOfSchema(keys: readonly AttachedKey[], facts: FactKeys): readonly SchemaFault[] {
  return keys.flatMap((key) => faultsOfKey(key, facts).map((message) => ({ key: key.key, message })))
}

/** Something wrong with a header that is to be read. */
export interface HeaderFault {
  readonly header: string
  readonly message: string
}

/** Everything that is wrong with the headers. A header fills a key only where the key says so. */
export function faultsOfHeaders(headers: SipHeaders, keys: readonly AttachedKey[], facts: FactKeys): readonly HeaderFault[] {
  const filled = [...headers.values()]
  const names = [...headers.keys()].map((header) => header.toLowerCase())
  return [...headers].flatMap(([header, key], index) => faultsOfHeader(key, keys, facts).concat(
    isSipHeader(header) ? [] : ['is no header that can be read: a letter, then up to 63 of A-Z a-z 0-9 -'],
    names.indexOf(header.toLowerCase()) === index ? [] : ['is named twice: capitals make no difference in headers'],
    filled.indexOf(key) === index ? [] : [`fills ${key}, which another header fills already`],
    index < MAX_SIP_HEADERS ? [] : [`is one too many: at most ${MAX_SIP_HEADERS} are read`],
  ).map((message) => ({ header, message })))
}

function faultsOfHeader(key: string, keys: readonly AttachedKey[], facts: FactKeys): readonly string[] {
  if (accessKeys(facts).includes(key)) return [`fills ${key}, which decides who may hear a recording: a caller must not choose that`]
  const listed = keys.find((known) => known.key === key)
  if (listed === undefined) return [`fills ${key}, which is not listed in the keys`]
  return [
    ...(listed.store === 'never' ? [`fills ${key}, which is never stored`] : []),
    ...(listed.sources.includes('sip-header') ? [] : [`fills ${key}, whose sources do not have sip-header`]),
  ]
}

function faultsOfKey({ key, type, maxBytes, visibility, store, sources }: AttachedKey, facts: FactKeys): readonly string[] {
  const strangers = accessKeys(facts).includes(key) ? sources.filter((source) => !ACCESS_SOURCES.includes(source)) : []
  const told = builtInKeys(facts).includes(key)
  return [
    ...(isAttachedKey(key) ? [] : ['is no key: a letter, then up to 63 of A-Z a-z 0-9 _ . -']),
    ...(maxBytes >= 1 && maxBytes <= MAX_ATTACHED_VALUE_BYTES ? [] : [`may hold 1 to ${MAX_ATTACHED_VALUE_BYTES} bytes`]),
    ...(strangers.length === 0 ? [] : [`decides who may hear a recording, and is never taken from ${strangers.join(', ')}`]),
    ...(sources.length === 0 ? ['has no source, so that it is never taken: leave it out'] : []),
    ...(told && store !== 'always' ? ['is read by Holdfast itself, and must be kept'] : []),
    ...(visibility !== 'open' && shownKeys(facts).includes(key) ? ['is shown with every recording, and cannot be hidden'] : []),
    ...(told && type !== 'text' ? ['is read by Holdfast itself, as text'] : []),
  ]
}
