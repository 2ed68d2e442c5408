import { HoldfastError } from '../../core/domain/errors.ts'

/** Sound as numbers: one array for each channel, all of one length. */
export type WavAudio = {
  readonly sampleRateHz: number
  readonly channels: readonly Int16Array[]
}

const PCM = 1
const EXTENSIBLE = 0xfffe

/**
 * Reads a WAV of 16-bit PCM. A writer that could not go back to its header left sizes of 0 or of "very long": the rest
 * of the file is then the audio.
 * @throws HoldfastError `SPOOL_FILE_BROKEN`
 * Source: Microsoft "Multimedia Programming Interface and Data Specifications 1.0", WAVE form
 */
export function parseWav(bytes: Uint8Array): WavAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (fourCharacters(view, 0) !== 'RIFF' || fourCharacters(view, 8) !== 'WAVE') throw broken('it does not begin with RIFF … WAVE')
  let format: { readonly channels: number; readonly sampleRateHz: number } | null = null
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = fourCharacters(view, at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (name === 'fmt ') format = parseFormat(view, start)
    if (name === 'data') {
      if (format === null) throw broken('the audio stands before its format')
      return parseSamples(view, { ...format, start, end: size === 0 ? view.byteLength : Math.min(view.byteLength, start + size) })
    }
    at = start + size + (size % 2)
  }
  throw broken('it holds no audio')
}

/** A WAV of 16-bit PCM with its sizes filled in. */
export function formatWav(audio: WavAudio): Uint8Array {
  const frames = audio.channels[0]?.length ?? 0
  const blockBytes = 2 * audio.channels.length
  const bytes = Buffer.alloc(44 + frames * blockBytes)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(PCM, 20)
  bytes.writeUInt16LE(audio.channels.length, 22)
  bytes.writeUInt32LE(audio.sampleRateHz, 24)
  bytes.writeUInt32LE(audio.sampleRateHz * blockBytes, 28)
  bytes.writeUInt16LE(blockBytes, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(frames * blockBytes, 40)
  for (const [index, samples] of audio.channels.entries()) {
    for (const [frame, sample] of samples.entries()) bytes.writeInt16LE(sample, 44 + frame * blockBytes + 2 * index)
  }
  return bytes
}

function parseFormat(view: DataView, start: number): { readonly channels: number; readonly sampleRateHz: number } {
  if (start + 16 > view.byteLength) throw broken('its format is cut off')
  const encoding = view.getUint16(start, true)
  const channels = view.getUint16(start + 2, true)
  const bitsPerSample = view.getUint16(start + 14, true)
  if ((encoding !== PCM && encoding !== EXTENSIBLE) || bitsPerSample !== 16 || channels === 0) {
    throw broken(`encoding ${encoding} with ${bitsPerSample} bits and ${channels} channels is not 16-bit PCM`)
  }
  return { channels, sampleRateHz: view.getUint32(start + 4, true) }
}

function parseSamples(view: DataView, data: { readonly channels: number; readonly sampleRateHz: number; readonly start: number; readonly end: number }): WavAudio {
  const frames = Math.floor((data.end - data.start) / (2 * data.channels))
  const channels = Array.from({ length: data.channels }, (_, channel) =>
    Int16Array.from({ length: frames }, (_, frame) => view.getInt16(data.start + 2 * (frame * data.channels + channel), true)),
  )
  return { sampleRateHz: data.sampleRateHz, channels }
}

function fourCharacters(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return ''
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

function broken(why: string): HoldfastError {
  return new HoldfastError('SPOOL_FILE_BROKEN', `not a WAV file that can be read: ${why}`)
}
