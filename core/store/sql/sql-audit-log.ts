import type { AuditDraft, AuditEntry } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type NodeName, parseNodeName } from '../../domain/ids.ts'
import type { AuditFilter, AuditLog, AuditVerification, VerifyOptions } from '../../ports/audit-log.ts'
import { type AuditChain, auditEntryOf } from './audit-chain.ts'
import { auditConditions } from './audit-conditions.ts'
import { entriesWithPersonal } from './audit-rows.ts'
import { verifyChain } from './audit-verify.ts'
import type { SqlDatabase } from './sql-database.ts'

export class SqlAuditLog implements AuditLog {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async append(draft: AuditDraft): Promise<AuditEntry> {
    try {
      const [entry] = await this.#database.change((tx) => this.#chain.append(tx, [draft]))
      if (entry === undefined) throw new Error('a chain gave no entry for a draft')
      return entry
    } catch (error) {
      throw new HoldfastError('AUDIT_UNAVAILABLE', 'the audit entry could not be written', { action: draft.action }, { cause: error })
    }
  }

  async read(filter: AuditFilter, { first, before }: { readonly first: number; readonly before: number | null }): ReturnType<AuditLog['read']> {
    const rows = await this.#database.read(async (tx) => {
      const conditions = await auditConditions(tx, filter)
      let query = entriesWithPersonal(tx)
      for (const condition of conditions) query = query.where(condition)
      if (before !== null) query = query.where('entry.position', '<', before)
      return query.orderBy('entry.position', 'desc').limit(first + 1).execute()
    })
    return { entries: rows.slice(0, first).map((row) => ({ position: row.position, entry: auditEntryOf(row) })), hasMore: rows.length > first }
  }

  async verify(chain: NodeName, options: VerifyOptions = {}): Promise<AuditVerification> {
    return await verifyChain(this.#database, chain, options)
  }

  async chains(): Promise<readonly NodeName[]> {
    const rows = await this.#database.read((tx) => tx.selectFrom('audit_chains').select('chain')
      .union(tx.selectFrom('audit_entries').select('chain').distinct()).orderBy('chain').execute())
    return rows.map((row) => parseNodeName(row.chain))
  }
}
