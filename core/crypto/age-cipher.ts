import { randomBytes } from 'node:crypto'
import { HoldfastError } from '../domain/errors.ts'
import type { BlobReader } from '../ports/blob-store.ts'
import type { Cipher, OpenedBlob, SealedStream } from '../ports/cipher.ts'
import { newHeader, openHeader, wrapFileKey } from './age-header.ts'
import { PAYLOAD_NONCE_BYTES, payloadKey, sealPayload } from './age-payload.ts'
import { openPayload } from './age-range.ts'
import type { KeyRing } from './key-ring.ts'

/** Seals and opens age v1 files whose header and payload lie apart. Source: C2SP age */
export class AgeCipher implements Cipher {
  readonly #keys: KeyRing

  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  get canOpen(): 'yes' | 'no' {
    return this.#keys.identityCount > 0 ? 'yes' : 'no'
  }

  async seal(plain: AsyncIterable<Uint8Array>): Promise<SealedStream> {
    const recipients = this.#recipients()
    const { header, fileKey } = await newHeader(recipients)
    const nonce = randomBytes(PAYLOAD_NONCE_BYTES)
    const key = payloadKey(fileKey, nonce)
    fileKey.fill(0)
    return { header, payload: sealPayload(key, nonce, plain), recipients }
  }

  async open(header: Uint8Array, payload: BlobReader): Promise<OpenedBlob | null> {
    const fileKey = await openHeader(header, this.#keys.exposeIdentities())
    if (fileKey === null) return null
    try {
      return await openPayload(fileKey, payload)
    } finally {
      fileKey.fill(0)
    }
  }

  /**
   * A new header for the current recipients, with the file key of an old one: the payload stays as it is.
   * @returns `null` when no identity here opens the old header
   * @throws HoldfastError `NO_RECIPIENT`; `INTEGRITY_MISMATCH`
   */
  async rewrap(header: Uint8Array): Promise<{ readonly header: Uint8Array; readonly recipients: readonly string[] } | null> {
    const recipients = this.#recipients()
    const fileKey = await openHeader(header, this.#keys.exposeIdentities())
    if (fileKey === null) return null
    try {
      return { header: await wrapFileKey(fileKey, recipients), recipients }
    } finally {
      fileKey.fill(0)
    }
  }

  #recipients(): readonly string[] {
    if (this.#keys.recipients.length === 0) {
      throw new HoldfastError('NO_RECIPIENT', 'there is no recipient to seal to: name at least one in the configuration')
    }
    return this.#keys.recipients
  }
}
