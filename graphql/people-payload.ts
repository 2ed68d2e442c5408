import { DEFAULT_ROLES, type RoleDefinition } from '../core/domain/actor.ts'
import type { UnitId } from '../core/domain/ids.ts'
import type { UnitPlace } from '../core/domain/organisation.ts'
import type { PeopleEdit } from '../core/domain/people-edit.ts'
import { type People, type User, userNameKey } from '../core/domain/person.ts'
import type { Context } from './context.ts'
import { asPayload, type UserErrorModel } from './user-errors.ts'

/** A unit with all its history. */
export interface UnitModel {
  readonly unitId: UnitId
  readonly places: readonly UnitPlace[]
}

interface PeoplePayload {
  readonly changed: number | null
  readonly user: User | null
  readonly role: RoleDefinition | null
  readonly unit: UnitModel | null
  readonly userErrors: readonly UserErrorModel[]
}

const NOTHING = { changed: null, user: null, role: null, unit: null }

/** Does one edit, and gives what it was about as it is afterwards. */
export function peoplePayload({ library, requester }: Pick<Context, 'library' | 'requester'>, edit: () => PeopleEdit): Promise<PeoplePayload> {
  return asPayload(async () => {
    const wanted = edit()
    const { people, differences } = await library.people.edit(requester, [wanted])
    return { ...NOTHING, ...aboutOf(wanted, people), changed: differences.length }
  }, NOTHING)
}

function aboutOf(edit: PeopleEdit, people: People): Partial<Pick<PeoplePayload, 'user' | 'role' | 'unit'>> {
  if (edit.type === 'user' || edit.type === 'user-removed') {
    const name = edit.type === 'user' ? edit.wish.name ?? edit.name : edit.name
    return { user: people.users.find((user) => userNameKey(user.name) === userNameKey(name)) ?? null }
  }
  if (edit.type === 'role' || edit.type === 'role-removed') return { role: people.roles.find(({ name }) => name === edit.name) ?? null }
  return { unit: unitsOf(people).find(({ unitId }) => unitId === edit.unitId) ?? null }
}

/** By their ids. */
export function unitsOf({ organisation: { places } }: People): readonly UnitModel[] {
  return [...Map.groupBy(places, ({ unitId }) => unitId)].map(([unitId, own]) => ({ unitId, places: own.toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime()) }))
    .toSorted((one, other) => one.unitId < other.unitId ? -1 : 1)
}

export function rolesOf({ roles }: People): readonly RoleDefinition[] {
  return [...Object.values(DEFAULT_ROLES), ...roles]
}
