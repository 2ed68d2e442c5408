import type { AuditFault } from '../../domain/audit/audit-fault.ts'
import { type ChainEnd, ChainWalk } from '../../domain/audit/chain-walk.ts'
import { CHAIN_START } from '../../domain/audit/entry-hash.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditVerification, VerifyOptions } from '../../ports/audit-log.ts'
import { entriesWithPersonal } from './audit-rows.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

/** Entries that are read and hashed at once: some ten milliseconds, between which everything else has its turn. */
const ENTRIES_PER_STEP = 1000

/** Entries that are appended meanwhile are not looked at: the end is where it was when the walk began. */
export async function verifyChain(database: SqlDatabase, chain: NodeName, { signed = [], progress }: VerifyOptions): Promise<AuditVerification> {
  const end = await database.read((tx) => endOf(tx, chain))
  const walk = new ChainWalk(chain, signed)
  const fault = await walked({ database, chain, walk, end, progress }) ?? walk.end(end) ?? await beyond(database, chain, walk.checked)
  return { chain, checked: walk.checked, fault, signedTo: walk.signedTo, absent: walk.absent, erased: walk.erased }
}

interface Walking {
  readonly database: SqlDatabase
  readonly chain: NodeName
  readonly walk: ChainWalk
  readonly end: ChainEnd
  readonly progress: VerifyOptions['progress']
}

async function walked({ database, chain, walk, end, progress }: Walking): Promise<AuditFault | null> {
  for (;;) {
    const from = walk.checked
    progress?.(from, end.sequence)
    if (from >= end.sequence) return null
    const rows = await database.read((tx) => entriesWithPersonal(tx).where('entry.chain', '=', chain).where('entry.sequence', '>', from)
      .where('entry.sequence', '<=', end.sequence).orderBy('entry.sequence').limit(ENTRIES_PER_STEP).execute())
    if (rows.length === 0) return null
    const fault = walk.take(rows)
    if (fault !== null) return fault
  }
}

/** An entry beyond the remembered end, in the same state of the database, was put there by somebody else. */
async function beyond(database: SqlDatabase, chain: NodeName, walkedTo: number): Promise<AuditFault | null> {
  return await database.read(async (tx) => {
    const end = await endOf(tx, chain)
    const row = await tx.selectFrom('audit_entries').select('sequence').where('chain', '=', chain)
      .where('sequence', '>', Math.max(end.sequence, walkedTo)).orderBy('sequence').limit(1).executeTakeFirst()
    if (row === undefined) return null
    return end.sequence === 0
      ? { kind: 'end-altered', chain, sequence: row.sequence, message: 'the database does not remember the end of this chain any more: it was removed' }
      : { kind: 'inserted', chain, sequence: row.sequence, message: `entry ${row.sequence} stands behind the end of the chain, entry ${end.sequence}` }
  })
}

/** A chain whose memory of its end was removed counts as empty: its first entry is then the first that does not fit. */
async function endOf(tx: Tx, chain: NodeName): Promise<ChainEnd> {
  const end = await tx.selectFrom('audit_chains').select(['sequence', 'hash']).where('chain', '=', chain).executeTakeFirst()
  return end ?? { sequence: 0, hash: CHAIN_START }
}
