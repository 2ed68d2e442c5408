import { argv, stdout } from 'node:process'
import { openSqliteJournal } from '../../../../../core/store/sqlite-store.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { requested } from '../../../../support/recording-facts.ts'

/** A capture node that journals two facts at a time, says how many times it was told "done", and waits to be killed. */
const [, , file = ''] = argv
const journal = await openSqliteJournal({ file, nodeNumber: 5, runtime: quietRuntime() })
for (let acknowledged = 1; ; acknowledged += 1) {
  const now = new Date()
  const id = await journal.mintRecordingId(now)
  await journal.append([requested({ id }), { type: 'answered', recordingId: id, at: now }])
  stdout.write(`${acknowledged}\n`)
}
