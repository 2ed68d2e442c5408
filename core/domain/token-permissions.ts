import { type Permission, permissionsOf, type Requester, type TokenBinding } from './actor.ts'
import { HoldfastError } from './errors.ts'

/** What somebody may and whose calls are hers: what a token narrows. */
type Rights = Pick<Requester, 'role' | 'binding'>

/**
 * What of a role a token has: never more than the role has now, and never what the token does not name.
 * @param permissions - those that the token names; `null`: all of its role
 */
export function narrowedRights({ role, binding }: Rights, permissions: readonly Permission[] | null): Rights {
  if (permissions === null) return { role, binding }
  const named = new Set(permissions)
  // Without `control-team` its calls would be controlled as an agent's: another word of the rules, not less of the same.
  if (actsAsAgentAlone(role.permissions, named)) named.delete('control-own')
  return { role: { ...role, permissions: role.permissions.filter((permission) => named.has(permission)) }, binding: narrowedBinding(binding, named) }
}

/** The permissions of a token to be made, each once. @throws HoldfastError `CONFIG_INVALID`: none, one that the role lacks, or `control-own` alone of a role that has `control-team` */
export function checkedTokenPermissions(rights: Rights, permissions: readonly Permission[] | null): readonly Permission[] | null {
  if (permissions === null) return null
  const role = rights.role.name
  const granted = permissionsOf(rights)
  if (permissions.length === 0) throw new HoldfastError('CONFIG_INVALID', 'a token that is narrowed to no permission does nothing: name one, or leave the list out', { role })
  const lacking = permissions.filter((permission) => !granted.includes(permission))
  if (lacking.length > 0) throw new HoldfastError('CONFIG_INVALID', `a token has no more than its role: ${role} lacks ${lacking.join(', ')}`, { role, lacking: lacking.join(',') })
  if (actsAsAgentAlone(granted, new Set(permissions))) throw new HoldfastError('CONFIG_INVALID', `${role} controls the calls of a team, and its token does so or controls none: name control-team beside control-own`, { role })
  return granted.filter((permission) => permissions.includes(permission))
}

function actsAsAgentAlone(granted: readonly Permission[], named: ReadonlySet<Permission>): boolean {
  return granted.includes('control-team') && named.has('control-own') && !named.has('control-team')
}

/** Her own recordings of before are found by `search`, whoever gives it. */
function narrowedBinding(binding: TokenBinding | null, named: ReadonlySet<Permission>): TokenBinding | null {
  return binding === null || named.has('search') ? binding : { ...binding, sees: 'live' }
}
