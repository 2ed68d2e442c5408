import type { Segment } from '../domain/recording.ts'

/**
 * How far the PBX's event times and its files may differ without anything being lost: two frames of 20 ms.
 * Source: Asterisk 22.10, mutes took effect within one frame, files were closed from 10 ms before to 0.1 ms after their Hangup (measured)
 */
export const TIME_TOLERANCE_MS = 40

/** Where the first frame of a file stands in the time of the call, and how sure that is. */
export interface SegmentClock {
  /** Milliseconds since 1970. */
  readonly beganMs: number
  readonly fileMs: number
  /** From the answer (or the start) to the end, as the PBX tells it. */
  readonly callMs: number
  /** What of that the file has not got; negative when it has more than there was. */
  readonly driftMs: number
  /** An instant of the call may lie this much earlier in the file than its distance from `beganMs`, or later. */
  readonly earlierMs: number
  readonly laterMs: number
}

/**
 * Fits a file to its segment's times. A recorder writes nothing while no media flows, so that a file may begin anywhere between
 * the start and the answer, and may have lost time inside.
 * - Not longer than from the answer to the end: it begins at the answer; what it lacks was lost somewhere after.
 * - Longer: there was sound before the answer (ringback, a prompt). Its end is sure, so it is placed by that.
 * - Longer than there was time: a machine without a free core gave the PBX frames late, and it put zeros in their place, somewhere.
 * Source: Asterisk 22, nothing is written while neither side sends (measured)
 */
export function segmentClock(segment: Pick<Segment, 'startedAt' | 'answeredAt'>, endedAt: Date, fileMs: number): SegmentClock {
  const endMs = endedAt.getTime()
  const fromMs = (segment.answeredAt ?? segment.startedAt).getTime()
  const callMs = Math.max(0, endMs - fromMs)
  const longestMs = Math.max(callMs, endMs - segment.startedAt.getTime())
  if (fileMs <= callMs + TIME_TOLERANCE_MS) {
    return { beganMs: fromMs, fileMs, callMs, driftMs: callMs - fileMs, earlierMs: Math.max(0, callMs - fileMs), laterMs: 0 }
  }
  const beganMs = Math.max(endMs - fileMs, segment.startedAt.getTime())
  return { beganMs, fileMs, callMs, driftMs: Math.min(0, longestMs - fileMs), earlierMs: 0, laterMs: Math.abs(longestMs - fileMs) }
}
