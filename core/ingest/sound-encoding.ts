import { HoldfastError } from '../domain/errors.ts'
import type { WavFormat } from '../domain/media.ts'
import { codeTable, type G711Law, NO_CODE } from './g711.ts'
import type { LaneBlock } from './lane-reader.ts'
import { G711_HEADER_BYTES, g711Header } from './wav.ts'
import { SAMPLE_BYTES, WAV_HEADER_BYTES, wavHeader } from '../domain/wav-header.ts'

export const CHANNELS = 2

/** How sound becomes the bytes of a WAV. Every frame has as many bytes as every other, so that a time is a byte: ranges need nothing else. */
export interface SoundEncoding {
  readonly headerBytes: number
  /** Of one sample of one channel. */
  readonly sampleBytes: number
  /** Before the first sample; the length of the whole is known. */
  header(sound: { readonly sampleRateHz: number; readonly frames: number }): Uint8Array
  /** Both lanes, frame by frame. @throws HoldfastError `SPOOL_FILE_INCOMPLETE` where a sample is none that was there when the format was chosen */
  encode(block: LaneBlock): Uint8Array
}

const PCM: SoundEncoding = {
  headerBytes: WAV_HEADER_BYTES,
  sampleBytes: SAMPLE_BYTES,
  header: ({ sampleRateHz, frames }) => wavHeader({ channels: CHANNELS, sampleRateHz, dataBytes: frames * CHANNELS * SAMPLE_BYTES }),
  encode: ({ received, transmitted }) => {
    const samples = new Int16Array(received.length * CHANNELS)
    for (let frame = 0; frame < received.length; frame += 1) {
      samples[frame * CHANNELS] = received[frame] ?? 0
      samples[frame * CHANNELS + 1] = transmitted[frame] ?? 0
    }
    return new Uint8Array(samples.buffer)
  },
}

export const SOUND_ENCODINGS: Readonly<Record<WavFormat, SoundEncoding>> = { 'wav-pcm16': PCM, 'wav-mulaw': g711('mulaw'), 'wav-alaw': g711('alaw') }

function g711(law: G711Law): SoundEncoding {
  const codes = codeTable(law)
  const put = (bytes: Uint8Array, channel: number, samples: Int16Array): void => {
    for (let frame = 0; frame < samples.length; frame += 1) {
      const code = codes[(samples[frame] ?? 0) & 0xffff] ?? NO_CODE
      if (code === NO_CODE) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file was changed while it was read', { law, channel })
      bytes[frame * CHANNELS + channel] = code
    }
  }
  return {
    headerBytes: G711_HEADER_BYTES,
    sampleBytes: 1,
    header: ({ sampleRateHz, frames }) => g711Header({ law, channels: CHANNELS, sampleRateHz, frames }),
    encode: ({ received, transmitted }) => {
      const bytes = new Uint8Array(received.length * CHANNELS)
      put(bytes, 0, received)
      put(bytes, 1, transmitted)
      return bytes
    },
  }
}
