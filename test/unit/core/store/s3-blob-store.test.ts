import { expect } from 'chai'
import { describe, it } from 'mocha'
import { S3BlobStore } from '../../../../core/store/s3-blob-store.ts'
import { blobStoreContract } from '../../../contract/blob-store.contract.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { failure, MemoryS3 } from '../../../support/fakes/memory-s3.ts'
import { expectCode } from '../../../support/rejection.ts'

const SECRET = 'only-the-service-knows'
const PLACE = { endpoint: 'https://s3.example.com', bucket: 'sealed', region: 'us-east-1', prefix: 'holdfast/', accessKeyId: 'AK', secretAccessKey: SECRET }

function opened(partBytes = 65_536): { readonly service: MemoryS3; readonly store: S3BlobStore } {
  const service = new MemoryS3()
  return { service, store: new S3BlobStore({ place: PLACE, fetch: service.fetch, partBytes }) }
}

blobStoreContract('S3BlobStore', async () => await Promise.resolve(opened().store))

describe('S3BlobStore', () => {
  it('sends a small blob in one request, and a large one in parts of one size', async () => {
    const { service, store } = opened(1000)
    await store.put('a', inPieces(patternBytes(1000), 300))
    await store.put('b', inPieces(patternBytes(2500), 300))
    expect(service.asked.filter((line) => line.startsWith('PUT')).map((line) => line.replace(/uploadId=\w+/, 'uploadId'))).to.deep.equal([
      'PUT /sealed/holdfast/a', 'PUT /sealed/holdfast/b?partNumber=1&uploadId', 'PUT /sealed/holdfast/b?partNumber=2&uploadId', 'PUT /sealed/holdfast/b?partNumber=3&uploadId',
    ])
    expect([...service.objects.keys()]).to.deep.equal(['holdfast/a', 'holdfast/b'])
  })

  it('gives up an upload whose bytes fail', async () => {
    const { service, store } = opened(1000)
    const broken = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield* inPieces(patternBytes(5000))
      throw new Error('the source broke')
    }
    await Promise.allSettled([store.put('a', broken())])
    expect([service.uploads.size, service.objects.size]).to.deep.equal([0, 0])
  })

  it('gives up what a dead process left, and nothing that is younger or that another wrote', async () => {
    const { service, store } = opened()
    const upload = (key: string, begunAt: Date): object => service.uploads.set(key, { key, begunAt, parts: new Map() })
    upload('holdfast/1.1.payload', new Date('2026-11-20T08:00:00Z'))
    upload('holdfast/2.1.payload', new Date('2026-11-22T08:00:00Z'))
    upload('other/1.1.payload', new Date('2026-11-20T08:00:00Z'))
    expect(await store.sweep(new Date('2026-11-21T08:00:00Z'))).to.equal(1)
    expect([...service.uploads.keys()]).to.deep.equal(['holdfast/2.1.payload', 'other/1.1.payload'])
  })

  it('tells that the bucket is missing, and not that a blob is', async () => {
    const { service, store } = opened()
    service.instead = () => new Response(null, { status: 404 })
    await expectCode(store.open('a'), 'STORE_FAILED')
  })

  it('tells by a code what the service refuses, and nothing of what was signed', async () => {
    const { service, store } = opened()
    service.instead = () => failure(403, 'SignatureDoesNotMatch')
    const refused = await expectCode(store.put('a', inPieces(patternBytes(1))), 'STORE_FAILED')
    expect(refused.details).to.deep.equal({ status: 403, system: 'SignatureDoesNotMatch' })
    expect(JSON.stringify(refused) + String(refused.stack)).to.not.contain(SECRET)
    expect(refused.cause).to.equal(undefined)
  })

  it('takes nothing for stored that is not there in its whole length', async () => {
    const { service, store } = opened()
    service.instead = ({ method }) => method === 'HEAD' ? new Response(null, { status: 200, headers: { 'content-length': '9' } }) : null
    await expectCode(store.put('a', inPieces(patternBytes(10))), 'STORE_FAILED')
  })

  it('takes no other bytes for a range: a whole blob, too few, too many', async () => {
    const { service, store } = opened()
    await store.put('a', inPieces(patternBytes(100)))
    const blob = await store.open('a')
    for (const answer of [new Response('x'.repeat(100)), new Response('x'.repeat(9), { status: 206 }), new Response('x'.repeat(11), { status: 206 })]) {
      service.instead = () => answer
      await expectCode(collect(blob?.read(10, 20) ?? inPieces(new Uint8Array())), 'STORE_FAILED')
    }
    service.instead = () => failure(404, 'NoSuchKey')
    await expectCode(collect(blob?.read(10, 20) ?? inPieces(new Uint8Array())), 'BLOB_NOT_FOUND')
  })

  it('has no other names than those that we make', async () => {
    const { store } = opened()
    for (const name of ['../a', 'a/b', '', '.a', 'A']) {
      expect(await store.open(name).then(() => null, (error: unknown) => error)).to.be.instanceOf(TypeError)
    }
  })
})
