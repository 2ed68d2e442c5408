import { type AgentView, parseRoleName, PERMISSIONS, type TokenBinding } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import type { Desk } from '../../domain/desk.ts'
import { parseTokenId, type TokenId } from '../../domain/ids.ts'
import type { StoredToken, TokenStore } from '../../ports/token-store.ts'
import type { AuditChain } from './audit-chain.ts'
import { locked } from './portable.ts'
import type { SqlDatabase } from './sql-database.ts'
import type { TokenDesksRow, TokenRow } from './tables.ts'

export class SqlTokenStore implements TokenStore {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async create(token: StoredToken, audit: AuditDraft): Promise<void> {
    await this.#database.change(async (tx) => {
      await tx.insertInto('tokens').values(rowOf(token)).execute()
      if (token.binding !== null) await tx.insertInto('token_desks').values(bindingRow(token.id, token.binding)).execute()
      await this.#chain.append(tx, [audit])
    })
  }

  async find(id: TokenId): Promise<StoredToken | null> {
    return await this.#database.read(async (tx) => {
      const row = await tx.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
      const bound = await tx.selectFrom('token_desks').selectAll().where('token_id', '=', id).executeTakeFirst()
      return row === undefined ? null : tokenOf(row, bound)
    })
  }

  async list(): Promise<readonly StoredToken[]> {
    return await this.#database.read(async (tx) => {
      const rows = await tx.selectFrom('tokens').selectAll().orderBy('created_at').orderBy('id').execute()
      const bound = new Map((await tx.selectFrom('token_desks').selectAll().execute()).map((row) => [row.token_id, row]))
      return rows.map((row) => tokenOf(row, bound.get(row.id)))
    })
  }

  revoke(id: TokenId, at: Date, audit: AuditDraft): Promise<'revoked' | 'unknown'> {
    return this.#database.change(async (tx) => {
      const row = await locked(tx, tx.selectFrom('tokens').select('revoked_at').where('id', '=', id)).executeTakeFirst()
      if (row === undefined) return 'unknown'
      if (row.revoked_at !== null) return 'revoked'
      await tx.updateTable('tokens').set({ revoked_at: at.getTime() }).where('id', '=', id).execute()
      await this.#chain.append(tx, [audit])
      return 'revoked'
    })
  }
}

function rowOf(token: StoredToken): TokenRow {
  return {
    id: token.id,
    label: token.label,
    role: token.role,
    permissions_json: token.permissions === null ? null : JSON.stringify(token.permissions),
    partitions_json: JSON.stringify(token.partitions),
    secret_sha256: token.secretSha256,
    created_at: token.createdAt.getTime(),
    expires_at: token.expiresAt?.getTime() ?? null,
    revoked_at: token.revokedAt?.getTime() ?? null,
  }
}

function bindingRow(tokenId: TokenId, { agent, desks, sees }: TokenBinding): TokenDesksRow {
  return { token_id: tokenId, agent, desks_json: JSON.stringify(desks), sees }
}

function bindingOf(row: TokenDesksRow): TokenBinding {
  return { agent: row.agent, desks: JSON.parse(row.desks_json) as Desk[], sees: row.sees as AgentView }
}

function tokenOf(row: TokenRow, bound: TokenDesksRow | undefined): StoredToken {
  return {
    id: parseTokenId(row.id),
    label: row.label,
    role: parseRoleName(row.role),
    // Whatever is no permission is none: a list that nobody understands gives nothing.
    permissions: row.permissions_json === null ? null : (JSON.parse(row.permissions_json) as string[]).flatMap((name) => PERMISSIONS.filter((known) => known === name)),
    partitions: JSON.parse(row.partitions_json) as string[],
    binding: bound === undefined ? null : bindingOf(bound),
    secretSha256: row.secret_sha256,
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  }
}
