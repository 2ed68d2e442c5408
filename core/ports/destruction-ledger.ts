import type { AuditDraft } from '../domain/audit-entry.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { Destruction, DestructionOrder, DestructionRefusal, DestructionStep } from './recording-destroyer.ts'

/** What the deciding transaction asks about the recording, whose row it holds. Pure. */
export interface Condemnation {
  readonly at: Date
  /** Until when the rules in force let nobody destroy it, besides what was stamped on it; `null`: no minimum retention is in the way. */
  readonly keptUntil: (recording: Recording) => Date | null
  readonly audit: (recording: Recording) => AuditDraft
  /** Stores in which blobs of attempts may lie that the catalogue does not name; `null` is the installation's own. */
  readonly stores: readonly (string | null)[]
  /** Stores from which nothing can be removed: what lies there is named in the plan, and left. */
  readonly lockedStores: readonly string[]
}

/** A place in the order in which destructions ended; without a recording before all of that instant. */
export interface EndedPlace {
  readonly endedAt: Date
  readonly recordingId: RecordingId | null
}

/** What was destroyed, and what is being destroyed. */
export interface DestructionLedger {
  /**
   * Decides, in one transaction that holds the recording's row and the gate of the holds: a hold that was placed before is seen, and one
   * that comes later finds a tombstone. With it the row is reduced, the catalogue's headers are deleted and the audit says so.
   * `already`: it was decided before.
   */
  condemn(order: DestructionOrder, condemnation: Condemnation): Promise<{ readonly outcome: 'condemned' | 'already'; readonly destruction: Destruction } | DestructionRefusal>
  /** Until when what was stamped on it lets nobody destroy it, whatever the rules say now; `null`: nothing was. */
  stampedUntil(id: RecordingId): Promise<Date | null>
  /** A step is done. */
  mark(id: RecordingId, step: DestructionStep): Promise<void>
  /** Nothing of it is left. With its audit entry; twice is once. @returns the receipt that stands: the first */
  end(id: RecordingId, end: { readonly at: Date; readonly receipt: string }, audit: AuditDraft): Promise<string>
  find(id: RecordingId): Promise<Destruction | null>
  /** Those that have not ended, oldest first. */
  unfinished(first: number): Promise<readonly Destruction[]>
  /** Recordings whose destruction ended after this place, in that order; `null`: from the first. */
  endedFrom(after: EndedPlace | null, first: number): Promise<readonly (EndedPlace & { readonly recordingId: RecordingId })[]>
  /** Lets go of copies of old rows that the database itself still keeps, as far as it can. */
  forgetOldPages(): Promise<void>
}
