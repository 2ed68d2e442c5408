import { HoldfastError } from '../domain/errors.ts'
import { FMT_BYTES, MAX_SIZE, PCM, RIFF_CHUNK_BYTES, SAMPLE_BYTES } from '../domain/wav-header.ts'
import type { G711Law } from './g711.ts'

/** Of a file with G.711: `fmt ` is longer by a field, and a `fact` chunk tells the frames. Source: Microsoft, New Multimedia Data Types (1994), "fact chunk" */
export const G711_HEADER_BYTES = 58
/** The data chunk of a PBX begins at byte 44; a few foreign chunks may stand before it, but not kilobytes of them (a guess). */
export const MAX_HEAD_BYTES = 4096

/** Source: mmreg.h, WAVE_FORMAT_ALAW and WAVE_FORMAT_MULAW */
const WAVE_FORMATS: Readonly<Record<G711Law, number>> = { alaw: 6, mulaw: 7 }

/**
 * What a telephone's sound is written at: that of narrowband, up to that of Opus. Silence between segments is made at the rate that a file
 * claims: one of a few bytes that claims gigahertz would become terabytes.
 */
const RATES_HZ = { lowest: 8000, highest: 48_000 } as const

/** A lane has a file of its own, or shares one with the other, side by side. */
export type Channels = 1 | 2

/** What the beginning of a PCM file tells. */
export interface WavHead {
  readonly sampleRateHz: number
  readonly dataOffset: number
  /** What the header says; 0 until the PBX closes the file. Source: Asterisk 22 format_wav.c, update_header; FreeSWITCH 1.10 mod_sndfile, killed (seen) */
  readonly declaredDataBytes: number
}

/**
 * Reads the chunks up to the samples.
 * @param head - the file's first bytes, at most `MAX_HEAD_BYTES`
 * @throws HoldfastError `SPOOL_FILE_BROKEN` unless it is 16-bit PCM of as many channels as are expected, at the rate of a telephone
 */
export function parseWavHead(head: Uint8Array, channels: Channels): WavHead {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  if (text(bytes, 0) !== 'RIFF' || text(bytes, 8) !== 'WAVE') throw broken('not a WAV file')
  let sampleRateHz: number | null = null
  for (let at = 12; at + RIFF_CHUNK_BYTES <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4)
    const body = at + RIFF_CHUNK_BYTES
    const name = text(bytes, at)
    if (name === 'fmt ') sampleRateHz = formatOf(bytes, body, channels)
    if (name === 'data') {
      if (sampleRateHz === null) throw broken('samples before their format')
      return { sampleRateHz, dataOffset: body, declaredDataBytes: size }
    }
    at = body + size + (size % 2)
  }
  throw broken('no samples')
}

/** The header of a file with G.711 whose length is known beforehand. @param sound - two channels: an even number of bytes, so that no chunk needs a pad */
export function g711Header({ law, channels, sampleRateHz, frames }: { readonly law: G711Law; readonly channels: 2; readonly sampleRateHz: number; readonly frames: number }): Uint8Array {
  const dataBytes = frames * channels
  const header = Buffer.alloc(G711_HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(Math.min(MAX_SIZE, G711_HEADER_BYTES - RIFF_CHUNK_BYTES + dataBytes), 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(FMT_BYTES + 2, 16)
  header.writeUInt16LE(WAVE_FORMATS[law], 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRateHz, 24)
  header.writeUInt32LE(sampleRateHz * channels, 28)
  header.writeUInt16LE(channels, 32)
  header.writeUInt16LE(8, 34)
  // At 36 the length of what more there is to tell of the format: nothing.
  header.write('fact', 38, 'latin1')
  header.writeUInt32LE(4, 42)
  header.writeUInt32LE(Math.min(MAX_SIZE, frames), 46)
  header.write('data', 50, 'latin1')
  header.writeUInt32LE(Math.min(MAX_SIZE, dataBytes), 54)
  return header
}

function formatOf(bytes: Buffer, at: number, expected: Channels): number {
  if (at + FMT_BYTES > bytes.length) throw broken('its format is cut off')
  const [format, channels, bits] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2), bytes.readUInt16LE(at + 14)]
  const sampleRateHz = bytes.readUInt32LE(at + 4)
  if (format !== PCM || channels !== expected || bits !== 8 * SAMPLE_BYTES || sampleRateHz < RATES_HZ.lowest || sampleRateHz > RATES_HZ.highest) {
    throw broken('not 16-bit PCM of the expected channels', { expectedChannels: expected, format, channels, bits, sampleRateHz })
  }
  return sampleRateHz
}

function text(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4)
}

function broken(what: string, details: Readonly<Record<string, number>> = {}): HoldfastError {
  return new HoldfastError('SPOOL_FILE_BROKEN', `a spool file cannot be read: ${what}`, details)
}
