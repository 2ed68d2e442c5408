import { TEMPLATES } from '../../../core/domain/reports/report-templates.ts'
import { isFigure } from '../../../core/domain/reports/report-column.ts'
import type { ReportSource } from '../../../core/ports/report-source.ts'

/** Of an empty catalogue: grouping is a matter of databases, and is tried on them. */
export const NO_REPORTS: ReportSource = {
  figures: async ({ template }) => await Promise.resolve({ rows: [], totals: TEMPLATES[template].columns.map(({ unit }) => isFigure(unit) ? 0 : null), hasMore: false }),
}
