import { may, type Permission, type Requester } from '../domain/actor.ts'
import { HoldfastError } from '../domain/errors.ts'
import type { AccessScope } from '../ports/recording-repository.ts'

/** Whose recordings this requester sees. What lies outside is answered as if it were not there. */
export function scopeOf(requester: Requester): AccessScope {
  if (requester.reach === 'all') return { type: 'all' }
  return requester.reach.length === 0 ? { type: 'none' } : { type: 'partitions', paths: requester.reach }
}

/**
 * The scope within which a requester may do something.
 * @throws HoldfastError `FORBIDDEN` when the role has no such permission at all
 */
export function scopeFor(requester: Requester, permission: Permission): AccessScope {
  if (!may(requester, permission)) {
    throw new HoldfastError('FORBIDDEN', `the role ${requester.role} lacks the permission ${permission}`, { role: requester.role, permission })
  }
  return scopeOf(requester)
}
