import { describe, it } from 'mocha'
import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { INGEST_STEPS, type IngestStep } from '../../../../core/ingest/ingest-job.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import type { Job, JobQueue } from '../../../../core/ports/job-queue.ts'
import type { RecordingSource } from '../../../../core/ports/recording-source.ts'
import { MemoryRecordingSource } from '../../../support/fakes/memory-recording-source.ts'
import { IngestFixture, RATE, RECORDING, at, filesOf, masked, spoolWav, tone } from './ingest-fixture.ts'

const MS = RATE / 1000

describe('ingest of a recording', () => {
  it('makes one two-channel file of both lanes, seals it, catalogues it and removes the spool files', async () => {
    const fixture = await IngestFixture.open()
    const [customer, agent] = [tone(440), tone(1000, 4000)]
    fixture.spool(spoolWav(1500, customer), spoolWav(1500, agent))
    await fixture.told({ endMs: 1510 })
    const recording = await fixture.ingest()

    expect(recording.state).to.equal('stored')
    expect(recording.findings).to.deep.equal([])
    const { file, received, transmitted } = await fixture.stored()
    expect(received).to.deep.equal(Int16Array.from({ length: 1500 * MS }, (_, frame) => customer(frame)))
    expect(transmitted).to.deep.equal(Int16Array.from({ length: 1500 * MS }, (_, frame) => agent(frame)))
    expect(recording.media).to.deep.include({ format: 'wav-pcm16', channels: 2, sampleRateHz: RATE, durationMs: 1500, sizeBytes: file.length, sha256: sha256(file) })
    expect(fixture.source.files.size).to.equal(0)
    expect(fixture.jobs.entries).to.deep.equal([])
    expect(fixture.published).to.include(RECORDING)
  })

  it('tells which time of the call is in the object, by segments; of lanes that differ, as far as both go', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1500, tone(440)), spoolWav(1300, tone(1000)))
    await fixture.told({ endMs: 1500 })
    await fixture.ingest()
    expect(fixture.recordings.sounds.get(RECORDING)).to.deep.equal([{ segmentIndex: 0, beganAt: at(0), durationMs: 1300, lanes: 'both' }])
  })

  it('tells that one of two lanes was not there', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1500, tone(440)), null)
    await fixture.told({ endMs: 1500 })
    await fixture.ingest()
    expect(fixture.recordings.sounds.get(RECORDING)).to.deep.equal([{ segmentIndex: 0, beganAt: at(0), durationMs: 1500, lanes: 'one' }])
  })

  it('writes an audit entry that tells what was stored', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const { media } = await fixture.ingest()
    const entries = fixture.audit.entries.filter(({ action }) => action === 'recording.stored')
    expect(entries.map(({ details }) => details)).to.deep.equal([{
      interactionId: 'i-1', pbxId: 'pbx', sizeBytes: media?.sizeBytes, durationMs: 100, sha256: media?.sha256, payloadSha256: media?.payloadSha256, findings: '',
    }])
  })

  it('stores header and payload apart: one after the other they are an age file', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(100, tone(440)), spoolWav(100, tone(1000)))
    await fixture.told({ endMs: 100 })
    const { media } = await fixture.ingest()
    expect([...fixture.blobs.blobs.keys()].toSorted((one, other) => one.localeCompare(other))).to.deep.equal(['4096.1.header', '4096.1.payload'])
    expect(media?.payloadName).to.equal('4096.1.payload')
    expect(Buffer.from(fixture.blobs.blobs.get('4096.1.header') ?? []).toString('latin1')).to.match(/^age-encryption\.org\/v1\n-> X25519 .*\n--- [^\n]+\n$/s)
    const payload = fixture.blobs.blobs.get('4096.1.payload') ?? new Uint8Array(0)
    expect(media).to.deep.include({ payloadSizeBytes: payload.length, payloadSha256: sha256(payload), headerVersion: 1 })
  })

  it('has a waveform of both channels', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, masked(tone(1000, 32_767), 0, 500)), spoolWav(1000, tone(1000, 1280)))
    await fixture.told({ endMs: 1000 })
    const { media } = await fixture.ingest()
    expect(media?.peakStretchMs).to.equal(20)
    expect(media?.peaks[0]).to.deep.equal([...Array.from({ length: 25 }, () => 0), ...Array.from({ length: 25 }, () => 255)])
    expect(media?.peaks[1]).to.deep.equal(Array.from({ length: 50 }, () => 10))
  })

  it('looks again when a file shows up after the verdict was marked', async () => {
    const fixture = await IngestFixture.open()
    const [customer, agent] = [tone(440), tone(1000, 4000)]
    fixture.spool(spoolWav(300, customer), null)
    await fixture.told({ endMs: 300 })
    await fixture.worker({}, { onStep: onceAt('seal-and-store', () => fixture.spool(null, spoolWav(300, agent))) }).runOnce()
    const { state, findings } = await fixture.ingest()
    expect({ state, findings }).to.deep.equal({ state: 'stored', findings: [] })
    expect((await fixture.stored()).transmitted).to.deep.equal(Int16Array.from({ length: 300 * MS }, (_, frame) => agent(frame)))
    expect(fixture.source.files.size).to.equal(0)
  })

  it('begins again when a file shows up while the others are sealed', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(300, tone(440)), null)
    await fixture.told({ endMs: 300 })
    const put = fixture.blobs.put.bind(fixture.blobs)
    fixture.blobs.put = async (...asked) => {
      const blob = await put(...asked)
      fixture.spool(null, spoolWav(300, tone(1000)))
      return blob
    }
    expect((await fixture.ingest()).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_FILE_INCOMPLETE' })
    fixture.nowMs += 2000
    const { state, findings } = await fixture.ingest()
    expect({ state, findings }).to.deep.equal({ state: 'stored', findings: [] })
    expect(fixture.blobs.blobs.size).to.equal(2)
    expect(fixture.source.files.size).to.equal(0)
  })

  for (const death of [false, true]) {
    it(`keeps a file that shows up when the others are sealed, and says so${death ? ', though it dies in between' : ''}`, async () => {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(300, tone(440)), null)
      await fixture.told({ endMs: 300 })
      const late = onceAt('catalogue', () => fixture.spool(null, spoolWav(300, tone(1000))))
      await fixture.worker({}, { onStep: (job, step) => {
        late(job, step)
        if (death && step === 'remove-spool') throw new Error('killed')
      } }).runOnce()
      fixture.nowMs += 61_000
      expect((await fixture.ingest()).findings.map(({ code }) => code)).to.include('lane-missing')
      expect([...fixture.source.files.keys()]).to.deep.equal([filesOf(0).transmitted])
      const told = fixture.audit.entries.filter(({ action }) => action === 'recording.incident')
      expect(told.map(({ reason, details }) => [reason, details['files'], details['sizeBytes']])).to.deep.equal([['spool-file-unread', 1, 4844]])
      expect(fixture.runtime.counted.get('holdfast_ingest_unread_total')).to.equal(1)
      expect(fixture.jobs.entries).to.deep.equal([])
    })
  }

  it('removes nothing while the spool is not there, and removes it when it is back', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(300, tone(440)), spoolWav(300, tone(1000)))
    await fixture.told({ endMs: 300 })
    const { source } = fixture
    const away = new MemoryRecordingSource()
    away.list = () => Promise.reject(new HoldfastError('SPOOL_UNREACHABLE', 'not mounted'))
    let mounted: RecordingSource = source
    const spoolOf = (): RecordingSource => ({
      list: (signal) => mounted.list(signal), stat: (name, signal) => mounted.stat(name, signal), open: (name, signal) => mounted.open(name, signal),
      remove: (name, signal) => mounted.remove(name, signal), freeBytes: () => mounted.freeBytes(),
    })
    await fixture.worker({ spoolOf }, { onStep: onceAt('remove-spool', () => void (mounted = away)) }).runOnce()
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_UNREACHABLE' })
    mounted = source
    fixture.nowMs += 61_000
    await fixture.ingest({ spoolOf })
    expect(source.files.size).to.equal(0)
    expect(fixture.jobs.entries).to.deep.equal([])
  })

  for (const name of INGEST_STEPS) {
    it(`loses and doubles nothing when it dies as ${name} begins`, () => diesAndGoesOn({ as: name }))
    it(`loses and doubles nothing when it dies after ${name}, before its mark`, () => diesAndGoesOn({ after: name }))
  }
})

/** Something that happens as a step begins. */
function onceAt(name: IngestStep, happens: () => void): (job: Job, step: IngestStep) => void {
  return (_, step) => {
    if (step === name) happens()
  }
}

/** A worker that dies gives nothing back: its lease ends, and another one goes on. */
async function diesAndGoesOn(death: { readonly as?: IngestStep; readonly after?: IngestStep }): Promise<void> {
  const fixture = await IngestFixture.open()
  fixture.spool(spoolWav(300, tone(440)), spoolWav(300, tone(1000)))
  await fixture.told({ endMs: 300 })
  const dying = new DyingJobQueue(fixture.jobs, death.after ?? null)
  const worker = fixture.worker({ jobs: dying }, { onStep: (_, step) => {
    if (step === death.as) throw new Error('killed')
  } })
  expect(await worker.runOnce()).to.equal('worked')
  expect(fixture.jobs.entries.length).to.equal(1)
  if ((await fixture.recording()).state !== 'stored') expect(fixture.source.files.size).to.equal(2)

  expect(await fixture.worker().runOnce()).to.equal('idle')
  fixture.nowMs += 61_000
  const recording = await fixture.ingest()
  expect(recording.state).to.equal('stored')
  expect((await fixture.stored()).received.length).to.equal(300 * MS)
  expect(fixture.audit.entries.filter(({ action }) => action === 'recording.stored').length).to.equal(1)
  expect(fixture.blobs.blobs.size).to.equal(2)
  expect(fixture.source.files.size).to.equal(0)
  expect(fixture.jobs.entries).to.deep.equal([])
}

/** Fails where a step would become durable, and at everything that a dead process does no more. */
class DyingJobQueue implements JobQueue {
  readonly #jobs: JobQueue
  readonly #after: IngestStep | null

  constructor(jobs: JobQueue, after: IngestStep | null) {
    this.#jobs = jobs
    this.#after = after
  }

  enqueue: JobQueue['enqueue'] = (...asked) => this.#jobs.enqueue(...asked)
  lease: JobQueue['lease'] = (...asked) => this.#jobs.lease(...asked)
  extend: JobQueue['extend'] = (...asked) => this.#jobs.extend(...asked)
  backlog: JobQueue['backlog'] = (...asked) => this.#jobs.backlog(...asked)
  mark: JobQueue['mark'] = (job, owner, mark) => (mark.step === this.#after ? killed() : this.#jobs.mark(job, owner, mark))
  complete: JobQueue['complete'] = (job, owner) => (this.#after === 'remove-spool' ? killed() : this.#jobs.complete(job, owner))
  retry: JobQueue['retry'] = () => killed()
}

function killed(): Promise<never> {
  return Promise.reject(new Error('killed'))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
