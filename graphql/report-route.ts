import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requester } from '../core/domain/actor.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import type { Report } from '../core/domain/reports/report.ts'
import { reportCsv } from '../core/domain/reports/report-csv.ts'
import { REPORT_STYLE, reportHtml } from '../core/domain/reports/report-html.ts'
import { REPORT_TEMPLATES } from '../core/domain/reports/report-templates.ts'
import { reportTime } from '../core/domain/reports/zone-offsets.ts'
import type { ReportAsked, Reports } from '../core/library/search/reports.ts'
import { sendRefusal } from './http-answer.ts'

const FORMATS = ['csv', 'html'] as const
type ReportFormat = (typeof FORMATS)[number]

const NAMES: ReadonlySet<string> = new Set(['template', 'from', 'to', 'zone', 'format'])

const WRITTEN: Readonly<Record<ReportFormat, { readonly type: string; readonly disposition: 'attachment' | 'inline'; readonly text: (report: Report) => string }>> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', disposition: 'attachment', text: reportCsv },
  html: { type: 'text/html; charset=utf-8', disposition: 'inline', text: reportHtml },
}
/** The page has one style and nothing else. Source: CSP 3 §2.3.1, hash-source */
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(REPORT_STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

export interface ReportRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requester: Requester
}

export type ReportRoute = (asked: ReportRequest) => Promise<void>

/** `GET` of a report as CSV or as a page to print, asked with the names of GraphQL's `report`. */
export function createReportRoute({ reports }: { readonly reports: Reports }): ReportRoute {
  return async ({ request, response, requester }) => {
    if (request.method !== 'GET') {
      sendRefusal(response, { status: 405, message: 'reports are read with GET', headers: { Allow: 'GET' } })
      return
    }
    const { format, asked } = reportQuery(new URL(request.url ?? '/', 'http://localhost').searchParams)
    const { type, disposition, text } = WRITTEN[format]
    const body = text(await reports.read(requester, asked, format))
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    response.writeHead(200, {
      'Content-Type': type, 'Content-Disposition': `${disposition}; filename="${asked.template}.${format}"`, 'Cache-Control': 'no-store', 'Content-Length': Buffer.byteLength(body),
    })
    response.end(body)
  }
}

/** What a query string asks for. @throws HoldfastError `FILTER_INVALID` */
export function reportQuery(query: URLSearchParams): { readonly format: ReportFormat; readonly asked: ReportAsked } {
  const stray = [...query.keys()].find((name) => !NAMES.has(name) || query.getAll(name).length > 1)
  if (stray !== undefined) throw invalid(stray.slice(0, 40), 'there is no such word, or it is there twice')
  const zone = query.get('zone') ?? 'UTC'
  return {
    format: oneOf(FORMATS, 'format', query.get('format') ?? 'html'),
    asked: { template: oneOf(REPORT_TEMPLATES, 'template', query.get('template')), from: timeOf('from', query, zone), to: timeOf('to', query, zone), zone },
  }
}

function oneOf<Value extends string>(values: readonly Value[], name: string, text: string | null): Value {
  const known = values.find((value) => value === text)
  if (known === undefined) throw invalid(name, `one of ${values.join(', ')}`)
  return known
}

function timeOf(name: string, query: URLSearchParams, zone: string): Date {
  const time = reportTime(query.get(name) ?? '', zone)
  if (time === null) throw invalid(name, 'a day such as 2026-03-01 or a time such as 2026-03-01T00:00Z, and a zone such as Europe/Berlin')
  return time
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
