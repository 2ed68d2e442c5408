import { expect } from 'chai'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, it } from 'mocha'
import type { RoleDefinition } from '../../../core/domain/actor.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { parseCustomRoleName, parseTokenId } from '../../../core/domain/ids.ts'
import { parseToken } from '../../../core/library/sign-in/token-text.ts'
import { until } from '../../support/hooks.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }

describe('the HTTP server', () => {
  it('lets nobody in without a token but for the probes', async () => {
    await using server = await ServerBench.open()
    for (const path of ['/graphql', '/metrics']) {
      for (const method of ['GET', 'POST']) {
        const { status, headers } = await server.request(path, { method, headers: JSON_TYPE })
        expect([status, headers['www-authenticate']], `${method} ${path}`).to.deep.equal([401, 'Bearer realm="holdfast"'])
      }
    }
    expect((await server.request('/healthz')).status).to.equal(200)
    expect((await server.request('/readyz')).status).to.equal(200)
    expect((await server.request('/media/x')).status).to.equal(404)
  })

  it('refuses tokens that are no good in one and the same way', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    const bodies = new Set<string>()
    for (const authorization of ['Bearer hf_x', `Bearer ${token}x`, `Bearer ${token} ${token}`, `Basic ${token}`, token, `Bearer hf_${'0'.repeat(16)}_${'A'.repeat(43)}`, 'Bearer \u00ff']) {
      const { status, body } = await server.request('/graphql', { method: 'POST', headers: { ...JSON_TYPE, Authorization: authorization } })
      expect(status, authorization).to.equal(401)
      bodies.add(body.toString())
    }
    expect(bodies.size).to.equal(1)
  })

  it('takes queries as JSON by POST and in no other way', async () => {
    await using server = await ServerBench.open()
    const Authorization = `Bearer ${await server.bench.token('supervisor')}`
    const status = async (method: string, type: string, body: string | null): Promise<number> => (await server.request('/graphql?query={viewer{label}}', { method, headers: { Authorization, 'Content-Type': type }, body })).status
    expect(await status('POST', 'application/json; charset=utf-8', '{"query":"{ viewer { label } }"}')).to.equal(200)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', 'application/jsonx', '']) {
      expect(await status('POST', type, '{"query":"{ viewer { label } }"}'), type).to.equal(415)
    }
    expect(await status('GET', 'application/json', null)).to.equal(405)
    expect(await status('POST', 'application/json', 'not json')).to.equal(400)
    expect(await status('POST', 'application/json', '[{"query":"{ viewer { label } }"},{"query":"{ viewer { label } }"}]')).to.equal(400)
  })

  it('refuses a body that is too large, announced or not', async () => {
    await using server = await ServerBench.open({ maxBodyBytes: 1000 })
    const Authorization = `Bearer ${await server.bench.token('supervisor')}`
    const body = JSON.stringify({ query: `{ viewer { label } } #${'x'.repeat(2000)}` })
    expect((await server.request('/graphql', { method: 'POST', headers: { ...JSON_TYPE, Authorization, 'Content-Length': body.length }, body })).status).to.equal(413)
    expect((await server.request('/graphql', { method: 'POST', headers: { ...JSON_TYPE, Authorization, 'Transfer-Encoding': 'chunked' }, body })).status).to.equal(413)
  })

  it('refuses what costs too much, with its code and before it looks anything up', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    server.bench.repository.search = async () => Promise.reject(new Error('was asked'))
    const deep = `{ recordings { nodes { ${'interaction { recordings { '.repeat(20)} id ${'} }'.repeat(20)} } } }`
    const wide = `{ ${Array.from({ length: 100 }, (_, index) => `a${index}: recordings(first: 200) { nodes { id } }`).join(' ')} }`
    const long = `{ ${'viewer { label } '.repeat(4000)} }`
    for (const query of [deep, wide, long]) {
      const { status, errors } = await server.query(token, query)
      expect([status, errors[0]?.extensions?.code], query.slice(0, 30)).to.deep.equal([400, 'QUERY_TOO_COSTLY'])
    }
  })

  it('count reports and exports of the audit among the requests, so that refusals fill the audit no faster', async () => {
    for (const path of ['/reports?template=access&from=2026-03-01&to=2026-04-01', '/audit/export']) {
      await using server = await ServerBench.open({ rates: { burst: 2, perMinute: 20 } })
      const headers = { Authorization: `Bearer ${await server.bench.token('agent')}` }
      const statuses: number[] = []
      for (let request = 0; request < 4; request += 1) statuses.push((await server.request(path, { headers })).status)
      expect(statuses, path).to.deep.equal([403, 403, 429, 429])
      expect(server.bench.audit.entries.filter(({ outcome }) => outcome === 'refused'), path).to.have.length(2)
    }
  })

  it('takes so many requests of one actor, says when the next, and lets the others in', async () => {
    await using server = await ServerBench.open({ rates: { burst: 2, perMinute: 20 } })
    const [one, other] = [await server.bench.token('supervisor'), await server.bench.token('integrator')]
    const ask = (token: string): ReturnType<ServerBench['request']> => server.request('/graphql', { method: 'POST', headers: { ...JSON_TYPE, Authorization: `Bearer ${token}` }, body: '{"query":"{ viewer { label } }"}' })
    expect([(await ask(one)).status, (await ask(one)).status]).to.deep.equal([200, 200])
    const { status, headers, body } = await ask(one)
    expect([status, headers['retry-after'], JSON.parse(body.toString()).errors[0].extensions.code]).to.deep.equal([429, '3', 'RATE_LIMITED'])
    expect((await ask(other)).status).to.equal(200)
    server.bench.pass(3000)
    expect([(await ask(one)).status, (await ask(one)).status]).to.deep.equal([200, 429])
  })

  it('masks what is none of the caller\'s, and logs it under the same number', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    const logged: Record<string, unknown>[] = []
    server.bench.runtime.log.error = (fields) => void logged.push(fields)
    const masks = [
      { failure: new Error('/secret/path'), message: 'Unexpected error.', told: { code: 'INTERNAL' } },
      { failure: new HoldfastError('STORE_FAILED', 'disk /dev/sda1'), message: 'The catalogue, or a store of recordings, does not answer now: try again.', told: { code: 'UNAVAILABLE', retry: true } },
    ]
    for (const { failure, message, told } of masks) {
      server.bench.repository.search = async () => Promise.reject(failure)
      const { errors, data } = await server.query(token, '{ recordings { nodes { id } } }')
      expect(data).to.equal(null)
      expect(errors[0]?.message).to.equal(message)
      expect(errors[0]?.extensions).to.include(told)
      expect(JSON.stringify(errors)).to.not.include('/')
      expect(logged.at(-1)).to.include({ error: failure, reference: errors[0]?.extensions?.reference })
    }
  })

  it('answers whoever comes while the catalogue is away with 503, and when to come again', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    server.bench.tokens.find = async () => Promise.reject(new HoldfastError('STORE_FAILED', 'db.example.com'))
    const answer = await server.request('/audit/export', { headers: { Authorization: `Bearer ${token}` } })
    expect({ status: answer.status, again: answer.headers['retry-after'], body: JSON.parse(answer.body.toString()) as unknown }).to.deep.equal({
      status: 503, again: '5', body: { errors: [{ message: 'The catalogue, or a store of recordings, does not answer now: try again.', extensions: { code: 'UNAVAILABLE', retry: true } }] },
    })
  })

  it('gives an answer up that takes too long', async () => {
    await using server = await ServerBench.open({ executionDeadlineMs: 20 })
    const token = await server.bench.token('supervisor')
    server.bench.repository.search = () => new Promise(() => undefined)
    const { status, errors } = await server.query(token, '{ recordings { nodes { id } } }')
    expect([status, errors[0]?.extensions?.code]).to.deep.equal([504, 'QUERY_TIMEOUT'])
  })

  it('hides its schema when it shall, also from those who guess', async () => {
    await using server = await ServerBench.open({ introspection: 'off' })
    const token = await server.bench.token('supervisor')
    expect((await server.query(token, '{ __schema { types { name } } }')).data).to.equal(null)
    expect((await server.query(token, '{ recordingz { nodes { id } } }')).errors[0]?.message).to.not.include('recordings')
    expect((await server.query(token, '{ __typename }')).data).to.deep.equal({ __typename: 'Query' })
  })

  it('shows the query page only when it shall, and it loads nothing', async () => {
    await using off = await ServerBench.open()
    expect((await off.request('/graphql')).status).to.equal(401)
    await using on = await ServerBench.open({ queryPage: 'on' })
    const { status, headers, body } = await on.request('/graphql')
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).to.match(/^default-src 'none'; connect-src 'self'; script-src 'nonce-/)
    expect(body.toString()).to.not.match(/https?:|\ssrc=|\shref=/)
  })

  it('says whether it is ready, by the names of what is not', async () => {
    let ok = false
    await using server = await ServerBench.open({ readiness: async () => [{ component: 'catalogue', ok: true }, { component: 'pbx main', ok }] })
    const down = await server.request('/readyz')
    expect([down.status, JSON.parse(down.body.toString())]).to.deep.equal([503, { status: 'not-ready', components: [{ component: 'catalogue', ok: true }, { component: 'pbx main', ok: false }] }])
    ok = true
    expect((await server.request('/readyz')).status).to.equal(200)
  })

  it('is alive but not ready when a check fails', async () => {
    await using server = await ServerBench.open({ readiness: async () => Promise.reject(new Error('no database')) })
    const { status, body } = await server.request('/readyz')
    expect([status, body.toString().includes('database')]).to.deep.equal([503, false])
    expect((await server.request('/healthz')).status).to.equal(200)
  })

  it('gives its metrics to tokens, or to all when it shall', async () => {
    await using server = await ServerBench.open()
    const { status, body } = await server.request('/metrics', { headers: { Authorization: `Bearer ${await server.bench.token('integrator')}` } })
    expect([status, body.toString()]).to.deep.equal([200, 'up 1\n'])
    await using open = await ServerBench.open({ metricsAccess: 'public' })
    expect((await open.request('/metrics')).status).to.equal(200)
  })

  it('knows nothing of other paths', async () => {
    await using server = await ServerBench.open()
    for (const path of ['/', '/graphql/', '/graphql/x', '/constructor', '/__proto__', '//graphql', '/media', '/%2e%2e/etc/passwd', '/health']) expect((await server.request(path)).status, path).to.equal(404)
  })

  it('lets pages of other origins read nothing unless they are listed', async () => {
    await using server = await ServerBench.open({ corsOrigins: ['https://desk.example.com'] })
    const preflight = (origin: string): ReturnType<ServerBench['request']> => server.request('/graphql', { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } })
    const listed = await preflight('https://desk.example.com')
    expect([listed.status, listed.headers['access-control-allow-origin']]).to.deep.equal([204, 'https://desk.example.com'])
    for (const origin of ['https://evil.example.com', 'https://desk.example.com.evil.example', 'null']) {
      const other = await preflight(origin)
      expect([other.status, other.headers['access-control-allow-origin']], origin).to.deep.equal([401, undefined])
    }
  })

  it('outlives bytes that are hardly HTTP', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    const body = '{"query":"{ viewer { label } }"}'
    const request = (host: string): string => `POST /graphql HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
    const hostile = [
      request('Host: a b\r\n'), request('Host: [::\r\n'), request('Host: http://x/\r\n'), request('Host: \r\n'), request(''), request(`Host: ${'x'.repeat(9000)}\r\n`),
      'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /%ff%fe/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'GET /media/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      `GET /media/x HTTP/1.1\r\nHost: x\r\nRange: ${'bytes=0-,'.repeat(500)}\r\nConnection: close\r\n\r\n`, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '\u0000\u0001\u0002\r\n\r\n', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    ]
    for (const bytes of hostile) {
      const answer = await new Promise<string>((resolve, reject) => {
        let text = ''
        const socket = connect(server.server.port, '127.0.0.1', () => socket.write(bytes))
        socket.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        }).once('close', () => resolve(text)).once('error', reject)
      })
      expect(answer, JSON.stringify(bytes.slice(0, 60))).to.match(/^HTTP\/1\.1 (?:200|400|401|404|431) /)
    }
    expect((await server.request('/healthz')).status).to.equal(200)
  })

  it('closes while a client sends its header drop by drop', async () => {
    const server = await ServerBench.open({ closeDeadlineMs: 50 })
    const socket = connect(server.server.port, '127.0.0.1')
    await new Promise((resolve) => {
      socket.once('connect', resolve)
    })
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n')
    const gone = new Promise((resolve) => {
      socket.once('close', resolve).once('error', () => undefined)
    })
    await server.server.close()
    await gone
  })
})

describe('subscriptions', () => {
  interface Stream {
    text: string
    ended: boolean
    readonly status: number
    destroy(): void
  }

  async function subscribe(server: ServerBench, token: string, selection = 'recordingChanged { plainId state }'): Promise<Stream> {
    const query = `subscription { ${selection} }`
    const sent = httpRequest(`${server.server.url}/graphql`, { method: 'POST', agent: false, headers: { ...JSON_TYPE, Accept: 'text/event-stream', Authorization: `Bearer ${token}` } })
    return new Promise((resolve, reject) => {
      sent.once('error', reject).once('response', (reply) => {
        const stream: Stream = { text: '', ended: false, status: reply.statusCode ?? 0, destroy: () => reply.destroy() }
        reply.setEncoding('utf8').on('data', (piece: string) => {
          stream.text += piece
        }).on('end', () => {
          stream.ended = true
        }).on('error', () => undefined)
        resolve(stream)
      }).end(JSON.stringify({ query }))
    })
  }

  it('tell each change of what may be seen as a server-sent event', async () => {
    await using server = await ServerBench.open()
    const foreign = await server.bench.recording({ partitions: ['/support'] })
    const own = await server.bench.recording()
    const stream = await subscribe(server, await server.bench.token('supervisor'))
    await until(() => expect(server.bench.library.liveFeed.feeds).to.equal(1))
    server.bench.changes.publish(foreign)
    server.bench.changes.publish(own)
    await until(() => expect(stream.text).to.include('event: next'))
    expect(stream.text).to.include(`data: {"data":{"recordingChanged":{"plainId":"${own}","state":"RECORDING"}}}`).and.not.include(foreign)
    stream.destroy()
    await until(() => expect(server.bench.library.liveFeed.feeds).to.equal(0))
  })

  it('end when the server closes', async () => {
    const server = await ServerBench.open()
    const stream = await subscribe(server, await server.bench.token('supervisor'))
    await until(() => expect(server.bench.library.liveFeed.feeds).to.equal(1))
    await server.server.close()
    await until(() => expect(stream.ended).to.equal(true))
    expect(server.bench.library.liveFeed.feeds).to.equal(0)
  })

  it('end with their token', async () => {
    await using server = await ServerBench.open()
    const id = await server.bench.recording()
    const token = await server.bench.token('supervisor')
    const stream = await subscribe(server, token)
    await until(() => expect(server.bench.library.liveFeed.feeds).to.equal(1))
    await server.bench.mint.revoke(parseTokenId(parseToken(token)?.id ?? ''), OPERATOR)
    server.bench.changes.publish(id)
    await until(() => expect(stream.ended).to.equal(true))
    expect(stream.text).to.include('UNAUTHENTICATED').and.not.include(id)
  })

  it('tell each change by the rights of now: what a right that is gone showed is shown no more', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    const name = parseCustomRoleName('lead')
    const setRole = async (sees: RoleDefinition['sees']): Promise<void> => {
      await bench.people.change(() => ({ changes: [{ type: 'role', role: { name, permissions: ['search'], reach: 'everything-unless-narrowed', sees, hears: 'whole', reasonRequired: false } }], audit: [], restamp: null }))
    }
    const [id, other] = [await bench.recording({ interaction: 'talk', attached: { CASE_NOTE: 'K-1', mood: 'calm' } }), await bench.recording({ interaction: 'talk', partitions: ['/support'] })]
    await setRole(['open', 'confidential'])
    const { text: token } = await bench.mint.create({ label: 'desk', role: name, permissions: null, partitions: [], binding: null, expiresAt: null }, OPERATOR)
    const stream = await subscribe(server, token, `recordingChanged(recordingId: "${id}") { attachedData { key } interaction { recordings { plainId } } }`)
    await until(() => expect(bench.library.liveFeed.feeds).to.equal(1))
    const told = async (events: number): Promise<unknown> => {
      bench.changes.publish(id)
      await until(() => expect(stream.text.match(/event: next/g)).to.have.length(events))
      const event: unknown = JSON.parse(/data: (.*)\n/.exec(stream.text.split('event: next')[events] ?? '')?.[1] ?? '')
      return event
    }
    const changed = (...[keys, ids]: readonly [readonly string[], readonly string[]]): unknown => ({ data: { recordingChanged: { attachedData: keys.map((key) => ({ key })), interaction: { recordings: ids.map((plainId) => ({ plainId })) } } } })
    expect(await told(1)).to.deep.equal(changed(['CASE_NOTE', 'mood'], [other, id]))
    await setRole(['open'])
    const third = await bench.recording({ interaction: 'talk' })
    expect(await told(2)).to.deep.equal(changed(['mood'], [third, other, id]))
    stream.destroy()
    await until(() => expect(bench.library.liveFeed.feeds).to.equal(0))
  })

  it('say what is wrong with their arguments', async () => {
    await using server = await ServerBench.open()
    const stream = await subscribe(server, await server.bench.token('supervisor'), 'recordingChanged(recordingId: "../1") { plainId }')
    await until(() => expect(stream.ended).to.equal(true))
    expect(stream.text).to.include('MALFORMED_ID')
  })
})
