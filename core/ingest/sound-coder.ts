import type { WavFormat } from '../domain/media.ts'
import type { LaneBlock } from './lane-reader.ts'
import { SOUND_ENCODINGS } from './sound-encoding.ts'

/** Makes the bytes of one file of blocks of sound. Used once. */
export interface SoundCoder {
  header(): Uint8Array
  /** What can be said after this block; nothing, as long as more has to be known. */
  encode(block: LaneBlock): Uint8Array
  /** What is left behind the last block. @throws HoldfastError `SPOOL_FILE_INCOMPLETE` when the sound is not what it was when its header was made */
  end(): Uint8Array
}

export const NO_BYTES = new Uint8Array()

/** A WAV: each block by itself, behind a header that its length alone makes. */
export function wavCoder(format: WavFormat, sound: { readonly sampleRateHz: number; readonly frames: number }): SoundCoder {
  const encoding = SOUND_ENCODINGS[format]
  return { header: () => encoding.header(sound), encode: (block) => encoding.encode(block), end: () => NO_BYTES }
}
