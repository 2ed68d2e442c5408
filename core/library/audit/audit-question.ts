import type { Requester } from '../../domain/actor.ts'
import { DEFAULT_CUSTOMER_ID_KEY, DEFAULT_INTERACTION_TYPE_KEY } from '../../domain/audit/audit-words.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { AuditFilter } from '../../ports/audit-log.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import type { AuditNote } from './audit-writer.ts'
import { checkedAuditFilter } from '../search/filters.ts'

/** Which keys of the attached data say who the customer is, and of what kind the conversation; `null`: none does. */
export interface AuditKeys {
  readonly customerId: string | null
  readonly interactionType: string | null
}

export const DEFAULT_AUDIT_KEYS: AuditKeys = { customerId: DEFAULT_CUSTOMER_ID_KEY, interactionType: DEFAULT_INTERACTION_TYPE_KEY }

/** The filter as this requester may ask it. @throws HoldfastError `FILTER_INVALID` */
export function auditQuestionOf(requester: Requester, filter: AuditFilter, { visibility, keys }: { readonly visibility: AttachedVisibility; readonly keys: AuditKeys }): AuditFilter {
  const checked = checkedAuditFilter(filter)
  if (checked.customerId === undefined || checked.customerId === null) return checked
  if (keys.customerId === null) throw new HoldfastError('FILTER_INVALID', 'customerId: no key of the attached data names customers (audit.customerIdKey)', { field: 'customerId' })
  visibility.refuseHidden(requester, [keys.customerId])
  return checked
}

/** What was asked for, as the entry about the asking tells it. */
export function toldQuestion({ customerId: key }: AuditKeys, { address, customerId, number, objectType, objectId, actorType, actorId, action, actions, outcome, reason, chain, recordingId, interactionId, from, to }: AuditFilter): Pick<AuditNote, 'details' | 'personal'> {
  return {
    details: given({ objectType, objectId, actorType, actorId, action: actions?.join(',') ?? action, outcome, reason, chain, recordingId, interactionId, from: from?.toISOString(), to: to?.toISOString() }),
    // Under other names than the entries' own: a question is not about the address that it asks for. Which customer was asked for is shown to whoever sees the key that names customers.
    personal: given({ askedAddress: address, ...(key === null ? {} : { [`asked.attached.${key}`]: customerId }), askedNumber: number }),
  }
}

function given(asked: Readonly<Record<string, string | null | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => value === undefined || value === null ? [] : [[name, value]]))
}
