/**
 * What a spreadsheet takes for the beginning of a formula, also in full width and small form, and behind what nobody sees: blanks, controls, characters
 * of no width. Some of those a spreadsheet drops as it reads. Source: OWASP, CSV Injection; Unicode 16 §5.21 (default ignorable code points)
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\t\r|\uff1d\uff0b\uff0d\uff20\uff5c\ufe66\ufe62\ufe63\ufe6b\u2212]/u
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
