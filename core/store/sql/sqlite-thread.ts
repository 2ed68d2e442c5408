import { extname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Numbered, SqliteOpenOptions, SqliteReply, SqliteRequest, SqliteResult, SqliteStatement, SqlValue } from './sqlite-thread-protocol.ts'

/** A thread that is still busy after this long with its last statement is ended by force; SQLite's log keeps the file whole. */
const CLOSE_DEADLINE_MS = 10_000
/** Rows that travel between the threads at once: enough to hide the hop, few enough to stay small. */
const CURSOR_ROWS = 256
const NO_ROWS: Pick<SqliteResult, 'rows'> = { rows: [] }
/** `code` of an error when the thread itself is gone. */
export const SQLITE_THREAD_GONE = 'SQLITE_THREAD_GONE'

/** A failed statement, as better-sqlite3 would have thrown it, had it run in this thread. */
export type SqliteError = Error & { readonly code: string | null }

/** One SQLite connection in a thread of its own. Statements are run one by one, in the order in which they came. */
export class SqliteThread {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  readonly #waiting = new Map<number, PromiseWithResolvers<readonly SqliteResult[]>>()
  #lastId = 0
  #gone: SqliteError | null = null

  private constructor() {
    // The same extension as this file's own: `.ts` in development, `.js` once built.
    this.#worker = new Worker(new URL(`./sqlite-thread-worker${extname(import.meta.url)}`, import.meta.url), { name: 'sqlite' })
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(sqliteError('the SQLite thread has ended', SQLITE_THREAD_GONE))
        resolve()
      })
    })
    this.#worker.on('error', (error) => this.#fail(sqliteError(`the SQLite thread failed: ${String(error)}`, SQLITE_THREAD_GONE)))
    this.#worker.on('message', (reply: Numbered<SqliteReply>) => this.#settle(reply))
  }

  static async open(options: SqliteOpenOptions): Promise<SqliteThread> {
    const thread = new SqliteThread()
    try {
      await thread.#ask({ type: 'open', options })
      return thread
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  async run(sql: string, parameters: readonly SqlValue[]): Promise<SqliteResult> {
    const [result] = await this.runAll([{ sql, parameters }])
    if (result === undefined) throw new Error('a statement without a result')
    return result
  }

  /** Several statements in one message each way, whose price is that of a statement. The first that fails is the last that is tried. */
  runAll(statements: readonly SqliteStatement[]): Promise<readonly SqliteResult[]> {
    return this.#ask({ type: 'run', statements })
  }

  /** Ends the transaction, if one is open. */
  async rollback(): Promise<void> {
    await this.#ask({ type: 'rollback' })
  }

  /** Rows in bundles, as they are asked for. Until it ends, the connection can do nothing else. */
  async *stream(sql: string, parameters: readonly SqlValue[]): AsyncIterableIterator<readonly unknown[]> {
    await this.#ask({ type: 'open-cursor', sql, parameters })
    try {
      for (;;) {
        const [{ rows } = NO_ROWS] = await this.#ask({ type: 'next-rows', count: CURSOR_ROWS })
        if (rows.length > 0) yield rows
        if (rows.length < CURSOR_ROWS) return
      }
    } finally {
      if (this.#gone === null) await this.#ask({ type: 'close-cursor' })
    }
  }

  /** Lets statements that were asked for finish, closes the file and ends the thread; within a deadline. Idempotent. */
  async close(): Promise<void> {
    if (this.#gone === null) this.#ask({ type: 'close' }).catch(() => { /* the thread ended first: nothing is left to close */ })
    const deadline = new AbortController()
    try {
      const outcome = await Promise.race([
        this.#ended.then(() => 'ended'),
        delay(CLOSE_DEADLINE_MS, 'late', { signal: deadline.signal }),
      ])
      if (outcome === 'late') await this.#worker.terminate()
    } finally {
      deadline.abort()
    }
  }

  #ask(body: SqliteRequest): Promise<readonly SqliteResult[]> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    const answer = Promise.withResolvers<readonly SqliteResult[]>()
    this.#lastId += 1
    this.#waiting.set(this.#lastId, answer)
    this.#worker.postMessage({ id: this.#lastId, body } satisfies Numbered<SqliteRequest>)
    return answer.promise
  }

  #settle({ id, body }: Numbered<SqliteReply>): void {
    const answer = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (body.outcome === 'done') answer?.resolve(body.results)
    else answer?.reject(sqliteError(body.message, body.code))
  }

  #fail(error: SqliteError): void {
    this.#gone ??= error
    for (const answer of this.#waiting.values()) answer.reject(error)
    this.#waiting.clear()
  }
}

function sqliteError(message: string, code: string | null): SqliteError {
  return Object.assign(new Error(message), { code })
}
