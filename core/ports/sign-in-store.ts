import type { AuditDraft } from '../domain/audit-entry.ts'
import type { SessionId, UserId } from '../domain/ids.ts'
import type { SignInTries } from '../domain/sign-in-attempts.ts'

/** What is kept of somebody's password. */
export interface StoredPassword {
  readonly userId: UserId
  /** With the parameters that made it. */
  readonly hash: string
  readonly changedAt: Date
}

/** Somebody who signed in, at one browser. */
export interface StoredSession {
  readonly id: SessionId
  readonly userId: UserId
  /** SHA-256 of the secret that the browser holds, hexadecimal. */
  readonly secretSha256: string
  /** The one before, which answers that were under way when it changed still bring; `null`: it never changed. */
  readonly former: { readonly secretSha256: string; readonly until: Date } | null
  readonly createdAt: Date
  /** Never later than it was; up to a minute behind. */
  readonly seenAt: Date
  readonly expiresAt: Date
  /** What she might when the secret was made, as a digest: another one makes another secret. */
  readonly rights: string
  /** Where she signed in. */
  readonly address: string
}

/** Whose attempts, and from where. */
export interface AttemptsKey {
  /** A user, or a stand-in for names that nobody has. */
  readonly who: string
  /** A digest of the network. */
  readonly network: string
}

/** Passwords, how often they were tried, and sessions. What a user who is gone leaves here is gone with her. */
export interface SignInStore {
  findPassword(userId: UserId): Promise<StoredPassword | null>
  /** The password from now on; her attempts are forgiven, wherever they came from. */
  setPassword(password: StoredPassword, audit: AuditDraft): Promise<void>
  /** The same password with other parameters. Does nothing where it was changed meanwhile. */
  upgradePassword(userId: UserId, from: string, to: string): Promise<void>
  /**
   * Counts one attempt before it is judged, so that a hundred at once are a hundred. `plan` is given what stands, and may be run again.
   * @returns what stood before
   */
  attempt(key: AttemptsKey, plan: (before: SignInTries) => SignInTries): Promise<SignInTries>
  /** A session that begins; what was tried before it from there is forgiven, and the network is hers. */
  begin(session: StoredSession, attemptsKey: AttemptsKey, audit: AuditDraft): Promise<void>
  findSession(id: SessionId): Promise<StoredSession | null>
  /** Newest first. */
  sessionsOf(userId: UserId): Promise<readonly StoredSession[]>
  seen(id: SessionId, at: Date): Promise<void>
  /** Another secret, where it is still the one that is named: of two who try, one does. */
  renew(id: SessionId, from: string, to: Pick<StoredSession, 'secretSha256' | 'former' | 'rights'>): Promise<'renewed' | 'late'>
  /** Ends those of them that there are. Idempotent. @returns how many there were */
  end(ids: readonly SessionId[], audit: (session: StoredSession) => AuditDraft): Promise<number>
}
