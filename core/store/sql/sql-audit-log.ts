import type { AuditDraft, AuditEntry } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type NodeName, parseNodeName } from '../../domain/ids.ts'
import type { AuditFilter, AuditLog } from '../../ports/audit-log.ts'
import { type AuditChain, auditEntryOf } from './audit-chain.ts'
import { auditConditions } from './audit-conditions.ts'
import { CHAIN_START, entryHash, personalDigest } from './audit-entry-hash.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { AuditChainRow, AuditEntryRow, AuditPersonalRow } from './tables.ts'

/** Entries that are read and hashed at once: a few milliseconds, between which everything else has its turn. */
const ENTRIES_PER_STEP = 500

type EntryWithPersonal = AuditEntryOut & { readonly salt: string | null; readonly personal_json: string | null }
type AuditEntryOut = Omit<AuditEntryRow, 'position'> & { readonly position: number }

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
      let query = entries(tx)
      for (const condition of conditions) query = query.where(condition)
      if (before !== null) query = query.where('entry.position', '<', before)
      return query.orderBy('entry.position', 'desc').limit(first + 1).execute()
    })
    return { entries: rows.slice(0, first).map((row) => ({ position: row.position, entry: auditEntryOf(row) })), hasMore: rows.length > first }
  }

  /** Entries that are appended meanwhile are not looked at: the end is where it was when the walk began. */
  async verify(chain: NodeName): Promise<{ readonly checked: number; readonly firstBroken: number | null }> {
    const head = await this.#database.read((tx) => headOf(tx, chain))
    let walked = { checked: 0, hash: CHAIN_START }
    while (walked.checked < head.sequence) {
      const from = walked.checked
      const rows = await this.#database.read((tx) => entries(tx).where('entry.chain', '=', chain).where('entry.sequence', '>', from)
        .where('entry.sequence', '<=', head.sequence).orderBy('entry.sequence').limit(ENTRIES_PER_STEP).execute())
      const step = walk(rows, walked)
      if (step.broken !== null || rows.length === 0) return { checked: step.checked, firstBroken: step.checked + 1 }
      walked = step
    }
    // The last entry must be the one that the chain remembers as its last.
    if (walked.hash !== head.hash) return { checked: walked.checked, firstBroken: Math.max(1, head.sequence) }
    return { checked: walked.checked, firstBroken: await this.#beyond(chain, head.sequence) }
  }

  async chains(): Promise<readonly NodeName[]> {
    const rows = await this.#database.read((tx) => tx.selectFrom('audit_chains').select('chain')
      .union(tx.selectFrom('audit_entries').select('chain').distinct()).orderBy('chain').execute())
    return rows.map((row) => parseNodeName(row.chain))
  }

  /** An entry beyond the remembered end, in the same state of the database, was put there by somebody else. */
  async #beyond(chain: NodeName, walkedTo: number): Promise<number | null> {
    return this.#database.read(async (tx) => {
      const head = await headOf(tx, chain)
      const row = await tx.selectFrom('audit_entries').select('sequence').where('chain', '=', chain)
        .where('sequence', '>', Math.max(head.sequence, walkedTo)).orderBy('sequence').limit(1).executeTakeFirst()
      return row?.sequence ?? null
    })
  }
}

interface Walked {
  readonly checked: number
  readonly hash: string
}

/** Goes on with the chain as far as these entries fit. */
function walk(rows: readonly EntryWithPersonal[], { checked, hash }: Walked): Walked & { readonly broken: number | null } {
  let at: Walked = { checked, hash }
  for (const row of rows) {
    const expected = at.checked + 1
    if (row.sequence !== expected || row.hash !== entryHash(at.hash, row) || !personalFits(row)) return { ...at, broken: expected }
    at = { checked: expected, hash: row.hash }
  }
  return { ...at, broken: null }
}

/** The personal part is erased, or it is what the digest says. */
function personalFits(row: EntryWithPersonal): boolean {
  if (row.salt === null || row.personal_json === null) return true
  return row.personal_digest === personalDigest({ salt: row.salt, personal_json: row.personal_json } satisfies Pick<AuditPersonalRow, 'salt' | 'personal_json'>)
}

function entries(tx: Tx) {
  return tx.selectFrom('audit_entries as entry')
    .leftJoin('audit_personal as personal', (join) => join.onRef('personal.chain', '=', 'entry.chain').onRef('personal.sequence', '=', 'entry.sequence'))
    .selectAll('entry').select(['personal.salt', 'personal.personal_json'])
}

/** A chain whose memory of its end was removed counts as empty: its first entry is then the first that does not fit. */
async function headOf(tx: Tx, chain: NodeName): Promise<AuditChainRow> {
  const head = await tx.selectFrom('audit_chains').selectAll().where('chain', '=', chain).executeTakeFirst()
  return head ?? { chain, sequence: 0, hash: CHAIN_START }
}
