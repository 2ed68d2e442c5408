import { csvLine } from '../csv.ts'
import type { Report } from './report.ts'
import { isFigure } from './report-column.ts'

/** The word in the first cell of the last line. */
const TOTAL = 'total'

/** RFC 4180: a line of names, the rows, and a last line with the totals; figures in the units that the columns have. */
export function reportCsv({ columns, rows, totals }: Report): string {
  const [first, ...others] = totals
  const last = columns[0] !== undefined && isFigure(columns[0].unit) ? totals : [first ?? TOTAL, ...others]
  return [csvLine(columns.map(({ name }) => name)), ...rows.map(csvLine), csvLine(last)].join('')
}
