import type { AuditDraft } from '../audit-entry.ts'

export const AUDIT_WORDS = ['recording', 'interaction', 'reason', 'address', 'customer', 'number'] as const
/** By what an entry is found besides its own columns. */
export type AuditWordKind = (typeof AUDIT_WORDS)[number]

export interface AuditWord {
  readonly kind: AuditWordKind
  readonly value: string
}

/** The keys of the attached data by which the audit knows a customer, and of what kind a conversation is, where the settings name no others. */
export const DEFAULT_CUSTOMER_ID_KEY = 'CUSTOMER_ID'
export const DEFAULT_INTERACTION_TYPE_KEY = 'INTERACTION_TYPE'

/** Words from the personal part: they go when it goes. */
export const PERSONAL_WORDS: readonly AuditWordKind[] = ['address', 'customer', 'number']
/** Under which names the personal part holds telephone numbers. */
const NUMBERS = ['caller', 'callee', 'number']

/** The words of an entry, each once. @param customerIdKey - the key of the attached data that names a customer */
export function auditWordsOf({ object, reason, details, personal }: Pick<AuditDraft, 'object' | 'reason' | 'details' | 'personal'>, customerIdKey: string | null): readonly AuditWord[] {
  const told: readonly (readonly [AuditWordKind, unknown])[] = [
    ['recording', object.type === 'recording' ? object.id : details['recordingId']],
    ['interaction', object.type === 'interaction' ? object.id : details['interactionId']],
    ['reason', reason],
    ['address', personal['address']],
    ['customer', customerIdKey === null ? null : personal[`attached.${customerIdKey}`]],
    ...NUMBERS.map((name) => ['number', personal[name]] as const),
  ]
  const words = told.flatMap(([kind, value]) => typeof value === 'string' && value !== '' ? [{ kind, value }] : [])
  return words.filter(({ kind, value }, index) => words.findIndex((word) => word.kind === kind && word.value === value) === index)
}
