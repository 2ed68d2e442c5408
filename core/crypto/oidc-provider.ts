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
  #keys: JWTVerifyGetKey | null = null
  #failedAt = -Infinity

  constructor(options: OidcOptions, runtime: Runtime) {
    this.#options = options
    this.#runtime = runtime
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
      const outcome = refusalOf(error)
      if (outcome === 'unreachable') this.#runtime.log.warn({ issuer, error }, 'the identity provider gave no keys')
      return { outcome }
    }
  }

  async #keySet(): Promise<JWTVerifyGetKey> {
    const { refetchAfterMs, keepKeysMs } = this.#options
    this.#keys ??= createRemoteJWKSet(new URL(await this.#jwksUrl()), { timeoutDuration: FETCH_DEADLINE_MS, cooldownDuration: refetchAfterMs, cacheMaxAge: keepKeysMs, [customFetch]: boundedFetch })
    return this.#keys
  }

  /** @throws Unreachable */
  async #jwksUrl(): Promise<string> {
    const { issuer, jwksUrl, refetchAfterMs } = this.#options
    if (jwksUrl !== null) return jwksUrl
    const now = this.#runtime.clock.now().getTime()
    if (now - this.#failedAt < refetchAfterMs) throw new Unreachable('asked a moment ago')
    this.#failedAt = now
    try {
      const reply = await boundedFetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(FETCH_DEADLINE_MS) })
      const found = await reply.json() as { readonly issuer?: unknown; readonly jwks_uri?: unknown }
      // Source: OpenID Connect Discovery 1.0 §4.3: the issuer there must be the very one that was asked
      if (reply.status !== 200 || found.issuer !== issuer || typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri)) throw new Unreachable('the discovery document is not this issuer\'s')
      if (new URL(issuer).protocol === 'https:' && new URL(found.jwks_uri).protocol !== 'https:') throw new Unreachable('keys over plain http')
      this.#failedAt = -Infinity
      return found.jwks_uri
    } catch (cause) {
      throw cause instanceof Unreachable ? cause : new Unreachable('no discovery document', { cause })
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

class Unreachable extends Error {}

/** @throws for anything but a small answer from the very address that was asked */
async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const reply = await fetch(url, { ...init, redirect: 'error' })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of reply.body ?? []) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw new HoldfastError('FIELD_REFUSED', 'the provider\'s answer is too long', { size })
    chunks.push(chunk)
  }
  return new Response(Buffer.concat(chunks), { status: reply.status, headers: { 'Content-Type': reply.headers.get('content-type') ?? '' } })
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
