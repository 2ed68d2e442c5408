/** What a spreadsheet takes for the beginning of a formula, also behind a blank. Source: OWASP, CSV Injection */
const FORMULA = /^[\s]*[=+\-@\t\r|]/
const NEEDS_QUOTES = /[",\r\n]/

/** One line with its end. Source: RFC 4180 §2. A cell that a spreadsheet would run begins with an apostrophe. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
