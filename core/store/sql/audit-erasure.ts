import { type AuditWordKind, PERSONAL_WORDS } from '../../domain/audit/audit-words.ts'
import { SequenceRanges } from '../../domain/audit/sequence-ranges.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import type { AuditSubject } from '../../ports/audit-log.ts'
import type { AuditChain } from './audit-chain.ts'
import { together } from './portable.ts'
import { searchKey } from './search-key.ts'
import type { Tx } from './sql-database.ts'

/** Entries of which one transaction erases: their places fit into the entry that tells of it. */
const PARTS_PER_TURN = 500
/** Values in one question. */
const WORDS_PER_TURN = 100

interface Erasing {
  readonly chain: AuditChain
  readonly subject: AuditSubject
  readonly draft: AuditDraft
}

/** Personal parts of one chain, the first that has any about this subject; 0: there are no more. */
export async function erasePersonal(tx: Tx, { chain, subject, draft }: Erasing): Promise<number> {
  const found = await someOf(tx, subject)
  const [first] = found
  if (first === undefined) return 0
  const own = found.filter((entry) => entry.chain === first.chain).toSorted((one, other) => one.sequence - other.sequence)
  const positions = own.map(({ position }) => position)
  const sequences = own.map(({ sequence }) => sequence)
  await together(tx, [
    tx.deleteFrom('audit_personal').where('chain', '=', first.chain).where('sequence', 'in', sequences),
    tx.deleteFrom('audit_words').where('position', 'in', positions).where('kind', 'in', PERSONAL_WORDS),
  ])
  await chain.append(tx, [{ ...draft, object: { type: 'audit', id: first.chain }, details: { ...draft.details, chain: first.chain, entries: SequenceRanges.of(sequences).toString(), count: sequences.length } }])
  return sequences.length
}

async function someOf(tx: Tx, { numbers, customerIds }: AuditSubject): Promise<readonly { readonly chain: string; readonly sequence: number; readonly position: number }[]> {
  const asked: readonly (readonly [AuditWordKind, string])[] = [...numbers.map((number) => ['number', number] as const), ...customerIds.map((id) => ['customer', id] as const)]
  for (let from = 0; from < asked.length; from += WORDS_PER_TURN) {
    const lot = asked.slice(from, from + WORDS_PER_TURN)
    const rows = await tx.selectFrom('audit_words as word').innerJoin('audit_entries as entry', 'entry.position', 'word.position')
      .select(['entry.chain', 'entry.sequence', 'entry.position']).distinct()
      .where((where) => where.or(lot.map(([kind, value]) => where.and([where('word.kind', '=', kind), where('word.value', '=', searchKey(value))]))))
      .orderBy('entry.position').limit(PARTS_PER_TURN).execute()
    if (rows.length > 0) return rows
  }
  return []
}
