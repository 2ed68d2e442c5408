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

/** For a job that brings in what was quarantined. */
export function releaseMark(segments: readonly SegmentByHand[]): JobMark {
  return { step: RELEASE_STEP, data: { segments: JSON.stringify(segments) } }
}

export function releaseOf({ marks }: Pick<Job, 'marks'>): readonly SegmentByHand[] {
  const mark = marks.find(({ step }) => step === RELEASE_STEP)
  return mark === undefined ? [] : (JSON.parse(String(mark.data['segments'])) as readonly SegmentByHand[])
}
