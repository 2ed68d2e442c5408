import type { AuditWordKind } from '../../domain/audit/audit-words.ts'
import type { Tx } from './sql-database.ts'

/** Entries with their personal parts, `null` where there is none (any more). */
export function entriesWithPersonal(tx: Tx) {
  return tx.selectFrom('audit_entries as entry')
    .leftJoin('audit_personal as personal', (join) => join.onRef('personal.chain', '=', 'entry.chain').onRef('personal.sequence', '=', 'entry.sequence'))
    .selectAll('entry').select(['personal.salt', 'personal.personal_json'])
}

/** The same, reached from the rows of a word, in whose order they come. */
export function entriesOfWord(tx: Tx, { kind, value }: { readonly kind: AuditWordKind; readonly value: Uint8Array }) {
  return entriesWithPersonal(tx).innerJoin('audit_words as word', 'word.position', 'entry.position').where('word.kind', '=', kind).where('word.value', '=', value)
}
