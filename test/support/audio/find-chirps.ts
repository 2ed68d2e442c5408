import { chirpSamples } from '../../../adapters/phone/audio-source.ts'

/** Of a perfect match. Companding costs about 0.01; a second voice over the chirp as much as it is loud. */
const MIN_CORRELATION = 0.6

export type Chirp = {
  /** Sample at which it begins. */
  readonly position: number
  /** 1 is a perfect match. */
  readonly correlation: number
}

/**
 * Where the chirps of `toneWithChirps` begin, to the sample, by normalised cross-correlation.
 * The same sound in two tracks, found by its chirps, tells how the tracks are shifted.
 */
export function findChirps(samples: Int16Array): Chirp[] {
  const pattern = chirpSamples()
  const patternEnergy = energyOf(pattern, 0, pattern.length)
  const found: Chirp[] = []
  let windowEnergy = energyOf(samples, 0, pattern.length)
  for (let at = 0; at + pattern.length <= samples.length; at++) {
    const correlation = windowEnergy === 0 ? 0 : dotProduct(samples, pattern, at) / Math.sqrt(windowEnergy * patternEnergy)
    if (correlation >= MIN_CORRELATION) keepBest(found, { position: at, correlation }, pattern.length)
    windowEnergy += square(samples[at + pattern.length] ?? 0) - square(samples[at] ?? 0)
  }
  return found
}

/** Of neighbouring matches only the best is the chirp. */
function keepBest(found: Chirp[], candidate: Chirp, patternLength: number): void {
  const last = found.at(-1)
  if (last === undefined || candidate.position - last.position >= patternLength) found.push(candidate)
  else if (candidate.correlation > last.correlation) found[found.length - 1] = candidate
}

function dotProduct(samples: Int16Array, pattern: Int16Array, at: number): number {
  let sum = 0
  for (let index = 0; index < pattern.length; index++) sum += (samples[at + index] ?? 0) * (pattern[index] ?? 0)
  return sum
}

function energyOf(samples: Int16Array, start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index++) sum += square(samples[index] ?? 0)
  return sum
}

function square(value: number): number {
  return value * value
}
