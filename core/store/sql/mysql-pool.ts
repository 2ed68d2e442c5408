import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult } from 'kysely'
import type { Pool, PoolConnection } from 'mysql2'
import { MYSQL_POOL_BUSY, MYSQL_TIMED_OUT } from './sql-failure.ts'

/** Longest wait for a free connection: whoever asks has a person or a job behind it that can try again. Longer than one that cannot be made takes to say why. */
const ACQUIRE_DEADLINE_MS = 12_000

/** mysql2's pool with what it lacks: deadlines. A statement that got no answer takes its connection with it: the answer may still come. */
export function pooledConnections(pool: Pool, { statementDeadlineMs }: { readonly statementDeadlineMs: number }): MysqlPool {
  const wrapped = new WeakMap<PoolConnection, MysqlPoolConnection>()
  const wrap = (raw: PoolConnection): MysqlPoolConnection => {
    const known = wrapped.get(raw) ?? withDeadlines(raw, statementDeadlineMs)
    wrapped.set(raw, known)
    return known
  }
  return {
    getConnection: (callback) => acquire(pool, (error, raw) => {
      if (raw === null) callback(error, undefined as never)
      else callback(null, wrap(raw))
    }),
    // A connection that could not be made tells that again here, in the place of what went wrong.
    end: (callback) => pool.end(() => callback(null)),
  }
}

function acquire(pool: Pool, callback: (error: unknown, raw: PoolConnection | null) => void): void {
  let settled: 'no' | 'yes' = 'no'
  const settle = (error: unknown, raw: PoolConnection | null): void => {
    if (settled === 'yes') {
      raw?.release()
      return
    }
    settled = 'yes'
    clearTimeout(timer)
    callback(error, raw)
  }
  const timer = setTimeout(() => settle(coded('no connection to the database became free', MYSQL_POOL_BUSY), null), ACQUIRE_DEADLINE_MS)
  pool.getConnection((error, raw) => {
    // A full queue is told without a code.
    if (error !== null) settle('code' in error ? error : coded(String(error), MYSQL_POOL_BUSY), null)
    else settle(null, raw)
  })
}

function withDeadlines(raw: PoolConnection, timeout: number): MysqlPoolConnection {
  return {
    config: raw.config,
    threadId: raw.threadId,
    connect: (callback) => raw.connect((error) => callback?.(error)),
    destroy: () => raw.destroy(),
    release: () => raw.release(),
    query: (sql, values, callback) => {
      const query = raw.query({ sql, values, timeout }, (error: unknown, result: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === MYSQL_TIMED_OUT) raw.destroy()
        callback?.(error, result as MysqlQueryResult)
      })
      return { stream: (options) => query.stream(options) }
    },
  }
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}
