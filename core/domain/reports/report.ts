import type { ReportColumn } from './report-column.ts'
import type { ReportTemplate } from './report-templates.ts'

/** `null`: there is no such thing here, as of the agent of a recording in which nobody was heard. */
export type ReportCell = string | number | null

/** A cell for each column. */
export type ReportRow = readonly ReportCell[]

/** A table of figures, whatever it tells of. */
export interface Report {
  readonly template: ReportTemplate
  readonly title: string
  readonly from: Date
  readonly to: Date
  /** IANA name of the zone whose days are meant. */
  readonly zone: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  /** Of all rows, also of those that are cut off; `null` where a column cannot be added up. */
  readonly totals: ReportRow
  readonly generatedAt: Date
  /** There are more rows than these. */
  readonly truncated: boolean
}
