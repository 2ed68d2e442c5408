import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { HoldfastError } from '../domain/errors.ts'

/** Plaintext of every chunk but the last. Source: C2SP age §Payload */
export const CHUNK_BYTES = 64 * 1024
export const TAG_BYTES = 16
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
/** Random bytes before the first chunk: they make the payload's key unique. */
export const PAYLOAD_NONCE_BYTES = 16

/** Where a chunk stands; the last one says so, which makes a cut visible. Source: C2SP age §Payload (STREAM) */
export interface ChunkPlace {
  readonly index: number
  readonly last: boolean
}

const CIPHER = 'chacha20-poly1305'
const KEY_BYTES = 32
const CHUNK_NONCE_BYTES = 12
/** The counter has 11 bytes; its low 6 reach beyond any file, and Buffer writes no more at once. */
const COUNTER_AT = 5
const COUNTER_BYTES = 6

/** The key of one payload. The caller zeroises it. Source: C2SP age §Payload: HKDF-SHA-256(file key, nonce, "payload") */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', KEY_BYTES))
}

/** One chunk, sealed: its bytes and its tag, not joined, for that would copy every byte once more. */
function sealChunk(key: Uint8Array, place: ChunkPlace, plain: Uint8Array): readonly Uint8Array[] {
  const cipher = createCipheriv(CIPHER, key, chunkNonce(place), { authTagLength: TAG_BYTES })
  const sealed = cipher.update(plain)
  cipher.final()
  return sealed.length === 0 ? [cipher.getAuthTag()] : [sealed, cipher.getAuthTag()]
}

/**
 * One chunk's plaintext, proved.
 * @throws HoldfastError `INTEGRITY_MISMATCH`
 */
export function openChunk(key: Uint8Array, place: ChunkPlace, sealed: Uint8Array): Uint8Array {
  const end = sealed.length - TAG_BYTES
  if (end < 0) throw altered(place)
  const decipher = createDecipheriv(CIPHER, key, chunkNonce(place), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(0, end))
  try {
    decipher.final()
  } catch (error) {
    throw altered(place, error)
  }
  return plain
}

/** Nonce and chunks of a plaintext, in one pass that holds one chunk. Zeroises the key at its end. */
export async function* sealPayload(key: Uint8Array, nonce: Uint8Array, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield nonce
    // A full chunk waits for the next byte: only then is it known not to be the last.
    const chunk = Buffer.alloc(CHUNK_BYTES)
    let filled = 0
    let index = 0
    for await (const piece of plain) {
      for (let at = 0; at < piece.length;) {
        if (filled === CHUNK_BYTES) {
          yield* sealChunk(key, { index, last: false }, chunk)
          index += 1
          filled = 0
        }
        const taken = Math.min(CHUNK_BYTES - filled, piece.length - at)
        chunk.set(piece.subarray(at, at + taken), filled)
        filled += taken
        at += taken
      }
    }
    yield* sealChunk(key, { index, last: true }, chunk.subarray(0, filled))
  } finally {
    key.fill(0)
  }
}

function chunkNonce({ index, last }: ChunkPlace): Uint8Array {
  const nonce = Buffer.alloc(CHUNK_NONCE_BYTES)
  nonce.writeUIntBE(index, COUNTER_AT, COUNTER_BYTES)
  nonce[CHUNK_NONCE_BYTES - 1] = last ? 1 : 0
  return nonce
}

function altered(place: ChunkPlace, cause?: unknown): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'a chunk of a sealed object was altered', { chunk: place.index, last: place.last }, { cause })
}
