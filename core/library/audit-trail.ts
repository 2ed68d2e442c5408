import type { Requester } from '../domain/actor.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import { type AuditFilter, type AuditLog, EVERY_ENTRY } from '../ports/audit-log.ts'
import { scopeFor } from './access.ts'
import type { AuditWriter } from './audit-writer.ts'
import { checkedAuditFilter, checkedPageSize } from './filters.ts'

/** An entry and its place over all chains of the catalogue: newer entries have greater ones. */
export interface PlacedAuditEntry {
  readonly position: number
  readonly entry: AuditEntry
}

export interface AuditPage {
  readonly entries: readonly PlacedAuditEntry[]
  readonly hasMore: boolean
}

/** Reading the audit; it stands in the audit itself, and so does the refusal. */
export class AuditTrail {
  readonly #log: AuditLog
  readonly #audit: AuditWriter

  constructor({ log, audit }: { readonly log: AuditLog; readonly audit: AuditWriter }) {
    this.#log = log
    this.#audit = audit
  }

  /** A page, newest first. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID`; `AUDIT_UNAVAILABLE` (retry) */
  async read(requester: Requester, filter: AuditFilter, page: { readonly first: number; readonly before: number | null }): Promise<AuditPage> {
    await this.#allow(requester)
    const checked = checkedAuditFilter(filter)
    const found = await this.#log.read(checked, { first: checkedPageSize(page.first), before: page.before })
    await this.#audit.require(requester, {
      action: 'audit.read',
      object: { type: 'audit', id: checked.objectId ?? 'all' },
      outcome: 'ok',
      reason: null,
      details: { returned: found.entries.length, actorId: checked.actorId, action: checked.action, from: checked.from?.toISOString() ?? null, to: checked.to?.toISOString() ?? null },
      personal: {},
    })
    return found
  }

  /** The entry at this place, or `null`. @throws HoldfastError `FORBIDDEN`; `AUDIT_UNAVAILABLE` (retry) */
  async find(requester: Requester, position: number): Promise<PlacedAuditEntry | null> {
    const { entries } = await this.read(requester, EVERY_ENTRY, { first: 1, before: position + 1 })
    return entries.find((placed) => placed.position === position) ?? null
  }

  /** Entries tell of recordings in every partition: whoever reaches only some of them may not read any. */
  async #allow(requester: Requester): Promise<void> {
    try {
      const scope = scopeFor(requester, 'read-audit')
      if (scope.type !== 'all') throw new HoldfastError('FORBIDDEN', 'the audit tells of every partition, and this token reaches only some')
    } catch (error) {
      if (isHoldfastError(error, 'FORBIDDEN')) {
        await this.#audit.attempt(requester, { action: 'audit.read', object: { type: 'audit', id: 'all' }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      }
      throw error
    }
  }
}
