import type { AuditDraft } from '../domain/audit-entry.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'

/** Words that a recording is given and loses by hand, beside those that rules gave it. */
export interface RecordingLabels {
  /**
   * In one transaction with the audit entry, which is told what was added and what was removed; nothing of either: nothing is written.
   * @returns the recording as it is now; `full` when something was to be added and it would have more than `most`: nothing is written;
   * `null` when it is not there, or was destroyed
   */
  change(id: RecordingId, change: LabelOrder, audit: (changed: LabelChange) => AuditDraft): Promise<Recording | 'full' | null>
}

export interface LabelOrder {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Labels that it may have afterwards, whoever else adds some at the same time. */
  readonly most: number
}

/** What really changed. */
export interface LabelChange {
  readonly recording: Recording
  readonly added: readonly string[]
  readonly removed: readonly string[]
}
