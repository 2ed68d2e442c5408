import { type FrameSpan, overlap } from './frames.ts'

/** A pause that must be found in the samples. All in frames of the segment's file. */
export interface PauseToLocate {
  /** Where it would lie if no time was lost. */
  readonly expected: FrameSpan
  /** It may lie this much earlier, or later. */
  readonly earlier: number
  readonly later: number
  /** How late a mute may take effect, at either end. */
  readonly edge: number
}

/**
 * The least silence that counts as this pause: all of it but what the file lost and the edges, and never less than half of it.
 * A weaker proof would be none: there is always some silence in a call.
 */
export function leastSilence({ expected, earlier, later, edge }: PauseToLocate): number {
  const length = expected.to - expected.from
  return Math.max(Math.ceil(length / 2), length - earlier - later - 2 * edge)
}

/**
 * Finds the masked span of a pause among the spans where both lanes are exactly zero. Pure.
 * A PBX that mutes writes exact zeros, so the true span is among them; of several, the one nearest to where it is expected.
 * @param zeroSpans - in order, apart
 * @param after - spans before this frame belong to an earlier pause
 * @returns the part of the zero span that can be the pause, or `null`
 */
export function locatePause(pause: PauseToLocate, zeroSpans: readonly FrameSpan[], after: number): FrameSpan | null {
  const { expected, earlier, later, edge } = pause
  const window = { from: Math.max(after, expected.from - earlier - edge), to: expected.to + later + edge }
  const least = leastSilence(pause)
  let best: FrameSpan | null = null
  for (const zeros of zeroSpans) {
    const span = overlap(zeros, window)
    if (span === null || span.to - span.from < least) continue
    if (best === null || distance(span, expected) < distance(best, expected)) best = span
  }
  return best
}

function distance(span: FrameSpan, expected: FrameSpan): number {
  return Math.abs(span.from - expected.from)
}
