import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { promisify } from 'node:util'
import { BROWSER_SWITCHES, type Chromium } from './browser-page.ts'
import { temporaryDirectory } from './hooks.ts'

const run = promisify(execFile)
/** A browser starts and prints in some seconds; a busy machine gets the rest. */
const DEADLINE_MS = 90_000
const MAX_DOM_BYTES = 64 * 2 ** 20

/** The elements of a page, as they stand in a real Chromium after everything that could run in it. */
export async function domOf(chromium: Chromium, url: string): Promise<string> {
  return await browse(chromium, ['--virtual-time-budget=5000', '--dump-dom', url])
}

/** A page as that Chromium prints it, with the names of its elements (PDF with tags), so that its rows can be counted. */
export async function printedBy(chromium: Chromium, url: string): Promise<Buffer> {
  const file = join(await temporaryDirectory(), 'page.pdf')
  await browse(chromium, [`--print-to-pdf=${file}`, '--export-tagged-pdf', '--no-pdf-header-footer', url])
  return await readFile(file)
}

async function browse({ command, env: needed }: Chromium, words: readonly string[]): Promise<string> {
  const profile = await temporaryDirectory()
  // Its sandbox does not work for root, as in a container.
  const { stdout } = await run(command, [...BROWSER_SWITCHES, ...(getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, ...words], {
    timeout: DEADLINE_MS, killSignal: 'SIGKILL', maxBuffer: MAX_DOM_BYTES, env: { ...env, ...needed },
  })
  return stdout
}
