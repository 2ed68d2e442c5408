import type { AuditDraft } from '../domain/audit-entry.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { KeyCheck } from '../domain/key-check.ts'

/** The header in force of a stored recording, and where its payload is. */
export interface SealedHeader {
  readonly recordingId: RecordingId
  readonly payloadName: string
  readonly version: number
  readonly header: Uint8Array
  readonly recipients: readonly string[]
}

/** How many recordings are sealed to exactly these. */
export interface RecipientSet {
  readonly recipients: readonly string[]
  readonly recordings: number
}

/** `moved`: another version is in force by now; `gone`: the recording was destroyed. Nothing is written then. */
export type HeaderReplacement = 'replaced' | 'moved' | 'gone'

/** What the catalogue knows of keys: who can open what, and when that was last tried. */
export interface KeyCatalogue {
  /** Walks every header: seconds at a million recordings. */
  recipientSets(): Promise<readonly RecipientSet[]>
  /** `null`: there is no header, for the recording was never stored or was destroyed. */
  header(id: RecordingId): Promise<SealedHeader | null>
  /**
   * Recordings drawn over time, each at most once, the oldest and the newest among them; fewer where there are fewer.
   * @param draw - numbers of [0, 1)
   */
  sample(size: number, draw: () => number): Promise<readonly SealedHeader[]>
  /** Queues a `rotate` job for every recording that is sealed to one of these sets. Idempotent. */
  queueRotation(sets: readonly RecipientSet[], runAt: Date): Promise<void>
  /** Puts a header in force as version `replaced.version + 1`; the one before stays until {@link forgetHeadersBefore}. All or nothing. */
  replaceHeader(replaced: SealedHeader, by: { readonly header: Uint8Array; readonly recipients: readonly string[]; readonly at: Date }): Promise<HeaderReplacement>
  /** Removes the headers before this version, if it is the one in force. Idempotent. */
  forgetHeadersBefore(id: RecordingId, version: number): Promise<void>
  /** Keeps results with their audit entries, in one transaction. */
  keepChecks(checks: readonly KeyCheck[], audit: readonly AuditDraft[]): Promise<void>
  /** The last check of each recipient that ever was checked. */
  lastChecks(): Promise<readonly KeyCheck[]>
}
