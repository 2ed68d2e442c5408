import type { QualityFinding } from '../domain/media.ts'
import type { Pause, Recording } from '../domain/recording.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { type FrameSpan, framesOf, msOf } from './frames.ts'
import { readLanes } from './lane-reader.ts'
import { type PauseToLocate, leastSilence, locatePause } from './locate-pause.ts'
import { type ClockedSegment, endOf } from './place-segments.ts'
import { TIME_TOLERANCE_MS, fileSpan } from './segment-clock.ts'
import { ZeroSpans } from './zero-spans.ts'

/**
 * How far from its edges a masked span may still have sound: the tolerance of its place, and the frame that a mute takes to act.
 * Source: Asterisk 22 MixMonitorMute, zeros 0 to 1 frame after the event (measured)
 */
export const MASK_EDGE_MS = TIME_TOLERANCE_MS + 20

/** What a call loses at its edges comes on top of a pause that was not written: ten frames of 20 ms (a guess). */
const LOST_ELSEWHERE_MS = 200

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
  readonly now: Date
  readonly signal: AbortSignal
}

/**
 * Finds the pauses in a segment's samples. A file whose length agrees with the call has them where the times say.
 * One that lost time has them somewhere before that: there the exact zeros that the PBX wrote are searched for, in a pass of its own.
 */
export async function planMasks(question: MaskQuestion): Promise<MaskPlan> {
  const { recording, placed } = question
  const { clock } = placed
  const pauses = recording.pauses.flatMap((pause) => expectedSpan(question, pause))
  if (pauses.length === 0) return located([])
  if (clock.earlierMs <= TIME_TOLERANCE_MS && clock.laterMs <= TIME_TOLERANCE_MS) {
    return located(pauses.map((pause) => widened(pause.span, pause, placed.frames)))
  }
  return locateAll(question, pauses)
}

interface ExpectedPause {
  readonly index: number
  readonly span: FrameSpan
  /** In the call; the span has only what fits into the file. */
  readonly lengthMs: number
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
  const span = fileSpan(clock, effectiveAt, until)
  if (span === null) return []
  const lengthMs = Math.min(endMs, until.getTime()) - Math.max(clock.beganMs, effectiveAt.getTime())
  return [{ index, fromStart, toEnd, lengthMs, span: { from: framesOf(span.from, sampleRateHz), to: Math.min(frames, framesOf(span.to, sampleRateHz)) } }]
}

/** A recorder that begins during a pause begins with sound, until it is masked: what slips in belongs to the pause. */
function widened(span: FrameSpan, { fromStart, toEnd }: ExpectedPause, frames: number): FrameSpan {
  return { from: fromStart ? 0 : span.from, to: toEnd ? frames : span.to }
}

async function locateAll(question: MaskQuestion, pauses: readonly ExpectedPause[]): Promise<MaskPlan> {
  const { placed: { clock, frames }, sampleRateHz } = question
  if (pauses.some(({ fromStart, toEnd }) => fromStart && toEnd)) return located([{ from: 0, to: frames }])
  const toLocate = pauses.map((pause) => ({ pause, sought: {
    expected: pause.span,
    earlier: framesOf(clock.earlierMs, sampleRateHz),
    later: framesOf(clock.laterMs, sampleRateHz),
    edge: framesOf(MASK_EDGE_MS, sampleRateHz),
  } satisfies PauseToLocate }))
  const zeroSpans = await scan(question, Math.min(...toLocate.map(({ sought }) => leastSilence(sought))))
  const silences: FrameSpan[] = []
  const unlocated: ExpectedPause[] = []
  for (const { pause, sought } of toLocate) {
    const span = locatePause(sought, zeroSpans, silences.at(-1)?.to ?? 0)
    if (span === null) unlocated.push(pause)
    else silences.push(widened(span, pause, frames))
  }
  if (unlocated.length === 0) return located(silences)
  if (isCut(unlocated, clock.driftMs)) return located(silences, unlocated.map((pause) => cutAt(question, pause)))
  return { outcome: 'unlocated', silences: [], findings: unlocated.map((pause) => notLocated(question, pause)) }
}

function located(silences: readonly FrameSpan[], findings: readonly QualityFinding[] = []): MaskPlan {
  return { outcome: 'located', silences, findings }
}

/**
 * Whether the file lacks just these pauses: then neither side sent anything in them, and there is nothing to silence.
 * Source: Asterisk 22, nothing is written while neither side sends (measured)
 */
function isCut(pauses: readonly ExpectedPause[], lacksMs: number): boolean {
  const pausedMs = pauses.reduce((sum, { lengthMs }) => sum + lengthMs, 0)
  return lacksMs >= pausedMs - 2 * MASK_EDGE_MS * pauses.length && lacksMs <= pausedMs + LOST_ELSEWHERE_MS
}

function cutAt({ placed: { segment }, sampleRateHz, now }: MaskQuestion, { index, span, lengthMs }: ExpectedPause): QualityFinding {
  return { code: 'pause-cut', segmentIndex: segment.index, at: now, details: { pause: index, milliseconds: lengthMs, expectedMilliseconds: msOf(span.from, sampleRateHz) } }
}

function notLocated({ placed: { clock, segment }, sampleRateHz, now }: MaskQuestion, { index, span }: ExpectedPause): QualityFinding {
  return { code: 'pause-not-located', segmentIndex: segment.index, at: now, details: {
    pause: index,
    expectedMilliseconds: msOf(span.from, sampleRateHz),
    lengthMilliseconds: msOf(span.to - span.from, sampleRateHz),
    driftMilliseconds: clock.driftMs,
  } }
}

async function scan({ source, placed, signal }: MaskQuestion, leastFrames: number): Promise<readonly FrameSpan[]> {
  const spans = new ZeroSpans(leastFrames)
  for await (const block of readLanes(source, placed, signal)) spans.push(block)
  return spans.end()
}
