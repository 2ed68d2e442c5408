import { type FrameSpan, overlap } from './frames.ts'

/** A pause that must be found in the samples. All in frames of the segment's file. */
export interface PauseToLocate {
  /** Where it would lie if no time was lost. */
  readonly expected: FrameSpan
  /** It was in force when the segment began, or ended: then it reaches to that edge of the file, whatever is masked there. */
  readonly reaches: 'start' | 'end' | 'neither'
}

/** How far an instant of the call may lie from where it is expected in the file. */
export interface Shifts {
  /** The most that it may lie earlier, and later. */
  readonly earlier: number
  readonly later: number
  /** Lost time moves all that follows it towards the beginning; time that was put in, towards the end. */
  readonly trend: 'falling' | 'rising'
  /** How far a mask's edges may be from their times, for other reasons. */
  readonly edge: number
}

/**
 * The least silence that counts as this pause: all of it but what the file lost and the edges, and never less than half of it.
 * A weaker proof would be none: there is always some silence in a call.
 */
export function leastSilence({ expected, reaches }: PauseToLocate, { earlier, later, edge }: Shifts): number {
  // At the edge of a file a recorder may run for a moment without its mask.
  const length = expected.to - expected.from - (reaches === 'neither' ? 0 : edge)
  return Math.max(1, Math.ceil(length / 2), length - earlier - later - 2 * edge)
}

/**
 * Finds masked spans among the spans where both lanes are exactly zero: a PBX that mutes writes exact zeros. Pure.
 * They are found together. What the file lost before one pause it has lost before the next, too; so that a silence proves a pause
 * only where its beginning and its end can both lie where they do. A mask that came late, and let sound into the pause, does not fit.
 * @param pauses - in order, apart
 * @param zeroSpans - in order, apart
 * @returns for each pause the part of a zero span that can be it, or `null`
 */
export function locatePauses(pauses: readonly PauseToLocate[], zeroSpans: readonly FrameSpan[], shifts: Shifts): readonly (FrameSpan | null)[] {
  const located = new Map<PauseToLocate, FrameSpan>()
  let bound = shifts.later
  // Against its trend a shift only grows smaller: each pause leaves to the next one all that it can.
  for (const pause of shifts.trend === 'falling' ? pauses : pauses.toReversed()) {
    const fits = zeroSpans.flatMap((zeros) => fitOf(pause, zeros, { shifts, bound }) ?? [])
    const best = fits.reduce<Fit | null>((chosen, fit) => (chosen === null || fit.shift > chosen.shift ? fit : chosen), null)
    if (best === null) continue
    located.set(pause, best.span)
    bound = best.shift
  }
  return pauses.map((pause) => located.get(pause) ?? null)
}

interface Fit {
  readonly span: FrameSpan
  /** At the edge that is looked at second: the bound of what follows. */
  readonly shift: number
}

function fitOf(pause: PauseToLocate, zeros: FrameSpan, { shifts, bound }: { readonly shifts: Shifts; readonly bound: number }): Fit | null {
  const { expected, reaches } = pause
  const { earlier, later, edge, trend } = shifts
  const span = overlap(zeros, { from: expected.from - earlier - edge, to: expected.to + later + edge })
  if (span === null || span.to - span.from < leastSilence(pause, shifts)) return null
  // The beginning must lie where the silence has begun already, the end where it still lasts.
  const leastAtStart = reaches === 'start' ? -Infinity : zeros.from - edge - expected.from
  const mostAtEnd = reaches === 'end' ? Infinity : zeros.to + edge - expected.to
  const shift = Math.min(bound, mostAtEnd)
  const isBegun = trend === 'falling' ? leastAtStart <= bound : leastAtStart <= shift
  return isBegun && shift >= -earlier - edge ? { span, shift } : null
}
