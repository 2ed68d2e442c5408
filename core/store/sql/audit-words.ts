import { type Compilable, sql } from 'kysely'
import type { AuditWord } from '../../domain/audit/audit-words.ts'
import type { NodeName } from '../../domain/ids.ts'
import { searchKey } from './search-key.ts'
import type { Tx } from './sql-database.ts'

/** Rows in one statement: 14 columns each stay far below SQLite's 32,766 parameters. Source: sqlite.org/limits.html: 500 terms of a compound select */
const ROWS_PER_STATEMENT = 400

/** A word of the entry at a place of its chain. */
export interface PlacedWord extends AuditWord {
  readonly sequence: number
}

/** Writes words of entries that were inserted just before: the database alone knows their positions. */
export function wordsInserted(tx: Tx, chain: NodeName, words: readonly PlacedWord[]): readonly Compilable[] {
  return inBundles(words).map((rows) => {
    const terms = rows.map(({ sequence, kind, value }) => sql`select ${sql.lit(sequence)} as sequence, ${sql.lit(kind)} as kind, ${searchKey(value)} as value`)
    const insert = sql`insert into audit_words (kind, value, position) select word.kind, word.value, entry.position
      from (${sql.join(terms, sql` union all `)}) as word join audit_entries as entry on entry.chain = ${chain} and entry.sequence = word.sequence`
    return { compile: () => insert.compile(tx) }
  })
}

/** The rows in lots that fit one statement. */
export function inBundles<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_, index) => rows.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT))
}
