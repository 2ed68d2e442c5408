import { Decrypter, Encrypter } from 'age-encryption'
import { HoldfastError } from '../domain/errors.ts'

/** A header and the key that it carries for its recipients. The caller zeroises the key. */
export interface MadeHeader {
  readonly header: Uint8Array
  readonly fileKey: Uint8Array
}

/** What age writes after the header of an empty file: the payload's nonce and one empty chunk, 16 bytes each. */
const EMPTY_PAYLOAD_BYTES = 32
const MAC_LINE = Buffer.from('\n--- ')
const LINE_END = 0x0a

/** A header with a new file key. */
export function newHeader(recipients: readonly string[]): Promise<MadeHeader> {
  return encryptNothing(recipients, null)
}

/**
 * A header that carries an existing file key for other recipients: rotation without touching the sound.
 * @throws HoldfastError `INTEGRITY_MISMATCH` when the header does not carry that key; it is never returned then
 */
export async function wrapFileKey(fileKey: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  const made = await encryptNothing(recipients, fileKey)
  made.fileKey.fill(0)
  const proof = new Decrypter()
  proof.addIdentity({ unwrapFileKey: () => fileKey.slice() })
  try {
    // Checks the MAC, whose key comes from the file key: proves that age took ours.
    const proved = await proof.decryptHeader(made.header)
    proved.fill(0)
  } catch (error) {
    throw new HoldfastError('INTEGRITY_MISMATCH', 'a header was not made for its own file key', {}, { cause: error })
  }
  return made.header
}

/**
 * The file key of a header, or `null` when no identity of the reader fits. The caller zeroises it.
 * @throws HoldfastError `INTEGRITY_MISMATCH` when the header is malformed, or was altered
 */
export async function openHeader(header: Uint8Array, identities: readonly string[]): Promise<Uint8Array | null> {
  if (headerSize(header) !== header.length) throw altered()
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  // Asked last, after every identity shrugged: tells "not for us" from "altered" without reading error texts.
  let noneFitted = false
  decrypter.addIdentity({
    unwrapFileKey: () => {
      noneFitted = true
      return null
    },
  })
  try {
    return await decrypter.decryptHeader(header)
  } catch (error) {
    if (noneFitted) return null
    throw altered(error)
  }
}

/** How many bytes of an age file are its header, up to and with the end of the MAC line; `null` when there is no such line. Source: C2SP age §Header */
export function headerSize(bytes: Uint8Array): number | null {
  const macLine = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(MAC_LINE)
  if (macLine < 0) return null
  const end = bytes.indexOf(LINE_END, macLine + MAC_LINE.length)
  return end < 0 ? null : end + 1
}

/**
 * Lets age encrypt an empty file and keeps its header. A recipient of ours stands first: it reads the file key,
 * or writes an existing one over it, for age hands the same array to the recipients after it and takes the MAC's key from it.
 * Source: age-encryption 0.3.1 Encrypter.encrypt, Recipient.wrapFileKey
 */
async function encryptNothing(recipients: readonly string[], existing: Uint8Array | null): Promise<MadeHeader> {
  let fileKey: Uint8Array | null = null
  const encrypter = new Encrypter()
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      if (existing !== null) key.set(existing)
      fileKey = key
      return []
    },
  })
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const file = await encrypter.encrypt(new Uint8Array(0))
  if (fileKey === null) throw new Error('age encrypted without asking its recipients')
  return { header: file.subarray(0, file.length - EMPTY_PAYLOAD_BYTES), fileKey }
}

function altered(cause?: unknown): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'the header of a sealed object was altered', {}, { cause })
}
