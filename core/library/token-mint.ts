import type { Role } from '../domain/actor.ts'
import type { Actor, AuditDraft } from '../domain/audit-entry.ts'
import { HoldfastError } from '../domain/errors.ts'
import type { TokenId } from '../domain/ids.ts'
import { MAX_PARTITIONS, parsePartition } from '../domain/partition.ts'
import type { Clock } from '../ports/runtime.ts'
import type { StoredToken, TokenStore } from '../ports/token-store.ts'
import { formatToken, randomToken, secretDigest } from './token-text.ts'

const MAX_LABEL_LENGTH = 100

export interface NewToken {
  /** For people: who or what uses it. */
  readonly label: string
  readonly role: Role
  readonly partitions: readonly string[]
  readonly expiresAt: Date | null
}

/** Makes and revokes API tokens. The text of a token is told once and stored nowhere. */
export class TokenMint {
  readonly #tokens: TokenStore
  readonly #clock: Clock

  constructor({ tokens, clock }: { readonly tokens: TokenStore; readonly clock: Clock }) {
    this.#tokens = tokens
    this.#clock = clock
  }

  /** @throws HoldfastError `CONFIG_INVALID` for a label or expiry that cannot be meant; `FILTER_INVALID` for a partition that is none */
  async create(wanted: NewToken, by: Actor): Promise<{ readonly text: string; readonly token: StoredToken }> {
    const now = this.#clock.now()
    check(wanted, now)
    const parts = randomToken()
    const token: StoredToken = {
      id: parts.id,
      label: wanted.label.trim(),
      role: wanted.role,
      partitions: wanted.partitions.map((partition) => parsePartition(partition)),
      secretSha256: secretDigest(parts.secret),
      createdAt: now,
      expiresAt: wanted.expiresAt,
      revokedAt: null,
    }
    await this.#tokens.create(token, audit('token.created', token.id, { at: now, by, details: { role: token.role, partitions: token.partitions.join(',') }, personal: { label: token.label } }))
    return { text: formatToken(parts), token }
  }

  /** Idempotent. Tickets of the token die with it. */
  async revoke(id: TokenId, by: Actor): Promise<'revoked' | 'unknown'> {
    const now = this.#clock.now()
    return this.#tokens.revoke(id, now, audit('token.revoked', id, { at: now, by, details: {}, personal: {} }))
  }
}

function check({ label, role, partitions, expiresAt }: NewToken, now: Date): void {
  const name = label.trim()
  if (name === '' || name.length > MAX_LABEL_LENGTH || /\p{Cc}/u.test(name)) {
    throw new HoldfastError('CONFIG_INVALID', `a token's label has 1 to ${MAX_LABEL_LENGTH} printable characters`, { length: name.length })
  }
  if (role === 'supervisor' && partitions.length === 0) {
    throw new HoldfastError('CONFIG_INVALID', 'a supervisor needs at least one partition: without one the token reaches nothing', { role })
  }
  if (partitions.length > MAX_PARTITIONS) throw new HoldfastError('CONFIG_INVALID', `a token reaches at most ${MAX_PARTITIONS} partitions`, { partitions: partitions.length })
  if (expiresAt !== null && !(expiresAt > now)) throw new HoldfastError('CONFIG_INVALID', 'a token expires in the future', {})
}

function audit(action: 'token.created' | 'token.revoked', id: TokenId, told: { readonly at: Date; readonly by: Actor } & Pick<AuditDraft, 'details' | 'personal'>): AuditDraft {
  return { at: told.at, actor: told.by, action, object: { type: 'token', id }, outcome: 'ok', reason: null, details: told.details, personal: told.personal }
}
