import type { ReportRow } from '../domain/reports/report.ts'
import type { ReportTemplate } from '../domain/reports/report-templates.ts'
import type { ZoneOffset } from '../domain/reports/zone-offsets.ts'
import type { AccessScope } from './recording-repository.ts'

/** What is counted: what began, or happened, in `[from, to)`. */
export interface ReportQuestion {
  readonly template: ReportTemplate
  readonly from: Date
  readonly to: Date
  /** By which days are told apart. */
  readonly offsets: readonly ZoneOffset[]
  /** Whose recordings are counted; for a template that tells of the audit it must be `all`. */
  readonly scope: AccessScope
  /** At most so many rows. */
  readonly most: number
}

/** Cells in the order of the template's columns. */
export interface ReportFigures {
  readonly rows: readonly ReportRow[]
  /** Of everything, not of `rows` alone; of nothing they are zeros. */
  readonly totals: ReportRow
  readonly hasMore: boolean
}

/** Counts over the catalogue. */
export interface ReportSource {
  /** Rows ascend by what tells them apart. @throws HoldfastError `STORE_FAILED` */
  figures(question: ReportQuestion): Promise<ReportFigures>
}
