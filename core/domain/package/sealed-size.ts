const NONCE_BYTES = 16
const CHUNK_BYTES = 65_536
const TAG_BYTES = 16

/** The size of an age file with this header and so much plaintext. Source: C2SP age §Payload */
export function sealedSize(headerBytes: number, plainBytes: number): number {
  return headerBytes + NONCE_BYTES + plainBytes + Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES)) * TAG_BYTES
}
