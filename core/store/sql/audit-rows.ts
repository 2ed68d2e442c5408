import type { Tx } from './sql-database.ts'

/** Entries with their personal parts, `null` where there is none (any more). */
export function entriesWithPersonal(tx: Tx) {
  return tx.selectFrom('audit_entries as entry')
    .leftJoin('audit_personal as personal', (join) => join.onRef('personal.chain', '=', 'entry.chain').onRef('personal.sequence', '=', 'entry.sequence'))
    .selectAll('entry').select(['personal.salt', 'personal.personal_json'])
}
