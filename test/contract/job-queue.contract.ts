import { describe, it } from 'mocha'
import { expect } from 'chai'
import type { Job, JobQueue } from '../../core/ports/job-queue.ts'
import { idAt, seconds } from '../support/recording-facts.ts'
import { expectCode } from '../support/rejection.ts'

const LEASE_MS = 60_000

/** What every job queue does. `open` gives an empty one. */
export function jobQueueContract(name: string, open: () => Promise<JobQueue>): void {
  describe(`${name} is a JobQueue`, () => {
    it('gives the oldest job that is due, and none before its time', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(20))
      await jobs.enqueue('ingest', idAt(2), seconds(10))
      expect(await jobs.lease('ingest', 'w', seconds(9), LEASE_MS)).to.equal(null)
      const job = await leased(jobs, 'w', 30)
      expect({ recordingId: job.recordingId, kind: job.kind, marks: job.marks, attempts: job.attempts }).to.deep.equal({ recordingId: idAt(2), kind: 'ingest', marks: [], attempts: 1 })
      expect(job.leasedUntil).to.deep.equal(new Date(seconds(30).getTime() + LEASE_MS))
      expect((await leased(jobs, 'w', 30)).recordingId).to.equal(idAt(1))
    })

    it('queues the same work once', async () => {
      const jobs = await open()
      await Promise.all([jobs.enqueue('ingest', idAt(1), seconds(0)), jobs.enqueue('ingest', idAt(1), seconds(5))])
      await leased(jobs, 'w', 10)
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      expect(await jobs.lease('ingest', 'w', seconds(10), LEASE_MS)).to.equal(null)
    })

    it('carries what the work has to know from outside, the last word of each kind', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0), { step: 'release', data: { segments: '[]' } })
      await jobs.enqueue('ingest', idAt(1), seconds(0), { step: 'release', data: { segments: '[1]' } })
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      const job = await leased(jobs, 'w', 10)
      expect(job.marks).to.deep.equal([{ step: 'release', data: { segments: '[1]' } }])
      await jobs.mark(job, 'w', { step: 'verified', data: {} })
      expect((await leased(jobs, 'w', 100)).marks.map(({ step }) => step)).to.deep.equal(['release', 'verified'])
    })

    it('gives no job to two workers, however many ask at once', async () => {
      const jobs = await open()
      for (let index = 0; index < 12; index += 1) await jobs.enqueue('ingest', idAt(index), seconds(0))
      const given = await Promise.all(Array.from({ length: 20 }, (_, worker) => jobs.lease('ingest', `w${worker}`, seconds(1), LEASE_MS)))
      const ids = given.flatMap((job) => job === null ? [] : [job.id])
      expect(new Set(ids).size).to.equal(12)
      expect(ids.length).to.equal(12)
    })

    it('gives a job again when its lease is over, with its marks', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      const first = await leased(jobs, 'one', 0)
      await jobs.mark(first, 'one', { step: 'verified', data: { frames: 8000, sha256: 'ab' } })
      await jobs.mark(first, 'one', { step: 'sealed', data: {} })
      expect(await jobs.lease('ingest', 'two', seconds(59), LEASE_MS)).to.equal(null)
      const second = await leased(jobs, 'two', 60)
      expect(second.marks).to.deep.equal([{ step: 'verified', data: { frames: 8000, sha256: 'ab' } }, { step: 'sealed', data: {} }])
      expect(second.attempts).to.equal(2)
    })

    it('refuses every word of a worker whose lease is gone', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      const lost = await leased(jobs, 'one', 0)
      const held = await leased(jobs, 'two', 60)
      const refused: readonly (() => Promise<void>)[] = [
        () => jobs.extend(lost, 'one', seconds(999)),
        () => jobs.mark(lost, 'one', { step: 'verified', data: {} }),
        () => jobs.complete(lost, 'one'),
        () => jobs.retry(lost, 'one', seconds(0), 'late'),
        () => jobs.complete(held, 'one'),
        // The same worker took the job twice: its first life is over.
        () => jobs.complete(lost, 'two'),
      ]
      for (const word of refused) await expectCode(word(), 'JOB_LEASE_LOST')
      await jobs.complete(held, 'two')
      await expectCode(jobs.complete(held, 'two'), 'JOB_LEASE_LOST')
    })

    it('keeps a job with whoever extends its lease', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      const job = await leased(jobs, 'one', 0)
      await jobs.extend(job, 'one', seconds(300))
      expect(await jobs.lease('ingest', 'two', seconds(299), LEASE_MS)).to.equal(null)
      await jobs.mark(job, 'one', { step: 'verified', data: {} })
      expect((await leased(jobs, 'two', 300)).marks.length).to.equal(1)
    })

    it('gives a job that was given back when its time has come', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      await jobs.retry(await leased(jobs, 'one', 0), 'one', seconds(30), `disk full: '"\u0000`)
      expect(await jobs.lease('ingest', 'one', seconds(29), LEASE_MS)).to.equal(null)
      expect((await leased(jobs, 'one', 30)).attempts).to.equal(2)
    })

    it('forgets a job that is done, and takes the same work again', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      const job = await leased(jobs, 'one', 0)
      await jobs.mark(job, 'one', { step: 'verified', data: {} })
      await jobs.complete(job, 'one')
      expect(await jobs.backlog('ingest', seconds(9))).to.deep.equal({ waiting: 0, oldestMs: 0 })
      await jobs.enqueue('ingest', idAt(1), seconds(5))
      expect((await leased(jobs, 'one', 5)).marks).to.deep.equal([])
    })

    it('tells how much waits and for how long', async () => {
      const jobs = await open()
      await jobs.enqueue('ingest', idAt(1), seconds(0))
      await jobs.enqueue('ingest', idAt(2), seconds(60))
      await jobs.enqueue('rotate', idAt(2), seconds(0))
      expect(await jobs.backlog('ingest', seconds(10))).to.deep.equal({ waiting: 2, oldestMs: 10_000 })
    })
  })
}

async function leased(jobs: JobQueue, owner: string, second: number): Promise<Job> {
  const job = await jobs.lease('ingest', owner, seconds(second), LEASE_MS)
  if (job === null) throw new Error('nothing was due')
  return job
}
