import type { CallId, ChannelId, InteractionId, PbxId, RecordingId } from './ids.ts'
import type { RecordingState } from './lifecycle.ts'
import type { FindingCode } from './media.ts'
import type { RecordedSide } from './policy.ts'
import type { RecordingOrigin, StateReason } from './recording.ts'

export const COVERAGE_CAUSES = [
  'peer-change', 'recorder-stopped', 'recorder-late', 'native-late', 'recorder-refused', 'never-started', 'restart', 'link-down',
  'pbx-died', 'drift', 'disk-full', 'file-missing', 'never-ingested', 'unexplained',
] as const
/**
 * Why sound that a rule wanted is not there.
 * - `peer-change`: the recorder was cut because the other party changed; `recorder-stopped`: it ended before its leg did
 * - `recorder-late`, `native-late`: it began after the answer; the dialplan's own, after it had waited for us
 * - `recorder-refused`: the PBX would not begin it; `never-started`: nothing of it is known
 * - `restart`, `link-down`: Holdfast did not run, or did not hear the PBX; `pbx-died`: the PBX ended with what it had not written
 * - `drift`: the file is shorter than the call, as when neither side sends; `disk-full`: it is, and there was no room
 * - `file-missing`: a spool file was gone; `never-ingested`: it is there, and could not be brought in
 */
export type CoverageCause = (typeof COVERAGE_CAUSES)[number]

export const COVERAGE_EXCUSES = ['paused', 'started-late', 'stopped-on-demand', 'agent-left', 'not-wanted', 'answer-unseen', 'hold'] as const
/**
 * Why sound is not there and is no loss: it was asked for, or nobody can say that there was any.
 * - `started-late`: the rules wanted the leg only from a moment after its answer
 * - `not-wanted`: it was armed for a telephone that rang, and another one answered that no rule wants
 * - `hold`: the recorded telephone held, and the PBX gives its recorder nothing meanwhile
 * - `answer-unseen`: a recorder ran and wrote nothing, as while it rings; when the leg was answered nobody saw
 */
export type CoverageExcuse = (typeof COVERAGE_EXCUSES)[number]

export const EXPECTATION_EVIDENCE = ['events', 'resync', 'adopted'] as const
/**
 * From what it is known that the leg was there to be recorded. `events`: the PBX told of its answer. `resync`: it was found answered
 * after a gap, so that its beginning is at most as early as told. `adopted`: nobody saw it; the dialplan's own note tells of it.
 */
export type ExpectationEvidence = (typeof EXPECTATION_EVIDENCE)[number]

export const EXPECTATION_ENDS = ['hangup', 'ended-unseen', 'pbx-restarted'] as const
/** How it is known that the leg is over. */
export type ExpectationEnd = (typeof EXPECTATION_ENDS)[number]

/** What names an expectation: one leg, one side, one beginning. */
export interface ExpectationKey {
  readonly pbxId: PbxId
  readonly channelId: ChannelId
  readonly side: RecordedSide
  /** From when on the leg is to be heard: its answer, or the decision if that came later. */
  readonly fromAt: Date
}

/** A leg that was answered and that the rules want: what must be found in a sealed recording. */
export interface Expectation extends ExpectationKey {
  readonly callId: CallId
  readonly interactionId: InteractionId
  readonly rule: string
  readonly policyVersion: string
  readonly evidence: ExpectationEvidence
  /** `null`: nobody saw it. */
  readonly answeredAt: Date | null
}

export const UNOBSERVED_BECAUSES = ['process-down', 'stopped', 'link-down', 'pbx-restarted'] as const
/** Why a PBX was not observed. `stopped`: Holdfast was ended in order; `process-down`: it died. */
export type UnobservedBecause = (typeof UNOBSERVED_BECAUSES)[number]

/** A time in which nobody saw what a PBX did. */
export interface UnobservedWindow {
  readonly pbxId: PbxId
  readonly fromAt: Date
  /** `null`: it lasts. */
  readonly toAt: Date | null
  readonly because: UnobservedBecause
  /** Answered calls that began in it, lived at its end, and that nothing records: whether a rule wanted them is not known. */
  readonly callsFound: number
}

/** Sound of one segment that is in the sealed object, in the time of the call. */
export interface SegmentSound {
  readonly segmentIndex: number
  readonly beganAt: Date
  readonly durationMs: number
  /** `one`: of the two files, received and transmitted, one was not there. */
  readonly lanes: 'both' | 'one'
}

/** One run of a recorder as far as it concerns a leg: what the PBX's events say of it, and what of it was sealed. */
export interface CoveringSegment {
  readonly recordingId: RecordingId
  readonly startedAt: Date
  readonly answeredAt: Date | null
  readonly endedAt: Date
  /** Whether the PBX confirmed that it ran. */
  readonly ran: boolean
  /** See `Segment.heldAt`. */
  readonly heldAt: Date | null
  /** Whether the PBX threw its files away, because nothing was in them. */
  readonly isDiscarded: boolean
  readonly sound: Omit<SegmentSound, 'segmentIndex'> | null
}

/** A recording that has to do with an expected leg. */
export interface CoveringRecording {
  readonly id: RecordingId
  /** Whether it is of this leg, or of another one of its side in the same interaction. */
  readonly isOfLeg: boolean
  readonly state: RecordingState
  readonly reason: StateReason | null
  readonly origin: RecordingOrigin
  readonly endedAt: Date | null
  readonly segments: readonly CoveringSegment[]
  /** Times at which somebody on the other side came. */
  readonly peersCame: readonly Date[]
  /** And went. */
  readonly peersWent: readonly Date[]
  /** What ingest found in it. */
  readonly findings: ReadonlySet<FindingCode>
}

/** A stretch of an expected leg that is in no sealed recording. */
export interface CoverageGap {
  readonly beganAt: Date
  readonly endedAt: Date
  readonly why: CoverageCause | CoverageExcuse
}

/** What became of an expectation: `wantedMs = coveredMs + missingMs`; what is excused is in none of them. */
export interface Assessment {
  readonly wantedMs: number
  readonly coveredMs: number
  readonly missingMs: number
  readonly gaps: readonly CoverageGap[]
}

/** Whether a gap is no loss. */
export function isExcused(gap: CoverageGap): gap is CoverageGap & { readonly why: CoverageExcuse } {
  return (COVERAGE_EXCUSES as readonly string[]).includes(gap.why)
}

/** Whether a gap is a loss. */
export function isLoss(gap: CoverageGap): gap is CoverageGap & { readonly why: CoverageCause } {
  return (COVERAGE_CAUSES as readonly string[]).includes(gap.why)
}
