import { createHash, randomBytes } from 'node:crypto'

export type Credentials = { readonly username: string; readonly password: string }

export type DigestChallenge = {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  readonly algorithm: 'MD5' | 'SHA-256'
  readonly quality: 'auth' | null
}

const HASHES: Readonly<Record<DigestChallenge['algorithm'], string>> = { MD5: 'md5', 'SHA-256': 'sha256' }

/** Null when the challenge is none that we can answer. Source: RFC 7616 §3.3, RFC 8760 */
export function parseChallenge(value: string): DigestChallenge | null {
  const scheme = /^Digest\s+(.*)$/is.exec(value)?.[1]
  if (scheme === undefined) return null
  const fields = new Map<string, string>()
  for (const match of scheme.matchAll(/([a-z]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]+))/gi)) {
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '')
  }
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase()
  const qualities = fields.get('qop')?.split(',').map((item) => item.trim()) ?? null
  const realm = fields.get('realm')
  const nonce = fields.get('nonce')
  if (realm === undefined || nonce === undefined || (algorithm !== 'MD5' && algorithm !== 'SHA-256')) return null
  if (qualities !== null && !qualities.includes('auth')) return null
  return { realm, nonce, opaque: fields.get('opaque') ?? null, algorithm, quality: qualities === null ? null : 'auth' }
}

export type DigestRequest = {
  readonly challenge: DigestChallenge
  readonly credentials: Credentials
  readonly method: string
  readonly uri: string
  /** Random by default; given by tests. */
  readonly clientNonce?: string
}

/** The value of an Authorization or Proxy-Authorization header. Source: RFC 7616 §3.4 */
export function digestAuthorization(request: DigestRequest): string {
  const { challenge, credentials, method, uri } = request
  const hash = (text: string): string => createHash(HASHES[challenge.algorithm]).update(text).digest('hex')
  const clientNonce = request.clientNonce ?? randomBytes(8).toString('hex')
  const count = '00000001'
  const secret = hash(`${credentials.username}:${challenge.realm}:${credentials.password}`)
  const middle = challenge.quality === null ? challenge.nonce : `${challenge.nonce}:${count}:${clientNonce}:auth`
  const response = hash(`${secret}:${middle}:${hash(`${method}:${uri}`)}`)
  return [
    `Digest username="${credentials.username}"`,
    `realm="${challenge.realm}"`,
    `nonce="${challenge.nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${challenge.algorithm}`,
    ...(challenge.quality === null ? [] : [`qop=auth`, `nc=${count}`, `cnonce="${clientNonce}"`]),
    ...(challenge.opaque === null ? [] : [`opaque="${challenge.opaque}"`]),
  ].join(', ')
}
