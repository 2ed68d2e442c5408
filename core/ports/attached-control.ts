import type { FromApi } from '../domain/api-client.ts'
import type { Actor } from '../domain/audit-entry.ts'
import type { ChannelId, PbxId, RecordingId } from '../domain/ids.ts'

/** A value that somebody attaches to a live call over the API. */
export interface AttachedSetting extends FromApi {
  /** A leg of the call. */
  readonly pbxId: PbxId
  readonly channelId: ChannelId
  readonly key: string
  readonly value: string
  readonly by: Actor
}

/** What became of it. */
export interface AttachedOutcome {
  /** `masked`: the schema keeps only that there is a value, or a card number in it was made unreadable. */
  readonly kept: 'whole' | 'masked'
  /** As it was kept. */
  readonly value: string
  /** Live recordings that noted it. None: nothing of the call is recorded, and the rules did not want it either. */
  readonly noted: readonly RecordingId[]
}

/** Attached data of live calls, wherever their capture node is. */
export interface AttachedControl {
  /**
   * Attaches a value to a call, as if its dialplan had set it, and asks the rules again: recording may start late, or gain partitions
   * and labels; nothing stops. Journalled with the recordings that run before the rules are asked. Idempotent.
   * @throws HoldfastError `NO_LIVE_CALL`; `ATTACHED_REFUSED`: the schema does not let it in; `ATTACHED_FAILED` (retry): the link is
   * down, or the deadline passed: it may still take effect
   */
  attach(setting: AttachedSetting, signal: AbortSignal): Promise<AttachedOutcome>
}
