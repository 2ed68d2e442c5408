import { SAMPLES_PER_MS } from './samples-per-ms.ts'

export type SampleSpan = { readonly start: number; readonly end: number }

/** 10 ms: a tone crosses zero, but never stays there for so long; a masked span is longer. */
const MIN_SAMPLES = 80

/** Where every sample is exactly 0 in all the given channels: digital silence, as a mask writes it. */
export function exactSilence(channels: readonly Int16Array[], minSamples: number = MIN_SAMPLES): SampleSpan[] {
  const length = Math.min(...channels.map((channel) => channel.length))
  const spans: SampleSpan[] = []
  let start: number | null = null
  for (let at = 0; at <= length; at++) {
    const isZero = at < length && channels.every((channel) => channel[at] === 0)
    if (isZero) {
      start ??= at
    } else if (start !== null) {
      if (at - start >= minSamples) spans.push({ start, end: at })
      start = null
    }
  }
  return spans
}

/** How long the longest of these spans is; 0 when there is none. */
export function longestSilenceMs(channels: readonly Int16Array[], minSamples: number = MIN_SAMPLES): number {
  return Math.max(0, ...exactSilence(channels, minSamples).map(({ start, end }) => end - start)) / SAMPLES_PER_MS
}
