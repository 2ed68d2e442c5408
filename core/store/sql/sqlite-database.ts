import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Kysely } from 'kysely'
import { HoldfastError } from '../../domain/errors.ts'
import { migrate, type SchemaName } from './migrate.ts'
import { SqlDatabase } from './sql-database.ts'
import { storeFailure } from './sql-failure.ts'
import { SqliteThreadDialect } from './sqlite-thread-dialect.ts'
import type { Tables } from './tables.ts'
import type { WriteTurns } from './write-turns.ts'

/** How long a writer waits for another process or connection; our transactions take milliseconds, a big migration longer. */
const BUSY_TIMEOUT_MS = 10_000
/** Rows tell of people: nobody but the service's own user reads them. SQLite gives its log the same mode. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/**
 * Opens a SQLite file and brings its schema to this version; makes it where there is none.
 * @param options.readers - `own`: a second connection, which sees the last commit and waits for no writer; `shared`: the writer's
 * @param options.turns - shared by everybody in this process who writes the same file
 * @throws HoldfastError `STORE_NEWER`; `STORE_FAILED`
 */
export async function openSqliteDatabase(options: { readonly file: string; readonly schema: SchemaName; readonly readers: 'own' | 'shared'; readonly turns?: WriteTurns }): Promise<SqlDatabase> {
  const { file, schema, readers, turns = null } = options
  await ensureFile(file)
  const writer = connection(file, 'read-write')
  const reader = readers === 'own' ? connection(file, 'read-only') : writer
  const database = new SqlDatabase({ writer, reader, turns })
  try {
    await migrate(writer, 'sqlite', schema)
    // Opened now, so that what is wrong with it is told now.
    await reader.connection().execute(() => Promise.resolve())
  } catch (error) {
    await database.close()
    throw storeFailure(error)
  }
  return database
}

function connection(file: string, access: 'read-write' | 'read-only'): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteThreadDialect({ file, access, busyTimeoutMs: BUSY_TIMEOUT_MS }) })
}

async function ensureFile(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: DIRECTORY_MODE })
    const handle = await open(file, 'a', FILE_MODE)
    await handle.close()
  } catch (error) {
    throw new HoldfastError('STORE_FAILED', `the database file cannot be written: ${file}`, {}, { cause: error })
  }
}
