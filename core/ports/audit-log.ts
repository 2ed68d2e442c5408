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

/** Append and read; no update, no delete. Changes of the catalogue append within their own transaction. */
export interface AuditLog {
  /** Durable when it resolves. @throws HoldfastError `AUDIT_UNAVAILABLE` */
  append(draft: AuditDraft): Promise<AuditEntry>
  /** `before`: entries whose position is smaller; the position is the entry's place over all chains of this database. */
  read(filter: AuditFilter, page: { readonly first: number; readonly before: number | null }): Promise<{ readonly entries: readonly { readonly position: number; readonly entry: AuditEntry }[]; readonly hasMore: boolean }>
  /** Walks a chain; the first entry that does not fit, or `null` when all do. */
  verify(chain: NodeName): Promise<{ readonly checked: number; readonly firstBroken: number | null }>
  chains(): Promise<readonly NodeName[]>
}
