import type { AudioSource } from '../../../adapters/phone/audio-source.ts'
import { decodeG711, encodeG711, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../../adapters/phone/g711.ts'
import { SAMPLES_PER_MS } from '../../support/audio/samples-per-ms.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const AMPLITUDE = 12_000
/** Longer than any call of the bench: no piece of it comes twice. */
const SECONDS = 60
/** A run of so many samples is nowhere else in the noise by chance, and shorter than half a packet. */
const NEEDLE_SAMPLES = 64
const SAMPLE_BYTES = 2
/** Three packets. */
const FURTHEST_SAMPLES = 3 * FRAME_SAMPLES

/** Noise that tells of each of its samples when it left the telephone: where it is found in a file, the moment is known to the sample. */
export class TimedNoise implements AudioSource {
  readonly lengthSamples = null
  readonly #samples: Int16Array
  /** As the other end hears it: after companding. */
  readonly #heard: Buffer
  readonly #sentAtMs: number[] = []

  constructor(seed: number) {
    const random = seededRandom(seed)
    this.#samples = Int16Array.from({ length: SECONDS * SAMPLE_RATE_HZ }, () => Math.round((random() * 2 - 1) * AMPLITUDE))
    this.#heard = bytesOf(decodeG711('PCMU', encodeG711('PCMU', this.#samples)))
  }

  read(position: number, count: number): Int16Array {
    this.#sentAtMs[position / FRAME_SAMPLES] = performance.now()
    return this.#samples.slice(position, position + count)
  }

  /** When the sample would have left the telephone that follows those before `at` in a track; `null` when they are none of this noise. By `performance.now`. */
  momentAt(track: Int16Array, at: number): number | null {
    // A PBX that got no turn left something out, or in: then it is what comes before that is known again.
    for (let end = at; end >= Math.max(NEEDLE_SAMPLES, at - FURTHEST_SAMPLES); end -= NEEDLE_SAMPLES / 2) {
      const position = this.#positionAfter(track.slice(end - NEEDLE_SAMPLES, end))
      if (position !== null) return this.#momentOf(position - 1) + (at - end + 1) / SAMPLES_PER_MS
    }
    return null
  }

  #positionAfter(needle: Int16Array): number | null {
    const found = this.#heard.indexOf(bytesOf(needle))
    return found === -1 || found % SAMPLE_BYTES !== 0 ? null : found / SAMPLE_BYTES + NEEDLE_SAMPLES
  }

  #momentOf(position: number): number {
    const frame = Math.floor(position / FRAME_SAMPLES)
    return (this.#sentAtMs[frame] ?? Number.NaN) + (position - frame * FRAME_SAMPLES) / SAMPLES_PER_MS
  }
}

function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}
