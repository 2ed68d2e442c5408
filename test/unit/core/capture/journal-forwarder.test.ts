import { describe, it } from 'mocha'
import { expect } from 'chai'
import { join } from 'node:path'
import { JournalForwarder } from '../../../../core/capture/journal-forwarder.ts'
import { parseNodeName, type RecordingId } from '../../../../core/domain/ids.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { openSqliteStore } from '../../../../core/store/sqlite-store.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { idAt, wholeLife } from '../../../support/recording-facts.ts'

const NODE = parseNodeName('node')

describe('the forwarder of the journal', () => {
  it('brings over what a journal tells that was begun anew: the file was lost', async () => {
    const directory = await temporaryDirectory()
    const recorded = async (journalFile: string, id: RecordingId): Promise<{ readonly recording: Recording | null; readonly jobs: number }> => {
      const runtime = quietRuntime()
      const store = await openSqliteStore({ file: join(directory, 'catalogue.db'), journalFile: join(directory, journalFile), node: NODE, nodeNumber: 0, runtime })
      try {
        await store.journal.append(wholeLife({ id }))
        const forwarder = new JournalForwarder({ journal: store.journal, repository: store.repository, node: NODE, runtime, forwarded: () => undefined })
        await forwarder.settled()
        await forwarder.close()
        return { recording: await store.repository.find(id, { type: 'all' }), jobs: (await store.jobs.backlog(new Date())).waiting }
      } finally {
        await store.close()
      }
    }
    expect((await recorded('journal.db', idAt(1))).jobs).to.equal(1)
    const after = await recorded('journal-anew.db', idAt(100))
    expect(after.recording?.state).to.equal('stopped')
    expect(after.jobs).to.equal(2)
  })
})
