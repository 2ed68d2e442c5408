import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import type { Failed, FileReport } from './file-run.ts'

/** Enough of an error to know it again; the whole stands in the output. */
const ERROR_LINES = 12

/** What mocha prints usually, and in a file what {@link FileReport} says. */
class FileReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const passed: string[] = []
    const pending: string[] = []
    const failed: Failed[] = []
    runner.on('pass', (test) => passed.push(test.fullTitle()))
    runner.on('pending', (test) => pending.push(test.fullTitle()))
    runner.on('fail', (test, error: Error) => failed.push({ type: test.type === 'test' ? 'test' : 'hook', title: test.fullTitle(), error: firstLines(error) }))
    runner.once('end', () => {
      const report: FileReport = { passed, pending, failed }
      writeFileSync(String(options.reporterOptions?.output), JSON.stringify(report))
    })
  }
}

function firstLines(error: Error): string {
  return (error.stack ?? error.message).split('\n').slice(0, ERROR_LINES).join('\n')
}

// Mocha takes a reporter by this name alone.
export { FileReporter as default }
