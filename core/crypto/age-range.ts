import { HoldfastError } from '../domain/errors.ts'
import type { BlobReader } from '../ports/blob-store.ts'
import type { OpenedBlob } from '../ports/cipher.ts'
import { CHUNK_BYTES, type ChunkPlace, PAYLOAD_NONCE_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES, openChunk, payloadKey } from './age-payload.ts'

/** How the chunks of a payload lie. */
interface Layout {
  readonly chunks: number
  readonly sealedBytes: number
  readonly plainBytes: number
}

/**
 * Opens a payload in place. The last chunk is proved first: it says that it is the last, so it proves the length,
 * and a cut or lengthened object is refused before a byte of it is served.
 * @throws HoldfastError `INTEGRITY_MISMATCH`; what the reader throws
 */
export async function openPayload(fileKey: Uint8Array, payload: BlobReader): Promise<OpenedBlob> {
  const layout = layoutOf(payload.sizeBytes)
  const nonce = await readExactly(payload, 0, PAYLOAD_NONCE_BYTES)
  const key = payloadKey(fileKey, nonce)
  const opened = new AgeRange(key, payload, layout)
  try {
    await opened.proveEnd()
  } catch (error) {
    opened[Symbol.dispose]()
    throw error
  }
  return opened
}

class AgeRange implements OpenedBlob {
  readonly sizeBytes: number
  readonly #key: Uint8Array
  readonly #payload: BlobReader
  readonly #layout: Layout
  #disposed = false

  constructor(key: Uint8Array, payload: BlobReader, layout: Layout) {
    this.sizeBytes = layout.plainBytes
    this.#key = key
    this.#payload = payload
    this.#layout = layout
  }

  async proveEnd(): Promise<void> {
    const last = this.#layout.chunks - 1
    const sealed = await readExactly(this.#payload, chunkStart(last), PAYLOAD_NONCE_BYTES + this.#layout.sealedBytes)
    this.#open(last, sealed)
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= this.sizeBytes)) {
      throw new HoldfastError('BLOB_RANGE', 'a range lies outside of its object', { start, end, sizeBytes: this.sizeBytes })
    }
    if (start === end) return
    let index = Math.floor(start / CHUNK_BYTES)
    const lastIndex = Math.floor((end - 1) / CHUNK_BYTES)
    const sealed = this.#payload.read(chunkStart(index), Math.min(chunkStart(lastIndex + 1), this.#payload.sizeBytes))
    for await (const chunk of inChunks(sealed)) {
      const plain = this.#open(index, chunk)
      const offset = index * CHUNK_BYTES
      yield plain.subarray(Math.max(0, start - offset), Math.min(plain.length, end - offset))
      index += 1
    }
    if (index <= lastIndex) throw endedEarly(index)
  }

  [Symbol.dispose](): void {
    this.#disposed = true
    this.#key.fill(0)
  }

  #open(index: number, sealed: Uint8Array): Uint8Array {
    // With a zeroised key every chunk would look altered: a false alarm.
    if (this.#disposed) throw new Error('a sealed object was read after its disposal')
    const place: ChunkPlace = { index, last: index === this.#layout.chunks - 1 }
    return openChunk(this.#key, place, sealed)
  }
}

/** Only lengths that a seal can have: every chunk is full but the last, which is empty only in an empty object. Source: C2SP age §Payload */
function layoutOf(payloadBytes: number): Layout {
  const sealedBytes = payloadBytes - PAYLOAD_NONCE_BYTES
  const chunks = Math.ceil(sealedBytes / SEALED_CHUNK_BYTES)
  const lastBytes = sealedBytes - (chunks - 1) * SEALED_CHUNK_BYTES
  const leastBytes = chunks === 1 ? TAG_BYTES : TAG_BYTES + 1
  if (chunks < 1 || lastBytes < leastBytes) {
    throw new HoldfastError('INTEGRITY_MISMATCH', 'a sealed object has a length that no seal has', { sizeBytes: payloadBytes })
  }
  return { chunks, sealedBytes, plainBytes: sealedBytes - chunks * TAG_BYTES }
}

function chunkStart(index: number): number {
  return PAYLOAD_NONCE_BYTES + index * SEALED_CHUNK_BYTES
}

/** The pieces of a stream, whatever their sizes, as sealed chunks; the rest comes last. */
async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = Buffer.alloc(SEALED_CHUNK_BYTES)
  let filled = 0
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(SEALED_CHUNK_BYTES - filled, piece.length - at)
      chunk.set(piece.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled === SEALED_CHUNK_BYTES) {
        yield chunk
        filled = 0
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}

async function readExactly(payload: BlobReader, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(end - start)
  let filled = 0
  for await (const piece of payload.read(start, end)) {
    if (filled + piece.length > bytes.length) break
    bytes.set(piece, filled)
    filled += piece.length
  }
  if (filled !== bytes.length) throw endedEarly(Math.floor(start / SEALED_CHUNK_BYTES))
  return bytes
}

function endedEarly(chunk: number): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'a sealed object ended before its length', { chunk })
}
