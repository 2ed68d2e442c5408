import { expect } from 'chai'
import { request as httpRequest } from 'node:http'
import { describe, it } from 'mocha'
import { parseChannelId, parseCustomRoleName, parseTokenId } from '../../../core/domain/ids.ts'
import { EDGE_MS } from '../../../core/domain/own-parts.ts'
import { TICKET_IDLE_MS } from '../../../core/library/playback/tickets.ts'
import { parseToken } from '../../../core/library/sign-in/token-text.ts'
import { until } from '../../support/hooks.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

interface Ready {
  readonly server: ServerBench
  readonly path: string
  readonly plain: Buffer
  readonly token: string
  readonly id: string
}

async function ready(server: ServerBench, sizeBytes = 200_000): Promise<Ready> {
  const token = await server.bench.token('supervisor')
  const { id, plain } = await server.bench.stored({ sizeBytes })
  return { server, id, plain, token, path: await server.ticketPath(token, id) }
}

function begun(server: ServerBench): number {
  return server.bench.audited().filter((action) => action === 'playback.begun').length
}

describe('the media route', () => {
  it('sends the whole with everything that a player wants to know', async () => {
    await using server = await ServerBench.open()
    const { path, plain, id } = await ready(server)
    const { status, headers, body } = await server.request(path)
    expect(status).to.equal(200)
    expect(body.equals(plain)).to.equal(true)
    expect(headers).to.include({ 'content-type': 'audio/wav', 'content-length': '200000', 'accept-ranges': 'bytes', 'cache-control': 'no-store', 'content-disposition': `inline; filename="recording-${id}.wav"`, 'x-content-type-options': 'nosniff' })
    expect(headers.etag).to.match(/^"[0-9a-f]{64}"$/)
  })

  it('may be heard on a page of another origin, and when its link is opened', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const { headers } = await server.request(path)
    expect(headers).to.include({ 'cross-origin-resource-policy': 'cross-origin', 'content-security-policy': "default-src 'none'; media-src 'self'; frame-ancestors 'none'" })
    const elsewhere = await server.request('/healthz')
    expect(elsewhere.headers).to.include({ 'cross-origin-resource-policy': 'same-origin', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" })
  })

  it('sends silence, and shows a flat waveform, where somebody hears the parts of her own alone', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    const role = parseCustomRoleName('own-voice')
    await bench.people.change(() => ({ changes: [{ type: 'role', role: { name: role, permissions: ['search', 'play'], reach: 'own', sees: ['open'], hears: 'own-parts', reasonRequired: false } }], audit: [], restamp: null }))
    const { text: token } = await bench.mint.create({ label: 'berta', role, permissions: null, partitions: [], expiresAt: null, binding: { agent: 'berta', desks: [], sees: 'live' } }, OPERATOR)
    const { id, plain } = await bench.stored({ sizeBytes: 44 + 6 * 32_000 })
    const began = (await bench.repository.find(id, { type: 'all' }))?.media?.beganAt.getTime() ?? 0
    for (const [index, agent] of ['anna', 'berta'].entries()) {
      const party = { channelId: parseChannelId(`1.${index}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: new Date(began + index * 3000), toAt: index === 0 ? new Date(began + 3000) : null } as const
      await bench.tell({ type: 'party-joined', recordingId: id, at: party.fromAt, party })
    }
    const silentTo = 44 + 3 * 32_000 + EDGE_MS * 32
    const expected = Buffer.concat([plain.subarray(0, 44), Buffer.alloc(silentTo - 44), plain.subarray(silentTo)])
    const path = await server.ticketPath(token, id)
    const { body, headers } = await server.request(path)
    expect(body.equals(expected)).to.equal(true)
    expect(headers.etag).to.match(/^"[0-9a-f]{64}-[0-9a-f]{16}"$/)
    const part = await server.request(path, { headers: { Range: `bytes=${silentTo - 101}-${silentTo + 99}`, 'If-Range': headers.etag } })
    expect(part.status).to.equal(206)
    expect(part.body.equals(expected.subarray(silentTo - 101, silentTo + 100))).to.equal(true)
    const shown = await server.query(token, 'query ($id: ID!) { recording(id: $id) { media { waveform(maxPoints: 5) { channels } } } }', { id })
    expect(shown.data).to.have.deep.nested.property('recording.media.waveform.channels', [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    expect(bench.audit.entries.filter(({ action }) => action === 'playback.begun').map(({ details }) => details['hears'])).to.deep.equal(['own-parts'])
  })

  it('sends every range as the slice that it is', async () => {
    await using server = await ServerBench.open()
    const { path, plain } = await ready(server)
    for (const [range, start, end] of [['0-0', 0, 1], ['0-43', 0, 44], ['65535-65536', 65_535, 65_537], ['131072-', 131_072, 200_000], ['-1', 199_999, 200_000], ['-999999999', 0, 200_000], ['199999-99999999999999999999', 199_999, 200_000]] as const) {
      const { status, headers, body } = await server.request(path, { headers: { Range: `bytes=${range}` } })
      expect(status, range).to.equal(206)
      expect(headers['content-range'], range).to.equal(`bytes ${start}-${end - 1}/200000`)
      expect(body.equals(plain.subarray(start, end)), range).to.equal(true)
    }
    expect(begun(server)).to.equal(1)
  })

  it('answers a range beyond the end with 416 and the size, and reads nothing for it', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    for (const range of ['200000-', '99999999999999999999-', '-0']) {
      const { status, headers, body } = await server.request(path, { headers: { Range: `bytes=${range}` } })
      expect([status, headers['content-range'], body.length], range).to.deep.equal([416, 'bytes */200000', 0])
    }
    expect(begun(server)).to.equal(0)
  })

  it('answers several ranges at once, and what is no range, with the whole', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    for (const range of ['bytes=0-1,5-6', 'chapters=1-2', `bytes=${'0-,'.repeat(3000)}0-`]) {
      const { status, body } = await server.request(path, { headers: { Range: range } })
      expect([status, body.length], range.slice(0, 20)).to.deep.equal([200, 200_000])
    }
  })

  it('answers HEAD as GET without a byte, and without calling it listening', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const { status, headers, body } = await server.request(path, { method: 'HEAD', headers: { Range: 'bytes=0-1' } })
    expect([status, headers['content-length'], body.length]).to.deep.equal([200, '200000', 0])
    expect(begun(server)).to.equal(0)
  })

  it('honours the conditions of a request', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const etag = (await server.request(path, { method: 'HEAD' })).headers.etag ?? ''
    const status = async (headers: Record<string, string>): Promise<number> => (await server.request(path, { headers })).status
    expect(await status({ Range: 'bytes=0-1', 'If-Range': etag })).to.equal(206)
    expect(await status({ Range: 'bytes=0-1', 'If-Range': '"other"' })).to.equal(200)
    expect(await status({ Range: 'bytes=0-1', 'If-Range': `W/${etag}` })).to.equal(200)
    expect(await status({ Range: 'bytes=0-1', 'If-Range': 'Sun, 01 Mar 2026 09:00:00 GMT' })).to.equal(200)
    expect(await status({ 'If-None-Match': `"other", ${etag}` })).to.equal(304)
    expect(await status({ 'If-None-Match': '*' })).to.equal(304)
    expect(await status({ 'If-None-Match': '"other"' })).to.equal(200)
  })

  it('knows other methods not', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const { status, headers } = await server.request(path, { method: 'POST', body: 'x' })
    expect([status, headers.allow]).to.deep.equal([405, 'GET, HEAD'])
  })

  it('tells a ticket that never was from one that is over', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const code = async (asked: string): Promise<string> => {
      const { status, body } = await server.request(asked)
      return `${status} ${JSON.parse(body.toString()).errors[0].extensions.code}`
    }
    expect(await code('/media/')).to.equal('404 TICKET_INVALID')
    expect(await code(`/media/${'x'.repeat(4000)}`)).to.equal('404 TICKET_INVALID')
    expect(await code('/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd')).to.equal('404 TICKET_INVALID')
    expect(await code(`${path}/`)).to.equal('404 TICKET_INVALID')
    server.bench.pass(TICKET_IDLE_MS)
    expect(await code(path)).to.equal('410 TICKET_EXPIRED')
  })

  it('slows down who guesses tickets', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess += 1) statuses.push((await server.request(`/media/${guess}`)).status)
    expect(statuses).to.deep.equal([...Array.from({ length: 10 }, () => 404), 429, 429])
    expect((await server.request(path)).status).to.equal(200)
  })

  it('takes a token beside the ticket only when it is the ticket\'s own', async () => {
    await using server = await ServerBench.open()
    const { path, token } = await ready(server)
    const stranger = await server.bench.token('supervisor')
    const status = async (bearer: string): Promise<number> => (await server.request(path, { headers: { Authorization: `Bearer ${bearer}` } })).status
    expect(await status(token)).to.equal(200)
    expect(await status(stranger)).to.equal(404)
    expect(await status('hf_bad')).to.equal(401)
  })

  it('goes silent with the ticket\'s token', async () => {
    await using server = await ServerBench.open()
    const { path, token } = await ready(server)
    await server.bench.mint.revoke(parseTokenId(parseToken(token)?.id ?? ''), OPERATOR)
    expect((await server.request(path)).status).to.equal(410)
  })

  it('sends no byte while the audit cannot be written', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    server.bench.audit.unavailable = true
    const { status, headers, body } = await server.request(path)
    expect([status, headers['content-type']]).to.deep.equal([503, 'application/json; charset=utf-8'])
    expect(body.toString()).to.include('AUDIT_UNAVAILABLE')
  })

  it('has the audit entry before the first byte is under way', async () => {
    await using server = await ServerBench.open()
    const { path } = await ready(server)
    const gate = Promise.withResolvers<void>()
    const append = server.bench.audit.append.bind(server.bench.audit)
    server.bench.audit.append = async (draft) => {
      await gate.promise
      return append(draft)
    }
    const order: string[] = []
    const reply = server.request(path).then(({ status }) => order.push(`answered ${status}`))
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    order.push('audit written')
    gate.resolve()
    await reply
    expect(order).to.deep.equal(['audit written', 'answered 200'])
  })

  it('answers an honest error when nothing can be opened, and breaks off before an altered chunk', async () => {
    await using server = await ServerBench.open()
    const { path, id, plain } = await ready(server)
    server.bench.damage(id as never, 16 + 65_552 + 1)
    const cut = await server.request(path).then(() => 'complete', (error: NodeJS.ErrnoException) => error.code)
    expect(cut).to.equal('ECONNRESET')
    expect((await server.request(path, { headers: { Range: 'bytes=0-65535' } })).body.equals(plain.subarray(0, 65_536))).to.equal(true)
    const altered = await server.request(path, { headers: { Range: 'bytes=65536-65537' } })
    expect([altered.status, JSON.parse(altered.body.toString()).errors[0].extensions.code]).to.deep.equal([500, 'INTEGRITY_MISMATCH'])
  })

  it('stops reading when the listener has gone, and waits for one who is slow', async () => {
    await using server = await ServerBench.open()
    const { path, id } = await ready(server, 24_000_000)
    let read = 0
    const blob = await server.bench.blobs.open(`${id}.payload`)
    if (blob === null) throw new Error('no blob')
    server.bench.blobs.open = async () => ({
      sizeBytes: blob.sizeBytes,
      async *read(start, end) {
        for await (const piece of blob.read(start, end)) {
          read += piece.length
          yield piece
        }
      },
    })
    const sent = httpRequest(`${server.server.url}${path}`, { agent: false })
    const reply = await new Promise<{ destroy: () => void }>((resolve, reject) => {
      sent.once('response', (response) => resolve(response.pause())).once('error', reject).end()
    })
    let before = -1
    // The sockets' buffers fill up, and then nothing moves.
    await until(() => {
      const still = read === before
      before = read
      if (!still) throw new Error('still reading')
    }, { everyMs: 50 })
    expect(read).to.be.below(16_000_000)
    reply.destroy()
    await until(() => expect(server.bench.library.playback.streams).to.equal(0))
    expect(read).to.be.below(16_000_000)
  })

  it('cuts off a listener who takes nothing for too long', async () => {
    await using server = await ServerBench.open({ mediaStallMs: 50 })
    const { path } = await ready(server, 24_000_000)
    const sent = httpRequest(`${server.server.url}${path}`, { agent: false })
    const reply = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      sent.once('response', (response) => resolve(response.pause())).once('error', reject).end()
    })
    await until(() => expect(server.bench.library.playback.streams).to.equal(0))
    const ended = new Promise((resolve) => {
      reply.once('error', resolve).once('end', () => resolve('complete'))
    })
    reply.resume()
    expect(await ended).to.have.property('code', 'ECONNRESET')
  })
})
