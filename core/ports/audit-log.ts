import type { AuditFault } from '../domain/audit/audit-fault.ts'
import type { Checkpoint } from '../domain/audit/checkpoint.ts'
import type { AuditAction, AuditDraft, AuditEntry } from '../domain/audit-entry.ts'
import type { NodeName } from '../domain/ids.ts'

/** Newest first within a chain; `null` = not asked. */
export interface AuditFilter {
  readonly objectId: string | null
  readonly actorId: string | null
  readonly action: AuditAction | null
  readonly from: Date | null
  readonly to: Date | null
}

/** What a walk along a chain came to. */
export interface AuditVerification {
  readonly chain: NodeName
  /** Entries that fit, from the first on. */
  readonly checked: number
  readonly fault: AuditFault | null
  /** The last checkpoint that fits; `null`: none was compared. */
  readonly signedTo: Checkpoint | null
}

/** What a chain is compared with, and who hears how far the walk is. */
export interface VerifyOptions {
  /** Checkpoints of this chain whose signatures are known to be good. */
  readonly signed?: readonly Checkpoint[]
  readonly progress?: (checked: number, of: number) => void
}

/** Append and read; no update, no delete. Changes of the catalogue append within their own transaction. */
export interface AuditLog {
  /** Durable when it resolves. @throws HoldfastError `AUDIT_UNAVAILABLE` */
  append(draft: AuditDraft): Promise<AuditEntry>
  /** `before`: entries whose position is smaller; the position is the entry's place over all chains of this database. */
  read(filter: AuditFilter, page: { readonly first: number; readonly before: number | null }): Promise<{ readonly entries: readonly { readonly position: number; readonly entry: AuditEntry }[]; readonly hasMore: boolean }>
  /** Walks a chain up to the end that it has now, and tells the first entry that does not fit. */
  verify(chain: NodeName, options?: VerifyOptions): Promise<AuditVerification>
  chains(): Promise<readonly NodeName[]>
}
