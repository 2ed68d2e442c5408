import { type IncomingMessage, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { sealerTo } from '../../../core/crypto/sealer-to.ts'
import { parseNodeName } from '../../../core/domain/ids.ts'
import { openSqliteDatabase } from '../../../core/store/sql/sqlite-database.ts'
import { catalogueIn } from '../../../core/store/catalogue.ts'
import { MemoryBlobStore } from '../../support/fakes/memory-blob-store.ts'
import { temporaryDirectory, until } from '../../support/hooks.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'
import { LibraryBench } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

interface Ready {
  readonly server: ServerBench
  /** Of a package that is made. */
  readonly path: string
  /** Of whoever ordered it. */
  readonly token: string
}

async function withPackage(test: (ready: Ready) => Promise<void>, { soundBytes, mediaStallMs }: { readonly soundBytes?: number; readonly mediaStallMs?: number } = {}): Promise<void> {
  const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'exports.db'), schema: 'catalogue', readers: 'own' })
  try {
    const { exports: register } = catalogueIn(database, { node: parseNodeName('node-1'), runtime: quietRuntime() })
    const encoder = { opus: (wav: AsyncIterable<Uint8Array>) => wav }
    const bench = await LibraryBench.open({ packages: { register, blobs: new MemoryBlobStore(), encoder, sealerTo, owner: 'w1', wake: () => undefined } })
    const { id: recording } = await bench.stored(soundBytes === undefined ? {} : { sizeBytes: soundBytes })
    const { authentication, exports, exportWorker } = bench.library
    const token = await bench.token('compliance-officer')
    const officer = await authentication.authenticate(token, '192.0.2.7')
    const { id } = await exports.request(officer, { ids: [recording], filter: null, audio: 'wav', recipient: null, reason: 'claim 4711' })
    await exportWorker.work(new AbortController().signal, { only: id })
    await using server = await ServerBench.open(mediaStallMs === undefined ? {} : { mediaStallMs }, bench)
    await test({ server, token, path: `/export/${(await exports.ticket(officer, id)).text}` })
  } finally {
    await database.close()
  }
}

describe('the route of a package', () => {
  it('tells its size and its digest, to whoever asks for them alone too', async () => {
    await withPackage(async ({ server, path }) => {
      const { status, headers, body } = await server.request(path)
      expect([status, String(body.length)]).to.deep.equal([200, headers['content-length']])
      expect(headers).to.include({ 'content-type': 'application/x-tar', 'accept-ranges': 'bytes', 'cache-control': 'no-store' })
      expect(headers.etag).to.match(/^"[0-9a-f]{64}"$/)
      expect(headers['content-disposition']).to.match(/^attachment; filename="holdfast-export-[0-9a-f]{16}\.tar"$/)
      const head = await server.request(path, { method: 'HEAD' })
      expect([head.status, head.headers['content-length'], head.headers.etag, head.body.length]).to.deep.equal([200, headers['content-length'], headers.etag, 0])
      expect((await server.request(path, { method: 'POST' })).headers.allow).to.equal('GET, HEAD')
    })
  })

  it('is gone on with from a byte on, and from the beginning where it is another package', async () => {
    await withPackage(async ({ server, path }) => {
      const { body: whole, headers: { etag } } = await server.request(path)
      const from = async (headers: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
        const { status, headers: { 'content-range': range }, body } = await server.request(path, { headers: { Range: 'bytes=1000-', ...headers } })
        return [status, range, body.equals(status === 206 ? whole.subarray(1000) : whole)]
      }
      const rest = [206, `bytes 1000-${whole.length - 1}/${whole.length}`, true]
      expect(await from({})).to.deep.equal(rest)
      expect(await from({ 'If-Range': etag ?? '' })).to.deep.equal(rest)
      expect(await from({ 'If-Range': '"of another package"' })).to.deep.equal([200, undefined, true])
      const beyond = await server.request(path, { headers: { Range: `bytes=${whole.length}-` } })
      expect([beyond.status, beyond.headers['content-range']]).to.deep.equal([416, `bytes */${whole.length}`])
    })
  })

  it('takes a token beside the ticket only when it is the ticket\'s own', async () => {
    await withPackage(async ({ server, path, token }) => {
      const stranger = await server.bench.token('compliance-officer')
      const status = async (bearer: string): Promise<number> => (await server.request(path, { headers: { Authorization: `Bearer ${bearer}` } })).status
      expect([await status(stranger), await status('hf_bad'), await status(token)]).to.deep.equal([404, 401, 200])
    })
  })

  it('cuts off a client who takes nothing for too long, and lets the package go', async () => {
    await withPackage(async ({ server, path }) => {
      const { exports } = server.bench.library
      const read = exports.read.bind(exports)
      let [begun, sending] = [0, 0]
      exports.read = async function* (...asked) {
        begun += 1
        sending += 1
        try {
          yield* read(...asked)
        } finally {
          sending -= 1
        }
      }
      const sent = httpRequest(`${server.server.url}${path}`, { agent: false })
      const reply = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', (response) => resolve(response.pause())).once('error', reject).end()
      })
      await until(() => expect([begun, sending]).to.deep.equal([1, 0]))
      const ended = new Promise((resolve) => {
        reply.once('error', resolve).once('end', () => resolve('complete'))
      })
      reply.resume()
      expect(await ended).to.have.property('code', 'ECONNRESET')
    }, { soundBytes: 24_000_000, mediaStallMs: 50 })
  })

  it('sends no byte while the audit cannot be written', async () => {
    await withPackage(async ({ server, path }) => {
      server.bench.audit.unavailable = true
      const { status, body } = await server.request(path)
      expect(status).to.equal(503)
      expect(body.toString()).to.include('AUDIT_UNAVAILABLE')
    })
  })
})
