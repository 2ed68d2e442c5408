import { expect } from 'chai'
import type { OutgoingHttpHeaders } from 'node:http'
import { describe, it } from 'mocha'
import { isHoldfastError } from '../../../core/domain/errors.ts'
import { parseUserId } from '../../../core/domain/ids.ts'
import { parseRoleName } from '../../../core/domain/actor.ts'
import type { HttpOptions } from '../../../graphql/http-options.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { type Reply, ServerBench } from './server-bench.ts'

const NAME = 'Carla@example.com'
const PASSWORD = 'correct horse battery'
const MINUTE = 60_000

/** A server at which Carla, a supervisor of /sales, has a password. */
async function open(options: Partial<HttpOptions> = {}): Promise<ServerBench> {
  const server = await ServerBench.open(options)
  const { library } = server.bench
  await library.people.edit(manager(), [{ type: 'user', name: NAME, must: 'be-new', wish: { role: 'supervisor', partitions: ['/sales'] } }])
  await library.passwords.set(manager(), NAME, PASSWORD)
  return server
}

function manager(): Parameters<ServerBench['bench']['library']['passwords']['set']>[0] {
  return { actor: OPERATOR, role: { name: 'administrator', permissions: ['manage-users'], reach: 'everything', sees: [], hears: 'whole', reasonRequired: false }, label: '', reach: 'all', units: [], binding: null, address: 'local' }
}

function origin(server: ServerBench): string {
  return new URL(server.server.url).origin
}

async function post({ server, path }: { readonly server: ServerBench; readonly path: string }, body: object, headers: OutgoingHttpHeaders = {}): Promise<Reply> {
  return await server.request(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

async function signIn(server: ServerBench, name = NAME, password = PASSWORD): Promise<Reply> {
  return await post({ server, path: '/session' }, { name, password })
}

function cookieOf({ headers }: Reply): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

/** What a page of the server's own sends. */
async function asks(server: ServerBench, cookie: string, headers: OutgoingHttpHeaders = {}): Promise<Reply> {
  return await post({ server, path: '/graphql' }, { query: '{ viewer { label roleName partitions } }' }, { Cookie: cookie, Origin: origin(server), ...headers })
}

describe('signing in with a password', () => {
  it('begins a session that a page of the server may use, and no script can read', async () => {
    await using server = await open()
    const reply = await signIn(server, 'CARLA@example.com')
    expect([reply.status, JSON.parse(reply.body.toString()).viewer]).to.deep.equal([200, { name: NAME, role: 'supervisor' }])
    expect(reply.headers['set-cookie']).to.have.length(1)
    expect(reply.headers['set-cookie']?.[0]).to.match(/^holdfast-session=[0-9a-f]{16}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const answer = await asks(server, cookieOf(reply))
    expect(JSON.parse(answer.body.toString()).data.viewer).to.deep.equal({ label: NAME, roleName: 'supervisor', partitions: ['/sales'] })
    expect(server.bench.audit.entries.at(-1)).to.deep.include({ action: 'sign-in.accepted', outcome: 'ok' })
    expect(JSON.stringify([...server.bench.signIn.sessions.values()])).to.not.include(cookieOf(reply).split('.')[1])
  })

  it('marks the cookie as one of https behind a proxy that speaks it', async () => {
    await using server = await open({ publicOrigin: 'https://holdfast.example.com' })
    const reply = await signIn(server)
    expect(reply.headers['set-cookie']?.[0]).to.match(/^__Host-holdfast=\S+; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    expect((await asks(server, cookieOf(reply), { Origin: 'https://holdfast.example.com' })).status).to.equal(200)
    expect((await asks(server, cookieOf(reply))).status).to.equal(403)
  })

  it('answers unknown, wrong, disabled, locked and without a password in one and the same way', async () => {
    await using server = await open()
    const { library } = server.bench
    await library.people.edit(manager(), [{ type: 'user', name: 'dora', must: 'be-new', wish: { role: 'agent', agent: 'dora', disabled: true } }, { type: 'user', name: 'emma', must: 'be-new', wish: { role: 'agent', agent: 'emma' } }])
    await library.passwords.set(manager(), 'dora', PASSWORD)
    const bodies = new Set<string>()
    for (const [name, password] of [['nobody', PASSWORD], [NAME, 'wrong horse battery'], ['dora', PASSWORD], ['emma', PASSWORD], ['', ''], ['x'.repeat(3000), 'x']]) {
      const { status, headers, body } = await signIn(server, name, password)
      expect([status, headers['set-cookie']], name).to.deep.equal([401, undefined])
      bodies.add(body.toString())
    }
    expect(bodies.size).to.equal(1)
    expect(server.bench.audit.entries.filter(({ action }) => action === 'sign-in.refused').map(({ reason }) => reason)).to.deep.equal(['unknown', 'wrong-password', 'disabled', 'no-password', 'unknown', 'unknown'])
  })

  it('locks a user for the network of five wrong passwords, also for the right one, until the time is over, and for no other network', async () => {
    await using server = await open({ trustedProxies: ['127.0.0.1'] })
    const from = (address: string, password: string): Promise<Reply> => post({ server, path: '/session' }, { name: NAME, password }, { 'X-Forwarded-For': address })
    for (let count = 1; count <= 5; count += 1) expect((await from(`2001:db8::${count}`, 'wrong horse battery')).status).to.equal(401)
    expect((await from('2001:db8::77', PASSWORD)).status).to.equal(401)
    expect(server.bench.audit.entries.at(-1)?.reason).to.equal('locked')
    expect((await from('192.0.2.77', PASSWORD)).status).to.equal(200)
    server.bench.pass(30_001)
    expect((await from('2001:db8::78', PASSWORD)).status).to.equal(200)
  })

  it('locks a user for all strange networks after a hundred, and not for one from which she signed in', async () => {
    await using server = await open({ trustedProxies: ['127.0.0.1'] })
    const from = (address: string, password: string): Promise<Reply> => post({ server, path: '/session' }, { name: NAME, password }, { 'X-Forwarded-For': address })
    expect((await from('192.0.2.77', PASSWORD)).status).to.equal(200)
    for (let count = 1; count <= 100; count += 1) expect((await from(`198.51.100.${count}`, 'wrong horse battery')).status).to.equal(401)
    expect((await from('203.0.113.1', PASSWORD)).status).to.equal(401)
    expect(server.bench.audit.entries.at(-1)?.reason).to.equal('locked')
    expect((await from('192.0.2.77', PASSWORD)).status).to.equal(200)
  })

  it('counts nothing of whom it sends away because too many sign in at once', async () => {
    await using server = await open()
    const { library, signIn: store } = server.bench
    const tried = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => library.passwords.signIn(NAME, 'wrong horse battery', `192.0.2.${index}`)))
    expect(tried.filter((each) => each.status === 'rejected' && isHoldfastError(each.reason, 'RATE_LIMITED'))).to.have.length(4)
    expect([...store.attempts].filter(([key]) => !key.includes('/')).map(([, { count }]) => count)).to.deep.equal([16])
  })

  it('sends a network away that tries many names, and no other network', async () => {
    await using server = await open({ trustedProxies: ['127.0.0.1'] })
    const from = (address: string, name: string, password: string): Promise<Reply> => post({ server, path: '/session' }, { name, password }, { 'X-Forwarded-For': address })
    for (let count = 1; count <= 10; count += 1) expect((await from('192.0.2.1', `name-${count}`, PASSWORD)).status).to.equal(401)
    const { status, headers } = await from('192.0.2.1', NAME, PASSWORD)
    expect([status, headers['retry-after']]).to.deep.equal([429, '60'])
    expect((await from('192.0.2.2', NAME, PASSWORD)).status).to.equal(200)
    expect(server.bench.signIn.attempts.size).to.be.at.most(2 * 10 + 2)
  })

  it('refuses everything but a small JSON object', async () => {
    await using server = await open()
    const status = async (body: string, type = 'application/json'): Promise<number> => (await server.request('/session', { method: 'POST', headers: { 'Content-Type': type }, body })).status
    expect(await status(JSON.stringify({ name: NAME, password: PASSWORD }), 'text/plain')).to.equal(415)
    for (const body of ['', 'null', '[]', '{}', '{"name":"x"}', '{"name":"x","password":1}', `{"name":"x","password":"${'x'.repeat(5000)}"}`, '{"name":"\\ud800","password":"x"}']) expect(await status(body), body.slice(0, 30)).to.equal(400)
    expect((await server.request('/session', { method: 'PUT' })).headers['allow']).to.equal('POST, GET, DELETE')
  })

  it('upgrades a hash whose parameters are old', async () => {
    await using server = await open()
    const { signIn: store } = server.bench
    const { PasswordHashing } = await import('../../../core/library/sign-in/password-hash.ts')
    const old = await new PasswordHashing({ logN: 3, r: 8, p: 1 }).hash(PASSWORD)
    for (const [id, password] of store.passwords) store.passwords.set(id, { ...password, hash: old })
    expect((await signIn(server)).status).to.equal(200)
    expect([...store.passwords.values()][0]?.hash).to.match(/^\$scrypt\$ln=4,/)
    expect((await signIn(server)).status).to.equal(200)
  })

  it('is refused altogether from pages of other origins', async () => {
    await using server = await open()
    expect((await post({ server, path: '/session' }, { name: NAME, password: PASSWORD }, { Origin: 'https://evil.example.com' })).status).to.equal(403)
    expect((await post({ server, path: '/session' }, { name: NAME, password: PASSWORD }, { Origin: 'null' })).status).to.equal(403)
    expect((await post({ server, path: '/session' }, { name: NAME, password: PASSWORD }, { Origin: origin(server), 'Sec-Fetch-Site': 'same-site' })).status).to.equal(403)
  })
})

describe('a session', () => {
  it('is of pages of this server alone', async () => {
    await using server = await open({ corsOrigins: ['https://desk.example.com'] })
    const cookie = cookieOf(await signIn(server))
    for (const foreign of ['https://evil.example.com', 'https://desk.example.com', 'null', `${origin(server)}.evil.example`, 'http://127.0.0.1:1']) expect((await asks(server, cookie, { Origin: foreign })).status, foreign).to.equal(403)
    expect((await post({ server, path: '/graphql' }, { query: '{ __typename }' }, { Cookie: cookie })).status).to.equal(403)
    expect((await asks(server, cookie, { 'Sec-Fetch-Site': 'cross-site' })).status).to.equal(403)
    expect((await asks(server, cookie, { 'Content-Type': 'text/plain' })).status).to.equal(415)
    const reply = await asks(server, cookie, { 'Sec-Fetch-Site': 'same-origin' })
    expect([reply.status, reply.headers['access-control-allow-credentials']]).to.deep.equal([200, undefined])
  })

  it('is nobody\'s when its text was altered, cut, or comes twice', async () => {
    await using server = await open()
    const cookie = cookieOf(await signIn(server))
    const altered = `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`
    for (const text of [altered, cookie.slice(0, -1), `${cookie}x`, 'holdfast-session=', `holdfast-session=${'a'.repeat(16)}.${'A'.repeat(43)}`, `${cookie}; ${cookie}`]) expect((await asks(server, text)).status, text).to.equal(401)
    expect((await asks(server, `other=1; ${cookie}`)).status).to.equal(200)
  })

  it('ends when nobody uses it, and at last in any case', async () => {
    await using server = await open()
    const cookie = cookieOf(await signIn(server))
    for (let count = 0; count < 4; count += 1) {
      server.bench.pass(29 * MINUTE)
      expect((await asks(server, cookie)).status).to.equal(200)
    }
    server.bench.pass(30 * MINUTE)
    const over = await asks(server, cookie)
    expect([over.status, over.headers['set-cookie']?.[0]?.includes('Max-Age=0')]).to.deep.equal([401, true])
    expect(server.bench.audit.entries.at(-1)).to.deep.include({ action: 'sign-in.ended', reason: 'idle' })
    const other = cookieOf(await signIn(server))
    for (let passed = 0; passed < 12 * 60; passed += 20) {
      expect((await asks(server, other)).status).to.equal(200)
      server.bench.pass(20 * MINUTE)
    }
    expect((await asks(server, other)).status).to.equal(401)
    expect(server.bench.audit.entries.at(-1)).to.deep.include({ action: 'sign-in.ended', reason: 'expired' })
  })

  it('gets another secret when her rights change, and the old one is worth nothing ten seconds later', async () => {
    await using server = await open()
    const cookie = cookieOf(await signIn(server))
    expect((await asks(server, cookie)).headers['set-cookie']).to.equal(undefined)
    await server.bench.library.people.edit(manager(), [{ type: 'user', name: NAME, must: 'be-there', wish: { partitions: ['/support'] } }])
    const renewed = await asks(server, cookie)
    expect(JSON.parse(renewed.body.toString()).data.viewer.partitions).to.deep.equal(['/support'])
    expect((await asks(server, cookie)).headers['set-cookie']).to.equal(undefined)
    server.bench.pass(10_001)
    expect([(await asks(server, cookie)).status, (await asks(server, cookieOf(renewed))).status]).to.deep.equal([401, 200])
  })

  it('is over at once for a user who was disabled', async () => {
    await using server = await open()
    const cookie = cookieOf(await signIn(server))
    await server.bench.library.people.edit(manager(), [{ type: 'user', name: NAME, must: 'be-there', wish: { disabled: true } }])
    expect((await asks(server, cookie)).status).to.equal(401)
    expect(server.bench.audit.entries.at(-1)).to.deep.include({ action: 'sign-in.ended', reason: 'user-over' })
  })

  it('is listed for its owner, ended one by one or all at once', async () => {
    await using server = await open()
    const [one, two, three] = [await signIn(server), await signIn(server), await signIn(server)].map(cookieOf)
    const send = (method: string, path: string, cookie = one): Promise<Reply> => server.request(path, { method, headers: { Cookie: cookie ?? '', Origin: origin(server) } })
    const list = async (): Promise<{ id: string; current: boolean; address: string }[]> => JSON.parse((await send('GET', '/session')).body.toString()).sessions
    const sessions = await list()
    expect(sessions.filter(({ current }) => current)).to.have.length(1)
    expect(sessions).to.have.length(3)
    expect(sessions[0]).to.include({ address: '127.0.0.1' })
    const second = two?.split(/[=.]/)[1] ?? ''
    expect(JSON.parse((await send('DELETE', `/session?id=${second}`)).body.toString())).to.deep.equal({ ended: 1 })
    expect(JSON.parse((await send('DELETE', `/session?id=${'f'.repeat(16)}`)).body.toString())).to.deep.equal({ ended: 0 })
    expect([(await asks(server, two ?? '')).status, (await list()).length]).to.deep.equal([401, 2])
    const gone = await send('DELETE', '/session/all')
    expect([JSON.parse(gone.body.toString()), gone.headers['set-cookie']?.[0]?.includes('Max-Age=0')]).to.deep.equal([{ ended: 2 }, true])
    for (const cookie of [one, three]) expect((await asks(server, cookie ?? '')).status).to.equal(401)
  })

  it('ends as the oldest of twenty when its owner signs in once more', async () => {
    await using server = await open()
    const cookies: string[] = []
    for (let count = 0; count < 20; count += 1) {
      cookies.push(cookieOf(await signIn(server)))
      server.bench.pass(1000)
    }
    const [oldest = '', second = ''] = cookies
    expect((await asks(server, oldest)).status).to.equal(200)
    const newest = cookieOf(await signIn(server))
    expect((await asks(server, oldest)).status).to.equal(401)
    for (const cookie of [second, newest]) expect((await asks(server, cookie)).status).to.equal(200)
    expect(server.bench.audit.entries.filter(({ action }) => action === 'sign-in.ended').map(({ reason }) => reason)).to.deep.equal(['too-many'])
  })

  it('ends with its owner\'s signing out, and so does what she was listening to', async () => {
    await using server = await open()
    const { id } = await server.bench.stored()
    const cookie = cookieOf(await signIn(server))
    const asked = await post({ server, path: '/graphql' }, { query: 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } } }', variables: { id: Buffer.from(`Recording:${id}`).toString('base64url') } }, { Cookie: cookie, Origin: origin(server) })
    const path = JSON.parse(asked.body.toString()).data.recordingRequestPlayback.playback?.path as string
    expect((await server.request(path)).status).to.equal(200)
    await server.request('/session', { method: 'DELETE', headers: { Cookie: cookie, Origin: origin(server) } })
    expect((await server.request(path)).status).to.equal(410)
    expect(server.bench.audited()).to.include('sign-in.ended')
  })

  it('gets a new secret with a new password, and the others end', async () => {
    await using server = await open()
    const [one, two] = [await signIn(server), await signIn(server)].map(cookieOf)
    const change = (current: string, next: string): Promise<Reply> => post({ server, path: '/session/password' }, { current, next }, { Cookie: one, Origin: origin(server) })
    expect((await change('wrong horse battery', 'another horse battery')).status).to.equal(401)
    for (const bad of ['short', 'aaaaaaaaaaaaaaaa', 'carla@example.com', `x\n${'y'.repeat(20)}`]) expect((await change(PASSWORD, bad)).status, bad).to.equal(400)
    const changed = await change(PASSWORD, 'another horse battery')
    expect(changed.status).to.equal(200)
    expect([(await asks(server, one ?? '')).status, (await asks(server, two ?? '')).status, (await asks(server, cookieOf(changed))).status]).to.deep.equal([401, 401, 200])
    expect([(await signIn(server)).status, (await signIn(server, NAME, 'another horse battery')).status]).to.deep.equal([401, 200])
  })

  it('ends when whoever manages users says so, and nobody else may', async () => {
    await using server = await open()
    const cookie = cookieOf(await signIn(server))
    const { library } = server.bench
    const carla = await library.authentication.user(parseUserId([...server.bench.signIn.sessions.values()][0]?.userId ?? ''), 'local')
    if (carla === null) throw new Error('she is there')
    let refused: unknown = null
    await library.passwords.signOut(carla, NAME).catch((error: unknown) => { refused = error })
    expect(refused).to.include({ code: 'FORBIDDEN' })
    expect(await library.passwords.signOut(manager(), NAME)).to.equal(1)
    expect((await asks(server, cookie)).status).to.equal(401)
  })
})

describe('a reason for looking at recordings', () => {
  it('is asked of roles that have to say it, and stands in the audit', async () => {
    await using server = await open()
    const { bench } = server
    const { id } = await bench.stored()
    await bench.library.people.edit(manager(), [
      { type: 'role', name: parseRoleName('auditor'), must: 'be-new', wish: { permissions: ['search', 'play'], reach: 'everything', reasonRequired: true } },
      { type: 'user', name: NAME, must: 'be-there', wish: { role: parseRoleName('auditor'), partitions: [] } },
    ])
    const cookie = cookieOf(await signIn(server))
    const graphql = async (query: string, headers: OutgoingHttpHeaders = {}): Promise<{ readonly data: Record<string, never> | null; readonly errors?: readonly { readonly extensions: { readonly code: string } }[] }> => JSON.parse((await post({ server, path: '/graphql' }, { query }, { Cookie: cookie, Origin: origin(server), ...headers })).body.toString())
    const ask = `{ recordings(first: 1) { nodes { plainId } totalCount { count } } }`
    for (const query of [ask, `{ recording(id: "${id}") { plainId } }`, '{ activeRecordings(first: 1) { plainId } }']) expect((await graphql(query)).errors?.[0]?.extensions.code, query).to.equal('REASON_REQUIRED')
    for (const reason of ['x', ' ', 'y'.repeat(501), '%00%00%00%00']) expect((await graphql(ask, { 'X-Holdfast-Reason': reason })).errors?.[0]?.extensions.code, reason).to.equal('REASON_REQUIRED')
    expect((await graphql(ask, { 'X-Holdfast-Reason': encodeURIComponent('Beschwerde 4711 – Änne') })).errors).to.equal(undefined)
    expect(bench.audit.entries.at(-1)).to.deep.include({ action: 'recordings.searched', outcome: 'ok' })
    expect(bench.audit.entries.at(-1)?.personal).to.include({ reasonGiven: 'Beschwerde 4711 – Änne' })
    const play = (reason: string): string => `mutation { recordingRequestPlayback(input: { recordingId: "${id}"${reason} }) { playback { path } userErrors { code } } }`
    const refused = await graphql(play(''))
    expect(JSON.stringify(refused.data)).to.include('REASON_REQUIRED')
    const { data } = await graphql(play(', reason: "complaint 4711"'))
    const path = (data as unknown as { readonly recordingRequestPlayback: { readonly playback: { readonly path: string } } }).recordingRequestPlayback.playback.path
    expect((await server.request(path)).status).to.equal(200)
    expect(bench.audit.entries.filter(({ action }) => action === 'playback.requested' || action === 'playback.begun').map(({ outcome, personal }) => [outcome, personal?.['reasonGiven']])).to.deep.equal([['ok', 'complaint 4711'], ['ok', 'complaint 4711']])
  })

  it('is nothing that other roles have to say', async () => {
    await using server = await ServerBench.open()
    expect((await server.query(await server.bench.token('supervisor'), '{ recordings(first: 1) { nodes { id } } }')).errors).to.deep.equal([])
  })
})
