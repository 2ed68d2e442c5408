import { execPath } from 'node:process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, it } from 'mocha'
import { expect } from 'chai'
import { parseRecordingId } from '../../../../../core/domain/ids.ts'
import { firstRecordingIdAt, nextRecordingId, recordingIdTime } from '../../../../../core/domain/recording-id.ts'
import type { CaptureJournal } from '../../../../../core/ports/capture-journal.ts'
import { openSqliteJournal } from '../../../../../core/store/sqlite-store.ts'
import { captureJournalContract } from '../../../../contract/capture-journal.contract.ts'
import { MemoryCaptureJournal } from '../../../../support/fakes/memory-capture-journal.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { MORNING, requested } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'

const NODE_NUMBER = 5

captureJournalContract('SqlCaptureJournal', async () => openIn(await temporaryDirectory()))
captureJournalContract('MemoryCaptureJournal', async () => new MemoryCaptureJournal())

describe('SqlCaptureJournal', () => {
  it('goes on with the last id when the clock was put back', async () => {
    const clock = { now: MORNING }
    await using journal = await openIn(await temporaryDirectory(), () => clock.now)
    const first = await journal.mintRecordingId(clock.now)
    expect(first).to.equal(firstRecordingIdAt(MORNING, NODE_NUMBER))
    clock.now = new Date(MORNING.getTime() - 2000)
    expect(await journal.mintRecordingId(clock.now)).to.equal(nextRecordingId(first))
  })

  it('does not let an id run ahead of its start when the clock was put back by hours', async () => {
    const clock = { now: MORNING }
    await using journal = await openIn(await temporaryDirectory(), () => clock.now)
    await journal.mintRecordingId(clock.now)
    clock.now = new Date(MORNING.getTime() - 3_600_000)
    expect(recordingIdTime(await journal.mintRecordingId(clock.now))).to.deep.equal(clock.now)
  })

  it('gives ids while facts are being written: no call waits for the disk twice', async () => {
    await using journal = await openIn(await temporaryDirectory(), () => MORNING)
    await journal.mintRecordingId(MORNING)
    const done: string[] = []
    const written = journal.append([requested({ id: firstRecordingIdAt(new Date(MORNING.getTime() - 1), NODE_NUMBER) })]).then(() => done.push('append'))
    for (const name of ['first', 'second']) {
      await journal.mintRecordingId(MORNING)
      done.push(name)
    }
    await written
    expect(done).to.deep.equal(['first', 'second', 'append'])
  })

  it('keeps of interactions and lives what facts made of them that were written together', async () => {
    const directory = await temporaryDirectory()
    const [ended, open] = [requested({ id: firstRecordingIdAt(MORNING, NODE_NUMBER) }), requested({ id: firstRecordingIdAt(new Date(MORNING.getTime() + 1), NODE_NUMBER) })]
    {
      await using journal = await openIn(directory, () => MORNING)
      await Promise.all([
        journal.append([ended]), journal.append([open]),
        journal.append([{ type: 'recording-declined', recordingId: ended.recordingId, reason: 'not-wanted', at: MORNING }]),
      ])
      await Promise.all([
        journal.append([{ type: 'interaction-ended', interactionId: open.interactionId, at: MORNING }]),
        journal.append([{ ...open, recordingId: parseRecordingId(String(Number(open.recordingId) + 1)) }]),
      ])
    }
    await using journal = await openIn(directory, () => MORNING)
    expect((await journal.liveRecordings()).map(({ id }) => id)).to.deep.equal([open.recordingId, String(Number(open.recordingId) + 1)])
    expect((await journal.openInteractions()).map(({ id }) => id)).to.deep.equal([ended.interactionId, open.interactionId])
  })

  it('remembers the ids that it gave after a restart', async () => {
    const directory = await temporaryDirectory()
    const ids: string[] = []
    for (let run = 0; run < 3; run += 1) {
      await using journal = await openIn(directory, () => MORNING)
      const id = await journal.mintRecordingId(MORNING)
      await journal.append([requested({ id })])
      const adopted = await journal.mintRecordingId(new Date(MORNING.getTime() - 3_600_000))
      await journal.append([requested({ id: adopted })])
      ids.push(id, adopted)
    }
    expect(new Set(ids).size).to.equal(6)
  })

  it('does not continue the ids of another node number', async () => {
    const directory = await temporaryDirectory()
    {
      await using journal = await openIn(directory, () => MORNING)
      await journal.append([requested({ id: firstRecordingIdAt(MORNING, NODE_NUMBER + 1) })])
    }
    await using journal = await openIn(directory, () => MORNING)
    const id = Number(await journal.mintRecordingId(MORNING))
    expect(Math.floor(id / 64) % 64).to.equal(NODE_NUMBER)
  })

  it('loses nothing that it acknowledged when its process is killed', async () => {
    const file = join(await temporaryDirectory(), 'journal.sqlite')
    const child = spawn(execPath, [join(import.meta.dirname, 'append-for-ever.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    let acknowledged = 0
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line)
      if (acknowledged >= 40) child.kill('SIGKILL')
    }
    await exited
    await using journal = await openSqliteJournal({ file, nodeNumber: NODE_NUMBER, runtime: quietRuntime() })
    const facts = await journal.unforwarded(100_000)
    expect(acknowledged).to.be.at.least(40)
    expect(facts.length).to.be.at.least(acknowledged * 2)
    // Two facts make one append: never half of it.
    expect(facts.length % 2).to.equal(0)
    expect(facts.map(({ sequence }) => sequence)).to.deep.equal(facts.map((_, index) => index + 1))
  })

  it('says that the store failed when it is closed', async () => {
    const journal = await openIn(await temporaryDirectory())
    await journal[Symbol.asyncDispose]()
    await expectCode(journal.append([requested({ id: firstRecordingIdAt(MORNING, 1) })]), 'STORE_FAILED')
  })
})

function openIn(directory: string, now: () => Date = () => new Date()): Promise<CaptureJournal> {
  return openSqliteJournal({ file: join(directory, 'journal.sqlite'), nodeNumber: NODE_NUMBER, runtime: quietRuntime(now) })
}
