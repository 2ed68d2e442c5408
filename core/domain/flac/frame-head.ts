import { crc8 } from './crc.ts'
import { FLAC_CHANNELS, FRAME_SAMPLES, FRAME_SAMPLES_CODE } from './layout.ts'

/** Frames of a fixed size. Source: RFC 9639 §9.1 */
const SYNC = 0xfff8
/** Rates that a frame can say by itself; every other one stands in STREAMINFO alone, as 0. Source: RFC 9639 §9.1.2 */
const RATE_CODES: ReadonlyMap<number, number> = new Map([[8000, 4], [16_000, 5], [22_050, 6], [24_000, 7], [32_000, 8], [44_100, 9], [48_000, 10]])
/** Two channels, each by itself, of 16 bits; a bit that is 0. Source: RFC 9639 §9.1.3, §9.1.4 */
const CHANNELS_AND_BITS = ((FLAC_CHANNELS - 1) << 4) | (4 << 1)
/** The size is that which follows, less one, in 16 bits. Source: RFC 9639 §9.1.1 */
const SIZE_FOLLOWS = 7
const FIXED_BYTES = 4

export interface FrameHead {
  /** From 0. */
  readonly index: number
  readonly samples: number
  /** Bytes of the head itself, its check included. */
  readonly headBytes: number
}

export function frameHead({ index, samples, sampleRateHz }: { readonly index: number; readonly samples: number; readonly sampleRateHz: number }): Uint8Array {
  const isWhole = samples === FRAME_SAMPLES
  const sizeCode = isWhole ? FRAME_SAMPLES_CODE : SIZE_FOLLOWS
  const head = [SYNC >> 8, SYNC & 0xff, (sizeCode << 4) | (RATE_CODES.get(sampleRateHz) ?? 0), CHANNELS_AND_BITS, ...codedNumber(index)]
  if (!isWhole) head.push((samples - 1) >> 8, (samples - 1) & 0xff)
  return Uint8Array.from([...head, crc8(Uint8Array.from(head))])
}

/** @returns `null` where there is no head of ours */
export function parseFrameHead(bytes: Uint8Array): FrameHead | null {
  const [first = 0, second = 0, sizeAndRate = 0, channelsAndBits = 0] = bytes
  const sizeCode = sizeAndRate >> 4
  if (((first << 8) | second) !== SYNC || channelsAndBits !== CHANNELS_AND_BITS || (sizeCode !== FRAME_SAMPLES_CODE && sizeCode !== SIZE_FOLLOWS)) return null
  const number = parseNumber(bytes, FIXED_BYTES)
  const sizeAt = FIXED_BYTES + number.bytes
  const isWhole = sizeCode === FRAME_SAMPLES_CODE
  const crcAt = isWhole ? sizeAt : sizeAt + 2
  if (bytes.length <= crcAt || crc8(bytes.subarray(0, crcAt)) !== bytes[crcAt]) return null
  return { index: number.value, samples: isWhole ? FRAME_SAMPLES : ((bytes[sizeAt] ?? 0) << 8 | (bytes[sizeAt + 1] ?? 0)) + 1, headBytes: crcAt + 1 }
}

/** A number as UTF-8 would write it, of up to 31 bits. Source: RFC 9639 §9.1.5 */
function codedNumber(value: number): readonly number[] {
  if (value < 0x80) return [value]
  const more = Math.ceil((value.toString(2).length - 6) / 5)
  const [first, ...rest] = Array.from({ length: more + 1 }, (_, index) => (value >>> (6 * (more - index))) & 0x3f)
  return [((0xff << (7 - more)) & 0xff) | (first ?? 0), ...rest.map((six) => 0x80 | six)]
}

function parseNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly bytes: number } {
  const first = bytes[at] ?? 0
  if (first < 0x80) return { value: first, bytes: 1 }
  const length = Math.clz32(~first & 0xff) - 24
  let value = first & (0x7f >> length)
  for (let index = 1; index < length; index += 1) value = value * 64 + ((bytes[at + index] ?? 0) & 0x3f)
  return { value, bytes: length }
}
