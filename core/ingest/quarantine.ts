import type { Job, JobMark } from '../ports/job-queue.ts'

/** The mark of a job by which somebody has told what is to be silenced. */
export const RELEASE_STEP = 'release'

/** A span of a segment's own file, in milliseconds from its beginning. */
export interface SpanByHand {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What somebody who has listened says of one segment: where its pauses are. Empty: there is nothing of them in it.
 * It stands in place of what ingest would find by itself.
 */
export interface SegmentByHand {
  readonly segmentIndex: number
  readonly silences: readonly SpanByHand[]
}

/** A telephone's clock and an ear are not exact; a span that ends later than this after its file is meant for another one. */
const BEYOND_MS = 1000
/** What a pause may lack at its edges of what was said. */
const EDGE_MS = 100

/** Whether a span lies in a file of this length. */
export function liesWithin({ fromMs, toMs }: SpanByHand, fileMs: number): boolean {
  return fromMs < fileMs && toMs <= fileMs + BEYOND_MS
}

/** Where a pause is expected in a file that lost time: it lies there, or earlier or later by what was lost. */
export interface PauseByClock {
  readonly expectedMs: number
  readonly lengthMs: number
  readonly driftMs: number
}

/** Whether the spans silence as much of a pause as was written at least: its length without what the file lost. */
export function covers(silences: readonly SpanByHand[], { expectedMs, lengthMs, driftMs }: PauseByClock): boolean {
  const lostMs = Math.abs(driftMs)
  const [fromMs, toMs] = [expectedMs - lostMs, expectedMs + lengthMs + lostMs]
  const silencedMs = silences.reduce((sum, span) => sum + Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)), 0)
  return silencedMs >= lengthMs - lostMs - EDGE_MS && (silences.length === 0 || silencedMs > 0)
}

/** For a job that brings in what was quarantined. */
export function releaseMark(segments: readonly SegmentByHand[]): JobMark {
  return { step: RELEASE_STEP, data: { segments: JSON.stringify(segments) } }
}

export function releaseOf({ marks }: Pick<Job, 'marks'>): readonly SegmentByHand[] {
  const mark = marks.find(({ step }) => step === RELEASE_STEP)
  return mark === undefined ? [] : (JSON.parse(String(mark.data['segments'])) as readonly SegmentByHand[])
}
