import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { HoldfastError } from '../../domain/errors.ts'
import { isContention, storeFailure } from './sql-failure.ts'
import type { Tables } from './tables.ts'

export type Tx = Transaction<Tables>

/** How often a transaction that lost against another one is tried again. A guess: the catalogue's transactions are short. */
const MAX_ATTEMPTS = 6
/** Longest wait before the next try; random below it, so that two losers do not meet again. */
const MAX_PAUSE_MS = 40

/** One database: a connection (or pool) to change it, and one to read it that no writer holds up. */
export class SqlDatabase {
  readonly #writer: Kysely<Tables>
  readonly #reader: Kysely<Tables>
  #state: 'open' | 'closed' = 'open'

  constructor(connections: { readonly writer: Kysely<Tables>; readonly reader: Kysely<Tables> }) {
    this.#writer = connections.writer
    this.#reader = connections.reader
  }

  /**
   * Changes, all or none, durable when it resolves. `work` is run again when another transaction was in the way: it must change nothing else.
   * @throws HoldfastError `STORE_FAILED`; whatever `work` throws
   */
  async change<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.#mustBeOpen()
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#writer.transaction().execute(work)
      } catch (error) {
        if (!isContention(error) || attempt === MAX_ATTEMPTS) throw storeFailure(error)
        await delay(Math.random() * MAX_PAUSE_MS)
      }
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
