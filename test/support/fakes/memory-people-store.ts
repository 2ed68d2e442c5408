import { DEFAULT_ROLES, isDefaultRole, type RoleDefinition, type RoleName } from '../../../core/domain/actor.ts'
import type { UserId } from '../../../core/domain/ids.ts'
import { NO_ORGANISATION } from '../../../core/domain/organisation.ts'
import { type People, type User, userNameKey } from '../../../core/domain/person.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { PeopleChange, PeoplePlan, PeopleStore, Restamp } from '../../../core/ports/people-store.ts'

/** Users, roles and units in memory. Recordings in memory look at the tree each time: there is nothing to stamp. */
export class MemoryPeopleStore implements PeopleStore {
  readonly #audit: AuditLog
  /** A test may put its own here. */
  restampSome: PeopleStore['restampSome'] = async () => await Promise.resolve(null)
  #people: People = { users: [], roles: [], organisation: NO_ORGANISATION }
  #version = 1

  constructor(audit: AuditLog) {
    this.#audit = audit
  }

  /** As it stands, without waiting. */
  get people(): People {
    return this.#people
  }

  async read(): Promise<People> {
    return this.#people
  }

  async findUser(id: UserId): Promise<User | null> {
    return this.#people.users.find((user) => user.id === id) ?? null
  }

  async findUserByName(name: string): Promise<User | null> {
    return this.#people.users.find((user) => userNameKey(user.name) === userNameKey(name)) ?? null
  }

  async findRole(name: RoleName): Promise<RoleDefinition | null> {
    return isDefaultRole(name) ? DEFAULT_ROLES[name] : this.#people.roles.find((role) => role.name === name) ?? null
  }

  async organisationVersion(): Promise<number> {
    return this.#version
  }

  async change<Plan extends PeoplePlan>(plan: (now: People) => Plan): Promise<Plan> {
    const planned = plan(this.#people)
    for (const draft of planned.audit) await this.#audit.append(draft)
    for (const change of planned.changes) this.#people = changed(this.#people, change)
    if (planned.changes.some(({ type }) => type === 'unit' || type === 'members')) this.#version += 1
    return planned
  }

  async restamp(): Promise<Restamp | null> {
    return null
  }

}

function changed(people: People, change: PeopleChange): People {
  const { users, roles, organisation } = people
  switch (change.type) {
    case 'user':
      return { ...people, users: [...users.filter(({ id }) => id !== change.user.id), change.user] }
    case 'user-removed':
      return { ...people, users: users.filter(({ id }) => id !== change.id) }
    case 'role':
      return { ...people, roles: [...roles.filter(({ name }) => name !== change.role.name), change.role] }
    case 'role-removed':
      return { ...people, roles: roles.filter(({ name }) => name !== change.name) }
    case 'unit':
      return { ...people, organisation: { ...organisation, places: [...organisation.places.filter(({ unitId }) => unitId !== change.id), ...change.places] } }
    case 'members':
      return { ...people, organisation: { ...organisation, members: [...organisation.members.filter(({ agent }) => agent !== change.agent), ...change.memberships] } }
  }
}
