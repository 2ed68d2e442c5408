import type { AuditDraft } from '../domain/audit-entry.ts'
import type { RecordingId, RetentionRunId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'

/** A recording whose sound is stored, and the header in force. */
export interface ArchiveCandidate {
  readonly recording: Recording
  readonly header: { readonly version: number; readonly bytes: Uint8Array; readonly recipients: readonly string[] } | null
}

/** Where an archived recording lies, and since when. */
export interface ArchivePlace {
  readonly archivedAt: Date
  /** The store of the settings. */
  readonly store: string
  readonly runId: RetentionRunId
}

/** What is written down when the copies are proved. */
export interface ArchiveNote extends ArchivePlace {
  /** What was copied; another name or header version in force by now means that the copies are of yesterday. */
  readonly copied: { readonly payloadName: string; readonly headerVersion: number }
  readonly payloadName: string
  /** One line of the manifest, JSON. */
  readonly entry: string
}

/** Objects that an archived recording had before, and that are still there. */
export interface LeftOriginal {
  readonly recordingId: RecordingId
  readonly payloadName: string
  readonly headerVersion: number
}

/** `moved`: copy again; `gone`: it is not stored any more, or is just being brought in again. */
export type ArchiveRecorded = 'archived' | 'moved' | 'gone'

/** What the catalogue knows of the archive. */
export interface ArchiveLedger {
  /** `null`: there is no such recording. */
  candidate(id: RecordingId): Promise<ArchiveCandidate | null>
  /** `stored → archived`, in one transaction with the audit entry and the line of the manifest. */
  record(id: RecordingId, note: ArchiveNote, audit: AuditDraft): Promise<ArchiveRecorded>
  /** `null`: it is not archived. */
  placeOf(id: RecordingId): Promise<ArchivePlace | null>
  /** The lines of a run's manifest behind this recording (`null`: from the first), in the order of the recordings. */
  entriesAfter(runId: RetentionRunId, after: RecordingId | null, first: number): Promise<readonly { readonly recordingId: RecordingId; readonly archivedAt: Date; readonly entry: string }[]>
  leftOriginals(first: number): Promise<readonly LeftOriginal[]>
  /** Nothing of what the recording had before is left. */
  originalGone(id: RecordingId): Promise<void>
}
