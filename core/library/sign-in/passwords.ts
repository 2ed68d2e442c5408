import { createHash } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { parseUserId } from '../../domain/ids.ts'
import { checkNewPassword, MOST_PASSWORD_LENGTH } from '../../domain/password.ts'
import { MAX_USER_NAME_LENGTH, type User, userNameKey } from '../../domain/person.ts'
import { attempted, isLocked } from '../../domain/sign-in-attempts.ts'
import type { PeopleStore } from '../../ports/people-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { AttemptsKey, SignInStore, StoredSession } from '../../ports/sign-in-store.ts'
import { scopeFor } from '../access/access.ts'
import { anonymous, type AuditWriter, draftOf } from '../audit/audit-writer.ts'
import type { Authentication } from './authentication.ts'
import type { HashingPlace, PasswordHashing } from './password-hash.ts'
import { networkOf } from './refused-attempts.ts'
import type { Sessions } from './sessions.ts'

/** A stranger fills no more rows than these with names that nobody has. */
const STAND_INS_HEX = 2
const NETWORK_HEX = 16

export interface PasswordParts {
  readonly store: SignInStore
  readonly people: Pick<PeopleStore, 'findUserByName' | 'findUser'>
  readonly authentication: Pick<Authentication, 'user' | 'guard' | 'countRefusal'>
  readonly sessions: Sessions
  readonly hashing: PasswordHashing
  readonly audit: AuditWriter
  readonly runtime: Runtime
  /** Whether anybody may sign in with one. */
  readonly passwords: 'on' | 'off'
}

type Refusal = 'unknown' | 'no-password' | 'wrong-password' | 'locked' | 'disabled'

/** Passwords of users: set, tried, changed. */
export class Passwords {
  readonly #parts: PasswordParts

  constructor(parts: PasswordParts) {
    this.#parts = parts
  }

  /**
   * Begins a session. Unknown, wrong, locked and disabled are one answer, and the same work.
   * @throws HoldfastError `UNAUTHENTICATED`; `RATE_LIMITED` after too many of them from one network; `FORBIDDEN` where passwords are off
   */
  async signIn(name: string, password: string, address: string): Promise<{ readonly text: string; readonly session: StoredSession; readonly requester: Requester }> {
    const { hashing, authentication, passwords } = this.#parts
    if (passwords === 'off') throw new HoldfastError('FORBIDDEN', 'nobody signs in with a password here')
    authentication.guard(address)
    return await hashing.reserved((place) => this.#signIn({ name, password, address }, place))
  }

  /**
   * A new password of somebody, by whoever manages users. Her sessions end.
   * @throws HoldfastError `FORBIDDEN`; `PEOPLE_NOT_FOUND`; `PEOPLE_INVALID` for a password that is none
   */
  async set(requester: Requester, name: string, password: string): Promise<User> {
    const user = await this.#managed(requester, name)
    checkNewPassword(password, user.name)
    await this.#store(requester, user, await this.#parts.hashing.hash(password))
    await this.#parts.sessions.endAllOf(user.id, 'password-changed', { by: requester })
    return user
  }

  /** Ends every session of somebody. @returns how many @throws HoldfastError `FORBIDDEN`; `PEOPLE_NOT_FOUND` */
  async signOut(requester: Requester, name: string): Promise<number> {
    return await this.#parts.sessions.endAllOf((await this.#managed(requester, name)).id, 'revoked', { by: requester })
  }

  /**
   * Her own new password. Her other sessions end, and this one gets a new secret.
   * @returns what her browser is to hold from now on; `null`: her session is over
   * @throws HoldfastError `UNAUTHENTICATED` for a wrong one, counted as at sign-in; `PEOPLE_INVALID`; `FORBIDDEN` for who did not sign in with one; `RATE_LIMITED`
   */
  async change(requester: Requester, { current, next }: { readonly current: string; readonly next: string }): Promise<string | null> {
    const { hashing, authentication } = this.#parts
    if (requester.session === undefined) throw new HoldfastError('FORBIDDEN', 'a password is changed by whoever signed in with one')
    authentication.guard(requester.address)
    return await hashing.reserved((place) => this.#change(requester, { current, next }, place))
  }

  async #change(requester: Requester, { current, next }: { readonly current: string; readonly next: string }, place: HashingPlace): Promise<string | null> {
    const { people, store, sessions, runtime } = this.#parts
    const user = await people.findUser(parseUserId(requester.actor.id))
    // Before anything is counted: what cannot be a password is no guess at one.
    if (user !== null) checkNewPassword(next, user.name)
    const hash = user === null ? null : await store.findPassword(user.id)
    const now = runtime.clock.now()
    const before = await store.attempt(keyOf(requester.actor.id, requester.address), (attempts) => attempted(attempts, now))
    const right = await place.matches(current.slice(0, MOST_PASSWORD_LENGTH * 2), hash?.hash ?? null)
    if (user === null || isLocked(before, now) || !right) throw await this.#refuse(user, isLocked(before, now) ? 'locked' : 'wrong-password', requester.address)
    await this.#store(requester, user, await place.hash(next))
    await sessions.endAllOf(user.id, 'password-changed', { by: requester, but: requester.session ?? null })
    return await sessions.renew(requester)
  }

  async #signIn({ name, password, address }: { readonly name: string; readonly password: string; readonly address: string }, place: HashingPlace): ReturnType<Sessions['begin']> {
    const { people, store, hashing, authentication, sessions, runtime } = this.#parts
    const isSane = name.length <= MAX_USER_NAME_LENGTH * 2 && password.length <= MOST_PASSWORD_LENGTH * 2
    const user = isSane ? await people.findUserByName(name) : null
    const attemptsKey = keyOf(user?.id ?? standIn(name), address)
    const now = runtime.clock.now()
    const before = await store.attempt(attemptsKey, (attempts) => attempted(attempts, now))
    const hash = await store.findPassword(user?.id ?? parseUserId('0'.repeat(16)))
    const right = await place.matches(isSane ? password : '', hash?.hash ?? null)
    const requester = await authentication.user(user?.id ?? parseUserId('0'.repeat(16)), address)
    const refusal: Refusal | null = user === null ? 'unknown' : isLocked(before, now) ? 'locked' : hash === null ? 'no-password' : !right ? 'wrong-password' : requester === null ? 'disabled' : null
    if (refusal !== null || requester === null || hash === null) throw await this.#refuse(user, refusal ?? 'unknown', address)
    if (hashing.isOutdated(hash.hash)) await store.upgradePassword(hash.userId, hash.hash, await place.hash(password))
    return await sessions.begin(requester, { attemptsKey, method: 'password' })
  }

  async #store(requester: Requester, user: User, hash: string): Promise<void> {
    const { store, runtime } = this.#parts
    const changedAt = runtime.clock.now()
    const note = { action: 'user.changed', object: { type: 'user', id: user.id }, outcome: 'ok', reason: null, details: { changed: 'password' }, personal: { name: user.name } } as const
    await store.setPassword({ userId: user.id, hash, changedAt }, draftOf(requester, note, changedAt))
  }

  async #managed(requester: Requester, name: string): Promise<User> {
    if (scopeFor(requester, 'manage-users').type !== 'all') throw new HoldfastError('FORBIDDEN', 'passwords are for those whom no partition and no unit narrows', { role: requester.role.name })
    const user = await this.#parts.people.findUserByName(name)
    if (user === null) throw new HoldfastError('PEOPLE_NOT_FOUND', 'there is no such user', { kind: 'user' })
    return user
  }

  async #refuse(user: User | null, reason: Refusal, address: string): Promise<HoldfastError> {
    const { audit, authentication, runtime } = this.#parts
    authentication.countRefusal(address)
    runtime.metrics.count('holdfast_sign_in_refused_total', { reason })
    // Whom it was tried for, not who tried it; a name that nobody has may be a password that was typed in the wrong field.
    await audit.attempt(anonymous(address), { action: 'sign-in.refused', object: { type: 'user', id: user?.id ?? 'unknown' }, outcome: 'refused', reason, details: { method: 'password' }, personal: {} })
    return new HoldfastError('UNAUTHENTICATED', 'name or password are wrong, or they may not be used now')
  }
}

function standIn(name: string): string {
  return `unknown-${digest(userNameKey(name)).slice(0, STAND_INS_HEX)}`
}

function keyOf(who: string, address: string): AttemptsKey {
  return { who, network: digest(networkOf(address)).slice(0, NETWORK_HEX) }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
