import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import type { SessionId, UserId } from '../../../core/domain/ids.ts'
import { accepted, FORGOTTEN_AFTER_MS, KNOWN_FOR_MS, NO_ATTEMPTS, type SignInAttempts, type SignInTries } from '../../../core/domain/sign-in-attempts.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { AttemptsKey, SignInStore, StoredPassword, StoredSession } from '../../../core/ports/sign-in-store.ts'

/** Passwords and sessions in memory, with their audit entries in the given log. */
export class MemorySignInStore implements SignInStore {
  readonly #audit: AuditLog
  readonly passwords = new Map<UserId, StoredPassword>()
  readonly attempts = new Map<string, SignInAttempts>()
  readonly sessions = new Map<SessionId, StoredSession>()

  constructor(audit: AuditLog) {
    this.#audit = audit
  }

  async findPassword(userId: UserId): Promise<StoredPassword | null> {
    return this.passwords.get(userId) ?? null
  }

  async setPassword(password: StoredPassword, audit: AuditDraft): Promise<void> {
    await this.#audit.append(audit)
    this.passwords.set(password.userId, password)
    for (const [key, attempts] of this.attempts) {
      if (key !== password.userId && !key.startsWith(`${password.userId}/`)) continue
      if (attempts.signedInAt === null) this.attempts.delete(key)
      else this.attempts.set(key, { ...attempts, count: 0, lockedUntil: null })
    }
  }

  async upgradePassword(userId: UserId, from: string, to: string): Promise<void> {
    const known = this.passwords.get(userId)
    if (known?.hash === from) this.passwords.set(userId, { ...known, hash: to })
  }

  async attempt({ who, network }: AttemptsKey, plan: (before: SignInTries) => SignInTries): Promise<SignInTries> {
    const of = (key: string): SignInAttempts => this.attempts.get(key) ?? NO_ATTEMPTS
    const before = { strangers: of(who), here: of(`${who}/${network}`) }
    const after = plan(before)
    for (const [key, attempts] of [[who, after.strangers], [`${who}/${network}`, after.here]] as const) {
      if (attempts !== NO_ATTEMPTS) this.attempts.set(key, attempts)
    }
    this.#forgetOld(who, after.here.lastAt.getTime())
    return before
  }

  #forgetOld(who: string, now: number): void {
    for (const [key, { lastAt, signedInAt }] of this.attempts) {
      const isHers = signedInAt !== null && now - signedInAt.getTime() <= KNOWN_FOR_MS
      if (key.startsWith(`${who}/`) && !isHers && now - lastAt.getTime() > FORGOTTEN_AFTER_MS) this.attempts.delete(key)
    }
  }

  async begin(session: StoredSession, attemptsKey: AttemptsKey, audit: AuditDraft): Promise<void> {
    await this.#audit.append(audit)
    this.sessions.set(session.id, session)
    await this.attempt(attemptsKey, (before) => accepted(before, session.createdAt))
  }

  async findSession(id: SessionId): Promise<StoredSession | null> {
    return this.sessions.get(id) ?? null
  }

  async sessionsOf(userId: UserId): Promise<readonly StoredSession[]> {
    return [...this.sessions.values()].filter((session) => session.userId === userId).toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1))
  }

  async seen(id: SessionId, at: Date): Promise<void> {
    const session = this.sessions.get(id)
    if (session !== undefined && session.seenAt < at) this.sessions.set(id, { ...session, seenAt: at })
  }

  async renew(id: SessionId, from: string, to: Pick<StoredSession, 'secretSha256' | 'former' | 'rights'>): Promise<'renewed' | 'late'> {
    const session = this.sessions.get(id)
    if (session?.secretSha256 !== from) return 'late'
    this.sessions.set(id, { ...session, ...to })
    return 'renewed'
  }

  async end(ids: readonly SessionId[], audit: (session: StoredSession) => AuditDraft): Promise<number> {
    const ended = ids.flatMap((id) => this.sessions.get(id) ?? [])
    for (const session of ended) {
      await this.#audit.append(audit(session))
      this.sessions.delete(session.id)
    }
    return ended.length
  }
}
