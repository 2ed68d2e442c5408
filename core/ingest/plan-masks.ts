import type { QualityFinding } from '../domain/media.ts'
import type { Pause, Recording } from '../domain/recording.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { type FrameSpan, framesOf, msOf } from './frames.ts'
import { readLanes } from './lane-reader.ts'
import { type PauseToLocate, leastSilence, locatePause } from './locate-pause.ts'
import type { ClockedSegment } from './place-segments.ts'
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
  const { recording, placed: { clock } } = question
  const pauses = recording.pauses.flatMap((pause) => expectedSpan(question, pause))
  if (pauses.length === 0) return { silences: [], findings: [] }
  if (clock.earlierMs <= TIME_TOLERANCE_MS && clock.laterMs <= TIME_TOLERANCE_MS) {
    return { silences: pauses.map(({ span }) => span), findings: [] }
  }
  return locateAll(question, pauses)
}

interface ExpectedPause {
  readonly index: number
  readonly span: FrameSpan
}

function expectedSpan({ recording, placed, sampleRateHz }: MaskQuestion, pause: Pause): readonly ExpectedPause[] {
  if (pause.effectiveAt === null) return []
  const until = pause.resumedAt ?? recording.endedAt ?? new Date(placed.clock.beganMs + placed.clock.fileMs)
  const span = fileSpan(placed.clock, pause.effectiveAt, until)
  return span === null ? [] : [{ index: pause.index, span: { from: framesOf(span.from, sampleRateHz), to: Math.min(placed.frames, framesOf(span.to, sampleRateHz)) } }]
}

async function locateAll(question: MaskQuestion, pauses: readonly ExpectedPause[]): Promise<MaskPlan> {
  const { placed: { clock, segment }, sampleRateHz, now } = question
  const toLocate = pauses.map(({ index, span }) => ({ index, pause: {
    expected: span,
    earlier: framesOf(clock.earlierMs, sampleRateHz),
    later: framesOf(clock.laterMs, sampleRateHz),
    edge: framesOf(MASK_EDGE_MS, sampleRateHz),
  } satisfies PauseToLocate }))
  const zeroSpans = await scan(question, Math.min(...toLocate.map(({ pause }) => leastSilence(pause))))
  const silences: FrameSpan[] = []
  const findings: QualityFinding[] = []
  for (const { index, pause } of toLocate) {
    const located = locatePause(pause, zeroSpans, silences.at(-1)?.to ?? 0)
    if (located === null) {
      findings.push({ code: 'pause-not-located', segmentIndex: segment.index, at: now, details: {
        pause: index,
        expectedMilliseconds: msOf(pause.expected.from, sampleRateHz),
        lengthMilliseconds: msOf(pause.expected.to - pause.expected.from, sampleRateHz),
        driftMilliseconds: clock.driftMs,
      } })
    } else silences.push(located)
  }
  return { silences, findings }
}

async function scan({ source, placed, signal }: MaskQuestion, leastFrames: number): Promise<readonly FrameSpan[]> {
  const spans = new ZeroSpans(leastFrames)
  for await (const block of readLanes(source, placed, signal)) spans.push(block)
  return spans.end()
}
