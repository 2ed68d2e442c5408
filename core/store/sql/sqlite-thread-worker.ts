import { parentPort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Numbered, SqliteOpenOptions, SqliteReply, SqliteRequest, SqliteResult, SqliteStatement } from './sqlite-thread-protocol.ts'

/** The thread in which one SQLite connection lives: better-sqlite3 blocks, and here it blocks nobody. */

type Statement = Database.Statement

/** Prepared statements that are kept; the store has fewer shapes than that, lists of ids aside. */
const MAX_STATEMENTS = 256
/** The write-ahead log is cut back to this after a checkpoint, so that one burst does not hold disk space for ever. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024
const NOTHING: SqliteResult = { rows: [], changes: 0, lastInsertRowid: 0 }
const ROLLBACK: SqliteStatement = { sql: 'rollback', parameters: [] }

const port = parentPort
if (port === null) throw new Error('sqlite-thread-worker runs in a worker thread only')

let database: Database.Database | null = null
let cursor: Iterator<unknown> | null = null
const statements = new Map<string, Statement>()

port.on('message', (request: Numbered<SqliteRequest>) => {
  port.postMessage({ id: request.id, body: answer(request.body) } satisfies Numbered<SqliteReply>)
  // Without its port the thread has nothing to wait for, and ends by itself.
  if (request.body.type === 'close') port.close()
})

function answer(request: SqliteRequest): SqliteReply {
  try {
    return { outcome: 'done', results: perform(request) }
  } catch (error) {
    return {
      outcome: 'failed',
      message: error instanceof Error ? error.message : String(error),
      code: error instanceof Database.SqliteError ? error.code : null,
    }
  }
}

function perform(request: SqliteRequest): readonly SqliteResult[] {
  switch (request.type) {
    case 'open':
      database = open(request.options)
      return []
    case 'run':
      return request.statements.map(run)
    case 'rollback':
      return opened().inTransaction ? [run(ROLLBACK)] : []
    case 'open-cursor':
      // Not from the cache: a statement that is being walked cannot be run a second time.
      cursor = opened().prepare(request.sql).iterate(...request.parameters)
      return []
    case 'next-rows':
      return [{ ...NOTHING, rows: nextRows(request.count) }]
    case 'close-cursor':
      closeCursor()
      return []
    case 'close':
      closeCursor()
      statements.clear()
      database?.close()
      database = null
      return []
  }
}

function open(options: SqliteOpenOptions): Database.Database {
  const connection = new Database(options.file, { timeout: options.busyTimeoutMs })
  connection.pragma('journal_mode = WAL')
  // An acknowledged commit survives a power cut, not only a kill. Source: sqlite.org/pragma.html#pragma_synchronous
  connection.pragma('synchronous = FULL')
  // What is deleted is overwritten: numbers and headers of destroyed recordings must not lie in free pages. Source: sqlite.org/pragma.html#pragma_secure_delete
  connection.pragma('secure_delete = ON')
  connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`)
  connection.pragma('foreign_keys = ON')
  connection.pragma('trusted_schema = OFF')
  if (options.access === 'read-only') connection.pragma('query_only = ON')
  return connection
}

function opened(): Database.Database {
  if (database === null) throw new Error('the database is not open')
  return database
}

function run({ sql, parameters }: SqliteStatement): SqliteResult {
  const statement = prepared(sql)
  if (statement.reader) return { ...NOTHING, rows: statement.all(...parameters) }
  const { changes, lastInsertRowid } = statement.run(...parameters)
  return { rows: [], changes, lastInsertRowid: Number(lastInsertRowid) }
}

function prepared(sql: string): Statement {
  const known = statements.get(sql)
  const statement = known ?? opened().prepare(sql)
  // Taken out and put back: the least recently used one stands first.
  statements.delete(sql)
  statements.set(sql, statement)
  const oldest = statements.keys().next().value
  if (statements.size > MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest)
  return statement
}

function nextRows(count: number): readonly unknown[] {
  const rows: unknown[] = []
  while (cursor !== null && rows.length < count) {
    const step = cursor.next()
    if (step.done === true) cursor = null
    else rows.push(step.value)
  }
  return rows
}

function closeCursor(): void {
  cursor?.return?.()
  cursor = null
}
