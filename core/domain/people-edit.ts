import { type Hearing, isDefaultRole, type Permission, type RoleDefinition, type RoleName, type RoleReach } from './actor.ts'
import { HoldfastError } from './errors.ts'
import type { UnitId, UserId } from './ids.ts'
import { MAX_UNIT_NAME_LENGTH, type Membership, type Organisation, type UnitPlace } from './organisation.ts'
import { MAX_LED_UNITS, parseUserName, type People, type User, userNameKey } from './person.ts'
import { MAX_PARTITIONS } from './partition.ts'
import type { Visibility } from './rules/attached-schema.ts'
import { type TimeSpan, without } from './spans-of-time.ts'

/** What of a user is to be otherwise; what is not asked stays, or is nothing for a new one. */
export interface UserWish {
  readonly role?: RoleName
  readonly agent?: string | null
  readonly partitions?: readonly string[]
  readonly units?: readonly UnitId[]
  readonly disabled?: boolean
  readonly name?: string
}

/** What of a role is to be otherwise. */
export interface RoleWish {
  readonly permissions?: readonly Permission[]
  readonly reach?: RoleReach
  readonly sees?: readonly Visibility[]
  readonly hears?: Hearing
  readonly reasonRequired?: boolean
}

/** One thing that somebody wants otherwise. */
export type PeopleEdit =
  | { readonly type: 'user'; readonly name: string; readonly must: 'be-new' | 'be-there' | 'be'; readonly wish: UserWish }
  | { readonly type: 'user-removed'; readonly name: string }
  | { readonly type: 'role'; readonly name: RoleName; readonly must: 'be-new' | 'be-there' | 'be'; readonly wish: RoleWish }
  | { readonly type: 'role-removed'; readonly name: RoleName }
  /** From then on the unit stands there; what was to come after is void. `name`, `parentId` not asked: as before. */
  | { readonly type: 'unit-placed'; readonly unitId: UnitId; readonly must: 'be-new' | 'be-there' | 'be'; readonly name?: string; readonly parentId?: UnitId | null; readonly fromAt: Date }
  /** All of its history. */
  | { readonly type: 'unit'; readonly unitId: UnitId; readonly places: readonly UnitPlace[] }
  | { readonly type: 'unit-closed'; readonly unitId: UnitId; readonly at: Date }
  /** As if it had never been. */
  | { readonly type: 'unit-removed'; readonly unitId: UnitId }
  | { readonly type: 'joined'; readonly unitId: UnitId; readonly agent: string; readonly span: TimeSpan }
  | { readonly type: 'left'; readonly unitId: UnitId; readonly agent: string; readonly span: TimeSpan }
  /** Who was in it, all of its history. */
  | { readonly type: 'members'; readonly unitId: UnitId; readonly members: readonly Membership[] }

/** Whom a new user is to be known by, and when it is. */
export interface EditMoment {
  readonly now: Date
  readonly newId: () => UserId
}

/** The people as they are after it. @throws HoldfastError `PEOPLE_INVALID`; `PEOPLE_NOT_FOUND` */
export function edited(people: People, edit: PeopleEdit, moment: EditMoment): People {
  if (edit.type === 'user') return withUser(people, edit, moment)
  if (edit.type === 'user-removed') return withoutUser(people, edit.name)
  if (edit.type === 'role') return { ...people, roles: withRole(people.roles, edit) }
  if (edit.type === 'role-removed') return { ...people, roles: withoutRole(people, edit.name) }
  return { ...people, organisation: editedOrganisation(people.organisation, edit) }
}

function withUser(people: People, { name, must, wish }: Extract<PeopleEdit, { type: 'user' }>, { now, newId }: EditMoment): People {
  const had = people.users.find((user) => userNameKey(user.name) === userNameKey(name)) ?? null
  checkMust(must, had !== null, `user ${name}`)
  const blank = { id: newId(), name: parseUserName(name), agent: null, partitions: [], units: [], createdAt: now, disabledAt: null }
  const role = wish.role ?? had?.role
  if (role === undefined) throw new HoldfastError('PEOPLE_INVALID', 'a new user needs a role')
  const before = had ?? { ...blank, role }
  const { agent = before.agent, partitions = before.partitions, units = before.units, disabled = before.disabledAt !== null } = wish
  if (partitions.length > MAX_PARTITIONS) throw new HoldfastError('PEOPLE_INVALID', `a user reaches at most ${MAX_PARTITIONS} partitions`)
  if (units.length > MAX_LED_UNITS) throw new HoldfastError('PEOPLE_INVALID', `a user leads at most ${MAX_LED_UNITS} units: name one above them`)
  const user: User = {
    ...before, role, agent, partitions: [...new Set(partitions)], units: [...new Set(units)],
    name: wish.name === undefined ? before.name : parseUserName(wish.name), disabledAt: disabled ? before.disabledAt ?? now : null,
  }
  const others = people.users.filter(({ id }) => id !== user.id)
  if (others.some((other) => userNameKey(other.name) === userNameKey(user.name))) throw new HoldfastError('PEOPLE_INVALID', `there is a user ${user.name} already`)
  return { ...people, users: [...others, user] }
}

function withRole(roles: readonly RoleDefinition[], { name, must, wish }: Extract<PeopleEdit, { type: 'role' }>): readonly RoleDefinition[] {
  if (isDefaultRole(name)) throw new HoldfastError('PEOPLE_INVALID', `the role ${name} is built in and does not change: make one of your own`)
  const had = roles.find((role) => role.name === name) ?? null
  checkMust(must, had !== null, `role ${name}`)
  const before = had ?? { name, permissions: [], reach: 'named', sees: ['open'], hears: 'whole', reasonRequired: false }
  const { permissions = before.permissions, reach = before.reach, sees = before.sees, hears = before.hears, reasonRequired = before.reasonRequired } = wish
  return [...roles.filter((role) => role.name !== name), { name, permissions: [...new Set(permissions)], reach, sees: [...new Set(sees)], hears, reasonRequired }]
}

function withoutRole({ roles, users }: People, name: RoleName): readonly RoleDefinition[] {
  if (isDefaultRole(name)) throw new HoldfastError('PEOPLE_INVALID', `the role ${name} is built in`)
  if (!roles.some((role) => role.name === name)) throw new HoldfastError('PEOPLE_NOT_FOUND', `there is no role ${name}`)
  const bearer = users.find(({ role }) => role === name)
  if (bearer !== undefined) throw new HoldfastError('PEOPLE_INVALID', `the role ${name} is that of ${bearer.name}: give her another one first`)
  return roles.filter((role) => role.name !== name)
}

function editedOrganisation(organisation: Organisation, edit: Exclude<PeopleEdit, { type: 'user' | 'user-removed' | 'role' | 'role-removed' }>): Organisation {
  const { places, members } = organisation
  const { unitId } = edit
  const [own, others] = [places.filter((place) => place.unitId === unitId), places.filter((place) => place.unitId !== unitId)]
  if (edit.type !== 'unit' && edit.type !== 'unit-placed' && own.length === 0) throw new HoldfastError('PEOPLE_NOT_FOUND', `there is no unit ${unitId}`)
  switch (edit.type) {
    case 'unit-placed':
      return { places: [...others, ...placedAnew(own, edit)], members }
    case 'unit':
      return { places: [...others, ...edit.places.map(checkedPlace)], members }
    case 'unit-closed':
      return { places: [...others, ...own.flatMap((place) => without(place, { fromAt: edit.at, toAt: null }))], members }
    case 'unit-removed':
      return { places: others, members: members.filter((member) => member.unitId !== unitId) }
    case 'joined':
      return { places, members: [...withoutSpan(members, edit), { unitId, agent: edit.agent, ...merged(members, edit) }] }
    case 'left':
      return { places, members: withoutSpan(members, edit) }
    case 'members':
      return { places, members: [...members.filter((member) => member.unitId !== unitId), ...edit.members] }
  }
}

function placedAnew(own: readonly UnitPlace[], { unitId, must, name, parentId, fromAt }: Extract<PeopleEdit, { type: 'unit-placed' }>): readonly UnitPlace[] {
  checkMust(must, own.length > 0, `unit ${unitId}`)
  const last = own.toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime()).findLast((place) => place.fromAt <= fromAt) ?? null
  const next = checkedPlace({ unitId, name: name ?? last?.name ?? unitId, parentId: parentId === undefined ? last?.parentId ?? null : parentId, fromAt, toAt: null })
  // The same place goes on: it does not begin anew.
  const goesOn = last !== null && (last.toAt === null || last.toAt >= fromAt) && last.name === next.name && last.parentId === next.parentId
  if (goesOn) return [...own.filter((place) => place.fromAt < last.fromAt), { ...last, toAt: null }]
  return [...own.flatMap((place) => without(place, next)), next]
}

function checkedPlace(place: UnitPlace): UnitPlace {
  const name = place.name.normalize('NFC').trim()
  if (name === '' || name.length > MAX_UNIT_NAME_LENGTH || /\p{Cc}/u.test(name) || !name.isWellFormed()) throw new HoldfastError('PEOPLE_INVALID', `the name of the unit ${place.unitId} has 1 to ${MAX_UNIT_NAME_LENGTH} printable characters`)
  return { ...place, name }
}

type Stay = Extract<PeopleEdit, { type: 'joined' | 'left' }>

function withoutSpan(members: readonly Membership[], edit: Stay): readonly Membership[] {
  const span = edit.type === 'joined' ? merged(members, edit) : edit.span
  return members.flatMap((member) => isSameStay(member, edit) ? without(member, span) : [member])
}

/** One that touches what was there already is one with it. */
function merged(members: readonly Membership[], edit: Stay): TimeSpan {
  const { span } = edit
  const touching = members.filter((member) => isSameStay(member, edit) && (span.toAt === null || member.fromAt <= span.toAt) && (member.toAt === null || member.toAt >= span.fromAt))
  const ends = [span.toAt, ...touching.map(({ toAt }) => toAt)]
  return {
    fromAt: new Date(Math.min(span.fromAt.getTime(), ...touching.map(({ fromAt }) => fromAt.getTime()))),
    toAt: ends.includes(null) ? null : new Date(Math.max(...ends.map((end) => end?.getTime() ?? 0))),
  }
}

function isSameStay(member: Membership, { unitId, agent }: Stay): boolean {
  return member.unitId === unitId && member.agent === agent
}

function withoutUser(people: People, name: string): People {
  const others = people.users.filter((known) => userNameKey(known.name) !== userNameKey(name))
  if (others.length === people.users.length) throw new HoldfastError('PEOPLE_NOT_FOUND', `there is no user ${name}`)
  return { ...people, users: others }
}

function checkMust(must: 'be-new' | 'be-there' | 'be', isThere: boolean, what: string): void {
  if (must === 'be-new' && isThere) throw new HoldfastError('PEOPLE_INVALID', `there is a ${what} already`)
  if (must === 'be-there' && !isThere) throw new HoldfastError('PEOPLE_NOT_FOUND', `there is no ${what}`)
}
