import type { Requester } from '../../domain/actor.ts'
import type { AuditEntry } from '../../domain/audit-entry.ts'
import { type AuditFilter, type AuditLog, EVERY_ENTRY } from '../../ports/audit-log.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import { mustReachAudit } from './audit-access.ts'
import { type AuditKeys, auditQuestionOf, DEFAULT_AUDIT_KEYS, toldQuestion } from './audit-question.ts'
import type { AuditWriter } from './audit-writer.ts'
import { checkedPageSize } from '../search/filters.ts'

/** An entry and its place over all chains of the catalogue: newer entries have greater ones. */
export interface PlacedAuditEntry {
  readonly position: number
  readonly entry: AuditEntry
}

export interface AuditPage {
  readonly entries: readonly PlacedAuditEntry[]
  readonly hasMore: boolean
}

/** What entries tell of, by names; `null`: this one does not, or not to this requester. */
export interface AuditFacts {
  readonly recordingId: string | null
  readonly interactionId: string | null
  readonly partitions: readonly string[] | null
  readonly customerId: string | null
  readonly interactionType: string | null
  readonly address: string | null
}

/** Reading the audit; it stands in the audit itself, and so does the refusal. */
export class AuditTrail {
  readonly #log: AuditLog
  readonly #audit: AuditWriter
  readonly #visibility: AttachedVisibility
  readonly #keys: AuditKeys

  constructor({ log, audit, visibility, keys = DEFAULT_AUDIT_KEYS }: { readonly log: AuditLog; readonly audit: AuditWriter; readonly visibility: AttachedVisibility; readonly keys?: AuditKeys }) {
    this.#log = log
    this.#audit = audit
    this.#visibility = visibility
    this.#keys = keys
  }

  /** A page, newest first. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID`; `AUDIT_UNAVAILABLE` (retry) */
  async read(requester: Requester, filter: AuditFilter, page: { readonly first: number; readonly before: number | null }): Promise<AuditPage> {
    await mustReachAudit(requester, 'read-audit', { audit: this.#audit, action: 'audit.read' })
    const checked = auditQuestionOf(requester, filter, { visibility: this.#visibility, keys: this.#keys })
    const told = toldQuestion(this.#keys, checked)
    const found = await this.#log.read(checked, { first: checkedPageSize(page.first), before: page.before })
    await this.#audit.require(requester, {
      action: 'audit.read',
      object: { type: 'audit', id: checked.objectId ?? 'all' },
      outcome: 'ok',
      reason: null,
      details: { returned: found.entries.length, ...told.details },
      personal: told.personal,
    })
    return found
  }

  /** The entry at this place, or `null`. @throws HoldfastError `FORBIDDEN`; `AUDIT_UNAVAILABLE` (retry) */
  async find(requester: Requester, position: number): Promise<PlacedAuditEntry | null> {
    const { entries } = await this.read(requester, EVERY_ENTRY, { first: 1, before: position + 1 })
    return entries.find((placed) => placed.position === position) ?? null
  }

  /** What the entry tells of under names of its own, as far as this requester may see it. */
  facts(requester: Requester, { object, details, personal }: AuditEntry): AuditFacts {
    const shown = this.#visibility.personal(requester, personal ?? {}).shown
    const told = (name: string): string | null => typeof details[name] === 'string' ? details[name] : null
    const attached = (key: string | null): string | null => key === null ? null : shown[`attached.${key}`] ?? null
    return {
      recordingId: object.type === 'recording' ? object.id : told('recordingId'),
      interactionId: object.type === 'interaction' ? object.id : told('interactionId'),
      partitions: told('partitions')?.split(',').filter((path) => path !== '') ?? null,
      customerId: attached(this.#keys.customerId),
      interactionType: attached(this.#keys.interactionType),
      address: shown['address'] ?? null,
    }
  }
}
