import { setTimeout as delay } from 'node:timers/promises'
import { CompiledQuery, type Kysely, type QueryResult, SqliteAdapter, type Transaction } from 'kysely'
import { HoldfastError } from '../../domain/errors.ts'
import { isContention, storeFailure } from './sql-failure.ts'
import type { Tables } from './tables.ts'
import type { WriteTurns } from './write-turns.ts'

export type Tx = Transaction<Tables>

/** How often a transaction that lost against another one is tried again. A guess: the catalogue's transactions are short. */
const MAX_ATTEMPTS = 6
/** Longest wait before the next try; random below it, so that two losers do not meet again. */
const MAX_PAUSE_MS = 40

/** One database: a connection (or pool) to change it, and one to read it that no writer holds up. */
export class SqlDatabase {
  readonly #writer: Kysely<Tables>
  readonly #reader: Kysely<Tables>
  readonly #turns: WriteTurns | null
  #state: 'open' | 'closed' = 'open'

  /** `turns`: those of a file that another connection of this process writes too. */
  constructor(connections: { readonly writer: Kysely<Tables>; readonly reader: Kysely<Tables>; readonly turns: WriteTurns | null }) {
    this.#writer = connections.writer
    this.#reader = connections.reader
    this.#turns = connections.turns
  }

  /**
   * Changes, all or none, durable when it resolves. `work` is run again when another transaction was in the way: it must change nothing else.
   * @throws HoldfastError `STORE_FAILED`; whatever `work` throws
   */
  async change<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#mustBeOpen()
    for (let attempt = 1; ; attempt += 1) {
      try {
        const transaction = (): Promise<T> => this.#writer.transaction().execute(work)
        return await (this.#turns === null ? transaction() : this.#turns.take(transaction))
      } catch (error) {
        if (!isContention(error) || attempt === MAX_ATTEMPTS) throw storeFailure(error)
        await delay(Math.random() * MAX_PAUSE_MS)
      }
    }
  }

  /**
   * One query: it sees one state of the database by itself.
   * @throws HoldfastError `STORE_FAILED`
   */
  async ask<T>(query: (database: Kysely<Tables>) => Promise<T>): Promise<T> {
    this.#mustBeOpen()
    try {
      return await query(this.#reader)
    } catch (error) {
      throw storeFailure(error)
    }
  }

  /**
   * Reads that belong together: one state of the database, as of the last commit.
   * @throws HoldfastError `STORE_FAILED`
   */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#mustBeOpen()
    try {
      return await this.#reader.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work)
    } catch (error) {
      throw storeFailure(error)
    }
  }

  /**
   * Empties SQLite's log, whose pages still show rows of before; what a reader needs at this moment stays until the next time.
   * MariaDB's undo log is purged by itself. Source: sqlite.org/pragma.html#pragma_wal_checkpoint
   */
  async forgetOldPages(): Promise<void> {
    this.#mustBeOpen()
    if (!(this.#writer.getExecutor().adapter instanceof SqliteAdapter)) return
    // Without waiting: a search that takes seconds would hold up every writer behind this.
    const checkpoint = (): Promise<unknown> => this.#writer.connection().execute(async (connection) => {
      const run = (statement: string): Promise<QueryResult<Readonly<Record<string, number>>>> => connection.executeQuery(CompiledQuery.raw(statement))
      const timeoutMs = (await run('pragma busy_timeout')).rows[0]?.['timeout'] ?? 0
      await run('pragma busy_timeout = 0')
      try {
        await run('pragma wal_checkpoint(truncate)')
      } finally {
        await run(`pragma busy_timeout = ${timeoutMs}`)
      }
    })
    try {
      await (this.#turns === null ? checkpoint() : this.#turns.take(checkpoint))
    } catch (error) {
      throw storeFailure(error)
    }
  }

  /** Lets running statements finish. Idempotent. */
  async close(): Promise<void> {
    this.#state = 'closed'
    await this.#reader.destroy()
    if (this.#writer !== this.#reader) await this.#writer.destroy()
  }

  #mustBeOpen(): void {
    if (this.#state === 'closed') throw new HoldfastError('STORE_FAILED', 'the database is closed')
  }
}
