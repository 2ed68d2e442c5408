import { createHash } from 'node:crypto'

/** Longest value that is kept whole in a key: with the digest of a longer one it makes 255 bytes. Source: InnoDB's key limit of 3072 bytes and one length byte. */
const WHOLE_BYTES = 223

/**
 * A stranger's text as a key that both databases compare alike: the bytes of its NFC form, so that case, accents and trailing blanks count;
 * of a long one the first 223 bytes and the SHA-256 of all.
 */
export function searchKey(text: string): Uint8Array {
  const bytes = Buffer.from(text.normalize('NFC'), 'utf8')
  if (bytes.length <= WHOLE_BYTES) return bytes
  return Buffer.concat([bytes.subarray(0, WHOLE_BYTES), createHash('sha256').update(bytes).digest()])
}
