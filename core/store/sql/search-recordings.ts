import { type RawBuilder, sql } from 'kysely'
import type { AccessScope, RecordingFilter } from '../../ports/recording-repository.ts'
import { interactionMembers } from './interactions.ts'
import { joinInOrder } from './portable.ts'
import { type Condition, type Conjunction, conjunctionsOf } from './search-conditions.ts'
import type { Tx } from './sql-database.ts'

/**
 * How far conditions are counted to find the rarest: first a little, which costs microseconds, and only when all reach beyond it
 * a second time, which costs milliseconds. What is still common then fills a page soon, whichever drives.
 * Measured: 0.1 ms and 2 ms per condition on SQLite.
 */
const COUNTED = [1000, 30_000]

/** What is looked for, by whom, and how far. */
export interface IdQuestion {
  readonly filter: RecordingFilter
  readonly scope: AccessScope
  /** Only ids below it; `null`: all. */
  readonly before: number | null
  readonly limit: number
}

/** The ids of the recordings that match and that the scope reaches: newest first, each once, at most `limit`. */
export async function matchingIds(tx: Tx, { filter, scope, before, limit }: IdQuestion): Promise<readonly number[]> {
  const interactionIds = filter.interactionId === null ? null : await interactionMembers(tx, filter.interactionId)
  // Each conjunction stays inside its indexes, in order; the newest of all are among the newest of each.
  const found = new Set<number>()
  for (const conjunction of conjunctionsOf(filter, scope, { before, interactionIds })) {
    for (const id of await idsOf(tx, conjunction, limit)) found.add(id)
  }
  return [...found].sort((a, b) => b - a).slice(0, limit)
}

/** The rarest condition drives, and the others are looked up by their whole key: neither database is left to guess from averages. */
async function idsOf(tx: Tx, conjunction: Conjunction, limit: number): Promise<readonly number[]> {
  const { columns, range: { least, beyond } } = conjunction
  const [driver, ...others] = await rarestFirst(tx, conjunction)
  const row: Condition = { table: sql.table('recordings'), holds: () => sql.join(columns, sql` and `) }
  const tables = [
    ...(driver === undefined ? [] : [{ condition: driver, alias: 'd' }]),
    ...others.map((condition, index) => ({ condition, alias: `c${index}` })),
    ...(driver === undefined || columns.length > 0 ? [{ condition: row, alias: 'r' }] : []),
  ]
  const id = sql.ref(driver === undefined ? 'r.id' : 'd.id')
  const conditions: RawBuilder<unknown>[] = [
    sql`${id} >= ${least}`,
    sql`${id} < ${beyond}`,
    ...tables.filter(({ condition }) => condition !== row || columns.length > 0).map(({ condition, alias }) => condition.holds(alias)),
    ...tables.slice(1).map(({ alias }) => sql`${sql.ref(`${alias}.id`)} = ${id}`),
  ]
  const from = tables.map(({ condition, alias }) => sql`${condition.table} as ${sql.ref(alias)}`)
  const { rows } = await joinInOrder<{ id: number }>(tx, { select: sql`${id} as id`, from, rest: sql`where ${sql.join(conditions, sql` and `)} order by ${id} desc limit ${limit}` })
  return rows.map((found) => found.id)
}

async function rarestFirst(tx: Tx, conjunction: Conjunction): Promise<readonly Condition[]> {
  const { conditions } = conjunction
  if (conditions.length < 2) return conditions
  let sizes: readonly number[] = []
  for (const limit of COUNTED) {
    sizes = await sizesUpTo(tx, conjunction, limit)
    if (sizes.some((size) => size < limit)) break
  }
  return conditions.map((condition, index) => ({ condition, size: sizes[index] ?? 0 })).toSorted((a, b) => a.size - b.size).map(({ condition }) => condition)
}

async function sizesUpTo(tx: Tx, { conditions, range: { least, beyond } }: Conjunction, limit: number): Promise<readonly number[]> {
  const counts = conditions.map((condition, index) => sql`
    (select count(*) from (
      select 1 from ${condition.table} as x where ${condition.holds('x')} and x.id >= ${least} and x.id < ${beyond} limit ${limit}
    ) as some) as ${sql.ref(`n${index}`)}`)
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(tx)
  return conditions.map((_, index) => rows[0]?.[`n${index}`] ?? 0)
}
