import type { Requester, RoleDefinition, RoleReach, TokenBinding } from '../../domain/actor.ts'
import type { ApiClient, Asker } from '../../domain/api-client.ts'
import type { UnitId } from '../../domain/ids.ts'
import type { User } from '../../domain/person.ts'
import { narrowedRights } from '../../domain/token-permissions.ts'
import type { StoredToken } from '../../ports/token-store.ts'

/** What is named for somebody narrows her role, or makes it reach anything at all. */
const REACH: Readonly<Record<RoleReach, (named: { readonly partitions: readonly string[]; readonly units: readonly UnitId[] }) => Requester['reach']>> = {
  everything: () => 'all',
  'everything-unless-narrowed': ({ partitions, units }) => partitions.length + units.length === 0 ? 'all' : partitions,
  named: ({ partitions }) => partitions,
  // Her own calls alone: see access.ts.
  own: () => [],
}

/** The one place where a token narrows its role. */
export function requesterOfToken({ id, label, partitions, binding, permissions }: StoredToken, role: RoleDefinition, address: string): Requester {
  return { actor: { type: 'token', id }, ...narrowedRights({ role, binding }, permissions), label, reach: REACH[role.reach]({ partitions, units: [] }), units: [], address }
}

/** What is noted of whoever asks where the audit is written by somebody else. */
export function clientOf({ actor: { type }, address, label, knownAt }: Requester): ApiClient {
  return { type, address, label, ...(knownAt === undefined ? {} : { knownAt: knownAt.toISOString() }) }
}

/** Whoever asks, with from where. */
export function askerOf(requester: Requester): Asker {
  return { ...requester.actor, client: clientOf(requester) }
}

export function requesterOfUser({ id, name, partitions, units, agent }: User, role: RoleDefinition, address: string): Requester {
  const reach = REACH[role.reach]({ partitions, units })
  // What she sees of her own recordings, her role says.
  const binding: TokenBinding | null = agent === null ? null : { agent, desks: [], sees: 'live' }
  return { actor: { type: 'user', id }, role, label: name, reach, units: reach === 'all' || role.reach === 'own' ? [] : units, binding, address }
}
