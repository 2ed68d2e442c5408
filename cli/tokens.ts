import { type Role } from '../core/domain/actor.ts'
import type { AuditDraft } from '../core/domain/audit-entry.ts'
import type { TokenId } from '../core/domain/ids.ts'
import { formatToken, randomToken, secretDigest } from '../core/library/token-text.ts'
import type { StoredToken, TokenStore } from '../core/ports/token-store.ts'
import { consoleActor } from './console-actor.ts'

interface Tokens {
  readonly tokens: TokenStore
}

/** Makes a token and stores its digest; the text is the only copy of its secret. */
export async function createToken({ tokens }: Tokens, { role, label, partitions, expiresInMs, now }: {
  readonly role: Role
  readonly label: string
  readonly partitions: readonly string[]
  readonly expiresInMs: number | null
  readonly now: Date
}): Promise<{ readonly token: StoredToken; readonly text: string }> {
  const parts = randomToken()
  const token: StoredToken = {
    id: parts.id,
    label,
    role,
    partitions: [...new Set(partitions)],
    secretSha256: secretDigest(parts.secret),
    createdAt: now,
    expiresAt: expiresInMs === null ? null : new Date(now.getTime() + expiresInMs),
    revokedAt: null,
  }
  const details = { role, partitions: token.partitions.join(','), expiresAt: token.expiresAt?.toISOString() ?? null }
  await tokens.create(token, note(token.id, now, { action: 'token.created', outcome: 'ok', details, personal: { label } }))
  return { token, text: formatToken(parts) }
}

/** Takes a token back. Idempotent. */
export function revokeToken({ tokens }: Tokens, id: TokenId, now: Date): Promise<'revoked' | 'unknown'> {
  return tokens.revoke(id, now, note(id, now, { action: 'token.revoked', outcome: 'ok', details: {}, personal: {} }))
}

/** Whether a token would be taken now. */
export function tokenState({ expiresAt, revokedAt }: Pick<StoredToken, 'expiresAt' | 'revokedAt'>, now: Date): 'valid' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid'
}

function note(id: TokenId, at: Date, said: Pick<AuditDraft, 'action' | 'outcome' | 'details' | 'personal'>): AuditDraft {
  return { ...said, at, actor: consoleActor(), object: { type: 'token', id }, reason: null }
}
