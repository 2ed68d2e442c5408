import type { AttachedChange } from './attached-data.ts'
import type { Asker, FromApi } from './api-client.ts'
import type { Announcement, Direction, Identity } from './call.ts'
import type { ErrorCode } from './errors.ts'
import type { Expectation, ExpectationEnd, ExpectationKey, UnobservedBecause } from './coverage.ts'
import type { CallId, ChannelId, InteractionId, NodeName, PbxId, RecordingId } from './ids.ts'
import type { RecordedSide } from './policy.ts'
import type { Party, PauseWay, RecordingOrigin, SegmentFiles, StateReason } from './recording.ts'
import type { Decision } from './rules/decision.ts'
import type { PauseEnd } from './rules/pause-terms.ts'
import type { Seat } from './seat.ts'
import type { Transfer } from './transfer.ts'

interface OfRecording {
  readonly recordingId: RecordingId
  /** The PBX's time, where the PBX told one. */
  readonly at: Date
}

/** The rule that was asked in the middle of a call, which is not the one that began the recording. */
interface ByRule {
  readonly rule: string
  readonly policyVersion: string
}

/** The facts of one interaction that stand before its first recording. Told again, it changes nothing. */
export interface InteractionOpened {
  readonly type: 'interaction-opened'
  readonly interactionId: InteractionId
  readonly at: Date
}

export interface InteractionEnded {
  readonly type: 'interaction-ended'
  readonly interactionId: InteractionId
  readonly at: Date
}

/** Two interactions turned out to be one (a consultation that was joined). */
export interface InteractionMerged {
  readonly type: 'interaction-merged'
  readonly interactionId: InteractionId
  readonly mergedIntoId: InteractionId
  readonly at: Date
}

/** A leg of a PBX whose agent is behind a pause. */
export interface LegOfPbx {
  readonly pbxId: PbxId
  readonly channelId: ChannelId
}

/**
 * The whole conversation is to be silent until `interaction-resumed`: whatever of it is recorded now, and whatever is asked for
 * later. Stands before the facts of its recordings, and before the PBX is asked.
 */
export interface InteractionPaused extends FromApi {
  readonly type: 'interaction-paused'
  readonly interactionId: InteractionId
  /** By its clock the pause is measured. */
  readonly pbxId: PbxId
  readonly by: string
  readonly how: PauseWay
  /** The agents' legs that stand behind it; with the last of them it may end. */
  readonly legs: readonly LegOfPbx[]
  readonly limitMs: number
  readonly endsWith: readonly PauseEnd[]
  readonly at: Date
  /** The node at which it was asked for, and which says when it is over; absent: this one. */
  readonly origin?: NodeName
}

/** The pause of a conversation is over, whatever became of its recordings. Told again, it changes nothing. */
export interface InteractionResumed {
  readonly type: 'interaction-resumed'
  readonly interactionId: InteractionId
  readonly by: string
  readonly how: PauseWay
  readonly at: Date
}

/** A policy decides for the first time since this node began: what it says is kept. Told again, it changes nothing. */
export interface PolicyUsed {
  readonly type: 'policy-used'
  readonly version: string
  /** What the version is the hash of. */
  readonly canonical: string
  readonly at: Date
}

/** An agent sits at a desk from now on. Told again, it changes nothing. */
export interface SeatTaken {
  readonly type: 'seat-taken'
  readonly seat: Seat
  readonly by: Asker
  readonly at: Date
}

/** She has left it. */
export interface SeatLeft {
  readonly type: 'seat-left'
  readonly seat: Seat
  readonly by: Asker
  readonly at: Date
}

/** A rule looked at a call and the PBX is going to be asked; the first fact of every recording. */
export interface RecordingRequested extends OfRecording {
  readonly type: 'recording-requested'
  readonly interactionId: InteractionId
  readonly pbxId: PbxId
  readonly site: string | null
  readonly callId: CallId
  readonly channelId: ChannelId
  readonly side: RecordedSide
  readonly origin: RecordingOrigin
  readonly direction: Direction
  readonly caller: Identity
  readonly callee: Identity
  readonly agent: string | null
  readonly queue: string | null
  readonly decision: Decision
  readonly announcement: Announcement | null
  /** Where the attached data of the decision came from, and when, oldest first. The data itself is `decision.input.attached`; later changes follow as facts. */
  readonly attachedChanges: readonly AttachedChange[]
  /** The PBX's clock minus ours in this moment; `null`: not known. */
  readonly clockOffsetMs: number | null
}

/** The PBX is about to be told to write these files. Journalled before the command. */
export type SegmentOpened = OfRecording & { readonly type: 'segment-opened'; readonly index: number; readonly channelId: ChannelId; readonly files: SegmentFiles }
/** The PBX confirmed that it writes. */
export type SegmentStarted = OfRecording & { readonly type: 'segment-started'; readonly index: number; readonly recorderId: string | null }
/** The recorder hangs on another leg from now on: what rang on the first was picked up there. */
export type SegmentMoved = OfRecording & { readonly type: 'segment-moved'; readonly index: number; readonly channelId: ChannelId }
export type SegmentClosed = OfRecording & { readonly type: 'segment-closed'; readonly index: number }
/** It began because the recorded telephone holds since then, and is given nothing until `segment-unheld`. Told again, it changes nothing. */
export type SegmentHeld = OfRecording & { readonly type: 'segment-held'; readonly index: number }
/** The hold is over: sound flows from here. */
export type SegmentUnheld = OfRecording & { readonly type: 'segment-unheld'; readonly index: number }
/** The PBX threw its files away as it closed them, because nothing was in them. May come after the end of its recording. Told again, it changes nothing. */
export type SegmentDiscarded = OfRecording & { readonly type: 'segment-discarded'; readonly index: number }
/** The recorded channel was answered: sound flows from here. */
export type Answered = OfRecording & { readonly type: 'answered' }
/** `limitMs`: how long the pause may last; `null`: not known, as in facts of earlier versions, which have no such field. */
export type PauseAsked = OfRecording & FromApi & { readonly type: 'pause-asked'; readonly by: string; readonly how: PauseWay; readonly limitMs: number | null }
/** The pause is soon ended by its limit, unless somebody ends it. */
export type PauseWarned = OfRecording & { readonly type: 'pause-warned' }
export type PauseEffective = OfRecording & { readonly type: 'pause-effective' }
/** The PBX did not confirm the mask: the recording goes on with sound. */
export type PauseFailed = OfRecording & { readonly type: 'pause-failed' }
/** Somebody asked for what the rules or the settings do not allow: nothing was done. */
export type ControlRefused = OfRecording & FromApi & { readonly type: 'control-refused'; readonly action: 'pause' | 'resume' | 'start' | 'stop'; readonly by: string; readonly how: PauseWay; readonly reason: ErrorCode }
/** The dialplan's own recording of the asking leg, which stood in until this one runs, was destroyed: nothing is there twice. */
export type InsuranceEnded = OfRecording & { readonly type: 'insurance-ended'; readonly reason: StateReason }
export type ResumeAsked = OfRecording & FromApi & { readonly type: 'resume-asked'; readonly by: string; readonly how: PauseWay }
export type ResumeEffective = OfRecording & { readonly type: 'resume-effective' }
/** Somebody started this recording by hand; comes with its request. */
export type StartAsked = OfRecording & FromApi & { readonly type: 'start-asked'; readonly by: string; readonly how: PauseWay }
/** Somebody wants it to end before the call does. */
export type StopAsked = OfRecording & FromApi & { readonly type: 'stop-asked'; readonly by: string; readonly how: PauseWay }
/** The PBX did not confirm: the recording goes on. */
export type StopFailed = OfRecording & { readonly type: 'stop-failed' }
export type AttachedChanged = OfRecording & { readonly type: 'attached-changed'; readonly change: AttachedChange }
/** Somebody attached it over the API. */
export type AttachedSet = OfRecording & FromApi & { readonly type: 'attached-set'; readonly change: AttachedChange; readonly by: string }
export type PartyJoined = OfRecording & { readonly type: 'party-joined'; readonly party: Party }
export type PartyLeft = OfRecording & { readonly type: 'party-left'; readonly channelId: ChannelId }
/** The call was passed on; who hears whom from then on, parties tell. Told again, it changes nothing. */
export type CallTransferred = OfRecording & { readonly type: 'transferred'; readonly transfer: Transfer }
/** Who a party is was learnt while she was heard. */
export type PartyNamed = OfRecording & { readonly type: 'party-named'; readonly channelId: ChannelId; readonly agent: string }
export type AgentKnown = OfRecording & { readonly type: 'agent-known'; readonly agent: string }
/** The queue that connected the call: told when an agent is found, after the recording was asked for. */
export type QueueKnown = OfRecording & { readonly type: 'queue-known'; readonly queue: string }
export type Announced = OfRecording & { readonly type: 'announced'; readonly announcement: Announcement }
/** New data led to more: partitions and labels are only ever gained. */
export type PartitionsGained = OfRecording & ByRule & { readonly type: 'partitions-gained'; readonly partitions: readonly string[] }
export type LabelsGained = OfRecording & ByRule & { readonly type: 'labels-gained'; readonly labels: readonly string[] }
/** The rules would not record this any more: it goes on, and that is said. */
export type WouldStop = OfRecording & ByRule & { readonly type: 'would-stop' }
export type RecordingStopped = OfRecording & { readonly type: 'recording-stopped'; readonly reason: StateReason }
export type RecordingFailed = OfRecording & { readonly type: 'recording-failed'; readonly reason: StateReason }
/** Looked at, and not (or no longer) to be recorded: the rule said no, or there was never anybody to hear. */
export type RecordingDeclined = OfRecording & { readonly type: 'recording-declined'; readonly reason: StateReason }

export type InteractionFact = InteractionOpened | InteractionEnded | InteractionMerged | InteractionPaused | InteractionResumed
export type SeatFact = SeatTaken | SeatLeft
/** An answered leg that the rules want: told from the PBX's events and the decision, whatever becomes of its recorder. */
export type ExpectationOpened = Expectation & { readonly type: 'expectation-opened'; readonly at: Date }
/** The leg is over. */
export type ExpectationClosed = ExpectationKey & { readonly type: 'expectation-closed'; readonly toAt: Date; readonly end: ExpectationEnd; readonly at: Date }
/** From here on nobody sees what the PBX does. Told again while it lasts, it changes nothing. */
export interface ObservationLost {
  readonly type: 'observation-lost'
  readonly pbxId: PbxId
  readonly because: UnobservedBecause
  readonly at: Date
}
/** The PBX is seen again. */
export interface ObservationRegained {
  readonly type: 'observation-regained'
  readonly pbxId: PbxId
  /** What became known of the gap: `null` when nothing new. */
  readonly because: UnobservedBecause | null
  /** See `UnobservedWindow.callsFound`. */
  readonly callsFound: number
  readonly at: Date
}

export type CoverageFact = ExpectationOpened | ExpectationClosed | ObservationLost | ObservationRegained
export type RecordingFact =
  | RecordingRequested | SegmentOpened | SegmentStarted | SegmentMoved | SegmentClosed | SegmentHeld | SegmentUnheld | SegmentDiscarded | Answered
  | PauseAsked | PauseEffective | PauseWarned | PauseFailed | ResumeAsked | ResumeEffective | ControlRefused | InsuranceEnded
  | StartAsked | StopAsked | StopFailed
  | AttachedChanged | AttachedSet | PartyJoined | PartyLeft | PartyNamed | CallTransferred | AgentKnown | QueueKnown | Announced
  | PartitionsGained | LabelsGained | WouldStop
  | RecordingStopped | RecordingFailed | RecordingDeclined

/** What capture learned, in the order in which it learned it: the journal's lines, from which the catalogue is built. */
export type CaptureFact = InteractionFact | PolicyUsed | CoverageFact | SeatFact | RecordingFact

/** Narrows to facts of one recording. */
export function isRecordingFact(fact: CaptureFact): fact is RecordingFact {
  return 'recordingId' in fact
}

/** Narrows to facts of who sits where. */
export function isSeatFact(fact: CaptureFact): fact is SeatFact {
  return fact.type === 'seat-taken' || fact.type === 'seat-left'
}

const COVERAGE_FACTS: ReadonlySet<CaptureFact['type']> = new Set<CoverageFact['type']>(['expectation-opened', 'expectation-closed', 'observation-lost', 'observation-regained'])

/** Narrows to facts of the coverage ledger. */
export function isCoverageFact(fact: CaptureFact): fact is CoverageFact {
  return COVERAGE_FACTS.has(fact.type)
}
