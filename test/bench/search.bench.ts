import { hash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { parseNodeName } from '../../core/domain/ids.ts'
import { openMysqlDatabase } from '../../core/store/sql/mysql-database.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { catalogueIn } from '../../core/store/catalogue.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { type Bench, type BenchForm, median, quantile, ratio, timed } from './bench.ts'
import { privateMariadb } from './mariadb.ts'
import { loadRecordings } from './search/load.ts'
import { type Question, questionsAmong } from './search/questions.ts'

const FORMS: Readonly<Record<BenchForm, { readonly rows: number; readonly runs: number; readonly bufferPoolMiB: number }>> = {
  full: { rows: 1_000_000, runs: 60, bufferPoolMiB: 1024 }, quick: { rows: 600, runs: 2, bufferPoolMiB: 64 },
}
const PAGE = 50
/** Ends the name of the mark beside a database that was kept: it was loaded whole. */
const LOADED = '.loaded'

type Row = readonly (string | number)[]
interface Measured {
  readonly rows: readonly Row[]
  readonly note: string
}

/** How long a search takes among many recordings, by who asks and for what, beside a bare page of rows by their key. */
export const bench: Bench = async (folder, form, asked) => {
  const { rows, runs, bufferPoolMiB } = { ...FORMS[form], ...asked }
  const place = asked?.keptIn === undefined ? null : await keptPlace(asked.keptIn, rows)
  const size = { rows, runs }
  const file = join(place ?? folder, 'catalogue.db')
  const onSqlite = await measured('SQLite', await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' }), { ...size, loadedMark: place === null ? null : `${file}${LOADED}` })
  const data = place === null ? null : join(place, 'mariadb')
  const server = await privateMariadb(bufferPoolMiB, data)
  try {
    const onMariadb = server === null ? { rows: [], note: 'No MariaDB could be had.' } : await measured('MariaDB', await openMysqlDatabase(server.settings), { ...size, loadedMark: data === null ? null : `${data}${LOADED}` })
    return {
      title: `Search: ${rows} recordings with 12 attached pairs each`,
      columns: ['', 'database', 'found', 'p50 ms', 'p95 ms', 'p50 to the bare page'],
      rows: [...onSqlite.rows, ...onMariadb.rows],
      notes: [
        `Each question ${runs} times, each time about other values, in turn with a bare page: ${PAGE} whole rows of the table of recordings by its primary key. A page of a search is ${PAGE} recordings with their segments, parties, media and all the rest; a count stops at 1000. After the semicolon: what whoever asks may see. "found" is that of the last time.`,
        'The recordings are spread evenly over two years, 2000 agents in 200 teams of 20 departments of one company, and 200 partitions in 10 of one; values are spread evenly too. Besides the 12 pairs each is found by caller, callee, agent, queue and side, and reached by 3 partitions, 3 units and an agent.',
        onSqlite.note, onMariadb.note, `MariaDB had a buffer pool of ${bufferPoolMiB} MiB, and shares the machine with who asks.`,
      ],
    }
  } finally {
    await server?.stop()
  }
}

async function measured(name: string, database: SqlDatabase, { rows, runs, loadedMark }: { readonly rows: number; readonly runs: number; readonly loadedMark: string | null }): Promise<Measured> {
  try {
    const loaded = await loadedOrKept(database, rows, loadedMark)
    const { repository } = catalogueIn(database, { node: parseNodeName('bench'), runtime: quietRuntime() })
    const ask = async ({ asks, of }: Question, turn: number): Promise<number> => {
      const { filter, scope } = of(turn)
      return asks === 'count' ? repository.count(filter, scope) : (await repository.search({ filter, scope, first: PAGE, before: null })).recordings.length
    }
    const bareMs: number[] = []
    const answers: { readonly question: Question; readonly ms: readonly number[]; readonly found: number }[] = []
    for (const question of questionsAmong(rows)) {
      const ms: number[] = []
      let found = 0
      for (let turn = 0; turn < runs; turn += 1) {
        bareMs.push(await timed(() => barePage(database)))
        ms.push(await timed(async () => {
          found = await ask(question, turn)
        }))
      }
      if (question.finds === 'nothing' && found > 0) throw new Error(`${name}: ${question.name} found ${found}`)
      answers.push({ question, ms, found })
    }
    const row = (what: string, ms: readonly number[], found: number): Row => [what, name, found, median(ms).toFixed(1), quantile(ms, 0.95).toFixed(1), ratio(median(ms), median(bareMs))]
    return { rows: [row('bare page', bareMs, PAGE), ...answers.map(({ question, ms, found }) => row(question.name, ms, found))], note: `${name} ${loaded}.` }
  } finally {
    await database.close()
  }
}

/** What another loader made is of no use: each has a folder of its own. */
async function keptPlace(keptIn: string, rows: number): Promise<string> {
  const loader = hash('sha256', await readFile(join(import.meta.dirname, 'search/load.ts')), 'hex').slice(0, 12)
  const place = join(keptIn, `${rows}-${loader}`)
  await mkdir(place, { recursive: true })
  const names = await readdir(place)
  // What was cut off in the middle is of no use either.
  const halves = names.filter((name) => !names.some((mark) => mark.endsWith(LOADED) && name.startsWith(mark.slice(0, -LOADED.length))))
  await Promise.all(halves.map((name) => rm(join(place, name), { recursive: true })))
  return place
}

/** Loads what is not there from another time. */
async function loadedOrKept(database: SqlDatabase, rows: number, mark: string | null): Promise<string> {
  const seconds = mark === null ? null : await readFile(mark, 'utf8').catch(() => null)
  if (seconds !== null) return `was loaded in ${seconds} s, and kept since: its memory was cold when the questions began`
  const loadedMs = await timed(() => loadRecordings(database, rows))
  const took = String(Math.round(loadedMs / 1000))
  if (mark !== null) await writeFile(mark, took)
  return `was loaded in ${took} s`
}

function barePage(database: SqlDatabase): Promise<unknown> {
  return database.read((tx) => sql`select * from recordings order by id desc limit ${PAGE}`.execute(tx))
}
