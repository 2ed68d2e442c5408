import {
  CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler,
  type Kysely, type TransactionSettings,
} from 'kysely'
import { SqliteThread } from './sqlite-thread.ts'
import type { SqliteOpenOptions, SqliteResult, SqliteStatement, SqlValue } from './sqlite-thread-protocol.ts'

/** Kysely over one SQLite connection in a thread of its own. Kysely hands the connection to one user at a time. */
export class SqliteThreadDialect implements Dialect {
  readonly #options: SqliteOpenOptions

  constructor(options: SqliteOpenOptions) {
    this.#options = options
  }

  createDriver(): Driver {
    return new SqliteThreadDriver(this.#options)
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter()
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db)
  }
}

class SqliteThreadDriver implements Driver {
  readonly #options: SqliteOpenOptions
  #thread: SqliteThread | null = null

  constructor(options: SqliteOpenOptions) {
    this.#options = options
  }

  async init(): Promise<void> {
    this.#thread = await SqliteThread.open(this.#options)
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return this.#thread === null
      ? Promise.reject(new Error('the SQLite connection is closed'))
      : Promise.resolve(new SqliteThreadConnection(this.#thread))
  }

  /** A writer takes the lock at once: one that reads first and then writes could find that another process wrote in between. */
  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await ours(connection).begin(settings.accessMode === 'read only' ? 'begin deferred' : 'begin immediate')
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).commit()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).rollback()
  }

  async releaseConnection(): Promise<void> {
    // Kysely keeps the one connection.
  }

  async destroy(): Promise<void> {
    await this.#thread?.close()
    this.#thread = null
  }
}

class SqliteThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread
  /** Goes with the first statement of the transaction: a message costs as much as a statement. */
  #begin: SqliteStatement | null = null

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  async begin(sql: 'begin deferred' | 'begin immediate'): Promise<void> {
    this.#begin = { sql, parameters: [] }
    await Promise.resolve()
  }

  async commit(): Promise<void> {
    // Nothing was asked, and nothing was begun.
    if (this.#takeBegin().length === 0) await this.#thread.run('commit', [])
  }

  async rollback(): Promise<void> {
    if (this.#takeBegin().length === 0) await this.#thread.rollback()
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const begin = this.#takeBegin()
    const all = await this.#thread.runAll([...begin, ...(isBundle(query) ? query.bundle : [query]).map(statementOf)])
    const results = all.slice(begin.length)
    if (isBundle(query)) return { rows: results.map(({ rows }) => rows) as R[] }
    const [{ rows, changes, lastInsertRowid } = NO_RESULT] = results
    return { rows: rows as R[], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    const begin = this.#takeBegin()
    if (begin.length > 0) await this.#thread.runAll(begin)
    const { sql, parameters } = statementOf(query)
    for await (const rows of this.#thread.stream(sql, parameters)) yield { rows: rows as R[] }
  }

  #takeBegin(): readonly SqliteStatement[] {
    const begin = this.#begin
    this.#begin = null
    return begin === null ? [] : [begin]
  }
}

const NO_RESULT: SqliteResult = { rows: [], changes: 0, lastInsertRowid: 0 }

/** Several queries that travel as one; its rows are the rows of each. */
export interface BundledQuery extends CompiledQuery<readonly unknown[]> {
  readonly bundle: readonly CompiledQuery[]
}

export function bundled(queries: readonly CompiledQuery[]): BundledQuery {
  return { ...CompiledQuery.raw(''), bundle: queries }
}

function isBundle(query: CompiledQuery): query is BundledQuery {
  return 'bundle' in query
}

function ours(connection: DatabaseConnection): SqliteThreadConnection {
  if (!(connection instanceof SqliteThreadConnection)) throw new TypeError('a connection of another driver')
  return connection
}

function statementOf(query: CompiledQuery): SqliteStatement {
  return { sql: query.sql, parameters: parametersOf(query) }
}

function parametersOf(query: CompiledQuery): readonly SqlValue[] {
  return query.parameters.map((parameter) => sqlValue(parameter))
}

function sqlValue(parameter: unknown): SqlValue {
  // A Buffer is a window on a pool that is shared: only its own bytes go to the other thread.
  if (parameter instanceof Uint8Array) return Uint8Array.from(parameter)
  if (parameter === null || typeof parameter === 'string' || typeof parameter === 'number' || typeof parameter === 'bigint') return parameter
  throw new TypeError(`SQLite takes no ${typeof parameter}`)
}
