import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { parseSessionId, parseUserId, type SessionId, type UserId } from '../../domain/ids.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { AttemptsKey, SignInStore, StoredSession } from '../../ports/sign-in-store.ts'
import { draftOf } from '../audit/audit-writer.ts'
import type { Authentication } from './authentication.ts'
import { secretDigest } from './token-text.ts'

/** How long somebody stays signed in. */
export interface SessionLimits {
  /** Without a request. */
  readonly idleMs: number
  /** At most. */
  readonly lifetimeMs: number
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { idleMs: 30 * 60_000, lifetimeMs: 12 * 60 * 60_000 }
/** A row is not written for each request; an idle session ends this much early at most. */
const SEEN_EVERY_MS = 60_000
/** Requests that were under way when the secret changed bring the old one. */
const FORMER_MS = 10_000
/** A person has a few browsers; the oldest goes. A guess. */
const MAX_SESSIONS = 20
const SECRET_BYTES = 32
const ID_BYTES = 8
const TEXT = /^([0-9a-f]{16})\.([A-Za-z0-9_-]{43})$/

/** Why a session ended, as the audit says. */
export type SessionEnd = 'signed-out' | 'revoked' | 'expired' | 'idle' | 'user-over' | 'too-many' | 'password-changed'

/** Somebody who came by a session, and the text that her browser is to hold from now on; `null`: as before. */
export interface Resumed {
  readonly requester: Requester
  readonly session: StoredSession
  readonly renewed: string | null
}

/** Sessions: begun by who proved who she is, renewed when her rights change, ended by time, by herself or by whoever manages users. */
export class Sessions {
  readonly #store: SignInStore
  readonly #authentication: Pick<Authentication, 'user'>
  readonly #runtime: Runtime
  readonly #limits: SessionLimits

  constructor({ store, authentication, runtime, limits = DEFAULT_SESSION_LIMITS }: { readonly store: SignInStore; readonly authentication: Pick<Authentication, 'user'>; readonly runtime: Runtime; readonly limits?: SessionLimits }) {
    this.#store = store
    this.#authentication = authentication
    this.#runtime = runtime
    this.#limits = limits
  }

  /** Begins a new one, whatever she brought: nobody chooses somebody else's session. Its text is told once and stored nowhere. */
  async begin(requester: Requester, how: { readonly attemptsKey: AttemptsKey; readonly method: 'password' }): Promise<{ readonly text: string; readonly session: StoredSession; readonly requester: Requester }> {
    const now = this.#now()
    const userId = parseUserId(requester.actor.id)
    await this.#makeRoom(userId)
    const secret = newSecret()
    const session: StoredSession = {
      id: parseSessionId(randomBytes(ID_BYTES).toString('hex')), userId, secretSha256: secretDigest(secret), former: null, createdAt: now, seenAt: now,
      expiresAt: new Date(now.getTime() + this.#limits.lifetimeMs), rights: rightsOf(requester), address: requester.address,
    }
    const note = { action: 'sign-in.accepted', object: { type: 'session', id: session.id }, outcome: 'ok', reason: null, details: { method: how.method, role: requester.role.name }, personal: {} } as const
    await this.#store.begin(session, how.attemptsKey, draftOf(requester, note, now))
    return { text: `${session.id}.${secret}`, session, requester: { ...requester, session: session.id } }
  }

  /** Whoever this text is of; `null`: it is nobody's, or no more. */
  async resume(text: string, address: string): Promise<Resumed | null> {
    const [, id, secret] = TEXT.exec(text) ?? []
    const session = id === undefined ? null : await this.#store.findSession(parseSessionId(id))
    const fit = session === null ? null : fits(session, secretDigest(secret ?? ''), this.#now())
    if (session === null || fit === null) return null
    const over = this.#over(session)
    const found = over === null ? await this.#authentication.user(session.userId, address) : null
    if (found === null) {
      await this.#end([session.id], over ?? 'user-over')
      return null
    }
    const requester = { ...found, session: session.id }
    if (this.#now().getTime() - session.seenAt.getTime() >= SEEN_EVERY_MS) await this.#store.seen(session.id, this.#now())
    const renewed = fit === 'now' && session.rights !== rightsOf(requester) ? await this.#renew(session, requester) : null
    return { requester, session, renewed }
  }

  /** Whether it goes on: what was handed out in it ends with it. */
  async stands(id: SessionId): Promise<boolean> {
    const session = await this.#store.findSession(id)
    return session !== null && this.#over(session) === null
  }

  /** Her own, the newest first. @throws HoldfastError `FORBIDDEN` for whoever has none by nature */
  async list(requester: Requester): Promise<readonly StoredSession[]> {
    const all = await this.#store.sessionsOf(ownerOf(requester))
    return all.filter((session) => this.#over(session) === null)
  }

  /** Ends one of her own; `null`: all of them. @returns how many ended @throws HoldfastError `FORBIDDEN` */
  async endOwn(requester: Requester, id: SessionId | null): Promise<number> {
    const own = await this.#store.sessionsOf(ownerOf(requester))
    const named = own.filter((session) => id === null || session.id === id).map((session) => session.id)
    return await this.#end(named, 'signed-out', requester)
  }

  /** Ends all of a user, but for one that stays. Whoever calls it has looked whether that may be. */
  async endAllOf(userId: UserId, why: SessionEnd, { by, but = null }: { readonly by: Requester; readonly but?: SessionId | null }): Promise<number> {
    const all = await this.#store.sessionsOf(userId)
    return await this.#end(all.map(({ id }) => id).filter((id) => id !== but), why, by)
  }

  /** Another secret for the same session: after a new password, what leaked before is worth nothing. `null`: it is over, or another request was first. */
  async renew(requester: Requester): Promise<string | null> {
    const session = requester.session === undefined ? null : await this.#store.findSession(requester.session)
    return session === null ? null : await this.#renew(session, requester, 0)
  }

  async #renew({ id, secretSha256 }: StoredSession, requester: Requester, formerMs = FORMER_MS): Promise<string | null> {
    const secret = newSecret()
    const former = formerMs === 0 ? null : { secretSha256, until: new Date(this.#now().getTime() + formerMs) }
    const outcome = await this.#store.renew(id, secretSha256, { secretSha256: secretDigest(secret), former, rights: rightsOf(requester) })
    return outcome === 'renewed' ? `${id}.${secret}` : null
  }

  async #makeRoom(userId: UserId): Promise<void> {
    const all = await this.#store.sessionsOf(userId)
    const over = all.filter((session) => this.#over(session) !== null)
    await this.#end(over.map(({ id }) => id), 'expired')
    await this.#end(all.filter((session) => !over.includes(session)).slice(MAX_SESSIONS - 1).map(({ id }) => id), 'too-many')
  }

  /** @param by - who ended them; nobody: time did, and the entry is of whoever was signed in */
  async #end(ids: readonly SessionId[], reason: SessionEnd, by: Requester | null = null): Promise<number> {
    return await this.#store.end(ids, (session): AuditDraft => {
      const at = this.#now()
      const note = { action: 'sign-in.ended', object: { type: 'session', id: session.id }, outcome: 'ok', reason, details: { user: session.userId }, personal: {} } as const
      return by === null ? { ...note, at, actor: { type: 'user', id: session.userId } } : draftOf(by, note, at)
    })
  }

  #over({ expiresAt, seenAt }: StoredSession): 'expired' | 'idle' | null {
    const now = this.#now()
    if (expiresAt <= now) return 'expired'
    return now.getTime() - seenAt.getTime() >= this.#limits.idleMs ? 'idle' : null
  }

  #now(): Date {
    return this.#runtime.clock.now()
  }
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

function fits({ secretSha256, former }: StoredSession, digest: string, now: Date): 'now' | 'former' | null {
  if (same(secretSha256, digest)) return 'now'
  return former !== null && former.until > now && same(former.secretSha256, digest) ? 'former' : null
}

function same(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

/** What she may and reaches, in 128 bits. */
function rightsOf({ role, reach, units, binding }: Requester): string {
  return createHash('sha256').update(JSON.stringify([role, reach, units, binding])).digest('hex').slice(0, 32)
}

function ownerOf({ actor, session }: Requester): UserId {
  if (session === undefined) throw new HoldfastError('FORBIDDEN', 'sessions are of those who signed in with a password')
  return parseUserId(actor.id)
}
