import { isDefaultRole, type Permission, type RoleName, type TokenBinding } from '../../domain/actor.ts'
import type { Actor, AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { TokenId } from '../../domain/ids.ts'
import { formatDesk, parseAgent } from '../../domain/desk.ts'
import { MAX_PARTITIONS, parsePartition } from '../../domain/partition.ts'
import { checkedTokenPermissions } from '../../domain/token-permissions.ts'
import type { PeopleStore } from '../../ports/people-store.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { StoredToken, TokenStore } from '../../ports/token-store.ts'
import { formatToken, randomToken, secretDigest } from './token-text.ts'

const MAX_LABEL_LENGTH = 100
/** A desk has a telephone, a softphone, a headset at home. A guess. */
const MAX_DESKS = 16

export interface NewToken {
  /** For people: who or what uses it. */
  readonly label: string
  /** A default role, or one that the organisation made. */
  readonly role: RoleName
  /** Of those of the role; `null`: all that the role has, now and later. */
  readonly permissions: readonly Permission[] | null
  readonly partitions: readonly string[]
  readonly expiresAt: Date | null
  /** Of an agent, or of somebody with a role of the organisation's own who has calls. */
  readonly binding: TokenBinding | null
}

/** Makes and revokes API tokens. The text of a token is told once and stored nowhere. */
export class TokenMint {
  readonly #tokens: TokenStore
  readonly #people: Pick<PeopleStore, 'findRole'>
  readonly #clock: Clock

  constructor({ tokens, people, clock }: { readonly tokens: TokenStore; readonly people: Pick<PeopleStore, 'findRole'>; readonly clock: Clock }) {
    this.#tokens = tokens
    this.#people = people
    this.#clock = clock
  }

  /** @throws HoldfastError `CONFIG_INVALID` for a label or expiry that cannot be meant, a role that there is not, and permissions that it lacks; `FILTER_INVALID` for a partition that is none; `MALFORMED_ID` for an agent that is none */
  async create(wanted: NewToken, by: Actor): Promise<{ readonly text: string; readonly token: StoredToken }> {
    const now = this.#clock.now()
    check(wanted, now)
    const role = await this.#people.findRole(wanted.role)
    if (role === null) throw new HoldfastError('CONFIG_INVALID', `there is no role ${wanted.role}`, { role: wanted.role })
    const parts = randomToken()
    const token: StoredToken = {
      id: parts.id,
      label: wanted.label.trim(),
      role: wanted.role,
      permissions: checkedTokenPermissions({ role, binding: wanted.binding }, wanted.permissions),
      partitions: wanted.partitions.map((partition) => parsePartition(partition)),
      binding: wanted.binding === null ? null : { ...wanted.binding, agent: wanted.binding.agent === null ? null : parseAgent(wanted.binding.agent) },
      secretSha256: secretDigest(parts.secret),
      createdAt: now,
      expiresAt: wanted.expiresAt,
      revokedAt: null,
    }
    await this.#tokens.create(token, audit('token.created', token.id, { at: now, by, ...toldOf(token) }))
    return { text: formatToken(parts), token }
  }

  /** Idempotent. Tickets of the token die with it. */
  async revoke(id: TokenId, by: Actor): Promise<'revoked' | 'unknown'> {
    const now = this.#clock.now()
    return this.#tokens.revoke(id, now, audit('token.revoked', id, { at: now, by, details: {}, personal: {} }))
  }
}

function check({ label, role, partitions, expiresAt, binding }: NewToken, now: Date): void {
  const name = label.trim()
  if (name === '' || name.length > MAX_LABEL_LENGTH || /\p{Cc}/u.test(name)) {
    throw new HoldfastError('CONFIG_INVALID', `a token's label has 1 to ${MAX_LABEL_LENGTH} printable characters`, { length: name.length })
  }
  if (role === 'supervisor' && partitions.length === 0) {
    throw new HoldfastError('CONFIG_INVALID', 'a supervisor needs at least one partition: without one the token reaches nothing', { role })
  }
  checkBinding(role, binding, partitions)
  if (partitions.length > MAX_PARTITIONS) throw new HoldfastError('CONFIG_INVALID', `a token reaches at most ${MAX_PARTITIONS} partitions`, { partitions: partitions.length })
  if (expiresAt !== null && !(expiresAt > now)) throw new HoldfastError('CONFIG_INVALID', 'a token expires in the future', {})
}

function checkBinding(role: RoleName, binding: TokenBinding | null, partitions: readonly string[]): void {
  if (isDefaultRole(role) && role !== 'agent' && binding !== null) throw new HoldfastError('CONFIG_INVALID', 'only the token of an agent is bound to a person or a telephone', { role })
  if (binding !== null && role !== 'agent' && binding.sees === 'own') throw new HoldfastError('CONFIG_INVALID', 'whether she finds her own recordings, a role of your own says', { role })
  if (role !== 'agent' && binding === null) return
  if (binding === null || (binding.agent === null && binding.desks.length === 0)) throw new HoldfastError('CONFIG_INVALID', 'a token that is bound names the agent, a telephone, or both: without them it reaches nothing', { role })
  if (binding.agent === null && binding.sees === 'own') throw new HoldfastError('CONFIG_INVALID', 'only a person has recordings of her own: name the agent', { role })
  if (binding.desks.length > MAX_DESKS) throw new HoldfastError('CONFIG_INVALID', `a token names at most ${MAX_DESKS} telephones`, { desks: binding.desks.length })
  if (role === 'agent' && partitions.length > 0) throw new HoldfastError('CONFIG_INVALID', 'an agent reaches her own calls, and no partition', { role })
}

/** What the audit tells of a new token: all but its secret. */
function toldOf({ label, role, permissions, partitions, binding }: StoredToken): Pick<AuditDraft, 'details' | 'personal'> {
  return {
    details: {
      role,
      partitions: partitions.join(','),
      ...permissions === null ? {} : { permissions: permissions.join(',') },
      ...binding === null ? {} : { desks: binding.desks.map(formatDesk).join(','), sees: binding.sees },
    },
    personal: { label, ...binding?.agent == null ? {} : { agent: binding.agent } },
  }
}

function audit(action: 'token.created' | 'token.revoked', id: TokenId, told: { readonly at: Date; readonly by: Actor } & Pick<AuditDraft, 'details' | 'personal'>): AuditDraft {
  return { at: told.at, actor: told.by, action, object: { type: 'token', id }, outcome: 'ok', reason: null, details: told.details, personal: told.personal }
}
