import { once } from 'node:events'
import { describe, it } from 'mocha'
import { expect } from 'chai'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import type { BlobStore } from '../../../../core/ports/blob-store.ts'
import type { JobQueue } from '../../../../core/ports/job-queue.ts'
import type { Repeat } from '../../../../core/ports/runtime.ts'
import { until } from '../../../support/hooks.ts'
import { IngestFixture, at, filesOf, spoolWav, tone } from './ingest-fixture.ts'

describe('IngestWorker', () => {
  it('takes what is due while it runs, at once when it is woken', async () => {
    const fixture = await IngestFixture.open()
    await using worker = fixture.worker({}, { pollMs: 60_000 })
    worker.start()
    worker.start()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    await until(async () => {
      worker.wake()
      expect((await fixture.recording()).state).to.equal('stored')
    })
  })

  it('looks less and less often at a queue that fails, and as before once that answers', async () => {
    const fixture = await IngestFixture.open()
    const rests: number[] = []
    const enough = Promise.withResolvers<void>()
    let looks = 0
    const { jobs } = fixture
    const lease: JobQueue['lease'] = async (...asked) => {
      looks += 1
      if (looks <= 7) throw new HoldfastError('STORE_FAILED', 'away')
      return await jobs.lease(...asked)
    }
    await using worker = fixture.worker({ jobs: withSome(jobs, { lease }) }, { concurrency: 1, rest: async (ms, woken) => {
      rests.push(ms)
      if (rests.length < 9) return
      enough.resolve()
      await once(woken, 'abort')
    } })
    worker.start()
    await enough.promise
    expect(rests).to.deep.equal([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 500, 500])
  })

  it('tries for ever what the store refuses, and stores it when it can', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const blobs = failingPut(fixture.blobs)
    for (let attempt = 0; attempt < 30; attempt += 1) {
      await fixture.ingest({ blobs })
      fixture.nowMs += 300_000
    }
    expect((await fixture.recording()).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ attempts: 30, lastError: 'STORE_FAILED' })
    expect(fixture.source.files.size).to.equal(2)
    expect((await fixture.ingest()).state).to.equal('stored')
    expect([...fixture.blobs.blobs.keys()]).to.have.members(['4096.31.payload', '4096.31.header'])
  })

  it('tells of a file that is not there yet when it should have come, and not before', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 100 })
    const told: string[] = []
    const log = { ...fixture.runtime.log, debug: (_: unknown, message: string) => void told.push(`debug ${message}`), warn: (_: unknown, message: string) => void told.push(`warn ${message}`) }
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await fixture.ingest({ log })
      fixture.nowMs += 300_000
    }
    expect(told).to.deep.equal([...Array.from({ length: 5 }, () => 'debug ingest waits for the files of the PBX'), 'warn ingest is going to be tried again'])
  })

  it('waits no longer after a failure because it looked often for files that the PBX still wrote', async () => {
    const fixture = await IngestFixture.open()
    const whole = spoolWav(100, tone(440))
    await fixture.told({ endMs: 100 })
    for (let look = 0; look < 12; look += 1) {
      fixture.spool(whole.subarray(0, -2), whole.subarray(0, -2), { modifiedMs: fixture.nowMs })
      await fixture.ingest()
      expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_FILE_INCOMPLETE' })
      fixture.nowMs += 1000
    }
    fixture.spool(whole, whole, { modifiedMs: fixture.nowMs })
    await fixture.ingest({ blobs: failingPut(fixture.blobs) })
    expect(fixture.jobs.entries[0]).to.deep.include({ lastError: 'STORE_FAILED', runAt: at(fixture.nowMs + 1000) })
    fixture.nowMs += 1000
    expect((await fixture.ingest()).state).to.equal('stored')
  })

  it('does not believe a store that gives back something else', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const blobs: BlobStore = {
      put: async (name, bytes) => {
        const put = await fixture.blobs.put(name, bytes)
        const [first = 0, ...rest] = fixture.blobs.blobs.get(name) ?? []
        fixture.blobs.blobs.set(name, Uint8Array.of(first ^ 1, ...rest))
        return put
      },
      open: (name) => fixture.blobs.open(name),
      remove: (name) => fixture.blobs.remove(name),
      freeBytes: () => fixture.blobs.freeBytes(),
    }
    expect((await fixture.ingest({ blobs })).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'STORE_FAILED' })
    expect(fixture.source.files.size).to.equal(2)
  })

  it('waits for a PBX that the configuration does not know', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 100 })
    await fixture.ingest({ spoolOf: () => null })
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'PBX_UNKNOWN' })
  })

  it('leaves a recording alone whose lease it lost: its successor stores it once', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const successors: Promise<unknown>[] = []
    const stalled = fixture.worker({ recordings: fixture.recordings }, { onStep: (_, step) => {
      if (step !== 'seal-and-store' || successors.length > 0) return
      // The process stood still here for longer than its lease.
      fixture.nowMs += 61_000
      successors.push(fixture.worker().runOnce())
    } })
    await stalled.runOnce()
    await Promise.all(successors)
    const { media, state } = await fixture.recording()
    expect(state).to.equal('stored')
    expect(media?.payloadName).to.equal('4096.2.payload')
    expect((await fixture.stored()).received.length).to.equal(800)
    expect(fixture.audit.entries.filter(({ action }) => action === 'recording.stored').length).to.equal(1)
    // What it has sealed nobody asks for: it would outlive the recording.
    expect([...fixture.blobs.blobs.keys()].toSorted()).to.deep.equal(['4096.2.header', '4096.2.payload'])
  })

  for (const stood of ['verify', 'seal-and-store', 'catalogue'] as const) {
    it(`takes no further step where its process stood still behind ${stood} until another had done the work`, async () => {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
      await fixture.told({ endMs: 100 })
      const steps: string[] = []
      const marked: JobQueue['mark'] = async (job, owner, mark) => {
        await fixture.jobs.mark(job, owner, mark)
        if (mark.step !== stood) return
        fixture.nowMs += 61_000
        await fixture.worker().runOnce()
      }
      await fixture.worker({ jobs: withSome(fixture.jobs, { mark: marked }) }, { repeat: NO_TIMER, onStep: (_, step) => void steps.push(step) }).runOnce()
      expect(steps.at(-1)).to.equal(stood)
      expect(fixture.jobs.entries).to.deep.equal([])
      expect((await fixture.recording()).state).to.equal('stored')
      expect(fixture.audit.entries.filter(({ action }) => action === 'recording.stored')).to.have.length(1)
      expect(fixture.blobs.blobs.size, 'a payload and its header').to.equal(2)
    })
  }

  it('goes on where its process stood still and nobody had taken the job meanwhile', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const marked: JobQueue['mark'] = async (job, owner, mark) => {
      await fixture.jobs.mark(job, owner, mark)
      fixture.nowMs += 61_000
    }
    await fixture.worker({ jobs: withSome(fixture.jobs, { mark: marked }) }, { repeat: NO_TIMER }).runOnce()
    expect((await fixture.recording()).media?.payloadName).to.equal('4096.1.payload')
    expect(fixture.jobs.entries).to.deep.equal([])
  })

  it('gives up nothing that another has taken over meanwhile', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const recordings = { find: fixture.recordings.find.bind(fixture.recordings), recordMedia: fixture.recordings.recordMedia.bind(fixture.recordings), closeWithoutMedia: fixture.recordings.closeWithoutMedia.bind(fixture.recordings), beginIngest: async (): Promise<void> => {
      fixture.nowMs += 61_000
      await fixture.jobs.lease('ingest', 'successor', at(fixture.nowMs), 60_000)
      throw new HoldfastError('SPOOL_FILE_BROKEN', 'nothing that anybody could read')
    } }
    await fixture.worker({ recordings }, { repeat: NO_TIMER }).runOnce()
    expect((await fixture.recording()).state).to.equal('stopped')
    expect(fixture.audit.entries.filter(({ action }) => action === 'recording.failed')).to.deep.equal([])
    fixture.nowMs += 61_000
    expect((await fixture.ingest()).state).to.equal('stored')
  })

  it('extends its lease while it works, and no longer', async () => {
    const fixture = await IngestFixture.open()
    const gate = Promise.withResolvers<undefined>()
    slowFile(fixture, gate.promise)
    await fixture.told({ endMs: 100 })
    const timers: string[] = []
    let turn = async (): Promise<void> => undefined
    const running = fixture.worker({}, { leaseMs: 30_000, repeat: (everyMs, work) => {
      timers.push(`every ${everyMs}`)
      turn = work
      return () => void timers.push('over')
    } }).runOnce()
    await until(() => expect(fixture.jobs.entries[0]?.marks.length).to.equal(1))
    fixture.nowMs += 29_000
    await turn()
    expect(fixture.jobs.entries[0]?.leasedUntil).to.deep.equal(at(60_100 + 29_000 + 30_000))
    expect(timers).to.deep.equal(['every 10000'])
    gate.resolve(undefined)
    await running
    expect((await fixture.recording()).state).to.equal('stored')
    expect(timers).to.deep.equal(['every 10000', 'over'])
  })

  it('gives its job back when it is stopped, and the next one goes on at once', async () => {
    const fixture = await IngestFixture.open()
    const gate = Promise.withResolvers<undefined>()
    slowFile(fixture, gate.promise)
    await fixture.told({ endMs: 100 })
    const worker = fixture.worker()
    worker.start()
    await until(() => expect(fixture.jobs.entries[0]?.marks.length).to.equal(1))
    const stopped = worker[Symbol.asyncDispose]()
    gate.resolve(undefined)
    await stopped
    expect(fixture.jobs.entries[0]).to.include({ owner: null, lastError: 'stopped' })
    expect((await fixture.ingest()).state).to.equal('stored')
  })
})

/** Of a process that stands still no timer turns. */
const NO_TIMER: Repeat = () => () => undefined

function withSome(jobs: JobQueue, own: Partial<JobQueue>): JobQueue {
  return {
    mark: (...asked) => jobs.mark(...asked), lease: (...asked) => jobs.lease(...asked), extend: (...asked) => jobs.extend(...asked), complete: (...asked) => jobs.complete(...asked),
    retry: (...asked) => jobs.retry(...asked), enqueue: (...asked) => jobs.enqueue(...asked), backlog: (...asked) => jobs.backlog(...asked),
    ...own,
  }
}

function failingPut(blobs: BlobStore): BlobStore {
  return {
    put: () => Promise.reject(new HoldfastError('STORE_FAILED', 'the disk is full')),
    open: (name) => blobs.open(name),
    remove: (name) => blobs.remove(name),
    freeBytes: () => blobs.freeBytes(),
  }
}

/** Files whose samples come only after the gate opens; their heads come at once. */
function slowFile(fixture: IngestFixture, gate: Promise<unknown>): void {
  const wav = spoolWav(100, tone(440))
  for (const name of [filesOf(0).received, filesOf(0).transmitted]) {
    fixture.source.files.set(name, { sizeBytes: wav.length, modifiedAt: at(0), read: async function* () {
      yield wav.subarray(0, 4)
      if (fixture.jobs.entries[0]?.marks.length === 1) await gate
      yield wav.subarray(4)
    } })
  }
}
