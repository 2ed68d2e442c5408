import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import type { Reported, ReportedFailure, WrittenReport } from './file-run.ts'

/** Enough of an error to know it again; the whole stands in the output. */
const ERROR_LINES = 12

/** What mocha prints usually, and in a file what {@link WrittenReport} says. */
class FileReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const start = new Date().toISOString()
    const passes: Reported[] = []
    const pending: Reported[] = []
    const failures: ReportedFailure[] = []
    runner.on('pass', (test) => passes.push(reported(test)))
    runner.on('pending', (test) => pending.push(reported(test)))
    runner.on('fail', (test, error: Error) => failures.push({ ...reported(test), type: test.type === 'test' ? 'test' : 'hook', error: firstLines(error) }))
    runner.once('end', () => {
      const report: WrittenReport = { stats: { start }, passes, pending, failures }
      writeFileSync(String(options.reporterOptions?.output), JSON.stringify(report))
    })
  }
}

function reported(test: Mocha.Runnable): Reported {
  return { title: test.title, fullTitle: test.fullTitle() }
}

function firstLines(error: Error): string {
  return (error.stack ?? error.message).split('\n').slice(0, ERROR_LINES).join('\n')
}

// Mocha takes a reporter by this name alone.
export { FileReporter as default }
