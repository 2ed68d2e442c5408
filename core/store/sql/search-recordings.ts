import { type RawBuilder, sql } from 'kysely'
import type { AccessScope, RecordingFilter } from '../../ports/recording-repository.ts'
import { interactionMembers } from './interactions.ts'
import { joinInOrder } from './portable.ts'
import { type Condition, type Conjunction, conjunctionsOf, type IdRange } from './search-conditions.ts'
import type { Tx } from './sql-database.ts'

const RECORDINGS = sql.table('recordings')
const AND = sql` and `
/** Ids that are counted of each condition to find the rarest: microseconds. */
const COUNTED = 1000
/** Counted when the first count told nothing, and the newest ids did not fill the page either: milliseconds, 10 ms per condition on MariaDB (measured). */
const COUNTED_FAR = 30_000
/** Where all conditions are common, a page is looked for among so many of the newest ids of one of them: 5 to 10 ms on MariaDB (measured). */
const NEWEST = 4000

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
  const { conditions, range } = conjunction
  const [only] = conditions
  if (only === undefined) return idsDrivenBy(tx, conjunction, { driver: recordingsThemselves(conjunction), limit })
  if (conditions.length === 1) return idsDrivenBy(tx, conjunction, { driver: allOf(only, range), limit })
  const near = await rarest(tx, conjunction, COUNTED)
  if (near.size < COUNTED) return idsDrivenBy(tx, conjunction, { driver: allOf(near.condition, range), limit })
  const newest = await idsDrivenBy(tx, conjunction, { driver: newestOf(near.condition, range, NEWEST), limit })
  if (newest.length === limit) return newest
  const far = await rarest(tx, conjunction, COUNTED_FAR)
  return idsDrivenBy(tx, conjunction, { driver: allOf(far.condition, range), limit })
}

/** What a query walks through, newest first, while it looks up all the rest. */
interface Driver {
  readonly condition: Condition | null
  readonly id: RawBuilder<unknown>
  readonly from: RawBuilder<unknown>
  readonly where: readonly RawBuilder<unknown>[]
}

function recordingsThemselves({ columns, range }: Conjunction): Driver {
  const id = sql.ref('r.id')
  return { condition: null, id, from: sql`${RECORDINGS} as r`, where: [...within(id, range), ...columns] }
}

function allOf(condition: Condition, range: IdRange): Driver {
  const id = sql.ref('d.id')
  return { condition, id, from: sql`${condition.table} as d`, where: [condition.holds('d'), ...within(id, range)] }
}

function newestOf(condition: Condition, range: IdRange, count: number): Driver {
  const { id, from, where } = allOf(condition, range)
  return { condition, id, from: sql`(select ${id} from ${from} where ${sql.join(where, AND)} order by ${id} desc limit ${count}) as d`, where: [] }
}

async function idsDrivenBy(tx: Tx, { conditions, columns }: Conjunction, { driver, limit }: { readonly driver: Driver; readonly limit: number }): Promise<readonly number[]> {
  const { id } = driver
  const lookups = [
    ...conditions.filter((condition) => condition !== driver.condition)
      .map((condition, index) => ({ table: condition.table, alias: `c${index}`, where: [condition.holds(`c${index}`)] })),
    ...(driver.condition !== null && columns.length > 0 ? [{ table: RECORDINGS, alias: 'r', where: columns }] : []),
  ]
  const from = [driver.from, ...lookups.map(({ table, alias }) => sql`${table} as ${sql.ref(alias)}`)]
  const same = lookups.map(({ alias }) => sql`${sql.ref(`${alias}.id`)} = ${id}`)
  const where = [...driver.where, ...same, ...lookups.flatMap((lookup) => lookup.where)]
  const { rows } = await joinInOrder<{ id: number }>(tx, { select: sql`${id} as id`, from, rest: sql`where ${sql.join(where, AND)} order by ${id} desc limit ${limit}` })
  return rows.map((row) => row.id)
}

/** The condition with the fewest ids, counted as far as `limit`. */
async function rarest(tx: Tx, { conditions, range }: Conjunction, limit: number): Promise<{ readonly condition: Condition; readonly size: number }> {
  const counts = conditions.map((condition, index) => {
    const where = [condition.holds('x'), ...within(sql.ref('x.id'), range)]
    return sql`(select count(*) from (select 1 from ${condition.table} as x where ${sql.join(where, AND)} limit ${limit}) as some) as ${sql.ref(`n${index}`)}`
  })
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(tx)
  return conditions.map((condition, index) => ({ condition, size: rows[0]?.[`n${index}`] ?? 0 })).reduce((least, next) => next.size < least.size ? next : least)
}

function within(id: RawBuilder<unknown>, { least, beyond }: IdRange): readonly RawBuilder<unknown>[] {
  return [sql`${id} >= ${least}`, sql`${id} < ${beyond}`]
}
