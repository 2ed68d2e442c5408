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

/** The pauses of one segment: where to silence, and what could not be found. */
export interface MaskPlan {
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
  if (pauses.length === 0) return { silences: [], findings: [] }
  if (clock.earlierMs <= TIME_TOLERANCE_MS && clock.laterMs <= TIME_TOLERANCE_MS) {
    return { silences: pauses.map((pause) => widened(pause.span, pause, placed.frames)), findings: [] }
  }
  return locateAll(question, pauses)
}

interface ExpectedPause {
  readonly index: number
  readonly span: FrameSpan
  /** It was in force when the segment began, or ended: then it reaches to that edge of the file, whatever is masked there. */
  readonly fromStart: boolean
  readonly toEnd: boolean
}

function expectedSpan({ recording, placed, sampleRateHz }: MaskQuestion, { index, effectiveAt, resumedAt }: Pause): readonly ExpectedPause[] {
  if (effectiveAt === null) return []
  const { clock, segment, frames } = placed
  const fromStart = effectiveAt <= segment.startedAt
  const toEnd = resumedAt === null || resumedAt >= endOf(recording, placed)
  const span = fileSpan(clock, effectiveAt, resumedAt ?? recording.endedAt ?? new Date(clock.beganMs + clock.fileMs))
  if (span === null) return []
  return [{ index, fromStart, toEnd, span: { from: framesOf(span.from, sampleRateHz), to: Math.min(frames, framesOf(span.to, sampleRateHz)) } }]
}

/** A recorder that begins during a pause begins with sound, until it is masked: what slips in belongs to the pause. */
function widened(span: FrameSpan, { fromStart, toEnd }: ExpectedPause, frames: number): FrameSpan {
  return { from: fromStart ? 0 : span.from, to: toEnd ? frames : span.to }
}

async function locateAll(question: MaskQuestion, pauses: readonly ExpectedPause[]): Promise<MaskPlan> {
  const { placed: { clock, frames }, sampleRateHz } = question
  if (pauses.some(({ fromStart, toEnd }) => fromStart && toEnd)) return { silences: [{ from: 0, to: frames }], findings: [] }
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
    const located = locatePause(sought, zeroSpans, silences.at(-1)?.to ?? 0)
    if (located === null) unlocated.push(pause)
    else silences.push(widened(located, pause, frames))
  }
  return { silences, findings: unlocated.map((pause) => notLocated(question, pause)) }
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
