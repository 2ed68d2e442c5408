import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import type { TokenId } from '../../../core/domain/ids.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { StoredToken, TokenStore } from '../../../core/ports/token-store.ts'

/** Tokens in memory, with their audit entries in the given log. */
export class MemoryTokenStore implements TokenStore {
  readonly #audit: AuditLog
  readonly #tokens = new Map<TokenId, StoredToken>()

  constructor(audit: AuditLog) {
    this.#audit = audit
  }

  async create(token: StoredToken, audit: AuditDraft): Promise<void> {
    if (this.#tokens.has(token.id)) throw new HoldfastError('STORE_FAILED', 'there is such a token already')
    await this.#audit.append(audit)
    this.#tokens.set(token.id, token)
  }

  async find(id: TokenId): Promise<StoredToken | null> {
    return this.#tokens.get(id) ?? null
  }

  async list(): Promise<readonly StoredToken[]> {
    return [...this.#tokens.values()]
  }

  async revoke(id: TokenId, at: Date, audit: AuditDraft): Promise<'revoked' | 'unknown'> {
    const token = this.#tokens.get(id)
    if (token === undefined) return 'unknown'
    if (token.revokedAt === null) {
      await this.#audit.append(audit)
      this.#tokens.set(id, { ...token, revokedAt: at })
    }
    return 'revoked'
  }
}
