import { expect } from 'chai'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, it } from 'mocha'
import { OIDC_ALGORITHMS } from '../../../../core/domain/oidc-algorithm.ts'
import { type OidcOptions, OidcProvider } from '../../../../core/crypto/oidc-provider.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const ISSUER = 'https://id.example.com'
const REFETCH_AFTER_MS = 30_000
const KEY = { kid: 'key-1', alg: 'ES256' } as const

/** A provider without a network: what it answers is put there by the test, and every request is counted. */
class Bench {
  now = new Date('2026-03-01T09:00:00.000Z')
  readonly asked: string[] = []
  warned = 0
  answer: (url: string) => Response | Promise<Response> = () => new Response('', { status: 500 })
  readonly provider: OidcProvider

  constructor(change: Partial<OidcOptions> = {}) {
    const runtime = quietRuntime(() => this.now)
    this.provider = new OidcProvider({
      issuer: ISSUER, audience: 'holdfast', jwksUrl: `${ISSUER}/keys`, algorithms: OIDC_ALGORITHMS, skewMs: 0, keepKeysMs: 600_000, refetchAfterMs: REFETCH_AFTER_MS,
      claims: { name: 'name', roles: 'groups', partitions: null, units: null, agent: null }, ...change,
    }, { ...runtime, log: { ...runtime.log, warn: () => { this.warned += 1 } } }, async (url) => {
      this.asked.push(url)
      return await this.answer(url)
    })
  }

  async outcomes(count: number, token: string): Promise<readonly string[]> {
    const outcomes: string[] = []
    for (let index = 0; index < count; index += 1) outcomes.push((await this.provider.prove(token)).outcome)
    return [...new Set(outcomes)]
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }
}

async function signed(bench: Bench): Promise<{ readonly token: string; readonly keys: () => Response }> {
  const { publicKey, privateKey } = await generateKeyPair(KEY.alg, { extractable: true })
  const published = { keys: [{ ...await exportJWK(publicKey), ...KEY }] }
  const at = bench.now.getTime() / 1000
  const token = await new SignJWT({ iss: ISSUER, aud: 'holdfast', sub: 'subject-1', iat: at, exp: at + 3600 }).setProtectedHeader(KEY).sign(privateKey)
  return { token, keys: () => Response.json(published) }
}

const FAILURES: Readonly<Record<string, () => Response | Promise<Response>>> = {
  'answers with a failure': () => new Response('', { status: 500 }),
  'cannot be reached': async () => await Promise.reject(new TypeError('fetch failed')),
  'answers with something else': () => new Response('<html>'),
  'answers with no keys': () => Response.json({ keys: 'none' }),
  'answers without an end': () => new Response(' '.repeat(300_000)),
}

describe('OidcProvider', () => {
  for (const [what, failure] of Object.entries(FAILURES)) {
    for (const jwksUrl of [`${ISSUER}/keys`, null]) {
      it(`asks a provider that ${what} once in a while, whoever knocks (${jwksUrl === null ? 'discovery' : 'keys'})`, async () => {
        const bench = new Bench({ jwksUrl })
        bench.answer = failure
        const { token, keys } = await signed(bench)
        expect(await bench.outcomes(20, token)).to.deep.equal(['unreachable'])
        expect((await Promise.all(Array.from({ length: 5 }, () => bench.provider.prove(token)))).map(({ outcome }) => outcome)).to.deep.equal(Array.from({ length: 5 }, () => 'unreachable'))
        expect([bench.asked.length, bench.warned]).to.deep.equal([1, 1])
        bench.pass(REFETCH_AFTER_MS - 1)
        await bench.outcomes(3, token)
        expect(bench.asked).to.have.length(1)
        bench.pass(1)
        await bench.outcomes(3, token)
        expect([bench.asked.length, bench.warned]).to.deep.equal([2, 2])
        bench.pass(REFETCH_AFTER_MS)
        bench.answer = (url) => (url.endsWith('/keys') ? keys() : Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` }))
        expect(await bench.outcomes(3, token)).to.deep.equal(['proved'])
      })
    }
  }

  it('asks once in a while also when the keys that it had are too old', async () => {
    const bench = new Bench({ keepKeysMs: 0 })
    const { token, keys } = await signed(bench)
    bench.answer = keys
    expect(await bench.outcomes(2, token)).to.deep.equal(['proved'])
    bench.answer = () => new Response('', { status: 503 })
    bench.asked.length = 0
    expect(await bench.outcomes(20, token)).to.deep.equal(['unreachable'])
    expect([bench.asked.length, bench.warned]).to.deep.equal([1, 1])
    bench.pass(REFETCH_AFTER_MS)
    await bench.outcomes(20, token)
    expect([bench.asked.length, bench.warned]).to.deep.equal([2, 2])
  })

  it('lets everybody in who comes while it is asked for the first time, and asks once', async () => {
    const bench = new Bench({ jwksUrl: null })
    const { token, keys } = await signed(bench)
    bench.answer = (url) => (url.endsWith('/keys') ? keys() : Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` }))
    const proved = await Promise.all(Array.from({ length: 5 }, () => bench.provider.prove(token)))
    expect(proved.map(({ outcome }) => outcome)).to.deep.equal(Array.from({ length: 5 }, () => 'proved'))
    expect(bench.asked).to.have.length(2)
  })
})
