import type { AudioSource } from '../../../adapters/phone/audio-source.ts'
import { decodeG711, encodeG711, SAMPLE_RATE_HZ } from '../../../adapters/phone/g711.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const AMPLITUDE = 12_000
/** Longer than any call of the bench: no piece of it comes twice. */
const SECONDS = 60
/** A run of so many samples is nowhere else in the noise by chance, and shorter than half a packet. */
const NEEDLE_SAMPLES = 64
const SAMPLE_BYTES = 2

/** Samples of the noise, in their order, as they lie in a track. Numbers are samples. */
export interface Run {
  readonly at: number
  /** Which sample of the noise lies there. */
  readonly from: number
  readonly length: number
}

/** Noise of which each sample is known again in whatever was made of it without being mixed: to the sample, what of it is there and what is not. */
export class KnownNoise implements AudioSource {
  readonly lengthSamples = null
  readonly #samples: Int16Array
  /** As the other end hears it: after companding. */
  readonly #heard: Int16Array
  readonly #heardBytes: Buffer

  constructor(seed: number) {
    const random = seededRandom(seed)
    this.#samples = Int16Array.from({ length: SECONDS * SAMPLE_RATE_HZ }, () => Math.round((random() * 2 - 1) * AMPLITUDE))
    this.#heard = decodeG711('PCMU', encodeG711('PCMU', this.#samples))
    this.#heardBytes = bytesOf(this.#heard)
  }

  read(position: number, count: number): Int16Array {
    return this.#samples.slice(position, position + count)
  }

  /** Every stretch of this noise in a track, in the order of the track. */
  runsIn(track: Int16Array): readonly Run[] {
    const runs: Run[] = []
    let at = 0
    while (at + NEEDLE_SAMPLES <= track.length) {
      const position = this.#positionOf(track, at)
      if (position === null) {
        at += NEEDLE_SAMPLES / 2
        continue
      }
      const run = this.#grown(track, { at, position, least: runs.at(-1) })
      runs.push(run)
      at = run.at + run.length
    }
    return runs
  }

  #grown(track: Int16Array, { at, position, least }: { readonly at: number; readonly position: number; readonly least: Run | undefined }): Run {
    const begin = least === undefined ? 0 : least.at + least.length
    let before = 0
    while (at - before > begin && position - before > 0 && track[at - before - 1] === this.#heard[position - before - 1]) before += 1
    let length = before
    while (at - before + length < track.length && track[at - before + length] === this.#heard[position - before + length]) length += 1
    return { at: at - before, from: position - before, length }
  }

  #positionOf(track: Int16Array, at: number): number | null {
    const found = this.#heardBytes.indexOf(bytesOf(track.slice(at, at + NEEDLE_SAMPLES)))
    return found === -1 || found % SAMPLE_BYTES !== 0 ? null : found / SAMPLE_BYTES
  }
}

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}
