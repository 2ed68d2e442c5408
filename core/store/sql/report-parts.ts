import { type RawBuilder, sql } from 'kysely'
import type { ReportRow } from '../../domain/reports/report.ts'
import type { ReportTemplate } from '../../domain/reports/report-templates.ts'
import type { ReportQuestion } from '../../ports/report-source.ts'
import { recordingIdsOfTime } from './search-conditions.ts'
import { searchKey } from './search-key.ts'
import { AGENT_SCOPE, PARTITION_SCOPE, UNIT_SCOPE } from './search-pairs.ts'
import type { Tx } from './sql-database.ts'

/** How a template is counted. Names and order of `keys` and `figures` together are those of the template's columns. */
export interface ReportParts {
  /** What rows are told apart by. */
  readonly keys: readonly RawBuilder<unknown>[]
  readonly figures: readonly RawBuilder<unknown>[]
  readonly from: RawBuilder<unknown>
  /** What is added up in the totals, where rows count one thing several times. */
  readonly totalsFrom?: RawBuilder<unknown>
  readonly where: readonly RawBuilder<unknown>[]
  /** Fills in what is cheaper to look up once for each row than to join. */
  readonly finish?: (tx: Tx, rows: readonly ReportRow[]) => Promise<readonly ReportRow[]>
}

export type PartsOf = (question: ReportQuestion) => ReportParts
export type TemplateParts<Template extends ReportTemplate> = Readonly<Record<Template, PartsOf>>

const DAY_MS = 86_400_000

/** The recordings, under the alias `r`, that began in the range and that the scope reaches: the same rows by which a search finds them. */
export function recordingsAsked({ from, to, scope }: ReportQuestion): readonly RawBuilder<unknown>[] {
  const { least, beyond } = recordingIdsOfTime(from, to)
  return [
    sql`r.id >= ${sql.lit(least)}`, sql`r.id < ${sql.lit(beyond)}`,
    sql`r.started_at >= ${sql.lit(from.getTime())}`, sql`r.started_at < ${sql.lit(to.getTime())}`,
    ...reachedBy(scope),
  ]
}

function reachedBy(scope: ReportQuestion['scope']): readonly RawBuilder<unknown>[] {
  if (scope.type === 'all') return []
  if (scope.type === 'none') return [sql`1 = 0`]
  const reached = scope.type === 'agent'
    ? [accessBy(AGENT_SCOPE, scope.agent)]
    : [...scope.partitions.map((path) => accessBy(PARTITION_SCOPE, path)), ...scope.units.map((unit) => accessBy(UNIT_SCOPE, unit))]
  return reached.length === 0 ? [sql`1 = 0`] : [sql`(${sql.join(reached, sql` or `)})`]
}

function accessBy(scope: string, value: string): RawBuilder<unknown> {
  return sql`exists (select 1 from access as reached where reached.scope = ${scope} and reached.value = ${searchKey(value)} and reached.id = r.id)`
}

/** Entries of the audit, or legs of the ledger: nothing of them for who does not reach everything, whatever a service above has allowed. */
export function everythingAsked({ from, to, scope }: ReportQuestion, at: RawBuilder<unknown>): readonly RawBuilder<unknown>[] {
  return [sql`${at} >= ${sql.lit(from.getTime())}`, sql`${at} < ${sql.lit(to.getTime())}`, ...(scope.type === 'all' ? [] : [sql`1 = 0`])]
}

/** The midnight, on the clocks of the zone, that began the day of an instant. */
export function dayOf({ offsets }: ReportQuestion, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const [first, ...later] = offsets
  // The latest change that is past counts.
  const changes = later.toReversed().map(({ from, offsetMs }) => sql`when ${at} >= ${sql.lit(from.getTime())} then ${sql.lit(offsetMs)}`)
  const offset = changes.length === 0 ? sql.lit(first?.offsetMs ?? 0) : sql`case ${sql.join(changes, sql` `)} else ${sql.lit(first?.offsetMs ?? 0)} end`
  return sql`(${at} + ${offset}) - (${at} + ${offset}) % ${sql.lit(DAY_MS)}`
}

/** How many rows fulfil it. */
export function countIf(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`sum(case when ${condition} then 1 else 0 end)`
}

/** From one instant to another; 0 where clocks ran backwards, nothing where one is not known. */
export function lengthOf(from: RawBuilder<unknown>, to: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${to} < ${from} then 0 else ${to} - ${from} end`
}
