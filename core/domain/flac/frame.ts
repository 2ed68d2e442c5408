import { BitReader, BitWriter } from './bits.ts'
import { crc16 } from './crc.ts'
import { frameHead, parseFrameHead } from './frame-head.ts'
import { FLAC_BITS, FLAC_CHANNELS } from './layout.ts'
import { bestOrder, MOST_ORDER, residualOf, restore } from './predict.ts'
import { foldedOf, putResidual, riceCoding, takeResidual } from './rice.ts'

/** Head, what stands before the samples of each channel, and the check: more than it ever is. */
const MOST_BESIDE_SAMPLES = 64
const CRC_BYTES = 2
/** Kinds of subframes. Source: RFC 9639 §9.2.1 */
const CONSTANT = 0
const VERBATIM = 1
const FIXED = 8

/** One frame of FLAC: as many samples of each channel. */
export interface SoundFrame {
  readonly received: Int16Array
  readonly transmitted: Int16Array
}

/** Samples as a frame of FLAC, without loss; never more than {@link MOST_BESIDE_SAMPLES} beyond the samples themselves. */
export function encodeFrame({ received, transmitted }: SoundFrame, { index, sampleRateHz }: { readonly index: number; readonly sampleRateHz: number }): Uint8Array {
  const samples = received.length
  const bits = new BitWriter(samples * FLAC_CHANNELS * (FLAC_BITS / 8) + MOST_BESIDE_SAMPLES)
  for (const byte of frameHead({ index, samples, sampleRateHz })) bits.put(byte, 8)
  putChannel(bits, received)
  putChannel(bits, transmitted)
  bits.align()
  bits.put(crc16(bits.written), 8 * CRC_BYTES)
  return bits.written
}

/**
 * The frame that begins with these bytes, and how many they are.
 * @returns `null` where there is none of ours that is whole
 */
export function decodeFrame(bytes: Uint8Array): (SoundFrame & { readonly index: number; readonly sizeBytes: number }) | null {
  const head = parseFrameHead(bytes)
  if (head === null) return null
  const bits = new BitReader(bytes, head.headBytes)
  const received = takeChannel(bits, head.samples)
  const transmitted = received === null ? null : takeChannel(bits, head.samples)
  if (received === null || transmitted === null) return null
  bits.align()
  const crcAt = bits.byte
  if (crcAt + CRC_BYTES > bytes.length || crc16(bytes.subarray(0, crcAt)) !== bits.take(8 * CRC_BYTES)) return null
  return { received, transmitted, index: head.index, sizeBytes: crcAt + CRC_BYTES }
}

function putChannel(bits: BitWriter, given: Int16Array): void {
  const wasted = wastedBits(given)
  const samples = new Int32Array(given.length)
  for (let index = 0; index < given.length; index += 1) samples[index] = (given[index] ?? 0) >> wasted
  if (samples.every((sample) => sample === samples[0])) {
    putKind(bits, CONSTANT, 0)
    bits.put(given[0] ?? 0, FLAC_BITS)
    return
  }
  const width = FLAC_BITS - wasted
  const order = bestOrder(samples)
  const folded = foldedOf(residualOf(samples, order))
  const coding = riceCoding(folded, order)
  const isSmaller = order * width + coding.bits < samples.length * width
  putKind(bits, isSmaller ? FIXED + order : VERBATIM, wasted)
  for (const sample of isSmaller ? samples.subarray(0, order) : samples) bits.put(sample, width)
  if (isSmaller) putResidual(bits, folded, coding)
}

/** A zero, the kind, and how many of the lowest bits are zero in all samples: of G.711 two or three. Source: RFC 9639 §9.2.2 */
function putKind(bits: BitWriter, kind: number, wasted: number): void {
  bits.put((kind << 1) | (wasted > 0 ? 1 : 0), 8)
  if (wasted > 0) bits.putUnary(wasted - 1)
}

function takeChannel(bits: BitReader, count: number): Int16Array | null {
  const first = bits.take(8)
  const kind = first >> 1
  const wasted = (first & 1) === 0 ? 0 : bits.takeUnary() + 1
  const width = FLAC_BITS - wasted
  if (width < 1) return null
  const samples = new Int32Array(count)
  if (kind === CONSTANT) samples.fill(bits.takeSigned(width))
  else if (kind === VERBATIM) for (let index = 0; index < count; index += 1) samples[index] = bits.takeSigned(width)
  else if (kind >= FIXED && kind <= FIXED + MOST_ORDER) {
    const order = kind - FIXED
    for (let index = 0; index < order; index += 1) samples[index] = bits.takeSigned(width)
    if (!takeResidual(bits, samples, order)) return null
    restore(samples, order)
  } else return null
  if (bits.isBeyond) return null
  const whole = new Int16Array(count)
  for (let index = 0; index < count; index += 1) whole[index] = (samples[index] ?? 0) << wasted
  return whole
}

/** Zero of silence, which is constant. */
function wastedBits(samples: Int16Array): number {
  let all = 0
  for (let index = 0; index < samples.length; index += 1) all |= samples[index] ?? 0
  return all === 0 ? 0 : 31 - Math.clz32(all & -all)
}
