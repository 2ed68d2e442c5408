import type { AttachedChange, AttachedData } from './attached-data.ts'
import type { Announcement, ChannelSide, Direction, Identity } from './call.ts'
import type { CallId, ChannelId, InteractionId, PbxId, RecordingId } from './ids.ts'
import type { RecordingState } from './lifecycle.ts'
import type { MediaObject, QualityFinding } from './media.ts'
import type { RecordedSide } from './policy.ts'
import type { Decision } from './rules/decision.ts'
import type { OnDemand } from './rules/rule.ts'
import type { Transfer } from './transfer.ts'

export const STATE_REASONS = [
  'hangup', 'stopped-on-demand', 'agent-left', 'ended-unseen', 'pbx-restarted', 'start-refused',
  'never-answered', 'within-pause', 'not-wanted', 'superseded', 'no-audio', 'discarded-by-pbx', 'spool-file-missing', 'ingest-failed', 'quarantined', 'retention', 'deleted',
] as const
/** Why a recording ended, failed or was not made. */
export type StateReason = (typeof STATE_REASONS)[number]

export const RECORDING_ORIGINS = ['controlled', 'native'] as const
/** `native`: the dialplan recorded by itself because Holdfast gave no answer, and the recording was adopted. */
export type RecordingOrigin = (typeof RECORDING_ORIGINS)[number]

/**
 * The spool files of a segment, relative to the spool's root: one for each direction. Where a PBX writes one file of two channels, both
 * names are the same; what was received is its left channel then.
 */
export interface SegmentFiles {
  /** What the recorded channel's own party said. */
  readonly received: string
  /** What was sent to that party: the other side, prompts, music, ringback. */
  readonly transmitted: string
}

/** Each file once. */
export function fileNames({ received, transmitted }: SegmentFiles): readonly string[] {
  return received === transmitted ? [received] : [received, transmitted]
}

/** One run of the PBX's recorder on one channel. Times are the PBX's. */
export interface Segment {
  readonly index: number
  readonly channelId: ChannelId
  readonly files: SegmentFiles
  /** The PBX's own name of the running recorder (Asterisk: MixMonitorID); `null` until it told. */
  readonly recorderId: string | null
  readonly startedAt: Date
  /** When the channel was answered, or its telephone held no more, if that came after the start: until then the file may stand still. */
  readonly answeredAt: Date | null
  readonly endedAt: Date | null
  /** Since when the recorded telephone held, of a segment that began because of that; `null`: it began for another reason. */
  readonly heldAt: Date | null
  /** When the PBX told that it threw the files away, because nothing was in them; a file that is there all the same has more to say. */
  readonly discardedAt: Date | null
}

/** A segment that ended in the instant of its start, whose files are not there, never ran, or another one has all that it had: nothing is missing. */
export function isVoid({ startedAt, endedAt }: Segment): boolean {
  return endedAt !== null && endedAt <= startedAt
}

/** Who is taken off hold only to leave says nothing: the PBX tells the one within 300 ms of the other (seen; a busy one takes longer). */
const LEAVES_WITHIN_MS = 1000

/** Of an empty segment: nothing is missing in it, because the hold with which it began lasted to its end. */
export function isHeldThroughout({ heldAt, answeredAt, endedAt }: Pick<Segment, 'heldAt' | 'answeredAt' | 'endedAt'>): boolean {
  return heldAt !== null && (answeredAt === null || (endedAt !== null && endedAt.getTime() - answeredAt.getTime() < LEAVES_WITHIN_MS))
}

/** A span of silence that somebody asked for. `null` times: it has not happened (yet). */
export interface Pause {
  readonly index: number
  readonly by: string
  readonly how: PauseWay
  readonly askedAt: Date
  readonly effectiveAt: Date | null
  /** How long it might last, by the rule or the settings of then; `null`: not known. */
  readonly limitMs: number | null
  /** When it was told that the limit comes near. */
  readonly warnedAt: Date | null
  readonly resumeBy: string | null
  readonly resumeAskedAt: Date | null
  readonly resumedAt: Date | null
}

/** Somebody's word by hand that this recording begin, or end before its call does. Whether it came about, state and reason tell. */
export interface Demand {
  readonly index: number
  readonly action: OnDemand
  readonly by: string
  readonly how: PauseWay
  readonly askedAt: Date
  /** The PBX did not confirm a stop: the recording went on. */
  readonly failedAt: Date | null
}

export const PAUSE_WAYS = ['api', 'dtmf', 'dialplan', 'limit', 'system'] as const
export type PauseWay = (typeof PAUSE_WAYS)[number]

/** Somebody who was heard on the other side, or the recorded party herself, from when to when. */
export interface Party {
  readonly channelId: ChannelId
  readonly side: ChannelSide
  readonly identity: Identity
  readonly endpoint: string | null
  /** The person at that telephone, as far as it was known. */
  readonly agent: string | null
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** One side of one interaction, captured without a break that the rules asked for. */
export interface Recording {
  readonly id: RecordingId
  readonly interactionId: InteractionId
  readonly pbxId: PbxId
  readonly site: string | null
  readonly callId: CallId
  readonly channelId: ChannelId
  readonly side: RecordedSide
  readonly origin: RecordingOrigin
  readonly state: RecordingState
  readonly reason: StateReason | null
  readonly direction: Direction
  readonly caller: Identity
  readonly callee: Identity
  /** The person who spoke first for the company: whom attached data named, else who sat at the telephone, else the telephone itself. */
  readonly agent: string | null
  readonly queue: string | null
  /** All instants of a recording are by its PBX's clock, which was so far ahead of ours; `null`: not known. See `time-line.ts`. */
  readonly clockOffsetMs: number | null
  readonly requestedAt: Date
  readonly startedAt: Date
  readonly answeredAt: Date | null
  readonly endedAt: Date | null
  readonly decision: Decision
  readonly partitions: readonly string[]
  /** Words that rules gave it, and people: see `ruleLabels`. */
  readonly labels: readonly string[]
  /** Those that rules of the policy gave it, whatever people took off or put on: retention asks for these alone. */
  readonly ruleLabels: readonly string[]
  readonly announcement: Announcement | null
  readonly attached: AttachedData
  readonly attachedChanges: readonly AttachedChange[]
  readonly segments: readonly Segment[]
  readonly pauses: readonly Pause[]
  /** Empty for a recording that a rule or the dialplan began, and that nobody stopped by hand. */
  readonly demands: readonly Demand[]
  readonly parties: readonly Party[]
  /** Of the call, as long as this recording lasted, in their order. */
  readonly transfers: readonly Transfer[]
  readonly media: MediaObject | null
  readonly findings: readonly QualityFinding[]
}

/** One customer conversation. Two that turn out to be one merge: reads follow `mergedIntoId`. */
export interface Interaction {
  readonly id: InteractionId
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly mergedIntoId: InteractionId | null
}
