import type { AuditDraft } from '../../domain/audit-entry.ts'
import { parseSessionId, parseUserId, type SessionId, type UserId } from '../../domain/ids.ts'
import { accepted, type SignInTries } from '../../domain/sign-in-attempts.ts'
import type { AttemptsKey, SignInStore, StoredPassword, StoredSession } from '../../ports/sign-in-store.ts'
import type { AuditChain } from './audit-chain.ts'
import { locked } from './portable.ts'
import { changeTries, forgiveTries } from './sign-in-attempts.ts'
import type { SessionRow } from './sign-in-tables.ts'
import type { SqlDatabase } from './sql-database.ts'

export class SqlSignInStore implements SignInStore {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async findPassword(userId: UserId): Promise<StoredPassword | null> {
    const row = await this.#database.ask((db) => db.selectFrom('user_passwords').selectAll().where('user_id', '=', userId).executeTakeFirst())
    return row === undefined ? null : { userId: parseUserId(row.user_id), hash: row.hash, changedAt: new Date(row.changed_at) }
  }

  async setPassword({ userId, hash, changedAt }: StoredPassword, audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      await tx.deleteFrom('user_passwords').where('user_id', '=', userId).execute()
      await tx.insertInto('user_passwords').values({ user_id: userId, hash, changed_at: changedAt.getTime() }).execute()
      await forgiveTries(tx, userId)
      await this.#chain.append(tx, [audit])
    })
  }

  async upgradePassword(userId: UserId, from: string, to: string): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('user_passwords').set({ hash: to }).where('user_id', '=', userId).where('hash', '=', from).execute())
  }

  attempt(key: AttemptsKey, plan: (before: SignInTries) => SignInTries): Promise<SignInTries> {
    return this.#database.change((tx) => changeTries(tx, key, plan))
  }

  async begin(session: StoredSession, attemptsKey: AttemptsKey, audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      await tx.insertInto('sessions').values(sessionRow(session)).execute()
      await changeTries(tx, attemptsKey, (before) => accepted(before, session.createdAt))
      await this.#chain.append(tx, [audit])
    })
  }

  async findSession(id: SessionId): Promise<StoredSession | null> {
    const row = await this.#database.ask((db) => db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst())
    return row === undefined ? null : sessionOf(row)
  }

  async sessionsOf(userId: UserId): Promise<readonly StoredSession[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('sessions').selectAll().where('user_id', '=', userId).orderBy('created_at', 'desc').orderBy('id').execute())
    return rows.map(sessionOf)
  }

  async seen(id: SessionId, at: Date): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('sessions').set({ seen_at: at.getTime() }).where('id', '=', id).where('seen_at', '<', at.getTime()).execute())
  }

  renew(id: SessionId, from: string, { secretSha256, former, rights }: Pick<StoredSession, 'secretSha256' | 'former' | 'rights'>): Promise<'renewed' | 'late'> {
    return this.#database.change(async (tx) => {
      const row = await locked(tx, tx.selectFrom('sessions').select('secret_sha256').where('id', '=', id)).executeTakeFirst()
      if (row?.secret_sha256 !== from) return 'late'
      await tx.updateTable('sessions').set({ secret_sha256: secretSha256, former_sha256: former?.secretSha256 ?? null, former_until: former?.until.getTime() ?? null, rights }).where('id', '=', id).execute()
      return 'renewed'
    })
  }

  end(ids: readonly SessionId[], audit: (session: StoredSession) => AuditDraft): Promise<number> {
    if (ids.length === 0) return Promise.resolve(0)
    return this.#database.change(async (tx) => {
      const rows = await locked(tx, tx.selectFrom('sessions').selectAll().where('id', 'in', ids)).execute()
      if (rows.length === 0) return 0
      await tx.deleteFrom('sessions').where('id', 'in', rows.map((row) => row.id)).execute()
      await this.#chain.append(tx, rows.map((row) => audit(sessionOf(row))))
      return rows.length
    })
  }
}

function sessionRow(session: StoredSession): SessionRow {
  return {
    id: session.id,
    user_id: session.userId,
    secret_sha256: session.secretSha256,
    former_sha256: session.former?.secretSha256 ?? null,
    former_until: session.former?.until.getTime() ?? null,
    created_at: session.createdAt.getTime(),
    seen_at: session.seenAt.getTime(),
    expires_at: session.expiresAt.getTime(),
    rights: session.rights,
    address: session.address,
  }
}

function sessionOf(row: SessionRow): StoredSession {
  return {
    id: parseSessionId(row.id),
    userId: parseUserId(row.user_id),
    secretSha256: row.secret_sha256,
    former: row.former_sha256 === null || row.former_until === null ? null : { secretSha256: row.former_sha256, until: new Date(row.former_until) },
    createdAt: new Date(row.created_at),
    seenAt: new Date(row.seen_at),
    expiresAt: new Date(row.expires_at),
    rights: row.rights,
    address: row.address,
  }
}
