import type { Actor, AuditAction, AuditDraft } from '../domain/audit-entry.ts'
import type { RetentionRunId } from '../domain/ids.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'

export function aboutRun(id: RetentionRunId, { at, by, action, details }: { readonly at: Date; readonly by: Actor; readonly action: AuditAction; readonly details: AuditDraft['details'] }): AuditDraft {
  return { at, actor: by, action, object: { type: 'retention', id }, outcome: 'ok', reason: null, details: { what: 'run', ...details }, personal: {} }
}

/** Other rules are in force from now on. */
export function rulesChanged({ version, rules }: RetentionRules, { at, by }: { readonly at: Date; readonly by: Actor }): AuditDraft {
  return { at, actor: by, action: 'retention.changed', object: { type: 'retention', id: version }, outcome: 'ok', reason: null, details: { version, rules: rules.length }, personal: {} }
}
