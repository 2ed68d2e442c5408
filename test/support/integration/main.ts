import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import process, { env } from 'node:process'
import { Command } from 'commander'
import { mochaGlobalSetup } from '../provision-asterisk.ts'
import { type FileRun, hasFailed } from './file-run.ts'
import { grouped, GROUPS, LANES } from './groups.ts'
import { REPORTS, runFile, runFiles } from './run-file.ts'
import { afterFirst, faultOfSecond, unsteadyLines } from './second-look.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** For a CI that keeps files: what failed at first in this run, and passed alone. */
const UNSTEADY = join(ROOT, '.cache/integration/unsteady.txt')

const HELP = `
Every file in its group (test/support/integration/groups.ts says which may run beside others), then a second look at what failed, alone.

  CI=true                     a server that is missing is a failure, and not passed over
  HOLDFAST_SECOND_LOOK=no     what failed once has failed
  HOLDFAST_FREESWITCH=FOLDER  the installation of FreeSWITCH to test with, where none is on the PATH

Servers that are missing are fetched from Debian and unpacked below .cache; nothing is installed.`

const { args } = new Command('test:integration')
  .description('The tests with real servers.')
  .argument('[file...]', 'test files; without one, all below test/integration')
  .showHelpAfterError('Add --help for what is possible.')
  .addHelpText('after', HELP)
  .parse()
const secondLook = env['HOLDFAST_SECOND_LOOK'] ?? 'yes'
if (secondLook !== 'yes' && secondLook !== 'no') throw new Error(`HOLDFAST_SECOND_LOOK is yes or no, and not ${JSON.stringify(secondLook)}`)
process.chdir(ROOT)
rmSync(UNSTEADY, { force: true })
rmSync(REPORTS, { recursive: true, force: true })
const asked = args.map((file) => relative(ROOT, resolve(file)))
const groups = grouped(asked.length > 0 ? asked : globSync('test/integration/**/*.test.ts').toSorted())

// Once, before two files fetch it at once.
await mochaGlobalSetup()
const runs: FileRun[] = []
for (const group of GROUPS) runs.push(...await runFiles(groups[group], LANES[group]))
summarise(runs)
const after = afterFirst(runs, secondLook)
if (after.outcome === 'look-again') await lookAgain(runs.filter(({ file }) => after.files.includes(file)))
else if (after.outcome === 'failed') fail([after.because])

function summarise(all: readonly FileRun[]): void {
  const count = (of: (run: FileRun) => readonly unknown[]): number => all.reduce((sum, run) => sum + of(run).length, 0)
  console.log(`\n  ${all.length} files: ${count(({ passed }) => passed)} passing, ${count(({ pending }) => pending)} pending, ${count(({ failed }) => failed)} failing`)
  for (const { file, failed, exitCode } of all.filter(hasFailed)) {
    console.log(`  FAILED: ${file} (exit code ${exitCode})`)
    for (const { title, error } of failed) console.log(`    ${title}\n      ${error.split('\n').join('\n      ')}`)
  }
}

async function lookAgain(failed: readonly FileRun[]): Promise<void> {
  console.log(`\n  A second look at ${failed.length} files, each alone:`)
  const faults: string[] = []
  const unsteady: string[] = []
  for (const first of failed) {
    const fault = faultOfSecond(first, await runFile(first.file, 'as-it-comes'))
    if (fault === null) unsteady.push(...unsteadyLines(first))
    else faults.push(`${first.file} ${fault}`)
  }
  mkdirSync(dirname(UNSTEADY), { recursive: true })
  if (unsteady.length > 0) writeFileSync(UNSTEADY, `${unsteady.join('\n')}\n`)
  if (faults.length > 0) fail(faults)
  for (const line of unsteady) console.error(line)
}

function fail(faults: readonly string[]): void {
  for (const fault of faults) console.error(`FAILED: ${fault}`)
  process.exitCode = 1
}
