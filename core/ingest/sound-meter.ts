import { framesOf } from './frames.ts'

/** Points of a waveform: as many as a wide screen shows, and 8 KB in the catalogue. */
const MAX_STRETCHES = 4000
/** One frame of a telephone. */
const LEAST_STRETCH_MS = 20
/** From 15 bits to 8. */
const PEAK_SHIFT = 7
const MAX_PEAK = 255

/** What one channel sounded like. */
export interface ChannelSound {
  /** The loudest sample of each stretch, 0 to 255. */
  readonly peaks: readonly number[]
  /** The loudest absolute sample of all, 0 to 32,768. */
  readonly loudest: number
}

/** How long the stretches of a waveform are. */
export function peakStretchMs(totalMs: number): number {
  return Math.max(LEAST_STRETCH_MS, Math.ceil(totalMs / MAX_STRETCHES))
}

/** Measures one channel while its samples pass by. */
export class SoundMeter {
  readonly #stretchFrames: number
  readonly #peaks: number[] = []
  #loudest = 0
  #inStretch = 0
  #peak = 0

  constructor(stretchMs: number, sampleRateHz: number) {
    this.#stretchFrames = framesOf(stretchMs, sampleRateHz)
  }

  push(samples: Int16Array): void {
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + this.#stretchFrames - this.#inStretch)
      this.#peak = Math.max(this.#peak, loudestOf(samples, at, end))
      this.#inStretch += end - at
      at = end
      if (this.#inStretch === this.#stretchFrames) this.#close()
    }
  }

  /** Ends the last stretch. */
  end(): ChannelSound {
    if (this.#inStretch > 0) this.#close()
    return { peaks: this.#peaks, loudest: this.#loudest }
  }

  #close(): void {
    this.#peaks.push(Math.min(MAX_PEAK, this.#peak >> PEAK_SHIFT))
    this.#loudest = Math.max(this.#loudest, this.#peak)
    this.#peak = 0
    this.#inStretch = 0
  }
}

function loudestOf(samples: Int16Array, from: number, to: number): number {
  let loudest = 0
  for (let at = from; at < to; at += 1) {
    const sample = Math.abs(samples[at] ?? 0)
    if (sample > loudest) loudest = sample
  }
  return loudest
}
