import { type Compilable, type InsertQueryBuilder, type InsertResult, type QueryResult, type RawBuilder, type SelectQueryBuilder, sql, SqliteAdapter, type UpdateObject } from 'kysely'
import type { Tx } from './sql-database.ts'
import { bundled } from './sqlite-thread-dialect.ts'
import type { Tables } from './tables.ts'

/** The few words that SQLite and MariaDB say differently. */

/** Whether this transaction is SQLite's: then it holds the whole file, and no row needs a lock of its own. */
export function isSqlite(tx: Tx): boolean {
  return tx.getExecutor().adapter instanceof SqliteAdapter
}

/**
 * Inserts rows whose key is new, and leaves the others as they are.
 * @param same - a column set to itself: MariaDB wants something to do. A value would overwrite it in a row that clashes by another key
 */
export function insertIfAbsent<T extends keyof Tables>(
  tx: Tx,
  insert: InsertQueryBuilder<Tables, T, InsertResult>,
  same: UpdateObject<Tables, T, T>,
): InsertQueryBuilder<Tables, T, InsertResult> {
  // Not `insert ignore`: that one swallows also a value that is too long.
  return isSqlite(tx) ? insert.onConflict((conflict) => conflict.doNothing()) : insert.onDuplicateKeyUpdate(same)
}

/** The present by the database's own clock, which all who reach it share; in milliseconds, whole seconds alone. Source: MariaDB and MySQL `UNIX_TIMESTAMP`, which knows no time zones; sqlite.org/lang_datefunc.html */
export async function databaseNow(tx: Tx): Promise<number> {
  const { rows: [row] } = await sql<{ readonly seconds: number | string }>`select ${isSqlite(tx) ? sql`unixepoch()` : sql`unix_timestamp()`} as seconds`.execute(tx)
  return Number(row?.seconds) * 1000
}

/** Holds the rows until the transaction ends, waiting for whoever holds them now. */
export function locked<Q extends Lockable<Q>>(tx: Tx, select: Q): Q {
  return isSqlite(tx) ? select : select.forUpdate()
}

/** Lets others read the rows, and nobody change them, until the transaction ends. Source: MariaDB and MySQL `LOCK IN SHARE MODE`; MariaDB knows no `FOR SHARE` */
export function shared<Row>(tx: Tx, select: SelectQueryBuilder<Tables, keyof Tables, Row>): SelectQueryBuilder<Tables, keyof Tables, Row> {
  return isSqlite(tx) ? select : select.modifyEnd(sql`lock in share mode`)
}

/** Holds rows whose content is not asked for. SQLite's transaction holds them already. */
export async function holdRows<Row>(tx: Tx, select: SelectQueryBuilder<Tables, keyof Tables, Row>): Promise<void> {
  if (!isSqlite(tx)) await select.forUpdate().execute()
}

/** Holds the rows that nobody holds now. */
export function lockedUnlessHeld<Q extends Lockable<Q>>(tx: Tx, select: Q): Q {
  return isSqlite(tx) ? select : select.forUpdate().skipLocked()
}

/** A select whose tables are walked in the order in which they stand. Source: sqlite.org/optoverview.html §CROSS JOIN; MariaDB `STRAIGHT_JOIN` */
export function joinInOrder<Row>(tx: Tx, { select, from, rest }: { readonly select: RawBuilder<unknown>; readonly from: readonly RawBuilder<unknown>[]; readonly rest: RawBuilder<unknown> }): Promise<QueryResult<Row>> {
  const hint = isSqlite(tx) ? sql`` : sql`straight_join`
  return sql<Row>`select ${hint} ${select} from ${sql.join(from, sql` cross join `)} ${rest}`.execute(tx)
}

type Together<Queries extends readonly Compilable[]> = { readonly [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? readonly Row[] : never }

/** Runs queries of which none needs the answer to another, in their order; gives the rows of each. SQLite's thread takes all in one message. */
export async function together<const Queries extends readonly Compilable[]>(tx: Tx, queries: Queries): Promise<Together<Queries>> {
  const compiled = queries.map((query) => query.compile())
  if (compiled.length > 0 && isSqlite(tx)) return (await tx.executeQuery(bundled(compiled))).rows as unknown as Together<Queries>
  const rows: (readonly unknown[])[] = []
  for (const query of compiled) rows.push((await tx.executeQuery(query)).rows)
  return rows as unknown as Together<Queries>
}

interface WrittenThenAsked<One, Other> {
  readonly written: readonly Compilable[]
  readonly one: readonly Compilable<One>[]
  readonly other: readonly Compilable<Other>[]
}

interface Answered<One, Other> {
  readonly one: readonly (readonly One[])[]
  readonly other: readonly (readonly Other[])[]
}

/** As {@link together}: what is written first, whose rows nobody reads, and behind it two questions, each asked of several. */
export async function writtenThenRead<One, Other>(tx: Tx, { written, one, other }: WrittenThenAsked<One, Other>): Promise<Answered<One, Other>> {
  const rows = await together(tx, [...written, ...one, ...other])
  const behind = rows.slice(written.length)
  return { one: behind.slice(0, one.length) as readonly (readonly One[])[], other: behind.slice(one.length) as readonly (readonly Other[])[] }
}

interface Lockable<Q> {
  forUpdate(): Q
  skipLocked(): Q
}
