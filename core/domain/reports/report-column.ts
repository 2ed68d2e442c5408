export const REPORT_UNITS = ['text', 'day', 'count', 'milliseconds', 'bytes'] as const
/** What a column's cells are: words, a day such as 2026-03-01, or a number of something. */
export type ReportUnit = (typeof REPORT_UNITS)[number]

export interface ReportColumn {
  readonly name: string
  readonly unit: ReportUnit
  /** One sentence for who reads the report. */
  readonly means: string
}

/** Whether cells of this unit are numbers. */
export function isFigure(unit: ReportUnit): boolean {
  return unit !== 'text' && unit !== 'day'
}
