import type { QualityFinding } from '../domain/media.ts'
import type { StateReason } from '../domain/recording.ts'
import type { FrameSpan } from './frames.ts'
import type { LanePair } from './lane-reader.ts'
import type { SeenFiles } from './spool-names.ts'

/** One segment at its place in the output. */
export interface PlacedSegment extends LanePair {
  readonly index: number
  /** First frame in the output. */
  readonly at: number
  /** Pauses, in frames of this segment: silenced, whatever the file has there. */
  readonly silences: readonly FrameSpan[]
}

/** How one two-channel file is made of the spool files. Everything is known before the first byte is read again. */
export interface StitchPlan {
  readonly sampleRateHz: number
  readonly totalFrames: number
  /** The instant of the first frame, in the PBX's time. */
  readonly beganAt: Date
  readonly segments: readonly PlacedSegment[]
}

/** What verification found. `quarantined`: there is sound, but a pause in it cannot be found, and it must not be stored as it is; nothing is touched, and all files stay. */
export type Verdict =
  | { readonly outcome: 'sound'; readonly plan: StitchPlan; readonly files: SeenFiles; readonly findings: readonly QualityFinding[] }
  | { readonly outcome: 'nothing'; readonly state: 'failed' | 'not-recorded'; readonly reason: StateReason; readonly files: SeenFiles; readonly findings: readonly QualityFinding[] }
  | { readonly outcome: 'quarantined'; readonly reason: StateReason; readonly findings: readonly QualityFinding[] }
