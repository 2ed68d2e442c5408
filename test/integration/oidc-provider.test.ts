import { expect } from 'chai'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { parseRoleName } from '../../core/domain/actor.ts'
import { OIDC_ALGORITHMS } from '../../core/domain/oidc-algorithm.ts'
import { type OidcOptions, OidcProvider } from '../../core/crypto/oidc-provider.ts'
import { ISSUER_AUDIENCE as AUDIENCE, OidcIssuer } from '../support/oidc-issuer.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { LibraryBench } from '../unit/core/library/library-bench.ts'
import { ServerBench } from '../unit/graphql/server-bench.ts'

const NOW = new Date('2026-03-01T09:00:00.000Z')
const KEYS = { keepKeysMs: 600_000, refetchAfterMs: 30_000 } as const

describe('an identity provider over HTTP', () => {
  let issuer: OidcIssuer
  beforeEach(async () => { issuer = await OidcIssuer.open(() => NOW) })
  afterEach(() => issuer.close())

  function provider(change: Partial<OidcOptions> = {}): OidcProvider {
    return new OidcProvider({ issuer: issuer.url, audience: AUDIENCE, jwksUrl: null, algorithms: OIDC_ALGORITHMS, skewMs: 30_000, ...KEYS, claims: { name: 'preferred_username', roles: 'groups', partitions: 'areas', units: null, agent: null }, ...change }, quietRuntime(() => NOW))
  }

  const outcome = async (proving: OidcProvider, token: string): Promise<string> => (await proving.prove(token)).outcome

  it('is believed with each algorithm that is allowed, and its claims are read', async () => {
    const proving = provider()
    const tokens: string[] = []
    for (const alg of OIDC_ALGORITHMS) tokens.push(await issuer.sign(await issuer.publish(`key-${alg}`, alg), { kid: `key-${alg}`, alg }))
    for (const token of tokens) expect(await outcome(proving, token)).to.equal('proved')
    expect(await proving.prove(tokens[0] ?? '')).to.deep.include({ person: { subject: 'subject-1', issuer: issuer.url, name: 'Änne', roles: ['staff', 'supervisors'], partitions: ['/sales'], units: [], agent: null, until: new Date(NOW.getTime() + 300_000) } })
    expect(issuer.keysAsked).to.equal(1)
    expect(await outcome(provider({ algorithms: ['ES256'] }), tokens[0] ?? '')).to.equal('invalid')
  })

  it('is believed in nothing that it did not sign for us, for now', async () => {
    const keys = await issuer.publish('key-1', 'RS256')
    const header = { kid: 'key-1', alg: 'RS256' }
    const at = NOW.getTime() / 1000
    const proving = provider()
    const good = await issuer.sign(keys, header)
    const [head = '', body = '', signature = ''] = good.split('.')
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', kid: 'key-1' })).toString('base64url')}.${body}.`
    const hmac = await new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'x', iat: at, exp: at + 300, groups: ['supervisors'] }).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(Buffer.from(await exportSPKI(keys.publicKey)))
    const stranger = await generateKeyPair('RS256')
    const hostile = {
      none, hmac,
      'another key under the same id': await issuer.sign(stranger, header),
      'its own key in the header': await new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'x', iat: at, exp: at + 300 }).setProtectedHeader({ ...header, jwk: await exportJWK(stranger.publicKey) }).sign(stranger.privateKey),
      'a key id that is a path': await issuer.sign(stranger, { kid: '../../keys', alg: 'RS256' }),
      'a key id that is a command': await issuer.sign(stranger, { kid: "' or 1=1 --", alg: 'RS256' }),
      'another audience': await issuer.sign(keys, header, { aud: 'other' }),
      'another issuer': await issuer.sign(keys, header, { iss: 'https://evil.example.com' }),
      'not yet': await issuer.sign(keys, header, { nbf: at + 31 }),
      'issued in the future': await issuer.sign(keys, header, { iat: at + 31 }),
      'for nobody': await issuer.sign(keys, header, { sub: '' }),
      'another body': `${head}.${Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()) as object, groups: ['administrators'] })).toString('base64url')}.${signature}`,
      huge: await issuer.sign(keys, header, { groups: ['x'.repeat(20_000)] }),
      'no token': 'a.b.c',
    }
    for (const [name, token] of Object.entries(hostile)) expect(await outcome(proving, token), name).to.equal('invalid')
    expect(await outcome(proving, await issuer.sign(keys, header, { exp: at - 31 }))).to.equal('expired')
    for (const claims of [{ exp: at - 29 }, { nbf: at + 29 }, { iat: at + 29 }]) expect(await outcome(proving, await issuer.sign(keys, header, claims)), JSON.stringify(claims)).to.equal('proved')
    expect(await outcome(proving, good)).to.equal('proved')
  })

  it('is asked once for keys that it does not have, however many strangers name some', async () => {
    const keys = await issuer.publish('key-1', 'ES256')
    const proving = provider()
    expect(await outcome(proving, await issuer.sign(keys, { kid: 'key-1', alg: 'ES256' }))).to.equal('proved')
    for (let count = 0; count < 5; count += 1) expect(await outcome(proving, await issuer.sign(keys, { kid: `unknown-${count}`, alg: 'ES256' }))).to.equal('invalid')
    expect(issuer.keysAsked).to.equal(1)
    const rotated = await issuer.publish('key-2', 'ES256')
    expect(await outcome(provider(), await issuer.sign(rotated, { kid: 'key-2', alg: 'ES256' }))).to.equal('proved')
  })

  it('is believed by a key that it began to use while we ran, and no longer by one that it took back', async () => {
    const first = await issuer.publish('key-1', 'ES256')
    const proving = provider({ refetchAfterMs: 0 })
    const old = await issuer.sign(first, { kid: 'key-1', alg: 'ES256' })
    expect(await outcome(proving, old)).to.equal('proved')
    issuer.published = []
    const second = await issuer.publish('key-2', 'ES256')
    expect(await outcome(proving, await issuer.sign(second, { kid: 'key-2', alg: 'ES256' }))).to.equal('proved')
    expect(issuer.keysAsked).to.equal(2)
    expect(await outcome(proving, old)).to.equal('invalid')
  })

  it('keeps nobody waiting for ever, and fills no memory', async () => {
    const keys = await issuer.publish('key-1', 'ES256')
    const token = await issuer.sign(keys, { kid: 'key-1', alg: 'ES256' })
    issuer.answerKeys = 'never'
    expect(await outcome(provider(), token)).to.equal('unreachable')
    issuer.answerKeys = 'endlessly'
    expect(await outcome(provider(), token)).to.equal('unreachable')
    issuer.answerKeys = 'promptly'
    expect(await outcome(provider({ jwksUrl: 'http://127.0.0.1:1/keys' }), token)).to.equal('unreachable')
    issuer.discovery = () => ({ issuer: 'https://evil.example.com', jwks_uri: `${issuer.url}/keys` })
    expect(await outcome(provider(), token)).to.equal('unreachable')
  })

  it('brings its people in with the rights that their claims make, until their token is over', async () => {
    const keys = await issuer.publish('key-1', 'EdDSA')
    const header = { kid: 'key-1', alg: 'EdDSA' }
    const held: { bench: LibraryBench | null } = { bench: null }
    const proving = new OidcProvider({ issuer: issuer.url, audience: AUDIENCE, jwksUrl: null, algorithms: OIDC_ALGORITHMS, skewMs: 0, ...KEYS, claims: { name: 'preferred_username', roles: 'groups', partitions: 'areas', units: null, agent: null } }, quietRuntime(() => held.bench?.now ?? NOW))
    const bench = await LibraryBench.open({ oidc: { provider: proving, mapping: [{ claim: 'officers', role: parseRoleName('compliance-officer') }, { claim: 'supervisors', role: parseRoleName('supervisor') }] } })
    held.bench = bench
    await using server = await ServerBench.open({}, bench)
    const { id } = await bench.stored()
    const { id: foreign } = await bench.stored({ partitions: ['/support'] })
    const token = await issuer.sign(keys, header)
    const { data } = await server.query(token, '{ viewer { actorId label roleName partitions } recordings(first: 9) { nodes { plainId } } }')
    expect(data).to.deep.include({ recordings: { nodes: [{ plainId: id }] } })
    expect((data as unknown as { readonly viewer: object }).viewer).to.include({ label: 'Änne', roleName: 'supervisor' })
    expect((await server.query(token, `{ recording(id: "${foreign}") { id } }`)).data).to.deep.equal({ recording: null })
    expect(bench.audited().filter((action) => action === 'sign-in.accepted')).to.have.length(1)
    const path = await server.ticketPath(token, id)
    expect((await server.request(path)).status).to.equal(200)
    for (const claims of [{ groups: ['staff'] }, { groups: [] }, { areas: ['no partition'] }]) expect((await server.query(await issuer.sign(keys, header, claims), '{ viewer { label } }')).status, JSON.stringify(claims)).to.equal(401)
    bench.pass(300_001)
    expect([(await server.query(token, '{ viewer { label } }')).status, (await server.request(path)).status]).to.deep.equal([401, 410])
  })
})
