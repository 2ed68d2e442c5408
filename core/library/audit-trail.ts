import type { Requester } from '../domain/actor.ts'
import { DEFAULT_CUSTOMER_ID_KEY, DEFAULT_INTERACTION_TYPE_KEY } from '../domain/audit/audit-words.ts'
import type { AuditEntry } from '../domain/audit-entry.ts'
import { HoldfastError } from '../domain/errors.ts'
import { type AuditFilter, type AuditLog, EVERY_ENTRY } from '../ports/audit-log.ts'
import type { AttachedVisibility } from './attached-visibility.ts'
import { mustReachAudit } from './audit-access.ts'
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

/** Which keys of the attached data say who the customer is, and of what kind the conversation; `null`: none does. */
export interface AuditKeys {
  readonly customerId: string | null
  readonly interactionType: string | null
}

export const DEFAULT_AUDIT_KEYS: AuditKeys = { customerId: DEFAULT_CUSTOMER_ID_KEY, interactionType: DEFAULT_INTERACTION_TYPE_KEY }

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
    const checked = this.#checked(requester, filter)
    const found = await this.#log.read(checked, { first: checkedPageSize(page.first), before: page.before })
    await this.#audit.require(requester, {
      action: 'audit.read',
      object: { type: 'audit', id: checked.objectId ?? 'all' },
      outcome: 'ok',
      reason: null,
      details: { returned: found.entries.length, ...askedOf(checked) },
      personal: askedOfPeople(checked),
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

  #checked(requester: Requester, filter: AuditFilter): AuditFilter {
    const checked = checkedAuditFilter(filter)
    const { customerId } = this.#keys
    if (checked.customerId === undefined || checked.customerId === null) return checked
    if (customerId === null) throw new HoldfastError('FILTER_INVALID', 'customerId: no key of the attached data names customers (audit.customerIdKey)', { field: 'customerId' })
    this.#visibility.refuseHidden(requester, [customerId])
    return checked
  }
}

/** What was asked for, as far as it tells of no person. */
function askedOf({ objectType, objectId, actorType, actorId, action, actions, outcome, reason, chain, recordingId, interactionId, from, to }: AuditFilter): Readonly<Record<string, string | null>> {
  const asked = { objectType, objectId, actorType, actorId, action: actions?.join(',') ?? action, outcome, reason, chain, recordingId, interactionId, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null }
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => value === undefined || value === null ? [] : [[name, value]]))
}

/** Under other names than the entries' own: a question is not about the address that it asks for. */
function askedOfPeople({ address, customerId, number }: AuditFilter): Readonly<Record<string, string>> {
  const asked = { askedAddress: address, askedCustomerId: customerId, askedNumber: number }
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => value === undefined || value === null ? [] : [[name, value]]))
}
