import type { AttachedChange } from '../domain/attached-data.ts'
import type { Announcement, Channel, Direction, Identity } from '../domain/call.ts'
import type { CodeAction, CodeWay } from '../domain/feature-code.ts'
import type { CallId, ChannelId } from '../domain/ids.ts'
import type { SegmentFiles } from '../domain/recording.ts'
import type { TransferKind, TransferLeg } from '../domain/transfer.ts'

/** `conference`: the PBX mixes everybody's voice for everybody; `talk`: legs are passed each other's, two as a rule. */
export type BridgeKind = 'talk' | 'conference'

interface OfChannel {
  readonly channelId: ChannelId
  readonly callId: CallId
  /** The PBX's time. */
  readonly at: Date
}

/** The dialplan's word: this call wants a decision, and waits (at most about 250 ms) for `acknowledge`. */
export type RecordingAsked = OfChannel & {
  readonly type: 'recording-asked'
  /** The number whose route asks; `null` where the dialplan did not tell. */
  readonly dialled: string | null
  /** Given back in `acknowledge`. */
  readonly requestId: string
  readonly direction: Direction
  /** What the dialplan handed over, URI-decoded; keys checked, values as they came. */
  readonly attached: Readonly<Record<string, string>>
  /** What SIP headers said, by the keys that the rules give them: strangers' words, which go before no other's. */
  readonly headers: Readonly<Record<string, string>>
  /** The interaction id that came with the call, if any; not yet checked for trust. */
  readonly interactionId: string | null
}

export const NATIVE_REASONS = ['no-answer', 'stale-heartbeat', 'insured'] as const
/** `insured`: we asked for it, because the leg that we are going to record is not there yet. */
export type NativeReason = (typeof NATIVE_REASONS)[number]

/** A recording that the dialplan began by itself: no answer in time, the heartbeat was stale, or the answer said so. */
export type NativeRecording = OfChannel & {
  readonly type: 'native-recording'
  readonly because: NativeReason
  readonly files: SegmentFiles
  readonly recorderId: string | null
  /** `no`: it waits for the answer of its leg, or waited in vain; `unknown`: the PBX was not asked. */
  readonly began: 'yes' | 'no' | 'unknown'
  readonly direction: Direction
  readonly caller: Identity
  readonly dialled: string | null
  readonly attached: Readonly<Record<string, string>>
  /** As of a request. */
  readonly headers: Readonly<Record<string, string>>
  readonly interactionId: string | null
  /** Told to this leg before, as far as the dialplan noted it. */
  readonly announcement: Announcement | null
}

/** Keys were pressed on this leg that mean something to us, or its route says so. The dialplan waits (at most 750 ms) for `answerCode`. */
export type CodePressed = OfChannel & {
  readonly type: 'code-pressed'
  /** Given back in `answerCode`. */
  readonly requestId: string
  readonly action: CodeAction
  readonly way: CodeWay
}

/** A leg (the channel of this event) was passed on. Who hears whom from then on is told by bridges. */
export type Transferred = OfChannel & {
  readonly type: 'transferred'
  readonly kind: TransferKind
  readonly by: TransferLeg & { readonly channelId: ChannelId }
  /** The other leg of whoever passed it on, where the consultation was a call of its own; `null` where it was not, and for a blind transfer. */
  readonly consultation: { readonly channelId: ChannelId; readonly callId: CallId } | null
  readonly to: TransferLeg
}

/** An agent whom the PBX knows by name at a telephone. */
export interface DeskLogin {
  readonly agent: string
  readonly endpoint: string
}

/** An agent whom a queue calls at a telephone. */
export interface QueueMember extends DeskLogin {
  readonly queue: string
}

/**
 * The dialplan pauses or resumes by itself one leg of a conversation, because nobody answered: it stops or silences every recorder of
 * ours on that leg. The leg is the recorded one, whoever asked.
 */
export type NativePause = OfChannel & {
  readonly type: 'native-pause'
  /**
   * `begins`: it is about to. `done`: it was done, or tried. `void`: there was nothing to do. `over`: all legs that it could reach
   * were tried; the leg is then the one on which it was asked for.
   */
  readonly stage: 'begins' | 'done' | 'void' | 'over'
  readonly action: 'pause' | 'resume'
  readonly way: CodeWay
  /** The leg on which it was asked for. */
  readonly by: { readonly channelId: ChannelId; readonly endpoint: string | null }
  readonly askedAt: Date
  /** When the last recorder had stopped, or its silence began or ended; `null`: not known, or not yet. */
  readonly stoppedAt: Date | null
  /** `ended`: each recorder of ours was stopped, and a resume begins another. `goes-on`: it writes silence meanwhile, as by `mask`. */
  readonly recorder: 'ended' | 'goes-on'
  /** What a resume begins; `null` for a pause, and where recorders go on. */
  readonly resumed: {
    readonly files: SegmentFiles
    readonly recorderId: string | null
    /** `null`: whether it began is not known. */
    readonly startedAt: Date | null
  } | null
}

/** Everything that the PBX does and recording of the call depends upon. In the order in which the PBX sent it. */
export type PbxEvent =
  /** The link is up (again). Events before it may be lost: this is what exists now. */
  | { readonly type: 'link-up'; readonly at: Date; readonly channels: readonly LiveChannel[]; readonly natives: readonly NativeRecording[]; readonly pauses: readonly NativePause[]; readonly pbxStartedAt: Date | null; /** Of all queues; `null`: the PBX did not say. */ readonly members: readonly QueueMember[] | null }
  | { readonly type: 'link-down'; readonly at: Date }
  | (OfChannel & { readonly type: 'channel-created'; readonly channel: Channel })
  | (OfChannel & { readonly type: 'channel-answered' })
  | (OfChannel & { readonly type: 'channel-renamed'; readonly name: string })
  /** Who is at the other end of this leg, as the PBX shows it from now on. */
  | (OfChannel & { readonly type: 'identity-changed'; readonly identity: Identity })
  | (OfChannel & { readonly type: 'dial-began'; readonly callee: Channel })
  | (OfChannel & { readonly type: 'dial-ended'; readonly calleeId: ChannelId; readonly status: string })
  /** Whoever is in one bridge hears the others: who waits beside others (parked) has one of her own. */
  | (OfChannel & { readonly type: 'bridge-entered'; readonly bridgeId: string; readonly kind: BridgeKind })
  | (OfChannel & { readonly type: 'bridge-left'; readonly bridgeId: string })
  /** What rang there was taken at another telephone: `byChannelId`, until now in a call of its own, is the leg that talks from now on, and recorders on this one are on that. */
  | (OfChannel & { readonly type: 'picked-up'; readonly byChannelId: ChannelId; readonly byCallId: CallId })
  | (OfChannel & { readonly type: 'held' })
  | (OfChannel & { readonly type: 'unheld' })
  | (OfChannel & { readonly type: 'hangup'; readonly causeQ850: number | null })
  /** The PBX takes a pair of its own legs out of a path, and tells bridges left and entered meanwhile: nobody hears anybody else than before. */
  | (OfChannel & { readonly type: 'shortcut-began'; readonly otherHalfId: ChannelId })
  | (OfChannel & { readonly type: 'shortcut-ended' })
  | Transferred
  | (OfChannel & { readonly type: 'queue-connected'; readonly queue: string; readonly agentChannelId: ChannelId; readonly member: string | null })
  | (OfChannel & { readonly type: 'attached-changed'; readonly change: AttachedChange })
  | (OfChannel & { readonly type: 'announced'; readonly announcement: Announcement })
  | (OfChannel & { readonly type: 'recorder-started' })
  | (OfChannel & { readonly type: 'recorder-stopped' })
  /** It threw its file away as it ended, because nothing was in it. `file`: relative to the spool's root. */
  | (OfChannel & { readonly type: 'recorder-discarded'; readonly file: string })
  | (OfChannel & { readonly type: 'recorder-muted'; readonly muted: 'both' | 'read' | 'write' | 'none' })
  /** A queue knows this telephone by somebody's name now (or no longer). */
  | { readonly type: 'queue-member-added' | 'queue-member-removed'; readonly at: Date; readonly member: QueueMember }
  /** Somebody has logged in at her telephone, and stays connected to it until she logs out. */
  | { readonly type: 'agent-logged-in' | 'agent-logged-out'; readonly at: Date; readonly login: DeskLogin }
  | RecordingAsked
  | NativeRecording
  | CodePressed
  | NativePause

/** A channel found at a resynchronisation. */
export interface LiveChannel {
  readonly channel: Channel
  readonly bridgeId: string | null
  /** The recorder that runs on it as far as the PBX can tell (Asterisk: the variable HOLDFAST_MMID), else `null`. */
  readonly recorderId: string | null
}
