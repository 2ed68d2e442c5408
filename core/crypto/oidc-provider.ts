import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { HoldfastError } from '../domain/errors.ts'
import type { OidcAlgorithm } from '../domain/oidc-algorithm.ts'
import type { AssertedPerson, AssertionRefusal, IdentityProvider } from '../ports/identity-provider.ts'
import type { Runtime } from '../ports/runtime.ts'

export interface OidcOptions {
  readonly issuer: string
  readonly audience: string
  /** `null`: as the provider's discovery says. */
  readonly jwksUrl: string | null
  readonly algorithms: readonly OidcAlgorithm[]
  /** How far its clock and ours may differ. */
  readonly skewMs: number
  /** A key that was taken back is refused after this time at the latest. */
  readonly keepKeysMs: number
  /** A stranger's unknown key ids ask the provider this often at most. */
  readonly refetchAfterMs: number
  readonly claims: { readonly name: string; readonly roles: string; readonly partitions: string | null; readonly units: string | null; readonly agent: string | null }
}

/** A request that waits for keys holds a connection; a provider in the same building answers in milliseconds. A guess. */
const FETCH_DEADLINE_MS = 5000
/** Keys and discovery are some kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024
/** With many groups a token has some kilobytes; header lines end at 16 in Node. */
const MAX_TOKEN_LENGTH = 12_000

/** Tokens of an OpenID provider, proved by the keys that it publishes. */
export class OidcProvider implements IdentityProvider {
  readonly #options: OidcOptions
  readonly #runtime: Runtime
  readonly #ask: Ask
  #keys: Promise<JWTVerifyGetKey> | null = null
  #failedAt = -Infinity

  /** @param ask - how a request is made */
  constructor(options: OidcOptions, runtime: Runtime, ask: Ask = fetch) {
    this.#options = options
    this.#runtime = runtime
    this.#ask = ask
  }

  async prove(token: string): Promise<{ readonly outcome: 'proved'; readonly person: AssertedPerson } | { readonly outcome: AssertionRefusal }> {
    if (token.length > MAX_TOKEN_LENGTH) return { outcome: 'invalid' }
    const { issuer, audience, algorithms, skewMs } = this.#options
    try {
      const { payload } = await jwtVerify(token, await this.#keySet(), {
        issuer, audience, algorithms: [...algorithms], clockTolerance: skewMs / 1000, currentDate: this.#runtime.clock.now(), requiredClaims: ['exp', 'iat', 'sub'],
      })
      const person = this.#personOf(payload)
      return person === null ? { outcome: 'invalid' } : { outcome: 'proved', person }
    } catch (error) {
      return { outcome: refusalOf(error) }
    }
  }

  async #keySet(): Promise<JWTVerifyGetKey> {
    // Whoever comes while the provider is looked for waits for the same answer.
    this.#keys ??= this.#openKeys().catch((error: unknown) => {
      this.#keys = null
      throw error
    })
    return await this.#keys
  }

  async #openKeys(): Promise<JWTVerifyGetKey> {
    const { refetchAfterMs, keepKeysMs } = this.#options
    return createRemoteJWKSet(new URL(await this.#jwksUrl()), {
      timeoutDuration: FETCH_DEADLINE_MS, cooldownDuration: refetchAfterMs, cacheMaxAge: keepKeysMs, [customFetch]: async (url: string, init: RequestInit) => Response.json(await this.#fetched(url, init, checkedKeys)),
    })
  }

  /** @throws Unreachable */
  async #jwksUrl(): Promise<string> {
    const { issuer, jwksUrl } = this.#options
    return jwksUrl ?? await this.#fetched(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(FETCH_DEADLINE_MS) }, (found) => discoveredUrl(found, issuer))
  }

  /**
   * What the provider answers. A failure is remembered: jose rests after a success alone, and whoever sends anything that looks like a token would
   * make us ask.
   * @throws Unreachable
   */
  async #fetched<T>(url: string, init: RequestInit, read: (found: unknown) => T): Promise<T> {
    const { issuer, refetchAfterMs } = this.#options
    const now = this.#runtime.clock.now().getTime()
    if (now - this.#failedAt < refetchAfterMs) throw new Unreachable('it failed a moment ago, and was not asked')
    try {
      return read(await boundedJson(this.#ask, url, init))
    } catch (cause) {
      const error = cause instanceof Unreachable ? cause : new Unreachable('no answer that can be read', { cause })
      this.#failedAt = now
      this.#runtime.log.warn({ issuer, error }, 'the identity provider gave no keys')
      throw error
    }
  }

  #personOf(payload: JWTPayload): AssertedPerson | null {
    const { claims, issuer, skewMs } = this.#options
    const { sub, exp, iat } = payload
    const now = this.#runtime.clock.now().getTime()
    if (sub === undefined || sub === '' || exp === undefined || iat === undefined || iat * 1000 > now + skewMs) return null
    // What is no text narrows nothing: left out, it would widen what she reaches.
    if ([claims.partitions, claims.units, claims.agent].some((path) => !isOfTexts(valueAt(payload, path)))) return null
    return {
      subject: sub, issuer, name: textsAt(payload, claims.name)[0] ?? sub, roles: textsAt(payload, claims.roles), partitions: textsAt(payload, claims.partitions), units: textsAt(payload, claims.units),
      agent: textsAt(payload, claims.agent)[0] ?? null, until: new Date(exp * 1000),
    }
  }
}

type Ask = (url: string, init: RequestInit) => Promise<Response>

class Unreachable extends Error {}

/** @throws for anything but a small answer from the very address that was asked */
async function boundedJson(ask: Ask, url: string, init: RequestInit): Promise<unknown> {
  const reply = await ask(url, { ...init, redirect: 'error' })
  if (reply.status !== 200) {
    await reply.body?.cancel()
    throw new Unreachable(`the answer was ${reply.status}`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of reply.body ?? []) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw new HoldfastError('FIELD_REFUSED', 'the provider\'s answer is too long', { size })
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/** The address of the keys. @throws Unreachable */
function discoveredUrl(found: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: url } = isObject(found) ? found : {}
  // Source: OpenID Connect Discovery 1.0 §4.3: the issuer there must be the very one that was asked
  if (named !== issuer || typeof url !== 'string' || !URL.canParse(url)) throw new Unreachable('the discovery document is not this issuer\'s')
  if (new URL(issuer).protocol === 'https:' && new URL(url).protocol !== 'https:') throw new Unreachable('keys over plain http')
  return url
}

/** A key set as it came. Source: RFC 7517 §5. @throws Unreachable */
function checkedKeys(found: unknown): unknown {
  const keys = isObject(found) ? found['keys'] : null
  if (!Array.isArray(keys) || !keys.every(isObject)) throw new Unreachable('the answer is no key set')
  return found
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Faults of the token are told from faults of the provider by their class alone. */
function refusalOf(error: unknown): AssertionRefusal {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC') return 'unreachable'
  return 'invalid'
}

/** One text or several; what else stands there is left out. */
function textsAt(payload: JWTPayload, path: string | null): readonly string[] {
  const value = valueAt(payload, path)
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts.filter((text) => typeof text === 'string')
}

/** Whether it is not there, or texts and nothing else. */
function isOfTexts(value: unknown): boolean {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return value === undefined || value === null || texts.every((text) => typeof text === 'string')
}

/** What stands at a path such as `realm_access.roles`; own properties alone. A name with a dot in it is looked for first. */
function valueAt(payload: JWTPayload, path: string | null): unknown {
  if (path === null) return undefined
  return Object.hasOwn(payload, path) ? payload[path] : path.split('.').reduce<unknown>((at, key) => typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Readonly<Record<string, unknown>>)[key] : undefined, payload)
}
