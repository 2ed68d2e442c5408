import type { StoredToken } from '../core/ports/token-store.ts'

/** Whether a token would be taken now. */
export function tokenState({ expiresAt, revokedAt }: Pick<StoredToken, 'expiresAt' | 'revokedAt'>, now: Date): 'valid' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid'
}
