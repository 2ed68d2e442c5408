/**
 * How our FLAC files are laid out: `fLaC`, STREAMINFO, SEEKTABLE, frames of a fixed size. Two channels of 16 bits, coded each by itself: two people
 * have nothing in common.
 */
export const FLAC_CHANNELS = 2
export const FLAC_BITS = 16
/** Frames of sound in one frame of FLAC, but for the last: half a second at 8 kHz. Source: RFC 9639 §9.1.1, coded as 12 */
export const FRAME_SAMPLES = 4096
export const FRAME_SAMPLES_CODE = 12

const STREAMINFO_BYTES = 34
const BLOCK_HEADER_BYTES = 4
const POINT_BYTES = 18
/** A place is found within two seconds of 8 kHz, for 32 KB of points in an hour. */
const FRAMES_PER_POINT = 4
/** What a block of metadata can hold; beyond 477 hours of 8 kHz the last of the file is sought from the last point on. Source: RFC 9639 §8.1 */
const MAX_POINTS = Math.floor(0xff_ffff / POINT_BYTES)
const TYPES = { streamInfo: 0, seekTable: 3, last: 0x80 } as const

/** What stands at the beginning of a file. */
export interface FlacHead {
  readonly sampleRateHz: number
  /** Frames of sound, of all channels at once; more than none. */
  readonly samples: number
  readonly frameBytes: { readonly least: number; readonly most: number }
  /** MD5 of the samples, interleaved, 16 bits, little-endian. */
  readonly md5: Uint8Array
  /** Where every `FRAMES_PER_POINT`th frame begins, in bytes from the first. */
  readonly points: readonly number[]
}

/** Whether the frame with this index has a point. */
export function hasPoint(frame: number): boolean {
  return frame % FRAMES_PER_POINT === 0 && frame / FRAMES_PER_POINT < MAX_POINTS
}

/** The sample at which the point with this index stands. */
export function sampleOfPoint(index: number): number {
  return index * FRAME_SAMPLES * FRAMES_PER_POINT
}

/** The point nearest before a sample: how many samples and bytes lie before it. */
export function pointBefore({ points }: Pick<FlacHead, 'points'>, sample: number): { readonly sample: number; readonly offset: number } {
  const index = Math.min(points.length - 1, Math.floor(sample / (FRAME_SAMPLES * FRAMES_PER_POINT)))
  return { sample: sampleOfPoint(Math.max(0, index)), offset: points[Math.max(0, index)] ?? 0 }
}

/** The bytes before the first frame. Source: RFC 9639 §8.2 (STREAMINFO), §8.5 (SEEKTABLE) */
export function flacHead({ sampleRateHz, samples, frameBytes, md5, points }: FlacHead): Uint8Array {
  const head = Buffer.alloc(headBytes(points.length))
  head.write('fLaC', 0, 'latin1')
  head.writeUInt32BE((TYPES.streamInfo << 24) | STREAMINFO_BYTES, 4)
  head.writeUInt16BE(FRAME_SAMPLES, 8)
  head.writeUInt16BE(FRAME_SAMPLES, 10)
  head.writeUIntBE(frameBytes.least, 12, 3)
  head.writeUIntBE(frameBytes.most, 15, 3)
  // 20 bits of rate, 3 of channels, 5 of sample size, 36 of samples: 8 bytes.
  const packed = (BigInt(sampleRateHz) << 44n) | (BigInt(FLAC_CHANNELS - 1) << 41n) | (BigInt(FLAC_BITS - 1) << 36n) | BigInt(samples)
  head.writeBigUInt64BE(packed, 18)
  head.set(md5, 26)
  const table = BLOCK_HEADER_BYTES + BLOCK_HEADER_BYTES + STREAMINFO_BYTES
  head.writeUInt32BE((((TYPES.last | TYPES.seekTable) << 24) | (points.length * POINT_BYTES)) >>> 0, table)
  for (const [index, offset] of points.entries()) {
    const sample = sampleOfPoint(index)
    const at = table + BLOCK_HEADER_BYTES + index * POINT_BYTES
    head.writeBigUInt64BE(BigInt(sample), at)
    head.writeBigUInt64BE(BigInt(offset), at + 8)
    head.writeUInt16BE(Math.min(FRAME_SAMPLES, samples - sample), at + 16)
  }
  return head
}

/** How long the head of this file is, from its first bytes ({@link FLAC_PREFIX_BYTES}); `null`: it is none of ours. */
export function flacHeadBytes(prefix: Uint8Array): number | null {
  const bytes = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.length)
  if (bytes.length < FLAC_PREFIX_BYTES || bytes.toString('latin1', 0, 4) !== 'fLaC' || bytes.readUInt32BE(4) !== STREAMINFO_BYTES) return null
  return bytes.readUInt8(42) === (TYPES.last | TYPES.seekTable) ? FLAC_PREFIX_BYTES + bytes.readUIntBE(43, 3) : null
}

export const FLAC_PREFIX_BYTES = 4 + BLOCK_HEADER_BYTES + STREAMINFO_BYTES + BLOCK_HEADER_BYTES

/** The head of one of our files. @param head - as many bytes as {@link flacHeadBytes} says */
export function parseFlacHead(head: Uint8Array): FlacHead {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const packed = bytes.readBigUInt64BE(18)
  const count = (head.length - FLAC_PREFIX_BYTES) / POINT_BYTES
  return {
    sampleRateHz: Number(packed >> 44n),
    samples: Number(packed & 0xf_ffff_ffffn),
    frameBytes: { least: bytes.readUIntBE(12, 3), most: bytes.readUIntBE(15, 3) },
    md5: Uint8Array.from(bytes.subarray(26, 42)),
    points: Array.from({ length: count }, (_, index) => Number(bytes.readBigUInt64BE(FLAC_PREFIX_BYTES + index * POINT_BYTES + 8))),
  }
}

function headBytes(points: number): number {
  return FLAC_PREFIX_BYTES + points * POINT_BYTES
}
