import {
  CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler,
  type Kysely, type TransactionSettings,
} from 'kysely'
import { SqliteThread } from './sqlite-thread.ts'
import type { SqliteOpenOptions, SqlValue } from './sqlite-thread-protocol.ts'

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
    await connection.executeQuery(CompiledQuery.raw(settings.accessMode === 'read only' ? 'begin deferred' : 'begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(): Promise<void> {
    await this.#thread?.rollback()
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

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, lastInsertRowid } = await this.#thread.run(query.sql, parametersOf(query))
    return { rows: rows as R[], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    for await (const rows of this.#thread.stream(query.sql, parametersOf(query))) yield { rows: rows as R[] }
  }
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
