import type { Permission, Requester } from '../../domain/actor.ts'
import type { AuditAction } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from './audit-writer.ts'

/**
 * Entries tell of recordings in every partition: whoever reaches only some of them may have none. A refusal stands in the audit.
 * @throws HoldfastError `FORBIDDEN`
 */
export async function mustReachAudit(requester: Requester, permission: Extract<Permission, 'read-audit' | 'export-audit'>, { audit, action }: { readonly audit: AuditWriter; readonly action: AuditAction }): Promise<void> {
  try {
    const scope = scopeFor(requester, permission)
    if (scope.type !== 'all') throw new HoldfastError('FORBIDDEN', 'the audit tells of every partition, and you reach only some')
  } catch (error) {
    if (isHoldfastError(error, 'FORBIDDEN')) {
      await audit.attempt(requester, { action, object: { type: 'audit', id: 'all' }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
    }
    throw error
  }
}
