import type { BlobReader } from './blob-store.ts'

/** A stream that is being sealed: the header is made before the first byte of the payload. */
export interface SealedStream {
  /** Small; an age v1 header up to and with its MAC line. Source: C2SP age §Header */
  readonly header: Uint8Array
  /** Nonce and chunks; header followed by payload is a valid age file. Source: C2SP age §Payload */
  readonly payload: AsyncIterable<Uint8Array>
  readonly recipients: readonly string[]
}

/** Plaintext of a sealed object, readable anywhere. Holds the file key until it is disposed. */
export interface OpenedBlob extends Disposable {
  readonly sizeBytes: number
  /**
   * Plaintext bytes `[start, end)`, each chunk only after it was proved.
   * @throws HoldfastError `BLOB_RANGE`; `INTEGRITY_MISMATCH` before the first byte of an altered chunk
   */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

export interface Cipher {
  /** Encrypts to every current recipient in one pass with bounded memory. @throws HoldfastError `NO_RECIPIENT` */
  seal(plain: AsyncIterable<Uint8Array>): Promise<SealedStream>
  /**
   * Opens a sealed object in place and proves its end first.
   * @returns `null` when no identity of the key ring fits: it is not ours to read, which is no fault
   * @throws HoldfastError `INTEGRITY_MISMATCH` when one fits and header or length were altered; nothing was yielded then
   */
  open(header: Uint8Array, payload: BlobReader): Promise<OpenedBlob | null>
  /**
   * A new header for the current recipients, with the file key of an old one: the payload stays as it is.
   * @returns `null` when no identity here opens the old header
   * @throws HoldfastError `NO_RECIPIENT`; `INTEGRITY_MISMATCH`
   */
  rewrap(header: Uint8Array): Promise<{ readonly header: Uint8Array; readonly recipients: readonly string[] } | null>
  /** Whether anything can be opened here. */
  readonly canOpen: 'yes' | 'no'
}
