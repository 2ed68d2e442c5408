import type { FromApi } from '../domain/api-client.ts'
import type { Actor } from '../domain/audit-entry.ts'
import type { Direction } from '../domain/call.ts'
import type { CallOwner } from '../domain/desk.ts'
import type { ErrorCode } from '../domain/errors.ts'
import type { CallId, ChannelId, InteractionId, NodeName, PbxId, RecordingId } from '../domain/ids.ts'
import type { PauseWay, Recording } from '../domain/recording.ts'
import type { Decision } from '../domain/rules/decision.ts'
import type { PauseActor } from '../domain/rules/pause-terms.ts'

export const CONTROL_ACTIONS = ['pause', 'resume', 'start', 'stop'] as const
/** What may be done to a live call. */
export type ControlAction = (typeof CONTROL_ACTIONS)[number]

/** What a command is about. `channel`: the call that this leg is part of; `owner`: the call that somebody has now, one on hold only when there is no other. */
export type ControlTarget =
  | { readonly recordingId: RecordingId }
  | { readonly interactionId: InteractionId }
  | { readonly channel: { readonly pbxId: PbxId; readonly channelId: ChannelId } }
  | { readonly owner: CallOwner }

/** A command to a live call, wherever its capture node is. */
export interface ControlCommand extends FromApi {
  readonly action: ControlAction
  readonly target: ControlTarget
  readonly by: Actor
  /** As whom the rules know this actor; `null`: nobody, as behind an event of the dialplan or a limit. */
  readonly person: PauseActor | null
  readonly how: PauseWay
}

/**
 * What became of it for one recording: never "paused" or "stopped" before the PBX confirmed. `waiting`: it was asked for, and
 * begins when it may: at the end of a pause, or when there is somebody to hear.
 */
export type ControlResult =
  | { readonly recordingId: RecordingId; readonly outcome: 'done' | 'already'; readonly effectiveAt: Date }
  | { readonly recordingId: RecordingId; readonly outcome: 'waiting' }
  | { readonly recordingId: RecordingId; readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string }

/**
 * What another node has not confirmed: it was not reached, or its PBX did not do it. It is asked until it has. Which of its
 * recordings go on with sound only that node knows.
 */
export interface UnconfirmedNode {
  readonly outcome: 'unconfirmed'
  readonly node: NodeName
  readonly pbxIds: readonly PbxId[]
  readonly code: ErrorCode
  readonly message: string
}

/** One answer to a command: of a recording of this node, or of a node that has not confirmed. */
export type ControlAnswer = ControlResult | UnconfirmedNode

/** Whether an answer names a node that has not confirmed. */
export function isUnconfirmed(answer: ControlAnswer): answer is UnconfirmedNode {
  return answer.outcome === 'unconfirmed'
}

/** A call that goes on, as the capture node sees it. */
export interface LiveCall {
  readonly pbxId: PbxId
  readonly callId: CallId
  /** The leg by which it was found. */
  readonly channelId: ChannelId
  /** `null` while no rule has looked at the call, and nothing of it is recorded. */
  readonly interactionId: InteractionId | null
  readonly direction: Direction | null
  readonly beganAt: Date
  /** What the rules said last to the leg that asked; `null` when none did. */
  readonly decision: Decision | null
  /** What they would say if it came now; `null` until something about it changed. */
  readonly wanting: Decision | null
  /** Its live recordings, those of a pause among them. */
  readonly recordings: readonly Recording[]
  /** Those of the same conversation on other PBXs: a pause reaches them, too. */
  readonly elsewhere: readonly Recording[]
  /** Recordings that somebody stopped by hand in this call. */
  readonly stopped: readonly Recording[]
  /** When the pause of the conversation ends by itself; it goes on over transfers, whatever is recorded of it. `null` without one. */
  readonly pauseEndsAt: Date | null
}

/** Commands to live calls, wherever they are recorded, and what is known of those calls. */
export interface CaptureControl {
  /**
   * What of the target is live, as the capture node knows it: also what the catalogue has not heard of yet. Empty when nothing is.
   * An interaction's recordings are also those that were made under one that is one with it by now, as far as this node has seen it.
   */
  live(target: ControlTarget): Promise<readonly Recording[]>
  /** The calls of the target that go on, recorded or not; of an owner, the one that is spoken in first. */
  calls(target: ControlTarget): Promise<readonly LiveCall[]>
  /** Whether all other nodes have confirmed the pause of a conversation that was asked for here; of one that was asked for elsewhere, that node knows. */
  isConfirmedElsewhere(interactionId: InteractionId): boolean
  /** Something about somebody's calls, their recordings, or where she sits may have changed: ask again. At once, and until the signal. */
  changes(owner: CallOwner, signal: AbortSignal): AsyncIterable<void>
  /**
   * Idempotent. Answers within the signal's deadline, one result per recording, and one for each node that has not confirmed for its own.
   * @throws HoldfastError `RECORDING_NOT_ACTIVE` when nothing of the target is live; for `start` `NO_LIVE_CALL`, `START_NOT_ALLOWED`
   */
  control(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlAnswer[]>
}
