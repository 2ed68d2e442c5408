import type { QualityFinding } from '../domain/media.ts'
import type { Pause, Recording } from '../domain/recording.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { type FrameSpan, framesOf, msOf } from './frames.ts'
import { readLanes } from './lane-reader.ts'
import { type PauseToLocate, type Shifts, leastSilence, locatePauses } from './locate-pause.ts'
import { type ClockedSegment, endOf } from './place-segments.ts'
import { liesWithin, type SegmentByHand } from './quarantine.ts'
import { TIME_TOLERANCE_MS } from './segment-clock.ts'
import { ZeroSpans } from './zero-spans.ts'

/**
 * How far from its edges a masked span may still have sound: the tolerance of its place, and the frame that a mute takes to act.
 * Source: Asterisk 22 MixMonitorMute, zeros 0 to 1 frame after the event (measured)
 */
export const MASK_EDGE_MS = TIME_TOLERANCE_MS + 20

/** The pauses of one segment: where to silence. `unlocated`: a pause may lie anywhere in it, and it must not be stored as it is. */
export interface MaskPlan {
  readonly outcome: 'located' | 'unlocated'
  readonly silences: readonly FrameSpan[]
  readonly findings: readonly QualityFinding[]
}

export interface MaskQuestion {
  readonly recording: Recording
  readonly placed: ClockedSegment
  readonly sampleRateHz: number
  readonly source: RecordingSource
  /** Where somebody who has listened says that the pauses are. */
  readonly byHand: readonly SegmentByHand[]
  readonly now: Date
  readonly signal: AbortSignal
}

/**
 * Finds the pauses in a segment's samples. A file whose length agrees with the call has them where the times say.
 * One that lost time has them somewhere before that: there the exact zeros that the PBX wrote are searched for, in a pass of its own.
 */
export async function planMasks(question: MaskQuestion): Promise<MaskPlan> {
  const { recording, placed, byHand } = question
  const { clock } = placed
  const told = byHand.find(({ segmentIndex }) => segmentIndex === placed.segment.index)
  if (told !== undefined) return locatedByHand(question, told)
  const pauses = recording.pauses.flatMap((pause) => expectedSpan(question, pause))
  if (pauses.length === 0) return located([])
  if (clock.earlierMs <= TIME_TOLERANCE_MS && clock.laterMs <= TIME_TOLERANCE_MS) {
    return located(pauses.map((pause) => widened(pause.span, pause, placed.frames)))
  }
  return locateAll(question, pauses)
}

interface ExpectedPause {
  readonly index: number
  /** In the file, as far as the clock can tell, and clipped to it. */
  readonly span: FrameSpan
  /** In the call: what the file lost may have moved it. */
  readonly expected: FrameSpan
  /** It was in force when the segment began, or ended: then it reaches to that edge of the file, whatever is masked there. */
  readonly fromStart: boolean
  readonly toEnd: boolean
}

function expectedSpan({ recording, placed, sampleRateHz }: MaskQuestion, { index, effectiveAt, resumedAt }: Pause): readonly ExpectedPause[] {
  if (effectiveAt === null) return []
  const { clock, segment, frames } = placed
  const fromStart = effectiveAt <= segment.startedAt
  const endMs = endOf(recording, placed).getTime()
  const until = resumedAt ?? new Date(endMs)
  const toEnd = until.getTime() >= endMs
  const fromMs = (fromStart ? segment.startedAt : effectiveAt).getTime() - clock.beganMs
  const toMs = Math.min(endMs, until.getTime()) - clock.beganMs
  // Before the answer a file may have more than its beginning tells: what ended there may still be in it.
  if (fromMs >= toMs || toMs + clock.laterMs <= 0) return []
  const expected = { from: framesOf(fromMs, sampleRateHz), to: framesOf(toMs, sampleRateHz) }
  return [{ index, fromStart, toEnd, expected, span: { from: clipped(expected.from, frames), to: clipped(expected.to, frames) } }]
}

function clipped(frame: number, frames: number): number {
  return Math.max(0, Math.min(frames, frame))
}

/** A recorder that begins during a pause begins with sound, until it is masked: what slips in belongs to the pause. */
function widened(span: FrameSpan, { fromStart, toEnd }: ExpectedPause, frames: number): FrameSpan {
  return { from: fromStart ? 0 : span.from, to: toEnd ? frames : span.to }
}

async function locateAll(question: MaskQuestion, pauses: readonly ExpectedPause[]): Promise<MaskPlan> {
  const { placed: { clock, frames }, sampleRateHz } = question
  if (pauses.some(({ fromStart, toEnd }) => fromStart && toEnd)) return located([{ from: 0, to: frames }])
  const toLocate = pauses.map(({ expected, fromStart, toEnd }): PauseToLocate => ({ expected, reaches: fromStart ? 'start' : toEnd ? 'end' : 'neither' }))
  const shifts: Shifts = {
    earlier: framesOf(clock.earlierMs, sampleRateHz),
    later: framesOf(clock.laterMs, sampleRateHz),
    trend: clock.driftMs < 0 ? 'rising' : 'falling',
    edge: framesOf(MASK_EDGE_MS, sampleRateHz),
  }
  const zeroSpans = await scan(question, Math.min(...toLocate.map((pause) => leastSilence(pause, shifts))))
  const found = locatePauses(toLocate, zeroSpans, shifts)
  const unlocated = pauses.filter((_, index) => found[index] === null)
  if (unlocated.length > 0) return { outcome: 'unlocated', silences: [], findings: unlocated.map((pause) => notLocated(question, pause)) }
  return located(pauses.flatMap((pause, index) => widened(found[index] ?? pause.span, pause, frames)))
}

/** A span that does not lie in the file was meant for another: what somebody heard somewhere is not thrown away for it. */
function locatedByHand(question: MaskQuestion, { silences }: SegmentByHand): MaskPlan {
  const { recording, placed: { segment, frames }, sampleRateHz, now } = question
  const fileMs = msOf(frames, sampleRateHz)
  if (!silences.every((span) => liesWithin(span, fileMs))) {
    const pauses = recording.pauses.flatMap((pause) => expectedSpan(question, pause)).map((pause) => notLocated(question, pause))
    const none: QualityFinding = { code: 'pause-not-located', segmentIndex: segment.index, at: now, details: { fileMilliseconds: fileMs } }
    return { outcome: 'unlocated', silences: [], findings: pauses.length > 0 ? pauses : [none] }
  }
  const spans = silences.map(({ fromMs, toMs }) => ({ from: clipped(framesOf(fromMs, sampleRateHz), frames), to: clipped(framesOf(toMs, sampleRateHz), frames) }))
  const silenced = spans.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
  return { outcome: 'located', silences: spans, findings: [{ code: 'pause-by-hand', segmentIndex: segment.index, at: now, details: { spans: spans.length, milliseconds: msOf(silenced, sampleRateHz) } }] }
}

function located(silences: readonly FrameSpan[]): MaskPlan {
  return { outcome: 'located', silences, findings: [] }
}

function notLocated({ placed: { clock, segment, frames }, sampleRateHz, now }: MaskQuestion, { index, expected }: ExpectedPause): QualityFinding {
  return { code: 'pause-not-located', segmentIndex: segment.index, at: now, details: {
    pause: index,
    expectedMilliseconds: msOf(expected.from, sampleRateHz),
    lengthMilliseconds: msOf(expected.to - expected.from, sampleRateHz),
    driftMilliseconds: clock.driftMs,
    fileMilliseconds: msOf(frames, sampleRateHz),
  } }
}

async function scan({ source, placed, signal }: MaskQuestion, leastFrames: number): Promise<readonly FrameSpan[]> {
  const spans = new ZeroSpans(leastFrames)
  for await (const block of readLanes(source, placed, signal)) spans.push(block)
  return spans.end()
}
