import { createHash, randomBytes } from 'node:crypto'
import { parseTokenId, type TokenId } from '../../domain/ids.ts'

/** 256 bits: nobody guesses it, so one fast hash is enough where a password would need a slow one. */
const SECRET_BYTES = 32
const TOKEN_ID_BYTES = 8
const TOKEN = /^hf_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

/** The two halves of a bearer token `hf_<16 hex>_<base64url>`: a name to look up, and what proves it. */
export interface TokenParts {
  readonly id: TokenId
  readonly secret: string
}

/** `null` when the text is no token. */
export function parseToken(text: string): TokenParts | null {
  const match = TOKEN.exec(text)
  return match === null ? null : { id: parseTokenId(match[1] ?? ''), secret: match[2] ?? '' }
}

export function formatToken({ id, secret }: TokenParts): string {
  return `hf_${id}_${secret}`
}

/** Fresh random parts. */
export function randomToken(): TokenParts {
  return { id: parseTokenId(randomBytes(TOKEN_ID_BYTES).toString('hex')), secret: randomBytes(SECRET_BYTES).toString('base64url') }
}

/** What is stored of a secret: SHA-256, hexadecimal. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret, 'ascii').digest('hex')
}
