import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { reportCsv } from '../../core/domain/reports/report-csv.ts'
import { duration, reportHtml } from '../../core/domain/reports/report-html.ts'
import type { ReportUnit } from '../../core/domain/reports/report-column.ts'
import type { Report, ReportCell } from '../../core/domain/reports/report.ts'
import { REPORT_TEMPLATES, type ReportTemplate, TEMPLATES } from '../../core/domain/reports/report-templates.ts'
import { reportTime } from '../../core/domain/reports/zone-offsets.ts'
import { isTimeZone } from '../../core/domain/rules/local-time.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { type ReportForm, Reports } from '../../core/library/search/reports.ts'
import { consoleOfficer } from '../console-legal.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'
import { writeNewFile } from '../write-new-file.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Templates:
${REPORT_TEMPLATES.map((template) => `  ${template.padEnd(20)}  ${TEMPLATES[template].title}`).join('\n')}

Counts what began, or happened, from --from on and before --to, over everything in the catalogue. What each column means: docs/reports.md.
That it was read, or written with --csv, --html or --json, stands in the audit. Over HTTP the same is \`GET /reports\`.

Examples:
  holdfast report recordings-by-day --from 2026-03-01 --to 2026-04-01
  holdfast report pauses --from 2026-03-01 --to 2026-04-01 --zone Europe/Berlin --html -o pauses.html
  holdfast report access --from 2026-03-01 --to 2026-04-01 --csv -o access.csv`

interface ReportOptions extends ConfigOption, JsonOption {
  readonly from: string
  readonly to: string
  readonly zone: string
  readonly out?: string
  readonly csv?: true
  readonly html?: true
}

export function addReport(program: Command, context: CommandContext): void {
  program
    .command('report')
    .argument('<template>', 'which one', parseTemplate)
    .description('figures over what has been')
    .addOption(configOption())
    .addOption(new Option('--from <time>', 'at this time or later: a day of the zone such as 2026-03-01, or 2026-03-01T09:30Z').makeOptionMandatory())
    .addOption(new Option('--to <time>', 'before this time').makeOptionMandatory())
    .addOption(new Option('--zone <name>', 'by whose days, such as Europe/Berlin').default(Intl.DateTimeFormat().resolvedOptions().timeZone))
    .addOption(new Option('--csv', 'print CSV').conflicts(['html', 'json']))
    .addOption(new Option('--html', 'print a page to print').conflicts(['csv', 'json']))
    .addOption(jsonOption().conflicts(['csv', 'html']))
    .addOption(new Option('-o, --out <file>', 'write it to this file, which must not be there yet; only its owner can read it'))
    .addHelpText('after', HELP)
    .action(async (template: ReportTemplate, { config, from, to, zone, out, ...forms }: ReportOptions, command: Command) => {
      if (!isTimeZone(zone)) command.error('error: --zone: a time zone by its name, such as Europe/Berlin')
      const time = (name: string, text: string): Date => reportTime(text, zone) ?? command.error(`error: ${name}: a day such as 2026-03-01, or a time with its offset such as 2026-03-01T09:30Z`)
      const asked = { template, from: time('--from', from), to: time('--to', to), zone }
      const settings = loadSettingsDespitePolicy(config)
      await using store = await openConsoleStore(settings)
      const runtime = consoleRuntime()
      const reports = new Reports({ source: store.reports, audit: new AuditWriter({ audit: store.audit, runtime }), clock: runtime.clock })
      const form = formOf(forms)
      const report = await reports.read(consoleOfficer(), asked, out === undefined || form !== null ? form : 'text')
      const text = WRITTEN[form ?? 'text'](report)
      if (out === undefined) context.terminal.out(text.replaceAll('\r\n', '\n').trimEnd())
      else {
        await writeNewFile([text], out)
        context.terminal.err(`Written to ${out} (readable by its owner only).`)
      }
      if (report.truncated) context.terminal.err(`These are the first ${report.rows.length} rows; the totals are of all.`)
    })
}

const WRITTEN: Readonly<Record<NonNullable<ReportForm>, (report: Report) => string>> = {
  csv: reportCsv,
  html: reportHtml,
  json: (report) => JSON.stringify(report, null, 2),
  text: (report) => `${reportText(report)}\n`,
}

/** The report for people. */
export function reportText({ title, from, to, zone, columns, rows, totals }: Report): string {
  const told = (row: readonly ReportCell[]): readonly string[] => columns.map(({ unit }, index) => cellText(unit, row[index] ?? null))
  const last = told(['total', ...totals.slice(1)])
  return `${title}, from ${from.toISOString()} to before ${to.toISOString()}, days of ${zone}\n\n${table(columns.map(({ name }) => name.replace(/Ms$/, '')), [...rows.map(told), last])}`
}

function cellText(unit: ReportUnit, cell: ReportCell): string {
  if (cell === null) return '-'
  return unit === 'milliseconds' && typeof cell === 'number' ? duration(cell) : String(cell)
}

function formOf({ csv, html, json }: Pick<ReportOptions, 'csv' | 'html' | 'json'>): ReportForm {
  if (csv === true) return 'csv'
  if (html === true) return 'html'
  return json === true ? 'json' : null
}

function parseTemplate(text: string): ReportTemplate {
  const template = REPORT_TEMPLATES.find((known) => known === text)
  if (template === undefined) throw new InvalidArgumentError(`One of ${REPORT_TEMPLATES.join(', ')}.`)
  return template
}
