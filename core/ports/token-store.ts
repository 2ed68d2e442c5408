import type { Permission, RoleName, TokenBinding } from '../domain/actor.ts'
import type { AuditDraft } from '../domain/audit-entry.ts'
import type { TokenId } from '../domain/ids.ts'

/** A token without its secret. */
export interface StoredToken {
  readonly id: TokenId
  readonly label: string
  readonly role: RoleName
  /** Those of its role that it has; `null`: all that the role has at the time. */
  readonly permissions: readonly Permission[] | null
  /** What a supervisor's token reaches; with their subtrees. */
  readonly partitions: readonly string[]
  /** Whose calls an agent's token is for; `null` for every other role. */
  readonly binding: TokenBinding | null
  readonly secretSha256: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

export interface TokenStore {
  create(token: StoredToken, audit: AuditDraft): Promise<void>
  find(id: TokenId): Promise<StoredToken | null>
  list(): Promise<readonly StoredToken[]>
  /** Idempotent. Returns whether there is such a token. */
  revoke(id: TokenId, at: Date, audit: AuditDraft): Promise<'revoked' | 'unknown'>
}
