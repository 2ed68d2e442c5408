import type { Actor } from '../domain/audit-entry.ts'
import type { RecordingId, RetentionRunId } from '../domain/ids.ts'
import type { RecordingState } from '../domain/lifecycle.ts'

/** The run of the retention rules in which a recording is archived: its manifest lists what the run archived. */
export interface ArchiveRun {
  readonly id: RetentionRunId
  /** The retention rule that is in force for the recording. */
  readonly rule: string
  readonly by: Actor
}

/**
 * What became of archiving one recording. `archived`: its sealed bytes are in the target, were read back there and compared, and the
 * catalogue says so; `already`: that was so before. Of everything else nothing was changed that a reader sees.
 */
export type ArchiveOutcome =
  | { readonly outcome: 'archived'; /** Of header and payload together. */ readonly sizeBytes: number }
  | { readonly outcome: 'already' }
  /** Not `stored`: there is no sound to archive yet, or none any more. */
  | { readonly outcome: 'not-stored'; readonly state: RecordingState }
  | { readonly outcome: 'unknown' }

/** Moves sealed recordings to the archive: the one way in which `stored` becomes `archived`. Opens nothing: sealed bytes go as they are. */
export interface RecordingArchiver {
  /**
   * Archives one recording, with its audit entry `recording.archived` in the transaction that makes it `archived`. Idempotent, also when the
   * process died at any line of it: the same recording of the same run is asked for again, and stands in the manifest once.
   * A hold does not forbid it: nothing is destroyed.
   * @throws HoldfastError `STORE_FAILED`, `AUDIT_UNAVAILABLE` (retry): the recording is `stored` as before; the run goes on with the next one
   */
  archive(id: RecordingId, run: ArchiveRun, signal: AbortSignal): Promise<ArchiveOutcome>
  /**
   * Every recording of the run was asked for: the manifest of what it archived is signed and put into the target. Idempotent.
   * @returns the manifest's name in the target; `null` when the run archived nothing
   * @throws HoldfastError `STORE_FAILED` (retry): the run has not ended then, and asks again
   */
  closeRun(run: Omit<ArchiveRun, 'rule'>, signal: AbortSignal): Promise<string | null>
}
