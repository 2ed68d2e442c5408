import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { HoldfastError } from '../core/domain/errors.ts'
import { fileCode } from './file-trouble.ts'

/**
 * Held by one process of this machine at a time. The kernel gives it back when the holder dies, however it dies: SQLite's exclusive
 * lock on a file of its own, because Node has no other way to a file lock. The file stays; it is the lock on it that counts.
 */
export class ProcessLock implements Disposable {
  readonly #database: Database.Database
  readonly #holderFile: string

  private constructor(database: Database.Database, holderFile: string) {
    this.#database = database
    this.#holderFile = holderFile
    HELD.add(this)
  }

  /** @throws whatever `refusal` gives, while another holds it; the number of its process, or 0 where it is not told */
  static take(file: string, refusal: (pid: number) => HoldfastError): ProcessLock {
    const holderFile = `${file}.pid`
    const database = new Database(file, { timeout: 0 })
    try {
      database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      database.close()
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw refusal(holderOf(holderFile))
      throw error
    }
    writeFileSync(holderFile, String(process.pid), { mode: 0o600 })
    return new ProcessLock(database, holderFile)
  }

  /** The process that holds it, where it said so and lives; for words only, because this takes no lock and proves nothing. */
  static holder(file: string): number | null {
    const pid = holderOf(`${file}.pid`)
    return pid > 0 && isAlive(pid) ? pid : null
  }

  [Symbol.dispose](): void {
    HELD.delete(this)
    rmSync(this.#holderFile, { force: true })
    this.#database.close()
  }
}

/** A handle that nobody refers to is closed by the garbage collection, and the lock with it: seen within a second of a start. */
const HELD = new Set<ProcessLock>()

/** Of two services on one data directory each would record every call: the second is refused by this lock. */
export function serviceLockOf(dataDirectory: string): string {
  return join(dataDirectory, 'serve.lock')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's: it lives.
    return fileCode(error) === 'EPERM'
  }
}

/** For words only: 0 where it is not told. */
function holderOf(holderFile: string): number {
  try {
    return Number.parseInt(readFileSync(holderFile, 'utf8'), 10) || 0
  } catch {
    // The holder has not written it yet, or another user's: it holds the lock all the same.
    return 0
  }
}
