import { type RawBuilder, sql } from 'kysely'
import type { ReportUnit } from '../../domain/reports/report-column.ts'
import type { ReportCell } from '../../domain/reports/report.ts'
import { TEMPLATES } from '../../domain/reports/report-templates.ts'
import { dayOfLocalMs } from '../../domain/reports/zone-offsets.ts'
import type { ReportFigures, ReportQuestion, ReportSource } from '../../ports/report-source.ts'
import { PARTS_OF_AUDIT } from './report-of-audit.ts'
import { PARTS_OF_RECORDINGS } from './report-of-recordings.ts'
import type { ReportParts } from './report-parts.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

/** MariaDB sums up into decimals, which come as text; a search key comes as bytes. */
type Answered = string | number | bigint | Uint8Array | null
type AnsweredRow = Readonly<Record<string, Answered>>

const PARTS = { ...PARTS_OF_RECORDINGS, ...PARTS_OF_AUDIT }
const AND = sql` and `

/** Groups and sums in the database: of a million recordings only the rows of the report come out of it. */
export class SqlReportSource implements ReportSource {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async figures(question: ReportQuestion): Promise<ReportFigures> {
    const parts = PARTS[question.template](question)
    const units = TEMPLATES[question.template].columns.map(({ unit }) => unit)
    const { finish = async (_tx, rows) => await Promise.resolve(rows) } = parts
    // Rows and totals of one state of the catalogue.
    return this.#database.read(async (tx) => {
      const found = await rowsOf(tx, parts, question.most + 1)
      const totals = await totalsOf(tx, parts)
      return {
        rows: await finish(tx, found.slice(0, question.most).map((row) => units.map((unit, index) => cellOf(unit, row[`c${index}`] ?? null)))),
        totals: units.map((unit, index) => index < parts.keys.length ? null : cellOf(unit, totals[`c${index}`] ?? null)),
        hasMore: found.length > question.most,
      }
    })
  }
}

async function rowsOf(tx: Tx, { keys, figures, from, where }: ReportParts, limit: number): Promise<readonly AnsweredRow[]> {
  const places = sql.join(keys.map((_key, index) => sql.lit(index + 1)))
  const { rows } = await sql<AnsweredRow>`select ${named([...keys, ...figures], 0)} from ${from} where ${sql.join(where, AND)} group by ${places} order by ${places} limit ${sql.lit(limit)}`.execute(tx)
  return rows
}

async function totalsOf(tx: Tx, { keys, figures, from, totalsFrom = from, where }: ReportParts): Promise<AnsweredRow> {
  const { rows } = await sql<AnsweredRow>`select ${named(figures, keys.length)} from ${totalsFrom} where ${sql.join(where, AND)}`.execute(tx)
  return rows[0] ?? {}
}

function named(columns: readonly RawBuilder<unknown>[], first: number): RawBuilder<unknown> {
  return sql.join(columns.map((column, index) => sql`${column} as ${sql.ref(`c${first + index}`)}`))
}

function cellOf(unit: ReportUnit, answered: Answered): ReportCell {
  if (unit === 'day') return answered === null ? null : dayOfLocalMs(Number(answered))
  if (unit === 'text') return answered instanceof Uint8Array ? Buffer.from(answered).toString('utf8') : answered === null ? null : String(answered)
  // The sum of nothing is null.
  return Math.round(Number(answered ?? 0))
}
