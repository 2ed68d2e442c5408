import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { type ConsoleStore, openConsoleStore } from '../../../../cli/console-store.ts'
import { run } from '../../../../cli/program.ts'
import { loadSettings } from '../../../../config/settings.ts'
import type { CaptureFact } from '../../../../core/domain/capture-fact.ts'
import { parseNodeName, type RecordingId } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt, requested, seconds, wholeLife } from '../../../support/recording-facts.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
const NO_FILTER = { objectId: null, actorId: null, action: null, from: null, to: null } as const
/** Long after every job is due. */
const LATER = new Date('2100-01-01T00:00:00.000Z')
const LEASE_MS = 1000

interface Bench {
  /** What the command printed, and how it ended. */
  holdfast(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** A recording whose ingest was given up: `failed`, without a job. */
  givenUp(second: number): Promise<RecordingId>
  tell(...facts: readonly CaptureFact[]): Promise<void>
  /** Takes every job that waits. */
  takeJobs(): Promise<readonly RecordingId[]>
  readonly store: ConsoleStore
}

async function bench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]`)
  await using store = await openConsoleStore(loadSettings(file, {}))
  let sequence = 0
  const tell = async (...facts: readonly CaptureFact[]): Promise<void> => {
    await store.repository.apply(SOURCE, facts.map((fact) => ({ sequence: sequence += 1, fact })))
  }
  const takeJobs = async (): Promise<readonly RecordingId[]> => {
    const taken: RecordingId[] = []
    for (let job = await store.jobs.lease('ingest', 'test', LATER, LEASE_MS); job !== null; job = await store.jobs.lease('ingest', 'test', LATER, LEASE_MS)) {
      taken.push(job.recordingId)
      await store.jobs.complete(job, 'test')
    }
    return taken
  }
  await test({
    store, tell, takeJobs,
    holdfast: async (...words) => {
      const [out, err]: [string[], string[]] = [[], []]
      const code = await run([...words, '--config', file], { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
      return { code, out: out.join('\n'), err: err.join('\n') }
    },
    givenUp: async (second) => {
      const id = idAt(second)
      await tell(...wholeLife({ id }))
      await store.repository.beginIngest(id)
      await store.repository.closeWithoutMedia(id, { state: 'failed', reason: 'ingest-failed', findings: [] }, {
        at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.failed', object: { type: 'recording', id }, outcome: 'failed', reason: 'ingest-failed', details: {}, personal: {},
      })
      await takeJobs()
      return id
    },
  })
}

describe('holdfast ingest retry', () => {
  it('queues a failed recording again, and tells the audit who asked', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs, store }) => {
      const id = await givenUp(0)
      expect(await holdfast('ingest', 'retry', id)).to.deep.include({ code: 0, out: id })
      const { entries } = await store.audit.read({ ...NO_FILTER, objectId: id, action: 'recording.repaired' }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.actor.type, entry.reason, entry.details.failedBecause])).to.deep.equal([['cli', 'ingest-retried', 'ingest-failed']])
      expect(await takeJobs()).to.deep.equal([id])
    })
  })

  it('queues every one that failed with sound, and no other', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs, tell }) => {
      const failed = [await givenUp(0), await givenUp(60)]
      await tell(requested({ id: idAt(120) }), { type: 'recording-failed', recordingId: idAt(120), at: seconds(121), reason: 'start-refused' }, requested({ id: idAt(180) }))
      const { code, out, err } = await holdfast('ingest', 'retry', '--all-failed')
      expect(code).to.equal(0)
      expect(out.split('\n')).to.have.members(failed)
      expect(err).to.equal('2 recordings are tried again.')
      expect(await takeJobs()).to.have.members(failed)
    })
  })

  it('queues once what is asked for twice', async () => {
    await bench(async ({ holdfast, givenUp, takeJobs }) => {
      const id = await givenUp(0)
      for (let time = 0; time < 2; time += 1) expect((await holdfast('ingest', 'retry', id)).code).to.equal(0)
      expect(await takeJobs()).to.deep.equal([id])
    })
  })

  it('ends with 1 for what is not there, has not failed or has no sound', async () => {
    await bench(async ({ holdfast, takeJobs, tell }) => {
      await tell(requested({ id: idAt(60) }), requested({ id: idAt(120) }), { type: 'recording-failed', recordingId: idAt(120), at: seconds(121), reason: 'start-refused' })
      for (const [second, why] of [[0, 'no such recording'], [60, 'is requested'], [120, 'no sound']] as const) {
        const { code, out, err } = await holdfast('ingest', 'retry', idAt(second))
        expect([code, out]).to.deep.equal([1, ''])
        expect(err).to.include(why)
      }
      expect(await takeJobs()).to.deep.equal([])
    })
  })

  it('ends with 2 when it is not said what to try again', async () => {
    await bench(async ({ holdfast }) => {
      for (const words of [[], ['1', '--all-failed'], ['../../etc'], ['0']]) expect((await holdfast('ingest', 'retry', ...words)).code, words.join(' ')).to.equal(2)
    })
  })

  it('explains itself', async () => {
    await bench(async ({ holdfast }) => {
      const { code, out } = await holdfast('ingest', 'retry', '--help')
      expect(code).to.equal(0)
      expect(out).to.include('Usage: holdfast ingest retry').and.to.include('Examples:')
    })
  })
})
