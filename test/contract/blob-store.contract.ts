import { createHash } from 'node:crypto'
import { describe, it } from 'mocha'
import { expect } from 'chai'
import type { BlobReader, BlobStore } from '../../core/ports/blob-store.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { expectCode, rejection } from '../support/rejection.ts'

/** What every blob store does. `open` gives an empty one. */
export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} is a BlobStore`, () => {
    for (const sizeBytes of [0, 1, 65_552, 1_000_003]) {
      it(`gives back ${sizeBytes} bytes as they were, and their digest`, async () => {
        const store = await open()
        const bytes = patternBytes(sizeBytes)
        const put = await store.put('1.payload', inPieces(bytes, 10_007))
        expect(put).to.deep.equal({ sizeBytes, sha256: createHash('sha256').update(bytes).digest('hex') })
        const blob = await opened(store, '1.payload')
        expect(blob.sizeBytes).to.equal(sizeBytes)
        expect((await collect(blob.read(0, sizeBytes))).equals(bytes)).to.equal(true)
      })
    }

    it('reads any range', async () => {
      const store = await open()
      const bytes = patternBytes(300_000)
      await store.put('a', inPieces(bytes))
      const blob = await opened(store, 'a')
      for (const [start, end] of [[0, 0], [0, 1], [299_999, 300_000], [1, 262_145], [65_536, 65_552], [300_000, 300_000]] as const) {
        expect((await collect(blob.read(start, end))).equals(bytes.subarray(start, end)), `${start}-${end}`).to.equal(true)
      }
    })

    it('refuses a range beyond the end, before it and backwards', async () => {
      const store = await open()
      await store.put('a', inPieces(patternBytes(10)))
      const blob = await opened(store, 'a')
      for (const [start, end] of [[0, 11], [-1, 2], [5, 4], [0.5, 2], [0, Number.NaN]] as const) {
        await expectCode(collect(blob.read(start, end)), 'BLOB_RANGE')
      }
    })

    it('replaces a blob whole', async () => {
      const store = await open()
      await store.put('a', inPieces(patternBytes(100_000)))
      await store.put('a', inPieces(patternBytes(10, 7)))
      const blob = await opened(store, 'a')
      expect((await collect(blob.read(0, blob.sizeBytes))).equals(patternBytes(10, 7))).to.equal(true)
    })

    it('shows nothing when the bytes fail, throws their error on, and keeps what was there', async () => {
      const store = await open()
      const fault = new Error('the source broke')
      expect(await rejection(store.put('new', breaking(fault)))).to.equal(fault)
      expect(await store.open('new')).to.equal(null)
      await store.put('old', inPieces(patternBytes(10)))
      expect(await rejection(store.put('old', breaking(fault)))).to.equal(fault)
      expect((await opened(store, 'old')).sizeBytes).to.equal(10)
    })

    it('shows nothing before all bytes are there', async () => {
      const store = await open()
      let seenInside: BlobReader | null | undefined
      await store.put('a', async function* () {
        yield patternBytes(70_000)
        seenInside = await store.open('a')
        yield patternBytes(1)
      }())
      expect(seenInside).to.equal(null)
      expect((await opened(store, 'a')).sizeBytes).to.equal(70_001)
    })

    it('knows nothing of a name that was never put, and removes it without complaint', async () => {
      const store = await open()
      await store.remove('never')
      expect(await store.open('never')).to.equal(null)
    })

    it('removes a blob, and only that one', async () => {
      const store = await open()
      await store.put('a', inPieces(patternBytes(10)))
      await store.put('b', inPieces(patternBytes(20)))
      await store.remove('a')
      await store.remove('a')
      expect(await store.open('a')).to.equal(null)
      expect((await opened(store, 'b')).sizeBytes).to.equal(20)
    })

    it('says how much room is left, or that it does not know', async () => {
      const free = await (await open()).freeBytes()
      if (free !== null) expect(free).to.be.greaterThan(0)
    })
  })
}

async function opened(store: BlobStore, name: string): Promise<BlobReader> {
  const blob = await store.open(name)
  if (blob === null) throw new Error(`${name} is not there`)
  return blob
}

async function* breaking(fault: Error): AsyncGenerator<Uint8Array, void, undefined> {
  yield patternBytes(100_000)
  throw fault
}
