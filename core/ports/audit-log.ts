import type { AuditFault } from '../domain/audit/audit-fault.ts'
import type { SequenceRanges } from '../domain/audit/sequence-ranges.ts'
import type { Checkpoint } from '../domain/audit/checkpoint.ts'
import type { Actor, AuditAction, AuditDraft, AuditEntry, AuditOutcome } from '../domain/audit-entry.ts'
import type { NodeName } from '../domain/ids.ts'

/** All that is asked must hold; `null`, or left out: not asked. */
export interface AuditFilter {
  readonly objectId: string | null
  readonly actorId: string | null
  readonly action: AuditAction | null
  readonly from: Date | null
  readonly to: Date | null
  readonly objectType?: AuditDraft['object']['type'] | null
  readonly actorType?: Actor['type'] | null
  /** One of these; never empty. */
  readonly actions?: readonly AuditAction[] | null
  readonly outcome?: AuditOutcome | null
  readonly reason?: string | null
  readonly chain?: NodeName | null
  readonly recordingId?: string | null
  readonly interactionId?: string | null
  /** These three stand in the personal part: what is erased is not found by them. */
  readonly address?: string | null
  readonly customerId?: string | null
  readonly number?: string | null
}

/** Nothing is asked: all entries. */
export const EVERY_ENTRY: Required<AuditFilter> = {
  objectType: null, objectId: null, actorType: null, actorId: null, action: null, actions: null, outcome: null, reason: null, chain: null,
  recordingId: null, interactionId: null, address: null, customerId: null, number: null, from: null, to: null,
}

/** Whose personal parts are to go. */
export interface AuditSubject {
  readonly numbers: readonly string[]
  readonly customerIds: readonly string[]
}

/** Personal parts of one chain that are gone, and the places from which they went. */
export interface ErasedParts {
  readonly chain: NodeName
  readonly sequences: SequenceRanges
}

/** Which of the entries that were found. */
export interface AuditPage {
  readonly first: number
  readonly before: number | null
  readonly after?: number
}

/** What a walk along a chain came to. */
export interface AuditVerification {
  readonly chain: NodeName
  /** Entries that fit, from the first on. */
  readonly checked: number
  readonly fault: AuditFault | null
  /** The last checkpoint that fits; `null`: none was compared. */
  readonly signedTo: Checkpoint | null
  /** Personal parts that are not there (any more), up to where the walk came. */
  readonly absent: SequenceRanges
  /** Personal parts, of any chain, of which this one tells that they were erased. */
  readonly erased: readonly ErasedParts[]
}

/** What a chain is compared with, and who hears how far the walk is. */
export interface VerifyOptions {
  /** Checkpoints of this chain whose signatures are known to be good. */
  readonly signed?: readonly Checkpoint[]
  readonly progress?: (checked: number, of: number) => void
}

/** Append and read; no update, no delete but of personal parts. Changes of the catalogue append within their own transaction. */
export interface AuditLog {
  /** Durable when it resolves. @throws HoldfastError `AUDIT_UNAVAILABLE` */
  append(draft: AuditDraft): Promise<AuditEntry>
  /**
   * Newest first; the position is the entry's place over all chains of this database.
   * `before`: entries whose position is smaller. `after`: those whose position is greater, and then the oldest first.
   */
  read(filter: AuditFilter, page: AuditPage): Promise<{ readonly entries: readonly { readonly position: number; readonly entry: AuditEntry }[]; readonly hasMore: boolean }>
  /** Walks a chain up to the end that it has now, and tells the first entry that does not fit. */
  verify(chain: NodeName, options?: VerifyOptions): Promise<AuditVerification>
  /**
   * Erases the personal parts of some entries about a subject, and appends the entry that tells which, all or none.
   * @param draft - of that entry: who and why; what was erased is added to its details
   * @returns how many; 0: there are no more
   */
  erase(subject: AuditSubject, draft: AuditDraft): Promise<number>
  chains(): Promise<readonly NodeName[]>
}
