import type { Permission, Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { Report } from '../../domain/reports/report.ts'
import { type ReportSubject, type ReportTemplate, TEMPLATES, type TemplateDefinition } from '../../domain/reports/report-templates.ts'
import { zoneOffsets } from '../../domain/reports/zone-offsets.ts'
import { isTimeZone } from '../../domain/rules/local-time.ts'
import type { AccessScope } from '../../ports/recording-repository.ts'
import type { ReportSource } from '../../ports/report-source.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditNote, AuditWriter } from '../audit/audit-writer.ts'
import { withinMs } from '../within-ms.ts'

/** Rows of a report; the totals are of all. More is read by no one, and stands in the catalogue all the same. */
export const MOST_ROWS = 2000
/** Five years and a day: rows by day stay below {@link MOST_ROWS}. */
const LONGEST_RANGE_MS = 1827 * 86_400_000
/** Counting a million recordings takes seconds; who asks again meanwhile makes it worse. A guess. */
const DEADLINE_MS = 60_000

export interface ReportAsked {
  readonly template: ReportTemplate
  readonly from: Date
  readonly to: Date
  /** IANA name. */
  readonly zone: string
}

/** How it is taken away; `null`: it is shown. */
export type ReportForm = 'csv' | 'html' | 'json' | 'text' | null

/** What reading and taking away need: whoever takes away what tells of the audit has to be allowed to do that with the audit itself. */
const NEEDED: Readonly<Record<ReportSubject, { readonly read: Permission; readonly exported: Permission }>> = {
  recordings: { read: 'search', exported: 'search' },
  audit: { read: 'read-audit', exported: 'export-audit' },
}

/** Figures over what has been, each requester's own. */
export class Reports {
  readonly #source: ReportSource
  readonly #audit: AuditWriter
  readonly #clock: Clock
  readonly #deadlineMs: number

  constructor({ source, audit, clock, deadlineMs = DEADLINE_MS }: { readonly source: ReportSource; readonly audit: AuditWriter; readonly clock: Clock; readonly deadlineMs?: number }) {
    this.#source = source
    this.#audit = audit
    this.#clock = clock
    this.#deadlineMs = deadlineMs
  }

  /** The templates that this requester may read. */
  templates(requester: Requester): readonly TemplateDefinition[] {
    return Object.values(TEMPLATES).filter(({ subject }) => isAllowed(() => scopeOfReport(requester, subject, 'read')))
  }

  /**
   * Counts what the requester may see, and says so in the audit before she sees it.
   * @param form - how it is taken away; `null`: it is looked at
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID`; `QUERY_TIMEOUT` (retry); `AUDIT_UNAVAILABLE` (retry)
   */
  async read(requester: Requester, asked: ReportAsked, form: ReportForm): Promise<Report> {
    const { template, from, to, zone } = asked
    const { title, subject, columns } = TEMPLATES[template]
    const about = { action: form === null ? 'report.read' : 'report.exported', object: { type: 'report', id: template }, personal: {} } as const
    const tell = async (error: unknown, told: Pick<AuditNote, 'outcome' | 'details'>): Promise<void> => {
      if (isHoldfastError(error)) await this.#audit.attempt(requester, { ...about, ...told, reason: error.code })
    }
    const scope = await orTold(() => scopeOfReport(requester, subject, form === null ? 'read' : 'exported'), (error) => tell(error, { outcome: 'refused', details: {} }))
    // Nothing of what was asked: nobody has checked how long it is.
    await orTold(() => checkAsked(asked), (error) => tell(error, { outcome: 'refused', details: {} }))
    const range = { from: from.toISOString(), to: to.toISOString(), zone }
    const figures = await orTold(() => this.#figures(asked, scope), (error) => tell(error, { outcome: 'failed', details: range }))
    const { rows, totals, hasMore } = figures
    await this.#audit.require(requester, { ...about, outcome: 'ok', reason: null, details: { ...range, rows: rows.length, ...(form === null ? {} : { form }) } })
    return { template, title, from, to, zone, columns, rows, totals, generatedAt: this.#clock.now(), truncated: hasMore }
  }

  /** @throws HoldfastError `QUERY_TIMEOUT` (retry) */
  async #figures({ template, from, to, zone }: ReportAsked, scope: AccessScope): ReturnType<ReportSource['figures']> {
    const counting = this.#source.figures({ template, from, to, offsets: zoneOffsets(zone, from, to), scope, most: MOST_ROWS })
    const figures = await withinMs(this.#deadlineMs, counting, null)
    if (figures === null) throw new HoldfastError('QUERY_TIMEOUT', 'the report took too long; ask for a shorter time', { template, deadlineMs: this.#deadlineMs })
    return figures
  }
}

/** What `act` gives; of a failure it is told first. */
async function orTold<Result>(act: () => Result | Promise<Result>, tell: (error: unknown) => Promise<void>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    await tell(error)
    throw error
  }
}

/** @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED` */
function scopeOfReport(requester: Requester, subject: ReportSubject, what: 'read' | 'exported'): AccessScope {
  const scope = scopeFor(requester, NEEDED[subject][what])
  if (subject === 'audit' && scope.type !== 'all') throw new HoldfastError('FORBIDDEN', 'this report tells of every partition, and you reach only some')
  return scope
}

function isAllowed(ask: () => unknown): boolean {
  try {
    ask()
    return true
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    // Who only has to say why may read it as soon as she does.
    return error.code === 'REASON_REQUIRED'
  }
}

function checkAsked({ from, to, zone }: ReportAsked): void {
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to) throw invalid('to', 'the range ends before it begins')
  if (from.getTime() < 0) throw invalid('from', 'nothing was recorded before 1970')
  if (to.getTime() - from.getTime() > LONGEST_RANGE_MS) throw invalid('from', 'a report is over five years at most')
  if (!isTimeZone(zone)) throw invalid('zone', 'a time zone by its name, such as Europe/Berlin')
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
