import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseWav } from '../../../adapters/phone/wav-file.ts'
import { parseChannelId, parseCustomRoleName, type RecordingId } from '../../../core/domain/ids.ts'
import { flacHeadBytes, parseFlacHead } from '../../../core/domain/flac/layout.ts'
import { EDGE_MS } from '../../../core/domain/own-parts.ts'
import { flacFile } from '../../support/audio/flac-file.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const SAMPLES_PER_MS = 8
const SECONDS = 6
const SOUND = {
  received: Int16Array.from({ length: SECONDS * 8000 }, (_, frame) => frame % 1000),
  transmitted: Int16Array.from({ length: SECONDS * 8000 }, (_, frame) => frame % 77),
}
const FILE = flacFile([SOUND])

async function stored(server: ServerBench): Promise<RecordingId> {
  return (await server.bench.stored({ file: { plain: FILE, media: { format: 'flac', durationMs: SECONDS * 1000 } } })).id
}

/** Somebody who hears what Berta says, and no other agent: in the second half, after Anna. */
async function bertasPath(server: ServerBench, id: RecordingId): Promise<string> {
  const { bench } = server
  const role = parseCustomRoleName('own-voice')
  await bench.people.change(() => ({ changes: [{ type: 'role', role: { name: role, permissions: ['search', 'play'], reach: 'own', sees: ['open'], hears: 'own-parts', reasonRequired: false } }], audit: [], restamp: null }))
  const { text } = await bench.mint.create({ label: 'berta', role, permissions: null, partitions: [], expiresAt: null, binding: { agent: 'berta', desks: [], sees: 'live' } }, OPERATOR)
  const began = (await bench.repository.find(id, { type: 'all' }))?.media?.beganAt.getTime() ?? 0
  for (const [index, agent] of ['anna', 'berta'].entries()) {
    const party = { channelId: parseChannelId(`1.${index}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: new Date(began + index * 3000), toAt: index === 0 ? new Date(began + 3000) : null } as const
    await bench.tell({ type: 'party-joined', recordingId: id, at: party.fromAt, party })
  }
  return await server.ticketPath(text, id)
}

async function secondsSent({ bench }: ServerBench, id: RecordingId): Promise<readonly unknown[]> {
  bench.library.playback.endOf(id)
  await bench.library.playback.settled()
  return bench.audit.entries.filter(({ action }) => action === 'playback.ended').map(({ details }) => details['seconds'])
}

describe('the media route of a recording in FLAC', () => {
  it('sends it as it is stored, by ranges', async () => {
    await using server = await ServerBench.open()
    const id = await stored(server)
    const path = await server.ticketPath(await server.bench.token('supervisor'), id)
    const whole = await server.request(path)
    expect(whole.headers).to.include({ 'content-type': 'audio/flac', 'content-length': String(FILE.length), 'content-disposition': `inline; filename="recording-${id}.flac"` })
    expect(whole.body.equals(FILE)).to.equal(true)
    const part = await server.request(path, { headers: { Range: 'bytes=1000-1999' } })
    expect([part.status, part.body.equals(FILE.subarray(1000, 2000))]).to.deep.equal([206, true])
    expect(await secondsSent(server, id)).to.deep.equal([SECONDS])
  })

  it('tells the seconds that were sent by the seek table, and not by how many bytes there are', async () => {
    await using server = await ServerBench.open()
    // Two seconds and a bit of silence take hardly a byte.
    const [quiet, loud] = [new Int16Array(4 * 4096), Int16Array.from({ length: 4 * 4096 }, (_, frame) => (frame * 7919) % 5003)]
    const file = flacFile([{ received: quiet, transmitted: quiet }, { received: loud, transmitted: loud }])
    const { id } = await server.bench.stored({ file: { plain: file, media: { format: 'flac', durationMs: 4096 } } })
    const head = flacHeadBytes(file) ?? 0
    const second = head + (parseFlacHead(file.subarray(0, head)).points[1] ?? 0)
    const path = await server.ticketPath(await server.bench.token('supervisor'), id)
    await server.request(path, { headers: { Range: `bytes=${head}-${second - 1}` } })
    expect([second - head < file.length / 100, await secondsSent(server, id)]).to.deep.equal([true, [2.048]])
  })

  it('sends a WAV, silent where it has to be, to whoever hears the parts of her own alone', async () => {
    await using server = await ServerBench.open()
    const id = await stored(server)
    const path = await bertasPath(server, id)
    const { headers, body } = await server.request(path)
    expect(headers).to.include({ 'content-type': 'audio/wav', 'content-disposition': `inline; filename="recording-${id}.wav"` })
    expect(headers.etag).to.match(/^"[0-9a-f]{64}-[0-9a-f]{16}"$/)
    const { channels: [left, right] } = parseWav(body)
    const from = (3000 + EDGE_MS) * SAMPLES_PER_MS
    const to = SECONDS * 8000
    expect([left?.slice(0, from), right?.slice(0, from)]).to.deep.equal([new Int16Array(from), new Int16Array(from)])
    expect([left?.slice(from, to), right?.slice(from, to)]).to.deep.equal([SOUND.received.slice(from), SOUND.transmitted.slice(from)])
    const at = 44 + from * 4
    const range = await server.request(path, { headers: { Range: `bytes=${at - 10}-${at + 9}` } })
    expect([range.status, range.body.equals(body.subarray(at - 10, at + 10))]).to.deep.equal([206, true])
    expect((await server.request(path, { method: 'HEAD' })).headers['content-length']).to.equal(String(body.length))
    expect(await secondsSent(server, id)).to.deep.equal([SECONDS])
  })
})
