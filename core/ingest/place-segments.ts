import type { QualityFinding } from '../domain/media.ts'
import type { Recording, Segment } from '../domain/recording.ts'
import { framesOf, msOf } from './frames.ts'
import type { Lane } from './lane.ts'
import type { LanePair } from './lane-reader.ts'
import { type SegmentClock, TIME_TOLERANCE_MS, segmentClock } from './segment-clock.ts'

/** A segment with what its files hold. */
export interface SegmentLanes extends LanePair {
  readonly segment: Segment
}

/** A segment in the time of the call, and in the frames of the output. */
export interface ClockedSegment extends SegmentLanes {
  readonly clock: SegmentClock
  readonly at: number
}

/** Silence that stands for time between segments is real time, up to here: beyond it somebody set a clock (a guess). */
const MAX_GAP_MS = 3_600_000
/** Less than this is lost at the edges of every call: ten frames of 20 ms for start, answer, jitter buffer and end (a guess). */
const SHORT_MS = 200
/** Telephones leave out frames, and clocks drift (a guess). */
const SHORT_SHARE = 0.01

/** Puts the segments that have sound one after another, as far apart as they were in the call. */
export function placeSegments(recording: Recording, segments: readonly SegmentLanes[], sampleRateHz: number): readonly ClockedSegment[] {
  const placed: ClockedSegment[] = []
  let end = 0
  let beganMs: number | null = null
  for (const lanes of segments) {
    if (lanes.frames === 0) continue
    const clock = segmentClock(lanes.segment, endOf(recording, lanes), msOf(lanes.frames, sampleRateHz))
    beganMs ??= clock.beganMs
    const distance = framesOf(clock.beganMs - beganMs, sampleRateHz)
    const at = Math.min(Math.max(end, distance), end + framesOf(MAX_GAP_MS, sampleRateHz))
    placed.push({ ...lanes, clock, at })
    end = at + lanes.frames
  }
  return placed
}

/** What the files lack against the call, and what lies between the segments. */
export function timingFindings(recording: Recording, placed: readonly ClockedSegment[], at: Date): readonly QualityFinding[] {
  return placed.flatMap((lanes, position) => {
    const { segment, clock } = lanes
    const found: QualityFinding[] = []
    const add = (code: QualityFinding['code'], details: QualityFinding['details']): void => void found.push({ code, segmentIndex: segment.index, details, at })
    const before = placed[position - 1]
    const gapMs = before === undefined ? 0 : unwantedMs(recording, Math.max(endOf(recording, before).getTime(), before.clock.beganMs + before.clock.fileMs), clock.beganMs)
    if (gapMs > 0) add('gap', { milliseconds: gapMs })
    if (mediaFlowed(recording, segment)) {
      if (Math.abs(clock.driftMs) > TIME_TOLERANCE_MS) add('drift', { milliseconds: clock.driftMs })
      const callMs = clock.callMs + lostAtEnd(recording, lanes)
      const lacksMs = clock.driftMs + lostAtEnd(recording, lanes)
      if (lacksMs > Math.max(SHORT_MS, callMs * SHORT_SHARE)) add('shorter-than-call', { fileMilliseconds: clock.fileMs, callMilliseconds: callMs })
    }
    return found
  })
}

/** What of the time between two segments nobody wanted to be silent: a pause of the dialplan's own is a stopped recorder. */
function unwantedMs({ pauses }: Recording, fromMs: number, toMs: number): number {
  const wanted = pauses.map(({ effectiveAt, resumedAt }) => effectiveAt === null ? 0 : Math.min(toMs, resumedAt?.getTime() ?? toMs) - Math.max(fromMs, effectiveAt.getTime()))
  return toMs - fromMs - wanted.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0)
}

/** Before the answer a recorder may stand still for as long as it rings: nothing is missing then. */
function mediaFlowed(recording: Recording, segment: Segment): boolean {
  return recording.answeredAt !== null && (segment.endedAt === null || recording.answeredAt <= segment.endedAt)
}

/** When a recording's end was not seen, its time is the time of the finding: what the PBX wrote last tells more. Earlier segments have an end of their own. */
export function endOf(recording: Recording, lanes: SegmentLanes): Date {
  const written = lastWritten(lanes)
  const told = toldEnd(recording, lanes, written)
  const isLast = lanes.segment.index === recording.segments.at(-1)?.index
  const unseen = isLast && (recording.reason === 'ended-unseen' || recording.reason === 'pbx-restarted')
  return new Date(unseen && written > lanes.segment.startedAt.getTime() ? Math.min(told, written) : told)
}

/** What a PBX that died had not written yet: it was seen until the end that was told. */
function lostAtEnd(recording: Recording, lanes: SegmentLanes): number {
  const written = lastWritten(lanes)
  return recording.reason === 'pbx-restarted' ? Math.max(0, toldEnd(recording, lanes, written) - written) : 0
}

function toldEnd(recording: Recording, { segment }: SegmentLanes, written: number): number {
  return (segment.endedAt ?? recording.endedAt)?.getTime() ?? written
}

function lastWritten({ received, transmitted }: SegmentLanes): number {
  return Math.max(0, ...[received, transmitted].map((lane: Lane | null) => lane?.modifiedAt.getTime() ?? 0))
}
