import { FRAME_SAMPLES } from './g711.ts'

/** Event codes are positions. Source: RFC 4733 §3.2, table 3 */
const DIGITS = '0123456789*#ABCD'

/** 100 ms: twice the shortest that a PBX must take, and short enough that a feature code is through within a second. */
const DIGIT_FRAMES = 5
/** The last packet is sent three times, since nobody repeats a lost one. Source: RFC 4733 §2.5.1.4 */
const END_PACKETS = 3
/** −10 dBm0. */
const VOLUME = 10

export type TelephoneEvent = { readonly digit: string; readonly ended: boolean; readonly durationSamples: number }

/** The payloads of one pressed key, one for each packet; null when there is no such key. */
export function telephoneEventPayloads(digit: string): Uint8Array[] | null {
  const code = DIGITS.indexOf(digit)
  if (code < 0 || digit.length !== 1) return null
  return Array.from({ length: DIGIT_FRAMES + END_PACKETS - 1 }, (_, index) => {
    const frame = Math.min(index + 1, DIGIT_FRAMES)
    const payload = new Uint8Array(4)
    const view = new DataView(payload.buffer)
    view.setUint8(0, code)
    view.setUint8(1, VOLUME | (frame === DIGIT_FRAMES ? 0x80 : 0))
    view.setUint16(2, frame * FRAME_SAMPLES)
    return payload
  })
}

/** Null for events that are no keys. */
export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | null {
  if (payload.byteLength < 4) return null
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const digit = DIGITS[view.getUint8(0)]
  return digit === undefined ? null : { digit, ended: (view.getUint8(1) & 0x80) !== 0, durationSamples: view.getUint16(2) }
}
