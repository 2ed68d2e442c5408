import { dayLabel, clockText, localTime } from '../rules/local-time.ts'
import { isFigure, type ReportColumn, type ReportUnit } from './report-column.ts'
import type { Report, ReportCell, ReportRow } from './report.ts'

/** The one style of the page: the route names its digest in the page's policy. */
export const REPORT_STYLE = `
  body { font: 14px system-ui, sans-serif; margin: 2em; color: #111 } h1 { font-size: 1.4em; margin: 0 }
  table { border-collapse: collapse; margin: 1em 0 } caption { text-align: left; padding-bottom: .5em }
  th, td { padding: .25em .7em; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top }
  td { overflow-wrap: anywhere } .figure { overflow-wrap: normal; text-align: right; font-variant-numeric: tabular-nums } tfoot td, tfoot th { border-top: 2px solid #111; font-weight: bold }
  thead { display: table-header-group } tfoot { display: table-row-group } tr { break-inside: avoid } dt { font-weight: bold } dd { margin: 0 0 .4em 0 }
  @media print { body { margin: 0; font-size: 10pt } @page { margin: 15mm } }`

/** A whole page that loads nothing and runs nothing: to read, to print, to keep. */
export function reportHtml(report: Report): string {
  const { title, from, to, zone, columns, rows, totals, generatedAt, truncated } = report
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${REPORT_STYLE}</style></head>
<body>
<h1>${escaped(title)}</h1>
<table>
<caption>From ${shown(from, zone)} to before ${shown(to, zone)}, ${escaped(zone)}.${truncated ? ` <strong>The first ${rows.length} rows only; the totals are of all.</strong>` : ''}</caption>
<thead><tr>${columns.map((column) => cell('th', column, escaped(headed(column)))).join('')}</tr></thead>
<tbody>
${rows.map((row) => rowOf(columns, row)).join('\n')}
</tbody>
<tfoot>${rowOf(columns, ['Total', ...totals.slice(1)])}</tfoot>
</table>
<dl>${columns.map((column) => `<dt>${escaped(worded(column))}</dt><dd>${escaped(column.means)}</dd>`).join('\n')}</dl>
<p>Counted on ${shown(generatedAt, zone)}.</p>
</body>
</html>
`
}

function rowOf(columns: readonly ReportColumn[], row: ReportRow): string {
  return `<tr>${columns.map((column, index) => cell('td', column, escaped(text(column.unit, row[index] ?? null)))).join('')}</tr>`
}

function cell(tag: 'td' | 'th', { unit }: ReportColumn, content: string): string {
  return `<${tag}${isFigure(unit) ? ' class="figure"' : ''}>${content}</${tag}>`
}

/** Durations are told as on a clock, so their columns bear no unit. */
function headed(column: ReportColumn): string {
  return column.unit === 'milliseconds' ? `${worded(column)} (h:min:s)` : worded(column)
}

/** `notRecorded` is a name for programs. */
function worded({ name, unit }: ReportColumn): string {
  const plain = unit === 'milliseconds' ? name.replace(/Ms$/, '') : name
  return plain.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** `null` and nothing look alike. */
function text(unit: ReportUnit, value: ReportCell): string {
  if (value === null) return ''
  return unit === 'milliseconds' && typeof value === 'number' ? duration(value) : String(value)
}

/** `1:02:03`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

function shown(at: Date, zone: string): string {
  const local = localTime(at, zone)
  return `${dayLabel(local)} ${clockText(local.minuteOfDay)}`
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Control characters say nothing on paper, and text that turns the direction would show a name that is not there. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]/gu

function escaped(given: string): string {
  return given.replace(UNSEEN, '\uFFFD').replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign)
}
