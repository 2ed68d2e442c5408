import type { CodeAnswer } from '../domain/feature-code.ts'
import type { ChannelId, InteractionId, PbxId, RecordingId } from '../domain/ids.ts'
import type { SegmentFiles } from '../domain/recording.ts'
import type { PauseMeans } from '../domain/rules/pause-terms.ts'
import type { PbxEvent } from './pbx-event.ts'

/** One run of the PBX's recorder that is to begin. */
export interface StartSegment {
  readonly channelId: ChannelId
  readonly recordingId: RecordingId
  readonly index: number
}

/** A recorder that runs, as `startSegment` gave it, or as the journal remembers it. */
export interface RunningSegment {
  readonly channelId: ChannelId
  readonly recorderId: string | null
}

/** What the PBX confirmed. `at` is the PBX's time where it tells one, else the time of its reply. */
export interface StartedSegment extends RunningSegment {
  readonly at: Date
}

/** Attached data that is to be told of calls. */
export interface WantedData {
  /** Besides `record` and `GRECORD_PARTITIONS`. */
  readonly keys: readonly string[]
  /** SIP headers that are read when a call asks, and the key that each fills. */
  readonly headers: ReadonlyMap<string, string>
}

/** What the waiting dialplan is told. */
export type Acknowledgement = RecordingId | 'no' | { readonly insure: RecordingId }

/** One switch: events in, commands out. Every command has a deadline inside; none is queued while the link is down. */
export interface PbxAdapter extends AsyncDisposable {
  readonly pbxId: PbxId
  /** `hold`: whether the recorder of a telephone that holds is given sound meanwhile. */
  readonly capabilities: { readonly pause: 'mask' | 'gap' | 'none'; readonly stereo: 'two-files' | 'one-file'; readonly hold: 'goes-on' | 'stands-still' }
  /** Whether commands can be sent now. */
  readonly linkState: 'up' | 'down'

  /** The present by the PBX's clock, as far as it is known: what its events and answers are dated by. */
  readonly now: Date

  /** Connects, and reconnects for ever with back-off until disposed. Resolves at once; `link-up` and `link-down` tell the rest. */
  start(): void

  /** In the order in which the PBX sent them. One consumer. Ends when the adapter is disposed. */
  events(): AsyncIterable<PbxEvent>

  /** The spool files that a segment is going to have: known before the PBX is asked, so that they can be journalled first. */
  segmentFiles(segment: StartSegment): SegmentFiles

  /**
   * Starts the recorder on a channel; returns when the PBX confirmed. Not idempotent: an index is used once.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT` (whether it runs is then unknown)
   * Source: Asterisk 22 AMI `MixMonitor`; FreeSWITCH `uuid_record <uuid> start`
   */
  startSegment(segment: StartSegment): Promise<StartedSegment>

  /**
   * Stops one recorder; its files are complete when this returns. A recorder that has ended already is no error.
   * @throws HoldfastError `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  stopSegment(segment: RunningSegment): Promise<{ readonly at: Date }>

  /**
   * Silences a running recorder without cutting its time line. Idempotent. Returns when the PBX has told that it did so, not only
   * that it will: somebody is told "paused" by it.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   * Source: Asterisk 22 AMI `MixMonitorMute` Direction=both State=1; FreeSWITCH `uuid_record <uuid> mask <path>`
   */
  mask(segment: RunningSegment): Promise<{ readonly at: Date }>

  /** Ends the silence. Idempotent; errors as `mask`. */
  unmask(segment: RunningSegment): Promise<{ readonly at: Date }>

  /**
   * Whether the dialplan still waits for the answer to this request, as far as the PBX has told: not when it has lost its patience and records
   * by itself. That may be known before its event is delivered. Asked once, when the request's turn has come.
   */
  isAwaited(requestId: string): boolean

  /**
   * Lets the waiting dialplan go on, and tells it that it need not record by itself.
   * @param answer - the recording's id, or `no` when the rules said no; `insure`: nothing runs yet, so that the dialplan records by itself until it does
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  acknowledge(channelId: ChannelId, requestId: string, answer: Acknowledgement): Promise<void>

  /**
   * Tells the PBX to which interaction a leg belongs, so that every leg which this one dials to another PBX bears it in `X-Interaction-ID`.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  tellInteraction(channelId: ChannelId, interactionId: InteractionId): Promise<void>

  /**
   * What the header `X-Interaction-ID` of a leg that came over SIP said; `null` when it had none. A stranger's word, as it came.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  readInteraction(channelId: ChannelId): Promise<string | null>

  /**
   * Tells the dialplan that waits what became of a feature code: the agent hears it as a tone.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  answerCode(channelId: ChannelId, requestId: string, answer: CodeAnswer): Promise<void>

  /**
   * What is to be told of calls from now on, also after each reconnect. `told`: the PBX knows it; `later`: the link is down, and it
   * will when it is up; `by-hand`: this PBX cannot be told, and its own configuration has to be changed.
   */
  wantData(wanted: WantedData): Promise<'told' | 'later' | 'by-hand'>

  /**
   * Tells the PBX by which ways the recording on this leg may be paused, for the time when we are away.
   * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT`
   */
  tellPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): Promise<void>

  /** Forgets what the PBX keeps about pauses of this leg that it did by itself, after they were adopted. Idempotent. */
  forgetPauses(channelId: ChannelId): Promise<void>

  /** Forgets what the PBX keeps about a native recording, after it was adopted or discarded. Idempotent. */
  forgetNative(channelId: ChannelId): Promise<void>
}
