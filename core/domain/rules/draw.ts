import { createHmac, type KeyObject } from 'node:crypto'
import type { InteractionId } from '../ids.ts'

/**
 * One drawing of lots for `percent`. It can be done again with the key by anybody, at any time, and gives the same:
 * the interaction may merge with another later, so the id that was hashed is part of it.
 */
export interface Draw {
  readonly rule: string
  readonly hashedId: InteractionId
  /** Which key was used ({@link samplingKeyId}). */
  readonly keyId: string
  /** From 0 up to, not including, 1: the first 53 bits of the hash, as a fraction. Exact in JSON. */
  readonly bucket: number
  readonly percent: number
}

/** Bits that a JavaScript number holds exactly. */
const BUCKET_BITS = 53n
const HASHED_BITS = 64n

/**
 * Where an interaction falls for a rule. The same on every node and at every retry; for two rules independent of each other.
 * Source: HMAC-SHA-256, RFC 2104; the NUL, which neither id nor name can hold, keeps the two apart.
 */
export function bucketOf(key: KeyObject, interactionId: InteractionId, rule: string): number {
  const hash = createHmac('sha256', key).update(`${interactionId}\0${rule}`).digest()
  return Number(hash.readBigUInt64BE(0) >> (HASHED_BITS - BUCKET_BITS)) / 2 ** Number(BUCKET_BITS)
}

/** Whether the lot is among the `percent`: none of them for 0, all for 100. */
export function isDrawn({ bucket, percent }: Pick<Draw, 'bucket' | 'percent'>): boolean {
  return bucket * 100 < percent
}

/** Whether a stored draw is what the key gives: the proof that a sample was not chosen by hand. */
export function drawHolds(draw: Draw, key: KeyObject): boolean {
  return draw.keyId === samplingKeyId(key) && draw.bucket === bucketOf(key, draw.hashedId, draw.rule)
}

/** Names a key without telling it. */
export function samplingKeyId(key: KeyObject): string {
  return createHmac('sha256', key).update('holdfast sampling key').digest('hex').slice(0, 16)
}
