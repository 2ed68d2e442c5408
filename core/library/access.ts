import { may, type Permission, type Requester } from '../domain/actor.ts'
import { HoldfastError } from '../domain/errors.ts'
import { partitionAncestors } from '../domain/partition.ts'
import type { Recording } from '../domain/recording.ts'
import type { AccessScope } from '../ports/recording-repository.ts'

/** Whose recordings this requester sees. What lies outside is answered as if it were not there. */
export function scopeOf(requester: Requester): AccessScope {
  if (requester.role === 'agent') return scopeOfAgent(requester)
  if (requester.reach === 'all') return { type: 'all' }
  return requester.reach.length === 0 ? { type: 'none' } : { type: 'partitions', paths: requester.reach }
}

/** Her calls while they go on are not looked for here: see `LiveControl`. */
function scopeOfAgent({ binding }: Requester): AccessScope {
  return binding?.sees === 'own' && binding.agent !== null ? { type: 'agent', agent: binding.agent } : { type: 'none' }
}

/** Whether a recording lies within a scope: what the catalogue answers by its own index, for a recording that it may not know yet. */
export function reaches(scope: AccessScope, { partitions, parties = [] }: Pick<Recording, 'partitions'> & Partial<Pick<Recording, 'parties'>>): boolean {
  if (scope.type === 'agent') return parties.some(({ agent }) => agent?.normalize('NFC') === scope.agent.normalize('NFC'))
  if (scope.type !== 'partitions') return scope.type === 'all'
  // Two spellings of one text are one path, as in the catalogue's keys.
  const reached = new Set(scope.paths.map((path) => path.normalize('NFC')))
  return partitions.some((partition) => partitionAncestors(partition).some((path) => reached.has(path.normalize('NFC'))))
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
