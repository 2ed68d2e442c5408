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
/** As many of a length are put in order here, rather than walking the wide rows. */
const COUNTED_FAR = 30_000
/**
 * Where all conditions are common, a page is looked for among so many of the newest ids of one of them, then among more: few are
 * enough for most pages, many waste nothing. No statement takes longer than a part of a second, and between two of them the search can end.
 */
const SLICES = [4000, 16_000, 64_000] as const
const [, , LARGEST_SLICE] = SLICES

/** What is looked for, by whom, and how far. */
export interface IdQuestion {
  readonly filter: RecordingFilter
  readonly scope: AccessScope
  /** Only ids below it; `null`: all. */
  readonly before: number | null
  readonly limit: number
  /** `any` where they are only counted: then they need not be the newest. */
  readonly order?: 'newest-first' | 'any'
  /** `null` for what must be answered, however long it takes. */
  readonly deadline: SearchDeadline | null
}

/**
 * The ids of the recordings that match and that the scope reaches: newest first, each once, at most `limit`.
 * @throws HoldfastError `QUERY_TIMEOUT`
 */
export async function matchingIds(tx: Tx, { filter, scope, before, limit, order = 'newest-first', deadline }: IdQuestion): Promise<readonly number[]> {
  const interactionIds = filter.interactionId === null ? null : await interactionMembers(tx, filter.interactionId)
  // Each conjunction stays inside its indexes, in order; the newest of all are among the newest of each.
  let found: readonly number[] = []
  for (const conjunction of conjunctionsOf(filter, scope, { before, interactionIds })) {
    deadline?.check()
    const oldest = found[limit - 1]
    // A full page needs nothing that is older than all of it, and a count nothing more at all.
    if (oldest !== undefined && order === 'any') return found
    const { least, beyond } = conjunction.range
    const range = { least: oldest === undefined ? least : Math.max(least, oldest + 1), beyond }
    const more = await idsOf(tx, { ...conjunction, range }, { limit, deadline })
    found = [...new Set([...found, ...more])].sort((a, b) => b - a).slice(0, limit)
  }
  return found
}

type Bounds = Pick<IdQuestion, 'limit' | 'deadline'>

/** The rarest condition drives, and the others are looked up by their whole key: neither database is left to guess from averages. */
async function idsOf(tx: Tx, conjunction: Conjunction, { limit, deadline }: Bounds): Promise<readonly number[]> {
  const { conditions, columns } = conjunction
  if (conditions.length === 0 && columns.length === 0) return idsDrivenBy(tx, conjunction, { driver: recordingsThemselves(conjunction), limit })
  const [only] = conditions
  if (only !== undefined && conditions.length === 1 && columns.length === 0) return idsDrivenBy(tx, conjunction, { driver: allOf(only, conjunction.range), limit })
  const near = await rarest(tx, conjunction, COUNTED)
  if (near !== null && near.size < COUNTED) return idsDrivenBy(tx, conjunction, { driver: whole(conjunction, near.condition), limit })
  return idsInSlices(tx, conjunction, { limit, deadline })
}

/** Slice after slice, the newest first. */
async function idsInSlices(tx: Tx, conjunction: Conjunction, { limit, deadline }: Bounds): Promise<readonly number[]> {
  const found: number[] = []
  let rest: IdRange | null = conjunction.range
  for (let step = 0; rest !== null && found.length < limit; step += 1) {
    deadline?.check()
    const left: Conjunction = { ...conjunction, range: rest }
    const { beyond } = rest
    const few = step === SLICES.length - 1 ? await fewOfLength(tx, left) : null
    if (few !== null) return [...found, ...await idsDrivenBy(tx, left, { driver: few, limit: limit - found.length })]
    const { driving, lowest } = await sparsest(tx, left, SLICES[step] ?? LARGEST_SLICE)
    const slice: Conjunction = { ...left, range: { least: lowest ?? rest.least, beyond } }
    found.push(...await idsDrivenBy(tx, slice, { driver: driverOf(slice, driving), limit: limit - found.length }))
    rest = lowest === null ? null : { least: rest.least, beyond: lowest }
  }
  return found
}

async function fewOfLength(tx: Tx, conjunction: Conjunction): Promise<Driver | null> {
  const { length } = conjunction
  if (length === null) return null
  const counted = await rarest(tx, { ...conjunction, conditions: [] }, COUNTED_FAR)
  return counted === null || counted.size === COUNTED_FAR ? null : whole(conjunction, length)
}

/** The condition whose newest `size` ids reach down the farthest, and the lowest of them; `null` where so many are not left. */
async function sparsest(tx: Tx, conjunction: Conjunction, size: number): Promise<{ readonly driving: Condition | null; readonly lowest: number | null }> {
  const { conditions } = conjunction
  let best: { readonly driving: Condition | null; readonly lowest: number } = { driving: null, lowest: Number.POSITIVE_INFINITY }
  for (const driving of conditions.length === 0 ? [null] : conditions) {
    const { id, from, where } = driverOf({ ...conjunction, columns: [] }, driving)
    const { rows } = await sql<{ id: number }>`select ${id} as id from ${from} where ${sql.join(where, AND)} order by ${id} desc limit 1 offset ${size - 1}`.execute(tx)
    const [row] = rows
    if (row === undefined) return { driving, lowest: null }
    if (row.id < best.lowest) best = { driving, lowest: row.id }
  }
  return best
}

/** What a query walks through, newest first, while it looks up all the rest. */
interface Driver {
  readonly condition: Condition | null
  readonly id: RawBuilder<unknown>
  readonly from: RawBuilder<unknown>
  readonly where: readonly RawBuilder<unknown>[]
}

/** `null`: the recordings themselves. */
function driverOf(conjunction: Conjunction, condition: Condition | null): Driver {
  return condition === null ? recordingsThemselves(conjunction) : allOf(condition, conjunction.range)
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
