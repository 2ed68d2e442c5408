import { sql } from 'kysely'
import type { ChainedEntry } from '../../domain/audit/audit-fault.ts'
import type { ChainEnd } from '../../domain/audit/chain-walk.ts'
import { parseCheckpoint, type SignedCheckpoint } from '../../domain/audit/checkpoint.ts'
import type { Subtree } from '../../domain/audit/merkle.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditEvidence } from '../../ports/audit-evidence.ts'
import { entriesWithPersonal } from './audit-rows.ts'
import { inBundles } from './audit-words.ts'
import { insertIfAbsent, together } from './portable.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

export class SqlAuditEvidence implements AuditEvidence {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async end(chain: NodeName): Promise<ChainEnd | null> {
    return await this.#database.ask((db) => db.selectFrom('audit_chains').select(['sequence', 'hash']).where('chain', '=', chain).executeTakeFirst()) ?? null
  }

  async entries(chain: NodeName, after: number, most: number): Promise<readonly ChainedEntry[]> {
    return await this.#database.read((tx) => entriesWithPersonal(tx).where('entry.chain', '=', chain).where('entry.sequence', '>', after).orderBy('entry.sequence').limit(most).execute())
  }

  async subtrees(chain: NodeName, wanted: readonly Omit<Subtree, 'hash'>[]): Promise<readonly Subtree[]> {
    if (wanted.length === 0) return []
    const rows = await this.#database.ask((db) => db.selectFrom('audit_subtrees').select(['level', 'tree_index', 'hash']).where('chain', '=', chain)
      .where((where) => where.or(wanted.map(({ level, index }) => where.and([where('level', '=', level), where('tree_index', '=', index)])))).execute())
    return rows.map((row) => ({ level: row.level, index: row.tree_index, hash: Buffer.from(row.hash, 'hex') }))
  }

  async keep({ chain, sequence, at, note }: SignedCheckpoint, subtrees: readonly Subtree[]): Promise<void> {
    await this.#database.change(async (tx) => {
      await together(tx, [
        ...inBundles(subtrees.map(({ level, index, hash }) => ({ chain, level, tree_index: index, hash: hash.toString('hex') })))
          .map((rows) => insertIfAbsent(tx, tx.insertInto('audit_subtrees').values(rows), { chain: sql.ref<string>('chain') })),
        insertIfAbsent(tx, tx.insertInto('audit_checkpoints').values({ chain, sequence, at: at.getTime(), note }), { chain: sql.ref<string>('chain') }),
      ])
    })
  }

  async last(chain: NodeName): Promise<SignedCheckpoint | null> {
    const row = await this.#database.read((tx) => notes(tx, chain).orderBy('sequence', 'desc').limit(1).executeTakeFirst())
    return row === undefined ? null : parseCheckpoint(row.note)
  }

  async covering(chain: NodeName, sequence: number): Promise<SignedCheckpoint | null> {
    const row = await this.#database.read((tx) => notes(tx, chain).where('sequence', '>=', sequence).orderBy('sequence').limit(1).executeTakeFirst())
    return row === undefined ? null : parseCheckpoint(row.note)
  }

  async checkpoints(chain: NodeName, after: number, most: number): Promise<readonly SignedCheckpoint[]> {
    const rows = await this.#database.read((tx) => notes(tx, chain).where('sequence', '>', after).orderBy('sequence').limit(most).execute())
    return rows.map(({ note }) => parseCheckpoint(note))
  }
}

function notes(tx: Tx, chain: NodeName) {
  return tx.selectFrom('audit_checkpoints').select('note').where('chain', '=', chain)
}
