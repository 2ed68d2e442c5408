import { expect } from 'chai'
import { describe, it } from 'mocha'
import { idAt, requested, seconds } from '../../../support/recording-facts.ts'
import { bench, NO_FILTER } from './console-bench.ts'

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
