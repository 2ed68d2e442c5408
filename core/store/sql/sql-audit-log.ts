import { sql } from 'kysely'
import type { AuditDraft, AuditEntry } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { type NodeName, parseNodeName } from '../../domain/ids.ts'
import type { AuditFilter, AuditLog, AuditPage, AuditSubject, AuditVerification, VerifyOptions } from '../../ports/audit-log.ts'
import { type AuditChain, auditEntryOf } from './audit-chain.ts'
import { auditQuestion } from './audit-conditions.ts'
import { erasePersonal } from './audit-erasure.ts'
import { entriesOfWord, entriesWithPersonal } from './audit-rows.ts'
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

  async read(filter: AuditFilter, { first, before, after }: AuditPage): ReturnType<AuditLog['read']> {
    const rows = await this.#database.read(async (tx) => {
      const { word, conditions } = await auditQuestion(tx, filter)
      const place = word === null ? 'entry.position' : 'word.position'
      let query = word === null ? entriesWithPersonal(tx) : entriesOfWord(tx, word)
      for (const condition of conditions) query = query.where(condition)
      if (before !== null) query = query.where(sql.ref(place), '<', before)
      if (after !== undefined) query = query.where(sql.ref(place), '>', after)
      return query.orderBy(sql.ref(place), after === undefined ? 'desc' : 'asc').limit(first + 1).execute()
    })
    return { entries: rows.slice(0, first).map((row) => ({ position: row.position, entry: auditEntryOf(row) })), hasMore: rows.length > first }
  }

  async verify(chain: NodeName, options: VerifyOptions = {}): Promise<AuditVerification> {
    return await verifyChain(this.#database, chain, options)
  }

  async erase(subject: AuditSubject, draft: AuditDraft): Promise<number> {
    return await this.#database.change((tx) => erasePersonal(tx, { chain: this.#chain, subject, draft }))
  }

  async chains(): Promise<readonly NodeName[]> {
    const rows = await this.#database.read((tx) => tx.selectFrom('audit_chains').select('chain')
      .union(tx.selectFrom('audit_entries').select('chain').distinct()).orderBy('chain').execute())
    // A name that none of ours can be was put there by somebody else; what it was taken from lacks it.
    return rows.flatMap(({ chain }) => isNodeName(chain) ? [parseNodeName(chain)] : [])
  }
}

function isNodeName(text: string): boolean {
  try {
    parseNodeName(text)
    return true
  } catch (error) {
    if (isHoldfastError(error, 'MALFORMED_ID')) return false
    throw error
  }
}
