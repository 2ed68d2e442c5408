import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { runCommand } from './run-command.ts'

/** A FreeSWITCH that can be started. It is never configured or changed. */
export interface FreeSwitchInstallation {
  /** As `freeswitch -version` says it, such as `1.10.12-release`. */
  readonly version: string
  readonly program: string
  /** Its console, beside it. */
  readonly console: string
}

/** `freeswitch -version` prints and ends; a cold disk makes it slow. */
const VERSION_DEADLINE_MS = 30_000

export interface FindFreeSwitchRequest {
  /** An installation prefix that holds `bin/freeswitch`; `null`: the search path alone. */
  readonly prefix: string | null
  /** Folders that are searched for a `freeswitch`, as in PATH. */
  readonly searchPath: readonly string[]
}

/**
 * The FreeSWITCH below the prefix, or the first one on the search path; `null` when there is none.
 * Nothing is fetched: no package of it can be had without an account.
 * @throws HoldfastError `LAB_UNAVAILABLE` when a prefix was given that holds none
 */
export async function findFreeSwitch({ prefix, searchPath }: FindFreeSwitchRequest): Promise<FreeSwitchInstallation | null> {
  if (prefix !== null) {
    const installation = await inspect(path.join(prefix, 'bin'))
    if (installation !== null) return installation
    throw new HoldfastError('LAB_UNAVAILABLE', `there is no bin/freeswitch that runs below ${prefix}: HOLDFAST_FREESWITCH has to be the prefix of an installation`)
  }
  for (const directory of searchPath) {
    const installation = await inspect(directory)
    if (installation !== null) return installation
  }
  return null
}

async function inspect(directory: string): Promise<FreeSwitchInstallation | null> {
  const program = await realpath(path.join(directory, 'freeswitch')).catch(() => null)
  if (program === null) return null
  const { succeeded, stdout } = await runCommand([program, '-version'], { timeoutMs: VERSION_DEADLINE_MS })
  const version = /^FreeSWITCH version: ([0-9A-Za-z.-]+)/m.exec(stdout)?.[1]
  return succeeded && version !== undefined ? { version, program, console: path.join(path.dirname(program), 'fs_cli') } : null
}
