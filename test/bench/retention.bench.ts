import { join } from 'node:path'
import { sql } from 'kysely'
import { checkRetentionText } from '../../config/retention/read-retention.ts'
import { parseHoldId, parseNodeName, parseRecordingId } from '../../core/domain/ids.ts'
import type { RetentionRules } from '../../core/domain/retention/retention-rules.ts'
import type { RetentionPlan } from '../../core/ports/retention-control.ts'
import { RetentionPlanner } from '../../core/retention/retention-planner.ts'
import { openMysqlDatabase } from '../../core/store/sql/mysql-database.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { type Catalogue, catalogueIn } from '../../core/store/catalogue.ts'
import { aboutHold, holdOn } from '../support/held-recordings.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { type Bench, type BenchForm, ratio, timed } from './bench.ts'
import { privateMariadb } from './mariadb.ts'
import { LAST_AT, loadUnsearchable } from './search/load.ts'

const FORMS: Readonly<Record<BenchForm, { readonly rows: number; readonly bufferPoolMiB: number }>> = { full: { rows: 1_000_000, bufferPoolMiB: 1024 }, quick: { rows: 600, bufferPoolMiB: 64 } }
/** Every thousandth recording is named by a hold. */
const HELD_EVERY = 1000
/** Of the two years in which the recordings began, the first is due. */
const BY_COLUMNS = 'rules: [{ name: orders, when: { queue: queue-3 }, minimumDays: 400, purgeAfterDays: 900 }, { name: short, when: { durationSeconds: { atMost: 10 } }, purgeAfterDays: 30 }]\ndefault: { name: default, purgeAfterDays: 365 }'
const BY_DATA = `rules: [{ name: campaign, when: { attached: { CAMPAIGN: CAMPAIGN-7 }, partition: /all/line-3 }, purgeAfterDays: 900 }]\ndefault: { name: default, purgeAfterDays: 365 }`

type Row = readonly (string | number)[]
interface Measured {
  readonly rows: readonly Row[]
  readonly note: string
}

/** How long it takes to plan what is destroyed among many recordings, beside the database's own look at the same rows. */
export const bench: Bench = async (folder, form, asked) => {
  const { rows, bufferPoolMiB } = { ...FORMS[form], ...asked }
  const onSqlite = await measured('SQLite', await openSqliteDatabase({ file: join(folder, 'catalogue.db'), schema: 'catalogue', readers: 'own' }), rows)
  const server = await privateMariadb(bufferPoolMiB)
  try {
    const onMariadb = server === null ? { rows: [], note: 'No MariaDB could be had.' } : await measured('MariaDB', await openMysqlDatabase(server.settings), rows)
    return {
      title: `Retention: a plan over ${rows} recordings`,
      columns: ['', 'database', 'to purge', 'held', 's', 'recordings/s', 'to the bare scan'],
      rows: [...onSqlite.rows, ...onMariadb.rows],
      notes: [
        'A plan reads every recording, asks its rules, and adds up what a run would do, with a digest over it. The bare scan is one statement of SQL over the same rows and columns of the same three tables, which are added up inside the database: nothing is judged, and no row leaves it. It, and a first plan, were run once before anything was measured.',
        'By columns: rules that ask for a queue and a duration; by data: for attached data and partitions, which are read out of each row\'s own text. The holds name every thousandth recording. What if: a draft that asks for attached data, against the rules by columns: each recording is judged twice.',
        onSqlite.note, onMariadb.note, `MariaDB had a buffer pool of ${bufferPoolMiB} MiB, and shares the machine with who plans.`,
      ],
    }
  } finally {
    await server?.stop()
  }
}

async function measured(name: string, database: SqlDatabase, rows: number): Promise<Measured> {
  try {
    const loadedMs = await timed(() => loadUnsearchable(database, rows))
    const catalogue = catalogueIn(database, { node: parseNodeName('bench'), runtime: quietRuntime() })
    await bareScan(database)
    const bareMs = await timed(() => bareScan(database))
    const row = (what: string, ms: number, plan: RetentionPlan | null): Row => [
      what, name, plan?.totals.does.purge.recordings ?? '-', plan?.totals.prevented.hold.recordings ?? '-', (ms / 1000).toFixed(2), Math.round(rows / ms * 1000), ratio(ms, bareMs),
    ]
    const told: Row[] = [row('bare scan', bareMs, null)]
    await plannedBy(catalogue, BY_COLUMNS)
    const look = async (what: string, rules: string): Promise<void> => {
      let plan: RetentionPlan | null = null
      const ms = await timed(async () => {
        plan = await plannedBy(catalogue, rules)
      })
      told.push(row(what, ms, plan))
    }
    await look('plan by columns', BY_COLUMNS)
    await look('plan by data', BY_DATA)
    const whatIfMs = await timed(() => plannerBy(catalogue, BY_COLUMNS).whatIf(rulesOf(BY_DATA), { samples: 10, signal: new AbortController().signal }))
    told.push(row('what if', whatIfMs, null))
    await holdSome(catalogue, database)
    await look('plan by columns, with holds', BY_COLUMNS)
    return { rows: told, note: `${name} was loaded in ${Math.round(loadedMs / 1000)} s.` }
  } finally {
    await database.close()
  }
}

function plannerBy({ retention: store, holds }: Catalogue, rules: string): RetentionPlanner {
  return new RetentionPlanner({ store, holds, archive: 'none', clock: { now: () => LAST_AT }, standing: () => rulesOf(rules), read: checkRetentionText })
}

function plannedBy(catalogue: Catalogue, rules: string): Promise<RetentionPlan> {
  return plannerBy(catalogue, rules).plan({ samples: 50, signal: new AbortController().signal })
}

function rulesOf(text: string): RetentionRules {
  const read = checkRetentionText(text)
  if (read.outcome === 'invalid') throw new Error(`the bench's own rules are wrong: ${JSON.stringify(read.problems)}`)
  return read.rules
}

function bareScan(database: SqlDatabase): Promise<unknown> {
  return database.read((tx) => sql`
    select count(*), sum(length(recordings.state)), sum(recordings.started_at), sum(recordings.ended_at), sum(recordings.duration_ms), sum(length(recordings.queue)), sum(length(recordings.attached_json)),
      sum(length(recordings.partitions_json)), sum(media.payload_size_bytes), sum(retention_stamps.kept_until)
    from recordings left join media on media.recording_id = recordings.id left join retention_stamps on retention_stamps.recording_id = recordings.id where recordings.state != 'purged'`.execute(tx))
}

async function holdSome({ holds }: Catalogue, database: SqlDatabase): Promise<void> {
  const { rows } = await database.read((tx) => sql<{ readonly id: number }>`select id from (select id, row_number() over (order by id) as turn from recordings) as numbered where turn % ${HELD_EVERY} = 0 order by id`.execute(tx))
  const named = rows.map(({ id }) => parseRecordingId(String(id)))
  const hold = holdOn(1, { recordings: named }, { id: parseHoldId('00000000000000b1') })
  await holds.place(hold, { ...aboutHold(1), object: { type: 'hold', id: hold.id } })
}
