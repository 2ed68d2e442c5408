import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { promisify } from 'node:util'
import type { Context } from 'mocha'
import { findCommand } from './commands.ts'
import { orSkip } from './or-skip.ts'

const run = promisify(execFile)
/** It decodes an hour in a second. */
const DEADLINE_MS = 120_000

/** The reference decoder, with these words. @throws Error with what it says, also when it only warns */
export type Flac = (...words: readonly string[]) => Promise<void>

/** The `flac` command, for a suite; passed over loudly where it cannot be had. */
export async function requireFlac(context: Context): Promise<Flac> {
  return await orSkip(context, '"flac" on the PATH, nor from Debian\'s package flac', findFlac)
}

/** @throws Error where it cannot be had */
export async function findFlac(): Promise<Flac> {
  const flac = await findCommand('flac', 'flac')
  // Where it was unpacked for us, libraries that this machine lacks lie beside it.
  const libraries = join(dirname(dirname(flac)), 'lib')
  const beside = (await readdir(libraries).catch(() => [])).map((name) => join(libraries, name))
  return async (...words) => {
    await run(flac, ['--warnings-as-errors', '--silent', ...words], { timeout: DEADLINE_MS, env: { ...env, LD_LIBRARY_PATH: beside.join(':') } })
  }
}
