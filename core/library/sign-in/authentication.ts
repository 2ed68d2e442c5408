import { timingSafeEqual } from 'node:crypto'
import type { Requester, RoleDefinition, RoleName } from '../../domain/actor.ts'
import type { Actor } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { parseTokenId, parseUserId, type SessionId, type TokenId, type UserId } from '../../domain/ids.ts'
import type { PeopleStore } from '../../ports/people-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { StoredToken, TokenStore } from '../../ports/token-store.ts'
import { type AssertedPeople, type AssertionFault, looksAsserted } from './asserted-people.ts'
import { anonymous, type AuditWriter } from '../audit/audit-writer.ts'
import { LastKnown } from './last-known.ts'
import { RefusedAttempts } from './refused-attempts.ts'
import { requesterOfToken, requesterOfUser } from '../access/requester.ts'
import { parseToken, secretDigest, type TokenParts } from './token-text.ts'

/** Compared with when there is no such token: an unknown id must take as long as a wrong secret. */
const NO_DIGEST = '0'.repeat(64)

/** An agent waits for the tone before the card number is said: five seconds in all, of which the PBX needs most. */
const PATIENCE_MS = 1000

/** By what somebody is let in: what the catalogue says now, or also what it said a while ago, if it is away or hangs. The latter controls calls, and no more. */
export type Believed = 'now' | 'lately'

/** What whoever was let in before is told. */
export const OVER = 'the token or the user is over: revoked, expired or disabled'

type Refusal = AssertionFault | 'malformed' | 'unknown' | 'wrong-secret' | 'revoked' | 'expired' | 'role-gone'

/** Turns a bearer token into somebody, and tells whether that somebody still stands. Holders of tokens who came a while ago control calls also while the catalogue is away (decision 0025). */
export class Authentication {
  readonly #tokens: LastKnown<TokenId, StoredToken>
  readonly #users: Pick<PeopleStore, 'findUser'>
  readonly #roles: LastKnown<RoleName, RoleDefinition>
  readonly #audit: AuditWriter
  readonly #runtime: Runtime
  readonly #sessions: (id: SessionId) => Promise<boolean>
  readonly #asserted: AssertedPeople | null
  readonly #refused = new RefusedAttempts()

  /** @param parts.sessionStands - whether a session goes on; `asserted`: people of an identity provider, where there is one; `tokensKnownMs`: so long a token counts that the catalogue knew */
  constructor({ tokens, people, audit, runtime, sessionStands, asserted = null, tokensKnownMs = 0 }: { readonly asserted?: AssertedPeople | null; readonly tokensKnownMs?: number; readonly tokens: TokenStore; readonly people: Pick<PeopleStore, 'findUser' | 'findRole'>; readonly audit: AuditWriter; readonly runtime: Runtime; readonly sessionStands: (id: SessionId) => Promise<boolean> }) {
    const kept = { clock: runtime.clock, keepMs: tokensKnownMs }
    this.#tokens = new LastKnown((id) => tokens.find(id), kept)
    this.#users = people
    this.#roles = new LastKnown((name) => people.findRole(name), kept)
    this.#audit = audit
    this.#runtime = runtime
    this.#sessions = sessionStands
    this.#asserted = asserted
  }

  /**
   * @param bearer - the text of the token, or `null` when none came
   * @param address - where it came from
   * @throws HoldfastError `UNAUTHENTICATED`, the same for every reason; `RATE_LIMITED` after too many of them from one network; `STORE_FAILED`: nobody knows (retry)
   */
  async authenticate(bearer: string | null, address: string, believed: Believed = 'now'): Promise<Requester> {
    if (bearer === null) throw unauthenticated()
    if (this.#asserted !== null && looksAsserted(bearer)) return await this.#proved(this.#asserted, bearer, address)
    const parts = parseToken(bearer)
    const found = parts === null ? NOBODY : await this.#tokens.find(parts.id, patienceOf(believed))
    const refusal = this.#judge(parts, found.value)
    if (refusal !== null || found.value === null) throw await this.#refuse(parts, refusal ?? 'unknown', address)
    const requester = await this.#withRole(found.value, { knownAt: found.knownAt, believed, address })
    if (requester === null) throw await this.#refuse(parts, 'role-gone', address)
    if (requester.knownAt !== undefined) this.#runtime.metrics.count('holdfast_sign_in_remembered_total')
    return requester
  }

  /** Whether somebody who was authenticated before still may come: tickets and subscriptions die with their actor. */
  async stands(actor: Actor): Promise<boolean> {
    return actor.type === 'cli' || await this.#now(actor, 'local') !== null
  }

  /** The same requester with the rights of now; `null`: nobody any more. What was handed out before is worth what its owner may now. */
  async again(requester: Requester, believed: Believed = 'now'): Promise<Requester | null> {
    const { actor, address, session, reason } = requester
    if (actor.type === 'cli') return requester
    if (session !== undefined && !await this.#sessions(session)) return null
    const now = await this.#now(actor, address, believed)
    return now === null ? null : { ...now, ...(session === undefined ? {} : { session }), ...(reason === undefined ? {} : { reason }) }
  }

  /** A person who proved by whatever means that she is this user; `null`: there is none, or she may not come in. */
  async user(id: UserId, address: string): Promise<Requester | null> {
    return await this.#now({ type: 'user', id }, address)
  }

  async #proved(asserted: AssertedPeople, bearer: string, address: string): Promise<Requester> {
    const proved = await asserted.prove(bearer, address)
    if (typeof proved !== 'string') return proved
    if (proved !== 'provider-unreachable') throw await this.#refuse(null, proved, address)
    // Nobody guessed anything when the provider is away.
    this.#runtime.metrics.count('holdfast_sign_in_refused_total', { reason: proved })
    throw unauthenticated()
  }

  async #now({ type, id }: Actor, address: string, believed: Believed = 'now'): Promise<Requester | null> {
    if (type === 'user') {
      const asserted = await this.#asserted?.again(parseUserId(id), address) ?? null
      if (asserted !== null) return asserted
      const user = await this.#users.findUser(parseUserId(id))
      const role = user === null || user.disabledAt !== null ? null : (await this.#roles.find(user.role, null)).value
      return user === null || role === null ? null : requesterOfUser(user, role, address)
    }
    const { value: token, knownAt } = type === 'token' ? await this.#tokens.find(parseTokenId(id), patienceOf(believed)) : NOBODY
    return token === null || this.#over(token) !== null ? null : await this.#withRole(token, { knownAt, believed, address })
  }

  /** `null`: there is no such role any more. Whoever waited for the catalogue in vain once does not wait again. */
  async #withRole(token: StoredToken, { knownAt, believed, address }: { readonly knownAt: Date | null; readonly believed: Believed; readonly address: string }): Promise<Requester | null> {
    const role = await this.#roles.find(token.role, knownAt === null ? patienceOf(believed) : 0)
    if (role.value === null) return null
    const known = [knownAt, role.knownAt].filter((at) => at !== null).toSorted((one, other) => one.getTime() - other.getTime())[0]
    return { ...requesterOfToken(token, role.value, address), ...(known === undefined ? {} : { knownAt: known }) }
  }

  /** Lets nobody try anything from a network that was refused too often. @throws HoldfastError `RATE_LIMITED` */
  guard(address: string): void {
    if (this.#refused.exceeded(address, this.#runtime.clock.now())) throw this.#tooMany()
  }

  /** Counts a refusal that was found elsewhere, such as a wrong ticket. @throws HoldfastError `RATE_LIMITED` */
  countRefusal(address: string): void {
    const now = this.#runtime.clock.now()
    if (this.#refused.exceeded(address, now)) throw this.#tooMany()
    this.#refused.add(address, now)
  }

  #judge(parts: TokenParts | null, token: StoredToken | null): Refusal | null {
    if (parts === null) return 'malformed'
    const stored = Buffer.from(token?.secretSha256 ?? NO_DIGEST, 'hex')
    const equal = timingSafeEqual(Buffer.from(secretDigest(parts.secret), 'hex'), stored)
    if (token === null) return 'unknown'
    return equal ? this.#over(token) : 'wrong-secret'
  }

  #over(token: StoredToken): Refusal | null {
    if (token.revokedAt !== null) return 'revoked'
    return token.expiresAt !== null && token.expiresAt <= this.#runtime.clock.now() ? 'expired' : null
  }

  async #refuse(parts: TokenParts | null, reason: Refusal, address: string): Promise<HoldfastError> {
    // A good token is let in whatever its neighbours behind the same proxy try; a bad one costs a look-up, and beyond the limit no more than that.
    if (this.#refused.exceeded(address, this.#runtime.clock.now())) return this.#tooMany()
    this.#refused.add(address, this.#runtime.clock.now())
    this.#runtime.metrics.count('holdfast_sign_in_refused_total', { reason })
    // The id is only claimed: it is what was tried, not who did it.
    await this.#audit.attempt(anonymous(address), { action: 'sign-in.refused', object: { type: 'token', id: parts?.id ?? 'malformed' }, outcome: 'refused', reason, details: {}, personal: {} })
    return unauthenticated()
  }

  #tooMany(): HoldfastError {
    this.#runtime.metrics.count('holdfast_sign_in_refused_total', { reason: 'rate-limited' })
    return new HoldfastError('RATE_LIMITED', 'too many refused attempts from this address; try again in a minute')
  }
}

const NOBODY = { value: null, knownAt: null } as const

function patienceOf(believed: Believed): number | null {
  return believed === 'now' ? null : PATIENCE_MS
}

function unauthenticated(): HoldfastError {
  return new HoldfastError('UNAUTHENTICATED', 'a valid token is needed: Authorization: Bearer hf_…')
}
