import type { Actor } from '../domain/audit-entry.ts'
import type { ErrorCode } from '../domain/errors.ts'
import type { InteractionId, RecordingId } from '../domain/ids.ts'
import type { PauseWay, Recording } from '../domain/recording.ts'

/** A command to a live call, wherever its capture node is. */
export interface ControlCommand {
  readonly action: 'pause' | 'resume'
  readonly target: { readonly recordingId: RecordingId } | { readonly interactionId: InteractionId }
  readonly by: Actor
  readonly how: PauseWay
}

/** What became of it for one recording: never "paused" before the PBX confirmed. */
export type ControlResult =
  | { readonly recordingId: RecordingId; readonly outcome: 'done' | 'already'; readonly effectiveAt: Date }
  | { readonly recordingId: RecordingId; readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string }

export interface CaptureControl {
  /**
   * What of the target is live, as the capture node knows it: also what the catalogue has not heard of yet. Empty when nothing is.
   * An interaction's recordings are those that were made under its id: of merges only the catalogue knows.
   */
  live(target: ControlCommand['target']): Promise<readonly Recording[]>
  /**
   * Idempotent. Answers within the signal's deadline, one result per live recording of the target.
   * @throws HoldfastError `RECORDING_NOT_ACTIVE` when nothing of the target is live
   */
  control(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlResult[]>
}
