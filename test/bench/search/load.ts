import { type RawBuilder, sql } from 'kysely'
import { firstRecordingIdAt, RECORDING_ID_EPOCH_MS } from '../../../core/domain/recording-id.ts'
import { isSqlite } from '../../../core/store/sql/portable.ts'
import { mediaRow, partyRow, recordingRow, segmentRow } from '../../../core/store/sql/recording-rows.ts'
import { AGENT_SCOPE, FIELD_KEYS, PARTITION_SCOPE, UNIT_SCOPE } from '../../../core/store/sql/search-pairs.ts'
import type { SqlDatabase, Tx } from '../../../core/store/sql/sql-database.ts'
import { mediaOf, recordingFrom, wholeLife } from '../../support/recording-facts.ts'

/** When the first of them began; they are spread evenly over two years. */
export const FIRST_AT = new Date('2024-03-01T00:00:00Z')
export const LAST_AT = new Date('2026-03-01T00:00:00Z')
/** Recordings of one statement that writes wide rows: it must end before the catalogue's deadline for statements, on a machine that is busy. */
const PER_STATEMENT = 100_000
/** Of one that writes narrow rows in order: the fewer the statements, the seldomer a page of the tree is written again. */
const PER_ORDERED_STATEMENT = 1_000_000
/** What the writing connection keeps of the tree meanwhile; whoever reads has another connection, with what the product gives it. */
const SQLITE_CACHE_KIB = 256 * 1024
const IDS_PER_MS = 4096
export const [AGENTS, TEAMS, DEPARTMENTS, GROUPS, LINES] = [2000, 200, 20, 200, 10]
const DIGITS = 6
const FAR_PRIME = 9_999_991

/** Attached keys, and how many values each has among `rows` recordings. A country speaks one language: `n` of the former tells the latter. */
export function cardinalities(rows: number): Readonly<Record<string, number>> {
  return {
    TICKET: rows, CONTRACT: Math.ceil(rows / 8), CUSTOMER_ID: Math.ceil(rows / 20), BRANCH: 300, SCORE: 100, SKILL: 60,
    PRODUCT: 40, COUNTRY: 30, CAMPAIGN: 25, OUTCOME: 8, LANGUAGE: 5, PRIORITY: 3,
  }
}

type Expression = RawBuilder<unknown>
const N = sql.ref('numbers.n')
const ID = sql.ref('numbers.id')

/** Fills an empty catalogue through SQL, as facts would have filled it, in minutes and not in days. No row passes through this process. */
export async function loadRecordings(database: SqlDatabase, rows: number): Promise<void> {
  await loadRows(database, rows)
  await loadPairs(database, rows)
  await database.change((tx) => sql`drop table numbers`.execute(tx))
}

/** The recordings alone, for whoever does not search. */
export async function loadUnsearchable(database: SqlDatabase, rows: number): Promise<void> {
  await loadRows(database, rows)
  await database.change((tx) => sql`drop table numbers`.execute(tx))
}

async function loadRows(database: SqlDatabase, rows: number): Promise<void> {
  await database.change(async (tx) => {
    if (isSqlite(tx)) await sql`pragma cache_size = ${sql.lit(-SQLITE_CACHE_KIB)}`.execute(tx)
  })
  await database.change((tx) => sql`create table numbers (n bigint primary key, id bigint not null)`.execute(tx))
  await numbers(database, rows)
  await rowsOfRecordings(database, rows)
}

async function loadPairs(database: SqlDatabase, rows: number): Promise<void> {
  const pairs = [
    ...Object.entries(cardinalities(rows)).map(([key, values]) => [key, text(key, pick(key, values))] as const),
    [FIELD_KEYS.caller, text('+49', pick('CUSTOMER_ID', Math.ceil(rows / 20)))], [FIELD_KEYS.callee, text('500', pick('callee', 50))],
    [FIELD_KEYS.agent, text('agent', agent())], [FIELD_KEYS.queue, text('queue', pick('queue', 30))], [FIELD_KEYS.side, sql.lit('source')],
  ] as const
  // Key by key in the tree's own order, so that it grows at its end.
  for (const [key, value] of pairs.toSorted(([one], [other]) => one < other ? -1 : 1)) await ordered(database, { rows, table: 'attached', columns: ['k', 'v', 'id'], kind: key, value })
  const reached = [
    [PARTITION_SCOPE, sql.lit('/all')], [PARTITION_SCOPE, line()], [PARTITION_SCOPE, sql`concat(${line()}, '/group-', ${group()})`], [AGENT_SCOPE, text('agent', agent())],
    [UNIT_SCOPE, sql.lit('company')], [UNIT_SCOPE, text('department', sql`(${agent()} % ${sql.lit(DEPARTMENTS)})`)], [UNIT_SCOPE, text('team', sql`(${agent()} % ${sql.lit(TEAMS)})`)],
  ] as const
  for (const [scope, value] of reached.toSorted(([one], [other]) => one < other ? -1 : 1)) await ordered(database, { rows, table: 'access', columns: ['scope', 'value', 'id'], kind: scope, value })
}

/** The number of a value, far from the numbers beside it and independent of other keys' numbers. */
function pick(key: string, values: number): Expression {
  if (key === 'LANGUAGE') return sql`(${pick('COUNTRY', 30)} % ${sql.lit(values)})`
  // Each ticket once; of the others, what a prime far beyond leaves.
  return key === 'TICKET' ? N : sql`((${N} + 1) * ${sql.lit(factorOf(key))} % ${sql.lit(FAR_PRIME)} % ${sql.lit(values)})`
}

/** What `pick` gives the recording of this ticket. */
export function pickedFor(ticket: number, key: string, values: number): number {
  return (ticket + 1) * factorOf(key) % FAR_PRIME % values
}

function factorOf(key: string): number {
  return 100_003 + 2 * Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte) % 90_000, 7)
}

function agent(): Expression {
  return pick('agent', AGENTS)
}

function group(): Expression {
  return pick('group', GROUPS)
}

function line(): Expression {
  return sql`concat('/all/line-', ${group()} % ${sql.lit(LINES)})`
}

function text(prefix: string, number: Expression): Expression {
  return sql`concat(${sql.lit(`${prefix}-`)}, ${number})`
}

function stepMs(rows: number): number {
  return Math.floor((LAST_AT.getTime() - FIRST_AT.getTime()) / rows)
}

/** The first by counting, the others by adding to them. */
async function numbers(database: SqlDatabase, rows: number): Promise<void> {
  const counted = Math.min(rows, 10 ** DIGITS)
  const digits = sql.raw(`(${Array.from({ length: 10 }, (_, digit) => `select ${digit} as d`).join(' union all ')})`)
  const powers = Array.from({ length: DIGITS }, (_, power) => power).filter((power) => power === 0 || 10 ** power < counted)
  const sum = sql.raw(powers.map((power) => `d${power}.d * ${10 ** power}`).join(' + '))
  const from = sql.join(powers.map((power) => sql`${digits} as ${sql.ref(`d${power}`)}`), sql` cross join `)
  const first = Number(firstRecordingIdAt(FIRST_AT, 1))
  const idStep = stepMs(rows) * IDS_PER_MS
  await database.change((tx) => sql`insert into numbers (n, id) select m.n, ${sql.lit(first)} + m.n * ${sql.lit(idStep)} from (select ${sum} as n from ${from}) as m where m.n < ${sql.lit(counted)} order by m.n`.execute(tx))
  for (let done = counted; done < rows; done += counted) {
    const more = Math.min(counted, rows - done)
    await database.change((tx) => sql`insert into numbers (n, id) select n + ${sql.lit(done)}, id + ${sql.lit(done * idStep)} from numbers where n < ${sql.lit(more)} order by n`.execute(tx))
  }
}

async function ordered(database: SqlDatabase, { rows, table, columns, kind, value }: { readonly rows: number; readonly table: string; readonly columns: readonly string[]; readonly kind: string; readonly value: Expression }): Promise<void> {
  await inPieces(database, { rows, atOnce: PER_ORDERED_STATEMENT }, (tx, piece) => sql`insert into ${sql.table(table)} (${names(columns)}) select ${sql.lit(kind)}, ${asBytes(tx, value)}, ${ID} from numbers where ${piece} order by 2, 3`.execute(tx))
}

/** What the test calls' facts make of one recording, in each row with its own numbers and times. */
async function rowsOfRecordings(database: SqlDatabase, rows: number): Promise<void> {
  const id = firstRecordingIdAt(FIRST_AT, 1)
  const recording = recordingFrom(wholeLife({ id }))
  const at = sql`(${sql.lit(RECORDING_ID_EPOCH_MS)} + (${ID} - 64) / ${sql.lit(IDS_PER_MS)})`
  const durationMs = sql`(5000 + ${pick('duration', 600_000)})`
  const partition = sql`concat('["', ${line()}, '/group-', ${group()}, '"]')`
  const attached = sql`concat('{', ${sql.join(Object.entries(cardinalities(rows)).map(([key, values]) => sql`${sql.lit(`"${key}":"`)}, ${text(key, pick(key, values))}, '"'`), sql`, ',', `)}, '}')`
  const state = sql`case when ${pick('state', 100)} < 97 then 'stored' when ${pick('state', 100)} < 99 then 'not-recorded' else 'failed' end`
  const [segment] = recording.segments
  if (segment === undefined) throw new Error('the test call has no segment')
  await fill(database, { rows, table: 'recordings', template: recordingRow(recording), own: {
    id: ID, interaction_id: text('i', N), state, agent: text('agent', agent()), queue: text('queue', pick('queue', 30)), requested_at: at, started_at: at, answered_at: at,
    ended_at: sql`${at} + ${durationMs}`, duration_ms: durationMs, partitions_json: partition, attached_json: attached, caller_number: text('+49', pick('CUSTOMER_ID', Math.ceil(rows / 20))), callee_number: text('500', pick('callee', 50)),
  } })
  await fill(database, { rows, table: 'interactions', template: { id: '', root_id: '', merged_into_id: null, started_at: 0, ended_at: 0 }, own: { id: text('i', N), root_id: text('i', N), started_at: at, ended_at: at } })
  await fill(database, { rows, table: 'segments', template: segmentRow(Number(id), segment), own: { recording_id: ID, started_at: at } })
  await fill(database, { rows, table: 'media', template: mediaRow(Number(id), mediaOf(id)), own: { recording_id: ID, began_at: at, duration_ms: durationMs, payload_name: text('payload', N) } })
  for (const [index, party] of recording.parties.entries()) {
    const heard = party.agent === null ? {} : { agent: text('agent', agent()) }
    await fill(database, { rows, table: 'parties', template: partyRow(Number(id), party, index), own: { recording_id: ID, from_at: at, ...heard } })
  }
}

async function fill(database: SqlDatabase, { rows, table, template, own }: { readonly rows: number; readonly table: string; readonly template: object; readonly own: Readonly<Record<string, Expression>> }): Promise<void> {
  const values = Object.entries({ ...template, ...own })
  const expressions = values.map(([column, value]) => own[column] ?? sql.val(value))
  await inPieces(database, { rows, atOnce: PER_STATEMENT }, (tx, piece) => sql`insert into ${sql.table(table)} (${names(values.map(([column]) => column))}) select ${sql.join(expressions)} from numbers where ${piece} order by n`.execute(tx))
}

async function inPieces(database: SqlDatabase, { rows, atOnce }: { readonly rows: number; readonly atOnce: number }, insert: (tx: Tx, piece: Expression) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows; from += atOnce) {
    await database.change((tx) => insert(tx, sql`${N} >= ${sql.lit(from)} and ${N} < ${sql.lit(from + atOnce)}`))
  }
}

function names(columns: readonly string[]): Expression {
  return sql.join(columns.map((column) => sql.ref(column)))
}

function asBytes(tx: Tx, value: Expression): Expression {
  return isSqlite(tx) ? sql`cast(${value} as blob)` : value
}
