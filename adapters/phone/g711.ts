/** The two companding laws of ITU-T G.711 by their names in SDP. */
export const G711_CODECS = ['PCMU', 'PCMA'] as const
export type G711Codec = (typeof G711_CODECS)[number]

/** Telephone audio: samples of 16 bits, 8000 in a second, 160 in a packet of 20 ms. */
export const SAMPLE_RATE_HZ = 8000
export const FRAME_SAMPLES = 160
export const FRAME_MS = 20

/** The bias lifts the smallest segment so that the position of the highest bit is the segment. Source: ITU-T G.711 table 2a */
const MU_LAW_BIAS = 132
const MU_LAW_CLIP = 32_635

/** Even bits are inverted on the line. Source: ITU-T G.711 table 1a, note 2 */
const A_LAW_INVERSION = 0x55

const DECODERS: Readonly<Record<G711Codec, (byte: number) => number>> = { PCMU: decodeMuLaw, PCMA: decodeALaw }
const ENCODERS: Readonly<Record<G711Codec, (sample: number) => number>> = { PCMU: encodeMuLaw, PCMA: encodeALaw }

const DECODE_TABLES: Readonly<Record<G711Codec, Int16Array>> = {
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => DECODERS.PCMU(byte)),
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => DECODERS.PCMA(byte)),
}

export function decodeG711(codec: G711Codec, bytes: Uint8Array): Int16Array {
  const table = DECODE_TABLES[codec]
  return Int16Array.from(bytes, (byte) => table[byte] ?? 0)
}

export function encodeG711(codec: G711Codec, samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, ENCODERS[codec])
}

function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), MU_LAW_CLIP) + MU_LAW_BIAS
  const segment = 24 - Math.clz32(magnitude)
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff
}

function decodeMuLaw(byte: number): number {
  const inverted = ~byte & 0xff
  const segment = (inverted >> 4) & 7
  const magnitude = ((((inverted & 0x0f) << 3) + MU_LAW_BIAS) << segment) - MU_LAW_BIAS
  return inverted & 0x80 ? -magnitude : magnitude
}

function encodeALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80
  const magnitude = (sample < 0 ? ~sample : sample) >> 4
  const segment = Math.max(0, 28 - Math.clz32(magnitude))
  const mantissa = segment < 2 ? magnitude & 0x0f : (magnitude >> (segment - 1)) & 0x0f
  return (sign | (segment << 4) | mantissa) ^ A_LAW_INVERSION
}

function decodeALaw(byte: number): number {
  const value = byte ^ A_LAW_INVERSION
  const segment = (value >> 4) & 7
  const mantissa = ((value & 0x0f) << 4) + 8
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1)
  return value & 0x80 ? magnitude : -magnitude
}
