import { describe, it } from 'mocha'
import { expect } from 'chai'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { BLOCK_FRAMES } from '../../../core/ingest/lane-file.ts'
import { wavHeader } from '../../../core/domain/wav-header.ts'
import type { BlobStore } from '../../../core/ports/blob-store.ts'
import { IngestFixture, PBX, RATE, at, filesOf } from '../../unit/core/ingest/ingest-fixture.ts'

const HOURS = 4
/** Far above what the buffers take, far below the 460 MB of the call. */
const MOST_MEMORY_BYTES = 128 * 1024 * 1024

describe('ingest of a call of four hours', () => {
  it('holds a block of sound, however long the call is', async () => {
    const fixture = await IngestFixture.open()
    const frames = HOURS * 3600 * RATE
    const ahead = longFiles(fixture, frames)
    await fixture.told({ endMs: HOURS * 3_600_000 })
    let sealed = 0
    let pieces = 0
    let mostMemoryBytes = 0
    const blobs: BlobStore = {
      // Counts what goes by and keeps nothing, so that only the stream itself can hold memory.
      put: async (_, bytes) => {
        let sizeBytes = 0
        for await (const piece of bytes) {
          sizeBytes += piece.length
          ahead.most = Math.max(ahead.most, ahead.read - sizeBytes)
          pieces += 1
          if (pieces % 500 === 0) mostMemoryBytes = Math.max(mostMemoryBytes, process.memoryUsage().arrayBuffers)
        }
        sealed = Math.max(sealed, sizeBytes)
        throw new HoldfastError('STORE_FAILED', 'nothing is kept here')
      },
      open: () => Promise.resolve(null),
      remove: () => Promise.resolve(),
      freeBytes: () => Promise.resolve(null),
    }
    const before = process.memoryUsage().arrayBuffers
    await fixture.ingest({ blobs, spoolOf: (pbxId) => (pbxId === PBX ? fixture.source : null) })
    expect(sealed).to.be.greaterThan(frames * 4)
    expect(ahead.most).to.be.lessThan(16 * BLOCK_FRAMES * 4)
    expect(mostMemoryBytes).to.be.greaterThan(0).and.lessThan(before + MOST_MEMORY_BYTES)
  })
})

/** Two files that are made as they are read, and how far the reading is ahead of the writing. */
function longFiles(fixture: IngestFixture, frames: number): { read: number; most: number } {
  const ahead = { read: 0, most: 0 }
  const piece = Buffer.alloc(64_000, 1)
  for (const name of [filesOf(0).received, filesOf(0).transmitted]) {
    fixture.source.files.set(name, { sizeBytes: 44 + frames * 2, modifiedAt: at(0), read: async function* () {
      yield wavHeader({ channels: 1, sampleRateHz: RATE, dataBytes: frames * 2 })
      for (let left = frames * 2; left > 0; left -= piece.length) {
        const next = piece.subarray(0, Math.min(left, piece.length))
        ahead.read += next.length
        yield next
      }
    } })
  }
  return ahead
}
