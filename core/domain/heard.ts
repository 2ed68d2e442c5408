import type { MediaFormat, MediaObject } from './media.ts'

/** What stands before the sound in each format. Source: RIFF/WAVE, one `fmt ` and one `data` chunk; of G.711 a `fact` between them */
const HEADER_BYTES: Readonly<Record<MediaFormat, number>> = { 'wav-pcm16': 44, 'wav-mulaw': 58, 'wav-alaw': 58, flac: 0 }
/** Stretches that are named one by one; who jumps about more often has heard them all the same. */
const MOST_STRETCHES = 20

/** Bytes of a file that were sent, each counted once. */
export class SentBytes {
  /** `[start, end)`, ascending, never touching each other. */
  #ranges: readonly (readonly [number, number])[] = []

  get ranges(): readonly (readonly [number, number])[] {
    return this.#ranges
  }

  add(start: number, end: number): void {
    if (end <= start) return
    const apart = this.#ranges.filter(([from, to]) => to < start || from > end)
    const touched = this.#ranges.filter(([from, to]) => to >= start && from <= end)
    const joined = [Math.min(start, ...touched.map(([from]) => from)), Math.max(end, ...touched.map(([, to]) => to))] as const
    this.#ranges = [...apart, joined].toSorted(([one], [other]) => one - other)
  }
}

/** How much of a recording's sound was sent, and which stretches of it: seconds from its beginning. */
export interface Heard {
  readonly seconds: number
  readonly stretches: string
}

/** So much of the sound lies before this byte of the file. */
export interface SoundPlace {
  readonly byte: number
  readonly ms: number
}

/**
 * @param places - ascending, where the sound is not spread evenly over the bytes: the first where sound begins, the last where it ends. Between two of them it is taken as even, so that
 * either end of a stretch is told between the places about it. None: each second takes as many bytes as any other, as in each kind of WAV
 */
export function heardOf({ format, sizeBytes, durationMs }: Pick<MediaObject, 'format' | 'sizeBytes' | 'durationMs'>, sent: SentBytes, places: readonly SoundPlace[] = []): Heard {
  const known = places.length > 1 ? places : [{ byte: HEADER_BYTES[format], ms: 0 }, { byte: sizeBytes, ms: durationMs }]
  const stretches = sent.ranges.map(([start, end]) => [secondsAt(known, start), secondsAt(known, end)] as const).filter(([from, to]) => to > from)
  const named = stretches.slice(0, MOST_STRETCHES).map(([from, to]) => `${from.toFixed(1)}-${to.toFixed(1)}`)
  const seconds = stretches.reduce((sum, [from, to]) => sum + to - from, 0)
  return { seconds: Math.round(seconds * 1000) / 1000, stretches: [...named, ...(stretches.length > MOST_STRETCHES ? ['…'] : [])].join(',') }
}

function secondsAt(places: readonly SoundPlace[], byte: number): number {
  const index = places.findLastIndex((place) => place.byte <= byte)
  const [before, after] = [places[index], places[index + 1]]
  if (before === undefined) return 0
  if (after === undefined) return before.ms / 1000
  return (before.ms + (byte - before.byte) / (after.byte - before.byte) * (after.ms - before.ms)) / 1000
}
