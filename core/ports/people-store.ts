import type { RoleDefinition, RoleName } from '../domain/actor.ts'
import type { AuditDraft } from '../domain/audit-entry.ts'
import type { UnitId, UserId } from '../domain/ids.ts'
import type { Membership, UnitPlace } from '../domain/organisation.ts'
import type { People, User } from '../domain/person.ts'

/** One thing as it is to be from now on; of units and members with all their history. Empty history: gone. */
export type PeopleChange =
  | { readonly type: 'user'; readonly user: User }
  | { readonly type: 'user-removed'; readonly id: UserId }
  | { readonly type: 'role'; readonly role: RoleDefinition }
  | { readonly type: 'role-removed'; readonly name: RoleName }
  | { readonly type: 'unit'; readonly id: UnitId; readonly places: readonly UnitPlace[] }
  | { readonly type: 'members'; readonly agent: string; readonly memberships: readonly Membership[] }

/** What is to be changed, and told. */
export interface PeoplePlan {
  readonly changes: readonly PeopleChange[]
  readonly audit: readonly AuditDraft[]
  /** Recordings that began at this time or later are to be looked at again: the tree of then has changed. `null`: none. */
  readonly restamp: { readonly from: Date; readonly at: Date } | null
}

/** Looking at recordings again, because a tree that they were stamped by was corrected. */
export interface Restamp {
  /** Recordings that began at this time or later. */
  readonly from: Date
  readonly askedAt: Date
  readonly looked: number
  readonly changed: number
  /** How far it came, 0 to 1, by time. */
  readonly share: number
}

/** Users, roles and the organisation. */
export interface PeopleStore {
  /** Everything as it stands. Loads all of it. */
  read(): Promise<People>
  findUser(id: UserId): Promise<User | null>
  /** Case does not count. */
  findUserByName(name: string): Promise<User | null>
  /** A default role is found without looking. `null`: there is none of this name. */
  findRole(name: RoleName): Promise<RoleDefinition | null>
  /** Counts changes of the organisation: the same number, the same tree. */
  organisationVersion(): Promise<number>
  /**
   * Changes all or none, in one transaction with the audit. One change comes after the other; `plan` is given what stands then, and may be
   * run again: it must change nothing itself, and may throw.
   */
  change<Plan extends PeoplePlan>(plan: (now: People) => Plan): Promise<Plan>
  /** What is left of looking again; `null`: nothing. */
  restamp(): Promise<Restamp | null>
  /**
   * Looks at the next recordings again, at most so many, in one transaction; with the last of them the audit entry. Two may work at once: one
   * waits. `null`: there was nothing left. A `share` of 1: there is nothing left now.
   */
  restampSome(most: number, audit: (done: Restamp) => AuditDraft): Promise<Restamp | null>
}
