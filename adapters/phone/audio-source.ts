import { SAMPLE_RATE_HZ } from './g711.ts'

/** Audio to send: the same position always gives the same samples, so a test can compare what arrived with what was sent. */
export type AudioSource = {
  /** Null when it has no end; after the end it is silent. */
  readonly lengthSamples: number | null
  read(position: number, count: number): Int16Array
}

/** About −9 dBFS: loud, and far from clipping when two are mixed. */
const DEFAULT_AMPLITUDE = 10_000

/** From 700 to 3100 Hz in 40 ms: a sweep correlates with itself at one place only. */
export const CHIRP_SAMPLES = 320
const CHIRP_FROM_HZ = 700
const CHIRP_TO_HZ = 3100
export const CHIRP_INTERVAL_SAMPLES = SAMPLE_RATE_HZ

/** Digital zeros: sent as packets, unlike a telephone that stops sending. */
export function silence(): AudioSource {
  return { lengthSamples: null, read: (_, count) => new Int16Array(count) }
}

export function tone(frequencyHz: number, amplitude: number = DEFAULT_AMPLITUDE): AudioSource {
  return endless((position) => amplitude * Math.sin((2 * Math.PI * frequencyHz * position) / SAMPLE_RATE_HZ))
}

/** A tone, and at every whole second of its time line a chirp in its place, by which tracks are aligned to the sample. */
export function toneWithChirps(frequencyHz: number, amplitude: number = DEFAULT_AMPLITUDE): AudioSource {
  const chirp = chirpSamples(amplitude)
  return endless((position) => {
    const sinceSecond = position % CHIRP_INTERVAL_SAMPLES
    return chirp[sinceSecond] ?? amplitude * Math.sin((2 * Math.PI * frequencyHz * position) / SAMPLE_RATE_HZ)
  })
}

/** The chirp alone. The frequency grows evenly, so the phase is its integral. */
export function chirpSamples(amplitude: number = DEFAULT_AMPLITUDE): Int16Array {
  const seconds = CHIRP_SAMPLES / SAMPLE_RATE_HZ
  return Int16Array.from({ length: CHIRP_SAMPLES }, (_, index) => {
    const t = index / SAMPLE_RATE_HZ
    const cycles = CHIRP_FROM_HZ * t + ((CHIRP_TO_HZ - CHIRP_FROM_HZ) * t * t) / (2 * seconds)
    return Math.round(amplitude * Math.sin(2 * Math.PI * cycles))
  })
}

/** Samples that were read or spoken before; silence follows. */
export function samplesSource(samples: Int16Array): AudioSource {
  return {
    lengthSamples: samples.length,
    read: (position, count) => {
      const frame = new Int16Array(count)
      if (position < samples.length) frame.set(samples.subarray(position, position + count))
      return frame
    },
  }
}

function endless(sampleAt: (position: number) => number): AudioSource {
  return {
    lengthSamples: null,
    read: (position, count) => Int16Array.from({ length: count }, (_, index) => Math.round(sampleAt(position + index))),
  }
}
