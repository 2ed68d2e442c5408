import { env } from 'node:process'
import { PrivateMariadb } from '../support/mariadb.ts'

/** As in the suites: where none can be had, none is measured, but not in CI. */
export async function privateMariadb(bufferPoolMiB: number, keptIn: string | null = null): Promise<PrivateMariadb | null> {
  try {
    return await PrivateMariadb.start((line) => console.error(line), { bufferPoolMiB, ...(keptIn === null ? {} : { keptIn }) })
  } catch (error) {
    if (env['CI'] !== undefined && env['CI'] !== '') throw error
    console.error(`no MariaDB: ${String(error)}`)
    return null
  }
}
