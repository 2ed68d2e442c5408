import type { RoleDefinition, RoleName } from './actor.ts'
import type { UnitId } from './ids.ts'
import { type Membership, NO_ORGANISATION, type UnitPlace } from './organisation.ts'
import { type EditMoment, edited, type PeopleEdit } from './people-edit.ts'
import { type People, type User, userNameKey } from './person.ts'

/** People under many edits: each looks only at what it is about, so that a hundred thousand of them take seconds. */
export class PeopleDraft {
  readonly #users: Map<string, User>
  readonly #roles: Map<RoleName, RoleDefinition>
  readonly #places: Map<UnitId, readonly UnitPlace[]>
  readonly #members: Map<UnitId, readonly Membership[]>

  constructor({ users, roles, organisation: { places, members } }: People) {
    this.#users = new Map(users.map((user) => [userNameKey(user.name), user]))
    this.#roles = new Map(roles.map((role) => [role.name, role]))
    this.#places = Map.groupBy(places, ({ unitId }) => unitId)
    this.#members = Map.groupBy(members, ({ unitId }) => unitId)
  }

  /** @throws HoldfastError `PEOPLE_INVALID`; `PEOPLE_NOT_FOUND`: then it is as it was before */
  apply(edit: PeopleEdit, moment: EditMoment): void {
    if (edit.type === 'user' || edit.type === 'user-removed') this.#editUsers(edit, moment)
    else if (edit.type === 'role' || edit.type === 'role-removed') this.#editRoles(edit, moment)
    else this.#editUnit(edit, moment)
  }

  people(): People {
    return { users: [...this.#users.values()], roles: [...this.#roles.values()], organisation: { places: [...this.#places.values()].flat(), members: [...this.#members.values()].flat() } }
  }

  /** Whoever has one of the names that it tells, before or after. */
  #editUsers(edit: Extract<PeopleEdit, { type: 'user' | 'user-removed' }>, moment: EditMoment): void {
    const newName = edit.type === 'user' ? edit.wish.name : undefined
    const keys = new Set([edit.name, edit.name.trim(), newName?.trim() ?? edit.name].map(userNameKey))
    const found = [...keys].flatMap((key) => this.#users.get(key) ?? [])
    const { users } = edited({ users: found, roles: [], organisation: NO_ORGANISATION }, edit, moment)
    for (const { name } of found) this.#users.delete(userNameKey(name))
    for (const user of users) this.#users.set(userNameKey(user.name), user)
  }

  #editRoles(edit: Extract<PeopleEdit, { type: 'role' | 'role-removed' }>, moment: EditMoment): void {
    const found = this.#roles.get(edit.name)
    // Who bears it keeps it from going.
    const users = edit.type === 'role-removed' ? [...this.#users.values()] : []
    const { roles } = edited({ users, roles: found === undefined ? [] : [found], organisation: NO_ORGANISATION }, edit, moment)
    this.#roles.delete(edit.name)
    for (const role of roles) this.#roles.set(role.name, role)
  }

  #editUnit(edit: Extract<PeopleEdit, { unitId: UnitId }>, moment: EditMoment): void {
    const { unitId } = edit
    const before = { places: this.#places.get(unitId) ?? [], members: this.#members.get(unitId) ?? [] }
    const { organisation: { places, members } } = edited({ users: [], roles: [], organisation: before }, edit, moment)
    this.#places.delete(unitId)
    this.#members.delete(unitId)
    if (places.length > 0) this.#places.set(unitId, places)
    if (members.length > 0) this.#members.set(unitId, members)
  }
}
