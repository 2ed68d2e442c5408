import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { describe, it } from 'mocha'
import { S3mini } from 's3mini'
import { S3BlobStore, type S3Place } from '../../core/store/s3-blob-store.ts'
import { s3Fetch } from '../../core/store/s3-fetch.ts'
import { blobStoreContract } from '../contract/blob-store.contract.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { type PrivateRgw, requireRgw } from '../support/private-rgw.ts'
import { expectCode } from '../support/rejection.ts'

/** The least that a service takes. */
const PART_BYTES = 5 * 1024 * 1024
/** More than a request here ever takes. */
const DEADLINE_MS = 30_000

describe('a real S3 service (Ceph)', function () {
  let gateway: PrivateRgw
  const route = s3Fetch({ caPem: null, deadlineMs: DEADLINE_MS })
  let buckets = 0

  before(async function () {
    gateway = await requireRgw(this)
  })
  after(async () => {
    route.close()
    await gateway?.stop()
  })

  const clientOf = ({ endpoint, bucket, region, ...user }: S3Place): S3mini => new S3mini({ ...user, endpoint: `${endpoint}/${bucket}`, region, fetch: route.fetch })
  const newPlace = async (): Promise<S3Place> => {
    buckets += 1
    const place = { endpoint: gateway.endpoint, bucket: `sealed-${buckets}`, region: gateway.region, prefix: 'holdfast/', ...gateway.user }
    await clientOf(place).createBucket()
    return place
  }
  const storeAt = (place: S3Place): S3BlobStore => new S3BlobStore({ place, fetch: route.fetch, partBytes: PART_BYTES })

  blobStoreContract('S3BlobStore', async () => storeAt(await newPlace()))

  it('keeps a blob of several parts, shown when all of them are there, and any range of it', async () => {
    const store = storeAt(await newPlace())
    const bytes = patternBytes(3 * PART_BYTES + 1000)
    await store.put('1.1.payload', async function* () {
      for await (const piece of inPieces(bytes, 1_000_000)) {
        expect(await store.open('1.1.payload')).to.equal(null)
        yield piece
      }
    }())
    const blob = await store.open('1.1.payload')
    expect(blob?.sizeBytes).to.equal(bytes.length)
    for (const [start, end] of [[0, bytes.length], [PART_BYTES - 1, PART_BYTES + 1], [bytes.length - 1000, bytes.length]] as const) {
      expect((await collect(blob?.read(start, end) ?? inPieces(new Uint8Array()))).equals(bytes.subarray(start, end)), `${start}-${end}`).to.equal(true)
    }
  })

  it('gives up what a killed process had begun to send', async () => {
    const place = await newPlace()
    const client = clientOf(place)
    const uploadId = await client.getMultipartUploadId('holdfast/1.1.payload')
    await client.uploadPart('holdfast/1.1.payload', uploadId, patternBytes(PART_BYTES), 1)
    await client.getMultipartUploadId('other/1.1.payload')
    const store = storeAt(place)
    expect(await store.sweep(new Date(Date.now() - 3_600_000))).to.equal(0)
    expect(await store.sweep(new Date(Date.now() + 3_600_000))).to.equal(1)
    expect(await store.sweep(new Date(Date.now() + 3_600_000))).to.equal(0)
  })

  it('removes a blob with its versions from a bucket that keeps them', async () => {
    const place = await newPlace()
    const client = clientOf(place)
    await client.setBucketVersioning('Enabled')
    const store = storeAt(place)
    await store.put('1.1.header', inPieces(patternBytes(10)))
    await store.put('1.1.header', inPieces(patternBytes(20)))
    await store.put('1.1.header2', inPieces(patternBytes(20)))
    await store.remove('1.1.header')
    expect(await store.open('1.1.header')).to.equal(null)
    const left = async (name: string): Promise<number> => (await client.listObjectVersions(`holdfast/${name}`))?.length ?? 0
    expect([await left('1.1.header'), await left('1.1.header2')]).to.deep.equal([0, 1])
  })

  it('refuses bytes that changed on their way', async () => {
    const place = await newPlace()
    const changed: typeof fetch = (input, init = {}) => {
      const headers = new Headers(init.headers)
      // Of other bytes than those that arrive.
      if (init.method === 'PUT') headers.set('content-md5', createHash('md5').update('as it was').digest('base64'))
      return route.fetch(input, { ...init, headers })
    }
    const store = new S3BlobStore({ place, fetch: changed })
    await expectCode(store.put('a', inPieces(patternBytes(10))), 'STORE_FAILED')
    expect(await storeAt(place).open('a')).to.equal(null)
  })

  it('is refused with a wrong secret, an unknown bucket and an authority that nobody vouched for, and told so', async () => {
    const place = await newPlace()
    const asked = await Promise.all([
      expectCode(storeAt({ ...place, secretAccessKey: 'wrong' }).put('a', inPieces(patternBytes(10))), 'STORE_FAILED'),
      expectCode(storeAt({ ...place, bucket: 'not-there' }).put('a', inPieces(patternBytes(10))), 'STORE_FAILED'),
      expectCode(storeAt({ ...place, bucket: 'not-there' }).open('a'), 'STORE_FAILED'),
      expectCode(storeAt({ ...place, endpoint: gateway.tlsEndpoint }).put('a', inPieces(patternBytes(10))), 'STORE_FAILED'),
    ])
    expect(asked.map(({ details }) => details['system'] ?? null)).to.deep.equal(['SignatureDoesNotMatch', 'NoSuchBucket', null, 'DEPTH_ZERO_SELF_SIGNED_CERT'])
    expect(JSON.stringify(asked)).to.not.contain(place.accessKeyId)
  })

  it('is reached over TLS by the authority that the settings name', async () => {
    const trusted = s3Fetch({ caPem: gateway.certificatePem, deadlineMs: DEADLINE_MS })
    try {
      const store = new S3BlobStore({ place: { ...await newPlace(), endpoint: gateway.tlsEndpoint }, fetch: trusted.fetch })
      await store.put('a', inPieces(patternBytes(100_000)))
      const blob = await store.open('a')
      expect((await collect(blob?.read(5, 70_000) ?? inPieces(new Uint8Array()))).equals(patternBytes(100_000).subarray(5, 70_000))).to.equal(true)
    } finally {
      trusted.close()
    }
  })
})

describe('a service that does not answer', () => {
  it('is given up at the deadline, before an answer and in the middle of one', async () => {
    for (const [words, ask] of [
      ['', (store: S3BlobStore) => store.open('a')],
      ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n', (store: S3BlobStore) => store.put('a', inPieces(patternBytes(1)))],
    ] as const) {
      const sockets = new Set<Socket>()
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined).once('data', () => socket.write(words))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const route = s3Fetch({ caPem: null, deadlineMs: 200 })
      const store = new S3BlobStore({ place: { endpoint: `http://127.0.0.1:${addressOf(server)}`, bucket: 'sealed', region: 'x', prefix: '', accessKeyId: 'AK', secretAccessKey: 'x' }, fetch: route.fetch })
      await expectCode(ask(store), 'STORE_FAILED')
      route.close()
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  })
})

function addressOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
