/** Key–value pairs that travel with a call, as last seen. Read it with {@link attachedValue}: keys are strangers' words. */
export type AttachedData = Readonly<Record<string, string>>

export const ATTACHED_SOURCES = ['dialplan', 'pbx', 'sip-header', 'api'] as const
/** Where a value came from. Keys that give access are taken from `dialplan` and `api` only. */
export type AttachedSource = (typeof ATTACHED_SOURCES)[number]

/** One change of one key, with the PBX's time. */
export interface AttachedChange {
  readonly key: string
  readonly value: string
  readonly source: AttachedSource
  readonly at: Date
}

/** Keys that Holdfast itself reads. `record` asks for a side, `GRECORD_PARTITIONS` names partitions. */
export const RECORD_KEY = 'record'
export const PARTITIONS_KEY = 'GRECORD_PARTITIONS'
/** The SIP header in which an interaction's id travels between PBXs; also the key under which a stranger's is kept. */
export const INTERACTION_HEADER = 'X-Interaction-ID'
/** Keys whose value decides who may hear a recording. */
export const ACCESS_KEYS: readonly string[] = [RECORD_KEY, PARTITIONS_KEY]

/** Longest value that is kept. Source: 4 KB values arrive intact in AMI VarSet (measured), longer ones are cut by Asterisk's dialplan buffers. */
export const MAX_ATTACHED_VALUE_BYTES = 8192

const KEY = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/

/** Whether a key may be kept at all: a letter, then up to 63 of `A-Za-z0-9_.-`. */
export function isAttachedKey(key: string): boolean {
  return KEY.test(key)
}

/** The value under this key, or `null`; never something inherited from a prototype. */
export function attachedValue(data: AttachedData, key: string): string | null {
  return Object.hasOwn(data, key) ? (data[key] ?? null) : null
}

/** Whether a change goes before what is known of its key: a header, which the caller wrote, never replaces another's word. */
export function goesBefore(known: AttachedChange | undefined, { source }: Pick<AttachedChange, 'source'>): boolean {
  return source !== 'sip-header' || known === undefined || known.source === 'sip-header'
}

/** The same data with one key changed. */
export function withAttached(data: AttachedData, key: string, value: string): AttachedData {
  return { ...data, [key]: value }
}
