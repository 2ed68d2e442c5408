import { createHmac, timingSafeEqual } from 'node:crypto'

/** Carries the signature of a message, and of its answer. */
export const SIGNATURE_HEADER = 'x-holdfast-signature'

/** What is signed as an order must not pass for an answer. */
export type Signed = 'order' | `answer ${string}`

/** HMAC-SHA256 over what it is and the exact bytes. Source: RFC 2104 */
export function signatureOf(secret: string, what: Signed, body: Uint8Array): string {
  return hmac(secret, what, body).toString('hex')
}

/** Compared in constant time. */
export function isSigned(secret: string, what: Signed, { body, signature }: { readonly body: Uint8Array; readonly signature: string | undefined }): boolean {
  const given = Buffer.from(signature ?? '', 'hex')
  const right = hmac(secret, what, body)
  return given.length === right.length && timingSafeEqual(given, right)
}

function hmac(secret: string, what: Signed, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`holdfast nodes 1 ${what}\n`).update(body).digest()
}
