import { createHash, type Hash } from 'node:crypto'
import { HoldfastError } from '../domain/errors.ts'
import { encodeFrame } from '../domain/flac/frame.ts'
import { type FlacHead, flacHead, FRAME_SAMPLES, hasPoint } from '../domain/flac/layout.ts'
import type { LaneBlock } from './lane-reader.ts'
import { NO_BYTES, type SoundCoder } from './sound-coder.ts'
import { SOUND_ENCODINGS } from './sound-encoding.ts'

/** Cuts blocks of any length into frames of FLAC. */
class FlacFrames {
  readonly #sampleRateHz: number
  readonly #received = new Int16Array(FRAME_SAMPLES)
  readonly #transmitted = new Int16Array(FRAME_SAMPLES)
  readonly #md5: Hash = createHash('md5')
  #filled = 0
  #index = 0
  #samples = 0

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz
  }

  /** Every frame that is whole with this block, in order. */
  push({ received, transmitted }: LaneBlock): readonly Uint8Array[] {
    const frames: Uint8Array[] = []
    for (let at = 0; at < received.length;) {
      const taken = Math.min(FRAME_SAMPLES - this.#filled, received.length - at)
      this.#received.set(received.subarray(at, at + taken), this.#filled)
      this.#transmitted.set(transmitted.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === FRAME_SAMPLES) frames.push(this.#frame())
    }
    return frames
  }

  /** The last one, which is shorter. */
  end(): readonly Uint8Array[] {
    return this.#filled === 0 ? [] : [this.#frame()]
  }

  /** After the end. */
  sum(): Pick<FlacHead, 'samples' | 'md5'> {
    return { samples: this.#samples, md5: this.#md5.digest() }
  }

  #frame(): Uint8Array {
    const sound = { received: this.#received.subarray(0, this.#filled), transmitted: this.#transmitted.subarray(0, this.#filled) }
    this.#md5.update(SOUND_ENCODINGS['wav-pcm16'].encode(sound))
    const frame = encodeFrame(sound, { index: this.#index, sampleRateHz: this.#sampleRateHz })
    this.#index += 1
    this.#samples += this.#filled
    this.#filled = 0
    return frame
  }
}

/**
 * Looks at the sound in a pass of its own: the head of a FLAC file tells how long its frames are and where they begin, and is sealed before them.
 * Gives no bytes.
 */
export class FlacMeasure implements SoundCoder {
  readonly #sampleRateHz: number
  readonly #frames: FlacFrames
  readonly #points: number[] = []
  #index = 0
  #bytes = 0
  #least = Infinity
  #most = 0

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz
    this.#frames = new FlacFrames(sampleRateHz)
  }

  header(): Uint8Array {
    return NO_BYTES
  }

  encode(block: LaneBlock): Uint8Array {
    this.#note(this.#frames.push(block))
    return NO_BYTES
  }

  end(): Uint8Array {
    this.#note(this.#frames.end())
    return NO_BYTES
  }

  /** After the end: what the head says. */
  head(): FlacHead {
    return { sampleRateHz: this.#sampleRateHz, ...this.#frames.sum(), frameBytes: { least: this.#least, most: this.#most }, points: this.#points }
  }

  #note(frames: readonly Uint8Array[]): void {
    for (const { length } of frames) {
      if (hasPoint(this.#index)) this.#points.push(this.#bytes)
      this.#index += 1
      this.#bytes += length
      this.#least = Math.min(this.#least, length)
      this.#most = Math.max(this.#most, length)
    }
  }
}

/** The file behind a head that was measured before. */
export function flacCoder(head: FlacHead): SoundCoder {
  const frames = new FlacFrames(head.sampleRateHz)
  return {
    header: () => flacHead(head),
    encode: (block) => joined(frames.push(block)),
    end: () => {
      const last = joined(frames.end())
      const { samples, md5 } = frames.sum()
      if (samples !== head.samples || Buffer.compare(md5, head.md5) !== 0) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file was changed while it was read', { samples })
      return last
    },
  }
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  return frames.length === 0 ? NO_BYTES : Buffer.concat(frames)
}
