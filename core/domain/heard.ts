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

/** Of compressed sound nearly: its bytes are spread over the time as if it were not. */
export function heardOf({ format, sizeBytes, durationMs }: Pick<MediaObject, 'format' | 'sizeBytes' | 'durationMs'>, sent: SentBytes): Heard {
  const header = HEADER_BYTES[format]
  const secondsAt = (byte: number): number => Math.max(0, byte - header) / Math.max(1, sizeBytes - header) * durationMs / 1000
  const stretches = sent.ranges.map(([start, end]) => [secondsAt(start), secondsAt(end)] as const).filter(([from, to]) => to > from)
  const named = stretches.slice(0, MOST_STRETCHES).map(([from, to]) => `${from.toFixed(1)}-${to.toFixed(1)}`)
  const seconds = stretches.reduce((sum, [from, to]) => sum + to - from, 0)
  return { seconds: Math.round(seconds * 1000) / 1000, stretches: [...named, ...(stretches.length > MOST_STRETCHES ? ['…'] : [])].join(',') }
}
