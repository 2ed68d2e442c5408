import { type RawBuilder, sql } from 'kysely'
import type { AccessScope, RecordingFilter } from '../../ports/recording-repository.ts'
import { interactionMembers } from './interactions.ts'
import { joinInOrder } from './portable.ts'
import { type Condition, type Conjunction, conjunctionsOf, type IdRange } from './search-conditions.ts'
import type { SearchDeadline } from './search-deadline.ts'
import type { Tx } from './sql-database.ts'

const RECORDINGS = sql.table('recordings')
const AND = sql` and `
/** Ids that are counted of each condition to find the rarest: microseconds. */
const COUNTED = 1000
/** Counted when the first count told nothing, and the newest ids did not fill the page either: milliseconds, 10 ms per condition on MariaDB (measured). */
const COUNTED_FAR = 30_000
/** Where all conditions are common, a page is looked for among so many of the newest ids of one of them: 5 to 10 ms on MariaDB (measured). */
const NEWEST = 4000
/** Then among so many at a time of the rarest: no statement takes longer than a part of a second, and between two of them the search can end. */
const SLICE = 50_000

/** What is looked for, by whom, and how far. */
export interface IdQuestion {
  readonly filter: RecordingFilter
  readonly scope: AccessScope
  /** Only ids below it; `null`: all. */
  readonly before: number | null
  readonly limit: number
  /** `null` for what must be answered, however long it takes. */
  readonly deadline: SearchDeadline | null
}

/**
 * The ids of the recordings that match and that the scope reaches: newest first, each once, at most `limit`.
 * @throws HoldfastError `QUERY_TIMEOUT`
 */
export async function matchingIds(tx: Tx, { filter, scope, before, limit, deadline }: IdQuestion): Promise<readonly number[]> {
  const interactionIds = filter.interactionId === null ? null : await interactionMembers(tx, filter.interactionId)
  // Each conjunction stays inside its indexes, in order; the newest of all are among the newest of each.
  const found = new Set<number>()
  for (const conjunction of conjunctionsOf(filter, scope, { before, interactionIds })) {
    deadline?.check()
    for (const id of await idsOf(tx, conjunction, { limit, deadline })) found.add(id)
  }
  return [...found].sort((a, b) => b - a).slice(0, limit)
}

type Bounds = Pick<IdQuestion, 'limit' | 'deadline'>

/** The rarest condition drives, and the others are looked up by their whole key: neither database is left to guess from averages. */
async function idsOf(tx: Tx, conjunction: Conjunction, { limit, deadline }: Bounds): Promise<readonly number[]> {
  const { conditions, columns, length } = conjunction
  if (conditions.length === 0 && columns.length === 0) return idsDrivenBy(tx, conjunction, { driver: recordingsThemselves(conjunction), limit })
  const [only] = conditions
  if (only !== undefined && conditions.length === 1 && columns.length === 0) return idsDrivenBy(tx, conjunction, { driver: allOf(only, conjunction.range), limit })
  const near = await rarest(tx, conjunction, COUNTED)
  if (near !== null && near.size < COUNTED) return idsDrivenBy(tx, conjunction, { driver: whole(conjunction, near.condition), limit })
  const first = near === null || near.condition === length ? only ?? null : near.condition
  const newest = await sliceOf(tx, conjunction, { driving: first, size: NEWEST, limit })
  if (newest.rest === null || newest.ids.length === limit) return newest.ids
  const rest = { ...conjunction, range: newest.rest }
  const far = await rarest(tx, rest, COUNTED_FAR)
  const bounds = { limit: limit - newest.ids.length, deadline }
  if (far !== null && far.size < COUNTED_FAR) return [...newest.ids, ...await idsDrivenBy(tx, rest, { driver: whole(rest, far.condition), limit: bounds.limit })]
  return [...newest.ids, ...await idsInSlices(tx, rest, { ...bounds, driving: far === null || far.condition === length ? only ?? null : far.condition })]
}

/** Slice after slice, the newest first; `driving`: `null` for the recordings themselves. */
async function idsInSlices(tx: Tx, conjunction: Conjunction, { driving, limit, deadline }: Bounds & { readonly driving: Condition | null }): Promise<readonly number[]> {
  const found: number[] = []
  for (let rest: IdRange | null = conjunction.range; rest !== null && found.length < limit;) {
    deadline?.check()
    const slice = await sliceOf(tx, { ...conjunction, range: rest }, { driving, size: SLICE, limit: limit - found.length })
    found.push(...slice.ids)
    rest = slice.rest
  }
  return found
}

/** What matches among the newest `size` ids of what drives; and the range below them, `null` when nothing is left there. */
async function sliceOf(tx: Tx, conjunction: Conjunction, { driving, size, limit }: { readonly driving: Condition | null; readonly size: number; readonly limit: number }): Promise<{ readonly ids: readonly number[]; readonly rest: IdRange | null }> {
  const { least, beyond } = conjunction.range
  const { id, from, where } = driving === null ? recordingsThemselves({ ...conjunction, columns: [] }) : allOf(driving, conjunction.range)
  const { rows } = await sql<{ id: number }>`select ${id} as id from ${from} where ${sql.join(where, AND)} order by ${id} desc limit 1 offset ${size - 1}`.execute(tx)
  const lowest = rows[0]?.id ?? null
  const slice = { ...conjunction, range: { least: lowest ?? least, beyond } }
  const driver = driving === null ? recordingsThemselves(slice) : allOf(driving, slice.range)
  return { ids: await idsDrivenBy(tx, slice, { driver, limit }), rest: lowest === null ? null : { least, beyond: lowest } }
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

/** All ids of a rare one. Those of a length lie in the order of the lengths, and are put in order here. */
function whole({ length, range }: Conjunction, condition: Condition): Driver {
  if (condition !== length) return allOf(condition, range)
  const id = sql.ref('d.id')
  // The limit keeps both databases from walking the recordings themselves in order.
  const rare = sql`(select ${sql.ref('x.id')} as id from ${condition.table} as x where ${condition.holds('x')} limit ${COUNTED_FAR}) as d`
  return { condition, id, from: rare, where: within(id, range) }
}

function allOf(condition: Condition, range: IdRange): Driver {
  const id = sql.ref('d.id')
  return { condition, id, from: sql`${condition.table} as d`, where: [condition.holds('d'), ...within(id, range)] }
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

/** The condition with the fewest ids, counted as far as `limit`; `null` where there is none. */
async function rarest(tx: Tx, { conditions, length, range }: Conjunction, limit: number): Promise<{ readonly condition: Condition; readonly size: number } | null> {
  const candidates = [...conditions, ...(length === null ? [] : [length])]
  if (candidates.length === 0) return null
  const counts = candidates.map((condition, index) => {
    // A length has its ids in no order: within a time its count tells too much, and never too little.
    const where = [condition.holds('x'), ...(condition === length ? [] : within(sql.ref('x.id'), range))]
    return sql`(select count(*) from (select 1 from ${condition.table} as x where ${sql.join(where, AND)} limit ${limit}) as some) as ${sql.ref(`n${index}`)}`
  })
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(tx)
  return candidates.map((condition, index) => ({ condition, size: rows[0]?.[`n${index}`] ?? 0 })).reduce((least, next) => next.size < least.size ? next : least)
}

function within(id: RawBuilder<unknown>, { least, beyond }: IdRange): readonly RawBuilder<unknown>[] {
  return [sql`${id} >= ${least}`, sql`${id} < ${beyond}`]
}
