import { createHash } from 'node:crypto'
import { HoldfastError } from '../../../core/domain/errors.ts'
import type { BlobReader, BlobStore } from '../../../core/ports/blob-store.ts'
import { collect, inPieces } from '../bytes.ts'

/** Blobs in memory. `pieceBytes`: how small the pieces of a read are. */
export class MemoryBlobStore implements BlobStore {
  readonly blobs = new Map<string, Uint8Array>()
  readonly #pieceBytes: number

  constructor(pieceBytes = 64 * 1024) {
    this.#pieceBytes = pieceBytes
  }

  async put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
    const whole = await collect(bytes)
    this.blobs.set(name, whole)
    return { sizeBytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') }
  }

  async open(name: string): Promise<BlobReader | null> {
    const blob = this.blobs.get(name)
    return blob === undefined ? null : new MemoryBlobReader(blob, this.#pieceBytes)
  }

  async remove(name: string): Promise<void> {
    this.blobs.delete(name)
  }

  async freeBytes(): Promise<number | null> {
    return null
  }
}

/** One blob in memory. */
export class MemoryBlobReader implements BlobReader {
  readonly sizeBytes: number
  readonly #bytes: Uint8Array
  readonly #pieceBytes: number

  constructor(bytes: Uint8Array, pieceBytes = 64 * 1024) {
    this.#bytes = bytes
    this.sizeBytes = bytes.length
    this.#pieceBytes = pieceBytes
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= this.sizeBytes)) {
      throw new HoldfastError('BLOB_RANGE', 'a range lies outside of its blob', { start, end, sizeBytes: this.sizeBytes })
    }
    yield* inPieces(this.#bytes.subarray(start, end), this.#pieceBytes)
  }
}
