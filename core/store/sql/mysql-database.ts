import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import type { PoolOptions, SslOptions } from 'mysql2'
import { HoldfastError } from '../../domain/errors.ts'
import { migrate } from './migrate.ts'
import { pooledConnections } from './mysql-pool.ts'
import { SqlDatabase } from './sql-database.ts'
import type { SqlDialect } from './sql-dialect.ts'
import { openingFailure } from './sql-failure.ts'
import type { Tables } from './tables.ts'

/** Where the server is, and who we are there. */
export interface MysqlSettings {
  readonly address: { readonly host: string; readonly port: number } | { readonly socketPath: string }
  readonly user: string
  readonly password: string
  readonly database: string
  /** `null`: not encrypted. Whether that is allowed is the configuration's question. */
  readonly tls: SslOptions | null
  readonly maxConnections: number
}

/** A server on the next rack answers in milliseconds; one that has not answered by then is gone. */
const CONNECT_DEADLINE_MS = 10_000
/** Callers that may wait for a connection; beyond it a burst is refused instead of kept in memory. */
const MAX_WAITING = 1000
/** Longest wait for a row that somebody else holds: our own transactions take milliseconds. */
const LOCK_WAIT_SECONDS = 10

/** The server ends a statement by itself: that a client hung up it learns when all is done. Source: MariaDB `max_statement_time`, MySQL `max_execution_time` (reads alone) */
const SERVER_DEADLINE_MS = 60_000
/** A server that has not even told that by now is gone. */
const STATEMENT_DEADLINE_MS = SERVER_DEADLINE_MS + 5000
/** A new index on a big table, or the wait for another process that makes it. */
const MIGRATION_DEADLINE_MS = 3_600_000

type MysqlName = Exclude<SqlDialect, 'sqlite'>
/** Source: `FOR UPDATE SKIP LOCKED` came with MariaDB 10.6 and MySQL 8.0.1, `utf8mb4_0900_bin` with MySQL 8.0.17; tested on 10.11 */
const OLDEST: Readonly<Record<MysqlName, readonly [number, number]>> = { mariadb: [10, 6], mysql: [8, 0] }

/**
 * Words that each connection begins with. The mode is ours, whatever the server's is: mysql2 writes values into the statement with
 * backslashes, and a server with NO_BACKSLASH_ESCAPES would read them as something else; without a strict one, values that do not fit
 * are cut without a word.
 * Source: mysql2 `SqlString.escape`; MariaDB `SQL_MODE`
 */
const SESSION = [
  `set session sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  // A transaction that waited for a row must see what the one before it wrote there.
  'set session transaction isolation level read committed',
  `set session innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`,
]

const SERVER_DEADLINE: Readonly<Record<MysqlName, string>> = {
  mariadb: `set session max_statement_time = ${SERVER_DEADLINE_MS / 1000}`,
  mysql: `set session max_execution_time = ${SERVER_DEADLINE_MS}`,
}

/**
 * Opens a MariaDB or MySQL database and brings its schema to this version.
 * @throws HoldfastError `STORE_NEWER`; `CONFIG_INVALID` for a server that is too old; `STORE_FAILED` for one that is away, or does not let us in
 */
export async function openMysqlDatabase(settings: MysqlSettings): Promise<SqlDatabase> {
  const dialect = await mysqlConnection(settings, MIGRATION_DEADLINE_MS, async (migrating) => {
    const spoken = await dialectOf(migrating)
    await migrate(migrating, spoken, 'catalogue')
    return spoken
  })
  const db = await connected(settings, { deadlineMs: STATEMENT_DEADLINE_MS, session: [...SESSION, SERVER_DEADLINE[dialect]] })
  return new SqlDatabase({ writer: db, reader: db, turns: null })
}

/** Work on one connection of its own, which is closed after it. @param deadlineMs - of each statement @throws HoldfastError as {@link openMysqlDatabase}; whatever `work` throws */
export async function mysqlConnection<T>(settings: MysqlSettings, deadlineMs: number, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const db = await connected({ ...settings, maxConnections: 1 }, { deadlineMs, session: SESSION })
  try {
    return await work(db)
  } catch (error) {
    throw openingFailure(error, { place: placeOf(settings), user: settings.user })
  } finally {
    await db.destroy()
  }
}

async function connected(settings: MysqlSettings, { deadlineMs, session }: { readonly deadlineMs: number; readonly session: readonly string[] }): Promise<Kysely<Tables>> {
  // Loaded here: an installation with SQLite alone does not pay for it.
  const { createPool } = await import('mysql2')
  return new Kysely<Tables>({
    dialect: new MysqlDialect({
      pool: pooledConnections(createPool(poolOptions(settings)), { statementDeadlineMs: deadlineMs }),
      onCreateConnection: async (connection) => {
        for (const statement of session) await connection.executeQuery(CompiledQuery.raw(statement))
      },
    }),
  })
}

/** As errors name it. */
function placeOf({ address }: Pick<MysqlSettings, 'address'>): string {
  return 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`
}

function poolOptions({ address, user, password, database, tls, maxConnections }: MysqlSettings): PoolOptions {
  return {
    ...address,
    user,
    password,
    database,
    ...(tls === null ? {} : { ssl: { ...tls, rejectUnauthorized: true, verifyIdentity: true } }),
    charset: 'utf8mb4',
    // Numbers while they are exact, which all of ours are; text instead of a wrong number beyond.
    supportBigNumbers: true,
    connectTimeout: CONNECT_DEADLINE_MS,
    connectionLimit: maxConnections,
    queueLimit: MAX_WAITING,
    enableKeepAlive: true,
    // One statement at a time, as it is written.
    multipleStatements: false,
  }
}

/** @throws HoldfastError `CONFIG_INVALID` for a server that is too old */
export async function dialectOf(db: Kysely<Tables>): Promise<MysqlName> {
  const { rows } = await db.executeQuery<{ version: string }>(CompiledQuery.raw('select version() as version'))
  const version = rows[0]?.version ?? ''
  const dialect = version.includes('MariaDB') ? 'mariadb' : 'mysql'
  const [, major = 0, minor = 0] = (/^(?:5\.5\.5-)?(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  const [oldestMajor, oldestMinor] = OLDEST[dialect]
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new HoldfastError('CONFIG_INVALID', `the database server is ${version}: ${dialect} ${oldestMajor}.${oldestMinor} or later is needed`, { dialect })
  }
  return dialect
}
