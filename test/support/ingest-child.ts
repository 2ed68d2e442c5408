import { argv } from 'node:process'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { openCatalogue, openWorker } from './spooled-calls.ts'

/**
 * Ingests what lies in a folder up to a point, says so, and stands still there until it is killed:
 * `node ingest-child.ts <folder> <recipient> <step | sealing | stored>`.
 */
const [folder = '', recipient = '', point = ''] = argv.slice(2)
/** In the middle of the stream, after blocks have reached the disk. */
const HALF_BYTES = 1_000_000

const store = await openCatalogue(folder)
const { worker } = await openWorker(folder, store, {
  owner: 'child',
  identity: { recipient, fileText: '' },
  onStep: (_, step) => {
    if (step === point) standStill()
  },
  around: (blobs): BlobStore => ({
    open: (name) => blobs.open(name),
    remove: (name) => blobs.remove(name),
    freeBytes: () => blobs.freeBytes(),
    put: async (name, bytes) => {
      const put = await blobs.put(name, point === 'sealing' ? upTo(HALF_BYTES, bytes) : bytes)
      if (point === 'stored') standStill()
      return put
    },
  }),
})
await worker.runOnce()
throw new Error(`the job never came to ${point}`)

async function* upTo(most: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let passed = 0
  for await (const piece of bytes) {
    if (passed > most) standStill()
    yield piece
    passed += piece.length
  }
}

function standStill(): never {
  process.stdout.write('there\n')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
