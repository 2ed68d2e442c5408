import { isOfControl, may, type Permission, type Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { UnitId } from '../../domain/ids.ts'
import { NO_ORGANISATION, type Organisation, unitsOfAgents } from '../../domain/organisation.ts'
import { partitionAncestors } from '../../domain/partition.ts'
import type { Recording } from '../../domain/recording.ts'
import { onTimeLine } from '../../domain/time-line.ts'
import type { AccessScope } from '../../ports/recording-repository.ts'

/** Whose recordings this requester sees. What lies outside is answered as if it were not there. */
export function scopeOf(requester: Requester): AccessScope {
  if (requester.role.reach === 'own') return scopeOfOwn(requester)
  if (requester.reach === 'all') return { type: 'all' }
  const { reach: partitions, units } = requester
  return partitions.length + units.length === 0 ? { type: 'none' } : { type: 'named', partitions, units }
}

/** Her calls while they go on are not looked for here: see `LiveControl`. */
function scopeOfOwn(requester: Requester): AccessScope {
  const { binding } = requester
  const seesOwn = may(requester, 'search') || may(requester, 'play')
  return seesOwn && binding !== null && binding.agent !== null ? { type: 'agent', agent: binding.agent } : { type: 'none' }
}

/** What of a recording decides who reaches it; a decision has partitions alone. */
export type Reachable = Pick<Recording, 'partitions'> & Partial<Pick<Recording, 'parties' | 'startedAt' | 'clockOffsetMs'>>

/**
 * Whether a recording lies within a scope: what the catalogue answers by its own index, for a recording that it may not know yet.
 * @param organisation - needed for a scope that names units: see `Organisations`
 */
export function reaches(scope: AccessScope, recording: Reachable, organisation: Organisation = NO_ORGANISATION): boolean {
  const { partitions, parties = [] } = recording
  if (scope.type === 'agent') return parties.some(({ agent }) => agent?.normalize('NFC') === scope.agent.normalize('NFC'))
  if (scope.type !== 'named') return scope.type === 'all'
  // Two spellings of one text are one path, as in the catalogue's keys.
  const reached = new Set(scope.partitions.map((path) => path.normalize('NFC')))
  return partitions.some((partition) => partitionAncestors(partition).some((path) => reached.has(path.normalize('NFC'))))
    || (scope.units.length > 0 && unitsReaching(recording, organisation).some((unit) => scope.units.includes(unit)))
}

/** The units of those who were heard, with all above them, as the tree was when the recording began. */
function unitsReaching({ parties = [], startedAt, clockOffsetMs = null }: Reachable, organisation: Organisation): readonly UnitId[] {
  if (startedAt === undefined) return []
  return unitsOfAgents(organisation, parties.flatMap(({ agent }) => agent ?? []), onTimeLine({ clockOffsetMs }, startedAt))
}

/**
 * The scope within which a requester may do something.
 * @throws HoldfastError `FORBIDDEN` when the role has no such permission at all; `REASON_REQUIRED` where it has to say why, and nobody did; `STORE_FAILED`: see {@link mustBeKnownNow}
 */
export function scopeFor(requester: Requester, permission: Permission): AccessScope {
  if (!isOfControl(permission)) mustBeKnownNow(requester)
  if (!may(requester, permission)) {
    throw new HoldfastError('FORBIDDEN', `the role ${requester.role.name}, or this token of it, lacks the permission ${permission}`, { role: requester.role.name, permission })
  }
  if (NEEDS_REASON.has(permission) && requester.role.reasonRequired && requester.reason === undefined) {
    throw new HoldfastError('REASON_REQUIRED', `the role ${requester.role.name} says why before it looks at recordings: the header X-Holdfast-Reason`, { role: requester.role.name })
  }
  return scopeOf(requester)
}

/** For everything but a pause, a start, a stop, and the look at one's own call. @throws HoldfastError `STORE_FAILED` (retry) */
export function mustBeKnownNow({ knownAt }: Requester): void {
  if (knownAt !== undefined) throw new HoldfastError('STORE_FAILED', 'the catalogue does not say now who that is: calls are controlled by what it said before, and nothing else', { knownAt: knownAt.toISOString() })
}

/** What a role that has to say why does not do without: whoever labels a recording is shown it. */
const NEEDS_REASON: ReadonlySet<Permission> = new Set(['search', 'play', 'export', 'label'])

/**
 * The scope within which a requester may control calls, her own or others'.
 * @throws HoldfastError `FORBIDDEN`
 */
export function scopeForControl(requester: Requester): AccessScope {
  return scopeFor(requester, may(requester, 'control-own') ? 'control-own' : 'control-team')
}
