import { isDefaultRole, type RoleDefinition, type RoleName } from './actor.ts'
import type { UnitId } from './ids.ts'
import type { Membership, UnitPlace } from './organisation.ts'
import { organisationFaults } from './organisation-faults.ts'
import type { People, User } from './person.ts'
import { differFrom } from './spans-of-time.ts'

/** One thing that is not as it was; `null`: not there. */
export type PeopleDifference =
  | { readonly type: 'user'; readonly before: User | null; readonly after: User | null }
  | { readonly type: 'role'; readonly before: RoleDefinition | null; readonly after: RoleDefinition | null }
  | { readonly type: 'unit'; readonly unitId: UnitId; readonly before: readonly UnitPlace[]; readonly after: readonly UnitPlace[]; readonly from: Date }
  | { readonly type: 'members'; readonly agent: string; readonly after: readonly Membership[]; readonly units: readonly UnitId[]; readonly from: Date }

/** What is wrong with people, and with whom. */
export interface PeopleFault {
  readonly about: PersonOrUnit
  readonly text: string
  /** What it would need, and what is not there; `null`: another fault. */
  readonly missing: RoleOrUnit | null
}
export type PersonOrUnit = { readonly type: 'user'; readonly name: string } | { readonly type: 'unit'; readonly unitId: UnitId }
export type RoleOrUnit = { readonly type: 'role'; readonly role: RoleName } | { readonly type: 'unit'; readonly unitId: UnitId }

/** All that is wrong with them together. */
export function peopleFaults({ users, roles, organisation }: People): readonly PeopleFault[] {
  const units = new Set(organisation.places.map(({ unitId }) => unitId))
  const names = new Set(roles.map(({ name }) => name))
  return [
    ...organisationFaults(organisation).map(({ unitId, text, missing }): PeopleFault => ({ about: { type: 'unit', unitId }, text, missing: missing === null ? null : { type: 'unit', unitId: missing } })),
    ...users.flatMap(({ name, role, units: led }): readonly PeopleFault[] => {
      const about = { type: 'user', name } as const
      const roleless: readonly PeopleFault[] = isDefaultRole(role) || names.has(role) ? [] : [{ about, text: `${name} has the role ${role}, which there is not`, missing: { type: 'role', role } }]
      const strays = led.filter((unit) => !units.has(unit))
      return [...roleless, ...strays.map((unitId): PeopleFault => ({ about, text: `${name} leads the unit ${unitId}, which there is not`, missing: { type: 'unit', unitId } }))]
    }),
  ]
}

/** What two states of the same people differ in. */
export function peopleDifferences(before: People, after: People): readonly PeopleDifference[] {
  return [
    ...things(before.roles, after.roles, ({ name }) => name).map(({ before: had, after: has }) => ({ type: 'role', before: had, after: has }) as const),
    ...histories(before.organisation.places, after.organisation.places, { keyOf: ({ unitId }) => unitId, textOf: ({ name, parentId }) => `${parentId ?? ''} ${name}` })
      .map(({ key, before: had, after: has, from }) => ({ type: 'unit', unitId: key, before: had, after: has, from }) as const),
    ...histories(before.organisation.members, after.organisation.members, { keyOf: ({ agent }) => agent, textOf: ({ unitId }) => unitId })
      .map(({ key, before: had, after: has, from }) => ({ type: 'members', agent: key, after: has, units: [...new Set([...had, ...has].map(({ unitId }) => unitId))], from }) as const),
    ...things(before.users, after.users, ({ id }) => id).map(({ before: had, after: has }) => ({ type: 'user', before: had, after: has }) as const),
  ]
}

/** From when the organisation differs; `null`: it does not. */
export function reorganisedFrom(differences: readonly PeopleDifference[]): Date | null {
  const times = differences.flatMap((each) => 'from' in each ? [each.from.getTime()] : [])
  return times.length === 0 ? null : new Date(Math.min(...times))
}

function things<T>(before: readonly T[], after: readonly T[], keyOf: (thing: T) => string): readonly { readonly before: T | null; readonly after: T | null }[] {
  const [had, has] = [new Map(before.map((thing) => [keyOf(thing), thing])), new Map(after.map((thing) => [keyOf(thing), thing]))]
  return [...new Set([...had.keys(), ...has.keys()])].map((key) => ({ before: had.get(key) ?? null, after: has.get(key) ?? null }))
    .filter((pair) => JSON.stringify(pair.before) !== JSON.stringify(pair.after))
}

type Dated = Pick<UnitPlace, 'fromAt' | 'toAt'>

function histories<T extends Dated, Key extends string>(before: readonly T[], after: readonly T[], { keyOf, textOf }: { readonly keyOf: (span: T) => Key; readonly textOf: (span: T) => string }): readonly { readonly key: Key; readonly before: readonly T[]; readonly after: readonly T[]; readonly from: Date }[] {
  const [had, has] = [Map.groupBy(before, keyOf), Map.groupBy(after, keyOf)]
  return [...new Set([...had.keys(), ...has.keys()])].flatMap((key) => {
    const pair = { key, before: had.get(key) ?? [], after: (has.get(key) ?? []).toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime()) }
    const from = differFrom(pair.before, pair.after, textOf)
    return from === null ? [] : [{ ...pair, from }]
  })
}
