import type { Compilable } from 'kysely'
import { DEFAULT_ROLES, isDefaultRole, type RoleDefinition, type RoleName } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import type { UserId } from '../../domain/ids.ts'
import { type People, type User, userNameKey } from '../../domain/person.ts'
import { recordingIdRange } from '../../domain/recording-id.ts'
import type { PeopleChange, PeoplePlan, PeopleStore, Restamp } from '../../ports/people-store.ts'
import type { AuditChain } from './audit-chain.ts'
import { memberOf, memberRow, placeOf, roleOf, roleRow, unitRow, userOf, userRow } from './people-rows.ts'
import { locked, together } from './portable.ts'
import { restampNext } from './restamp.ts'
import { MAX_LATE_START_MS } from './search-conditions.ts'
import { searchKey } from './search-key.ts'
import { forgettingTries } from './sign-in-attempts.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

export class SqlPeopleStore implements PeopleStore {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  read(): Promise<People> {
    return this.#database.read(peopleIn)
  }

  async findUser(id: UserId): Promise<User | null> {
    const row = await this.#database.ask((db) => db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst())
    return row === undefined ? null : userOf(row)
  }

  async findUserByName(name: string): Promise<User | null> {
    const row = await this.#database.ask((db) => db.selectFrom('users').selectAll().where('name_key', '=', searchKey(userNameKey(name))).executeTakeFirst())
    return row === undefined ? null : userOf(row)
  }

  async findRole(name: RoleName): Promise<RoleDefinition | null> {
    if (isDefaultRole(name)) return DEFAULT_ROLES[name]
    const row = await this.#database.ask((db) => db.selectFrom('roles').selectAll().where('name', '=', name).executeTakeFirst())
    return row === undefined ? null : roleOf(row)
  }

  async organisationVersion(): Promise<number> {
    const row = await this.#database.ask((db) => db.selectFrom('organisation_state').select('version').executeTakeFirstOrThrow())
    return row.version
  }

  change<Plan extends PeoplePlan>(plan: (now: People) => Plan): Promise<Plan> {
    return this.#database.change(async (tx) => {
      // Whoever changes anything holds this row: what was looked at stands until it is written.
      const { version, restamp_from: pending } = await locked(tx, tx.selectFrom('organisation_state').selectAll()).executeTakeFirstOrThrow()
      const now = await peopleIn(tx)
      const planned = plan(now)
      const known = new Set(now.users.map(({ id }) => id))
      await together(tx, planned.changes.flatMap((change) => queriesOf(tx, change, known)))
      if (planned.changes.some(({ type }) => type === 'unit' || type === 'members')) await tx.updateTable('organisation_state').set({ version: version + 1 }).execute()
      if (planned.restamp !== null) await restampAsked(tx, { ...planned.restamp, from: new Date(Math.min(planned.restamp.from.getTime(), pending ?? Infinity)) })
      await this.#chain.append(tx, planned.audit)
      return planned
    })
  }

  restamp(): Promise<Restamp | null> {
    return this.#database.read(pendingRestamp)
  }

  restampSome(most: number, audit: (done: Restamp) => AuditDraft): Promise<Restamp | null> {
    return this.#database.change(async (tx) => {
      await locked(tx, tx.selectFrom('organisation_state').select('id')).executeTakeFirstOrThrow()
      if (await pendingRestamp(tx) === null) return null
      const outcome = await restampNext(tx, most)
      const now = await pendingRestamp(tx)
      if (outcome === 'more' || now === null) return now
      await tx.updateTable('organisation_state').set({ restamp_from: null, restamp_asked_at: null }).execute()
      const done = { ...now, share: 1 }
      await this.#chain.append(tx, [audit(done)])
      return done
    })
  }
}

async function peopleIn(tx: Tx): Promise<People> {
  const [users, roles, places, members] = await together(tx, [
    tx.selectFrom('users').selectAll().orderBy('name_key'),
    tx.selectFrom('roles').selectAll().orderBy('name'),
    tx.selectFrom('units').selectAll().orderBy('id').orderBy('from_at'),
    tx.selectFrom('unit_members').selectAll().orderBy('agent').orderBy('from_at').orderBy('unit_id'),
  ])
  return { users: users.map(userOf), roles: roles.map(roleOf), organisation: { places: places.map(placeOf), members: members.map(memberOf) } }
}

/** Begins anew, also where one is under way: what that one looked at, it looked at by the tree of before. */
async function restampAsked(tx: Tx, { from, at }: { readonly from: Date; readonly at: Date }): Promise<void> {
  await tx.updateTable('organisation_state').set({
    restamp_from: from.getTime(), restamp_asked_at: at.getTime(), restamp_next_id: leastId(from), restamp_looked: 0, restamp_changed: 0,
  }).execute()
}

/** Ids tell of the minting: a recording may begin a while after it. */
function leastId(from: Date): number {
  const since = new Date(Math.max(0, from.getTime() - MAX_LATE_START_MS))
  return recordingIdRange(since, since).least
}

async function pendingRestamp(tx: Tx): Promise<Restamp | null> {
  const row = await tx.selectFrom('organisation_state').selectAll().executeTakeFirstOrThrow()
  if (row.restamp_from === null) return null
  const from = new Date(row.restamp_from)
  const { greatest } = await tx.selectFrom('recordings').select((select) => select.fn.max('id').as('greatest')).executeTakeFirstOrThrow()
  const { smallest } = await tx.selectFrom('recordings').select((select) => select.fn.min('id').as('smallest')).where('id', '>=', leastId(from)).executeTakeFirstOrThrow()
  return { from, askedAt: new Date(row.restamp_asked_at ?? 0), looked: row.restamp_looked, changed: row.restamp_changed, share: shareOf(row.restamp_next_id, smallest, greatest) }
}

function shareOf(next: number, smallest: number | null, greatest: number | null): number {
  if (smallest === null || greatest === null || greatest <= smallest) return 0
  return Math.min(1, Math.max(0, (next - smallest) / (greatest - smallest)))
}

function queriesOf(tx: Tx, change: PeopleChange, known: ReadonlySet<UserId>): readonly Compilable[] {
  switch (change.type) {
    case 'user':
      // Not taken out and put in again: what else is kept of her hangs on her row.
      return [known.has(change.user.id) ? tx.updateTable('users').set(userRow(change.user)).where('id', '=', change.user.id) : tx.insertInto('users').values(userRow(change.user))]
    case 'user-removed':
      // Her sessions are worth nothing without her; their rows, and her password, need not stay.
      return [
        tx.deleteFrom('users').where('id', '=', change.id), tx.deleteFrom('user_passwords').where('user_id', '=', change.id),
        tx.deleteFrom('sessions').where('user_id', '=', change.id), ...forgettingTries(tx, change.id),
      ]
    case 'role':
      return [tx.deleteFrom('roles').where('name', '=', change.role.name), tx.insertInto('roles').values(roleRow(change.role))]
    case 'role-removed':
      return [tx.deleteFrom('roles').where('name', '=', change.name)]
    case 'unit':
      return [tx.deleteFrom('units').where('id', '=', change.id), ...(change.places.length === 0 ? [] : [tx.insertInto('units').values(change.places.map(unitRow))])]
    case 'members':
      return [
        tx.deleteFrom('unit_members').where('agent', '=', searchKey(change.agent)),
        ...(change.memberships.length === 0 ? [] : [tx.insertInto('unit_members').values(change.memberships.map(memberRow))]),
      ]
  }
}
