import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execPath, stdout } from 'node:process'
import { type FileReport, fileReport, type FileRun, type WrittenReport } from './file-run.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** The newest report of each file of the last run, for `npm run conformance -- .cache/integration/reports/*`. */
export const REPORTS = join(ROOT, '.cache/integration/reports')
/** The longest file takes two minutes alone on a quiet machine; one that hangs must not keep a run for ever. */
const FILE_DEADLINE_MS = 15 * 60_000
const NOTHING: FileReport = { passed: [], pending: [], failed: [] }

/**
 * One file by mocha, in a process of its own: what it breaks or leaves is nobody else's.
 * @param shown - `as-it-comes`: nobody else writes meanwhile; `at-the-end`: in one piece
 */
export async function runFile(file: string, shown: 'as-it-comes' | 'at-the-end'): Promise<FileRun> {
  mkdirSync(REPORTS, { recursive: true })
  const output = join(REPORTS, `${basename(file, '.test.ts')}.json`)
  rmSync(output, { force: true })
  const began = performance.now()
  const mocha = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--config', '.mocharc.integration.jsonc', '--reporter', 'test/support/integration/file-reporter.ts', '--reporter-option', `output=${output}`, file]
  const child = spawn(execPath, mocha, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: FILE_DEADLINE_MS, killSignal: 'SIGKILL' })
  const pieces: Buffer[] = []
  const say = (piece: Buffer): void => {
    if (shown === 'as-it-comes') stdout.write(piece)
    else pieces.push(piece)
  }
  child.stdout.on('data', say)
  child.stderr.on('data', say)
  const [exitCode] = await once(child, 'close') as [number | null]
  const durationMs = performance.now() - began
  stdout.write(Buffer.concat([...pieces, Buffer.from(`  ${file}: ${(durationMs / 1000).toFixed(1)} s\n`)]))
  const report = existsSync(output) ? fileReport(JSON.parse(readFileSync(output, 'utf8')) as WrittenReport) : NOTHING
  return { file, exitCode, durationMs, ...report }
}

/** All files, so many at once, each taken up in its turn. */
export async function runFiles(files: readonly string[], lanes: number): Promise<readonly FileRun[]> {
  const waiting = [...files]
  const runs: FileRun[] = []
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) runs.push(await runFile(file, lanes > 1 ? 'at-the-end' : 'as-it-comes'))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return runs
}
