import { HoldfastError } from '../../domain/errors.ts'
import { SQLITE_THREAD_GONE } from './sqlite-thread.ts'

/** SQLite's primary result codes that tell of the surroundings, not of the program. Source: sqlite.org/rescode.html */
const SQLITE_OPERATIONAL = [
  'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_CORRUPT',
  'SQLITE_NOTADB', 'SQLITE_NOMEM', 'SQLITE_PERM', 'SQLITE_PROTOCOL', 'SQLITE_INTERRUPT', SQLITE_THREAD_GONE,
]
/** `code` of mysql2 when a statement got no answer in time; and ours, when no connection became free. */
export const MYSQL_TIMED_OUT = 'PROTOCOL_SEQUENCE_TIMEOUT'
export const MYSQL_POOL_BUSY = 'MYSQL_POOL_BUSY'
/** And when the server has no certificate. Source: mysql2 lib/commands/client_handshake.js */
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT'
/** What mysql2 tells without a number. Source: mysql2 lib/base/connection.js, lib/base/pool.js */
const MYSQL_OPERATIONAL_CODES: ReadonlySet<string | null> = new Set([MYSQL_TIMED_OUT, MYSQL_POOL_BUSY, 'PROTOCOL_CONNECTION_LOST', 'POOL_CLOSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])
/**
 * Numbers, not names: mysql2 names them by MySQL's table also when MariaDB means something else.
 * 1021, 1114 disk or table full; 1040, 1041, 1203, 1226 too many; 1053 shutdown; 1158 to 1161 network; 1205 lock wait; 1213 deadlock;
 * 1290, 1792, 1836 read only; 1317 interrupted; 1927 connection killed; 3024, 1969 time limit.
 * Source: mariadb.com/kb/en/mariadb-error-codes; dev.mysql.com Server Error Message Reference
 */
const MYSQL_OPERATIONAL: ReadonlySet<number> = new Set([
  1021, 1114, 1040, 1041, 1203, 1226, 1053, 1158, 1159, 1160, 1161, 1205, 1213, 1290, 1792, 1836, 1317, 1927, 1969, 3024,
])
/**
 * What it says of us, not of itself: 1044, 1045, 1698, 1820, 1862, 3118, 4151 who we are; 1049 which database; 1130 from where; 1142, 1143, 1227,
 * 1370 what we may. A password may be changed, or a right taken, while we run.
 */
const MYSQL_REFUSALS: ReadonlySet<number> = new Set([1044, 1045, 1049, 1130, 1142, 1143, 1227, 1370, 1698, 1820, 1862, 3118, 4151])
const MYSQL_CONTENTION: ReadonlySet<number> = new Set([1205, 1213])

interface DriverError {
  readonly message: string
  readonly code: string | null
  readonly errno: number | null
  /** mysql2: the connection is lost. */
  readonly fatal: 'fatal' | 'not-fatal'
}

/** What a failed statement means for the caller: `STORE_FAILED` where the surroundings failed, else the error as it is (a bug). */
export function storeFailure(error: unknown): unknown {
  const driver = driverError(error)
  if (driver === null || !isOperational(driver)) return error
  return new HoldfastError('STORE_FAILED', 'the database cannot do this now', { driverCode: driver.code, errno: driver.errno }, { cause: error })
}

/** Whether the same transaction may succeed at once: somebody else held what it wanted. */
export function isContention(error: unknown): boolean {
  const driver = driverError(error)
  return driver?.errno !== undefined && driver.errno !== null && MYSQL_CONTENTION.has(driver.errno)
}

/** MySQL's own number of the failure, or `null` when the error is none of MySQL's. */
export function mysqlErrno(error: unknown): number | null {
  return driverError(error)?.errno ?? null
}

/**
 * Why a server could not be made use of, told with its place, for whoever starts a service or a command. A wrong password, too, may be put
 * right at the server while a supervisor tries again.
 * @param at - the server, and who we are there
 */
export function openingFailure(error: unknown, at: { readonly place: string; readonly user: string }): unknown {
  const driver = driverError(error)
  if (driver === null || !isOperational(driver)) return error
  const { message, code, errno } = driver
  return new HoldfastError('STORE_FAILED', `the database server at ${at.place} ${verdictOf(driver, at.user)}: ${message}`, { driverCode: code, errno }, { cause: error })
}

function verdictOf({ code, errno }: DriverError, user: string): string {
  if (code === NO_TLS) return 'speaks no TLS'
  return errno !== null && MYSQL_REFUSALS.has(errno) ? `refuses ${user}` : 'cannot be used now'
}

function isOperational(error: DriverError): boolean {
  if (error.fatal === 'fatal' || MYSQL_OPERATIONAL_CODES.has(error.code)) return true
  // A negative number is the operating system's: the server cannot be reached.
  if (error.errno !== null) return error.errno < 0 || MYSQL_OPERATIONAL.has(error.errno) || MYSQL_REFUSALS.has(error.errno)
  return error.code !== null && SQLITE_OPERATIONAL.some((code) => error.code === code || error.code?.startsWith(`${code}_`) === true)
}

function driverError(error: unknown): DriverError | null {
  if (!(error instanceof Error) || error instanceof HoldfastError) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : null
  const fatal = 'fatal' in error && error.fatal === true ? 'fatal' : 'not-fatal'
  return code === null && errno === null && fatal === 'not-fatal' ? null : { message: error.message, code, errno, fatal }
}
