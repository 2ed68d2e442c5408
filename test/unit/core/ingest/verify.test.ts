import { describe, it } from 'mocha'
import { expect } from 'chai'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { MAX_ATTEMPTS } from '../../../../core/ingest/fate.ts'
import { IngestFixture, RATE, at, filesOf, findings, samples, spoolWav, tone } from './ingest-fixture.ts'

const MS = RATE / 1000
const CUSTOMER = tone(440)
const AGENT = tone(1000, 4000)

describe('a recording whose caller had to be told', () => {
  it('says that she was not', async () => {
    for (const [announcement, found] of [[{ type: 'demanded', prompt: null }, ['announcement-missing']], [{ type: 'none' }, []]] as const) {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
      await fixture.told({ endMs: 500, announcement })
      expect((await fixture.ingest()).findings.map(({ code }) => code)).to.deep.equal(found)
    }
  })
})

describe('what is wrong with spool files', () => {
  it('is mended where a PBX died before it wrote the length', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER, { declared: 'zero' }), spoolWav(500, AGENT))
    await fixture.told({ endMs: 500 })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([{ code: 'header-repaired', segmentIndex: 0, details: { channel: 1, sizeBytes: 8044 } }])
    expect((await fixture.stored()).received).to.deep.equal(samples(500, CUSTOMER))
    expect(fixture.audit.entries.filter(({ action }) => action === 'recording.repaired').length).to.equal(1)
  })

  it('waits while the PBX may still be closing a file, and mends it when it does not', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500 })
    fixture.spool(spoolWav(500, CUSTOMER, { declared: 'zero' }), spoolWav(500, AGENT), { modifiedMs: 500 })
    for (const nowMs of [600, 2000, 10_400]) {
      fixture.nowMs = nowMs
      expect((await fixture.ingest()).state, `${nowMs}`).to.equal('ingesting')
      expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_FILE_INCOMPLETE' })
    }
    fixture.nowMs = 11_500
    expect((await fixture.ingest()).state).to.equal('stored')
  })

  it('does not wait for a file that is whole', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500 })
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT), { modifiedMs: 500 })
    fixture.nowMs = 501
    expect((await fixture.ingest()).state).to.equal('stored')
  })

  it('waits for a file that may still come, and then stores the other one with silence beside it', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500 })
    fixture.spool(spoolWav(500, CUSTOMER), null)
    fixture.nowMs = 600
    expect((await fixture.ingest()).state).to.equal('ingesting')
    fixture.nowMs = 12_000
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([
      { code: 'lane-missing', segmentIndex: 0, details: { channel: 2 } },
      { code: 'channel-silent', segmentIndex: null, details: { channel: 2, loudestSample: 0 } },
    ])
    const { received, transmitted } = await fixture.stored()
    expect(received).to.deep.equal(samples(500, CUSTOMER))
    expect(transmitted).to.deep.equal(new Int16Array(500 * MS))
  })

  it('is nothing, where a segment never ran: its files are not waited for', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ segments: [{ startMs: 0, endMs: 0 }, { startMs: 0, endMs: 500 }], endMs: 500 })
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT), { index: 1 })
    fixture.nowMs = 600
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    expect(findings(recording)).to.deep.equal([])
    expect((await fixture.stored()).received).to.deep.equal(samples(500, CUSTOMER))
  })

  it('is not taken for nothing, where files are there that nobody expects', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ segments: [{ startMs: 0, endMs: 0 }], endMs: 500 })
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    await fixture.ingest()
    expect((await fixture.stored()).received).to.deep.equal(samples(500, CUSTOMER))
  })

  it('pads the shorter lane', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(300, AGENT))
    await fixture.told({ endMs: 500 })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([{ code: 'lanes-differ', segmentIndex: 0, details: { receivedMilliseconds: 500, transmittedMilliseconds: 300 } }])
    expect((await fixture.stored()).transmitted.subarray(300 * MS)).to.deep.equal(new Int16Array(200 * MS))
  })

  it('names a channel without a voice', async () => {
    const fixture = await IngestFixture.open()
    // 8 is the least that G.711 A-law can say: a line that is silent, but not digitally.
    fixture.spool(spoolWav(500, (frame) => (frame % 2 === 0 ? 8 : -8)), spoolWav(500, AGENT))
    await fixture.told({ endMs: 500 })
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'channel-silent', segmentIndex: null, details: { channel: 1, loudestSample: 8 } }])
  })

  it('keeps the file and says so when it is not what a PBX writes', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(Buffer.from('RIFF____WAVEgarbage that goes on for a while, and no samples'), spoolWav(500, AGENT))
    await fixture.told({ endMs: 500 })
    expect(await fixture.ingest()).to.include({ state: 'failed', reason: 'ingest-failed' })
    expect(fixture.source.files.size).to.equal(2)
    expect(fixture.jobs.entries).to.deep.equal([])
    expect(fixture.runtime.counted.get('holdfast_ingest_given_up_total')).to.equal(1)
  })

  it('is brought to the highest rate where segments differ, as after a native recording', async () => {
    const fixture = await IngestFixture.open()
    const ramp = (frame: number): number => 100 * (frame % 50)
    fixture.spool(spoolWav(3000, ramp), spoolWav(3000, AGENT), { index: 0 })
    fixture.spool(spoolWav(1000, CUSTOMER, { rate: 16_000 }), spoolWav(1000, AGENT, { rate: 16_000 }), { index: 1 })
    await fixture.told({ endMs: 4000, segments: [{ startMs: 0, endMs: 3000 }, { startMs: 3000, endMs: 4000 }] })
    const recording = await fixture.ingest()
    expect(recording.media).to.deep.include({ sampleRateHz: 16_000, durationMs: 4000 })
    expect(findings(recording)).to.deep.equal([1, 2].map((channel) => ({ code: 'rate-converted', segmentIndex: 0, details: { channel, fromHertz: 8000, toHertz: 16_000 } })))
    const { received } = await fixture.stored()
    expect(received.subarray(1, 9)).to.deep.equal(Int16Array.of(0, 50, 100, 150, 200, 250, 300, 350))
    const straight = Int16Array.from({ length: 48_000 }, (_, frame) => (frame % 2 === 1 ? ramp((frame - 1) / 2) : (ramp(Math.max(0, frame / 2 - 1)) + ramp(frame / 2)) / 2))
    expect(received.subarray(0, 48_000)).to.deep.equal(straight)
    expect(received.subarray(48_000)).to.deep.equal(Int16Array.from({ length: 16_000 }, (_, frame) => CUSTOMER(frame)))
    expect(fixture.source.files.size).to.equal(0)
  })

  it('is brought to the higher rate where the lanes of one segment differ', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT, { rate: 48_000 }))
    await fixture.told({ endMs: 500 })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([{ code: 'rate-converted', segmentIndex: 0, details: { channel: 1, fromHertz: 8000, toHertz: 48_000 } }])
    const { received, transmitted } = await fixture.stored()
    expect(received.filter((_, frame) => frame % 6 === 5)).to.deep.equal(samples(500, CUSTOMER))
    expect(transmitted).to.deep.equal(Int16Array.from({ length: 24_000 }, (_, frame) => AGENT(frame)))
  })

  for (const rate of [11_025, 200_000]) {
    it(`keeps the files of a recording with 8000 Hz here and ${rate} Hz there`, async () => {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(50, CUSTOMER), spoolWav(50, AGENT, { rate }))
      await fixture.told({ endMs: 50 })
      expect(await fixture.ingest()).to.include({ state: 'failed', reason: 'ingest-failed' })
      expect(fixture.source.files.size).to.equal(2)
    })
  }

  it('looks again when a file changed after it was verified', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(300, CUSTOMER), spoolWav(300, AGENT))
    await fixture.told({ endMs: 500 })
    const dying = fixture.worker({}, { onStep: (_, step) => {
      if (step === 'seal-and-store') throw new Error('killed')
    } })
    await dying.runOnce()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    fixture.nowMs += 61_000
    const recording = await fixture.ingest()
    expect(recording.media?.durationMs).to.equal(500)
    expect(findings(recording)).to.deep.equal([])
  })
})

describe('a recording without sound', () => {
  it('was not recorded when nobody answered', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(0, CUSTOMER), null)
    await fixture.told({ endMs: 20_000, answeredMs: null })
    expect(await fixture.ingest()).to.include({ state: 'not-recorded', reason: 'never-answered' })
    expect(fixture.source.files.size).to.equal(0)
    expect(fixture.blobs.blobs.size).to.equal(0)
  })

  it('failed, and keeps what is there, when somebody answered', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(0, CUSTOMER), Buffer.alloc(0))
    await fixture.told({ endMs: 20_000 })
    const recording = await fixture.ingest()
    expect(recording).to.include({ state: 'failed', reason: 'no-audio' })
    expect(findings(recording).map(({ code }) => code)).to.deep.equal(['empty'])
    expect(fixture.source.files.size).to.equal(2)
    expect(fixture.audit.entries.at(-1)).to.deep.include({ action: 'recording.failed', outcome: 'failed', reason: 'no-audio' })
  })

  it('failed for want of its files when they do not come back within the hour', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 20_000 })
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      expect((await fixture.ingest()).state).to.equal('ingesting')
      fixture.nowMs += 300_000
    }
    expect(await fixture.ingest()).to.include({ state: 'failed', reason: 'spool-file-missing' })
    expect(fixture.runtime.counted.get('holdfast_ingest_given_up_total')).to.equal(1)
  })

  it('is waited for when the dialplan recorded it and nobody saw whether it was answered', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500, answeredMs: null, origin: 'native' })
    expect((await fixture.ingest()).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_FILE_MISSING' })
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    fixture.nowMs += 300_000
    expect((await fixture.ingest()).state).to.equal('stored')
  })

  it('was not recorded when the dialplan\'s own recorder never ran: its file is not waited for', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500, answeredMs: null, origin: 'native', segments: [{ startMs: 0, endMs: 0 }] })
    fixture.source.list = () => Promise.reject(new HoldfastError('SPOOL_UNREACHABLE', 'not mounted'))
    expect((await fixture.ingest()).state, 'but its spool is').to.equal('ingesting')
    fixture.source.list = () => Promise.resolve([])
    fixture.nowMs += 300_000
    expect(await fixture.ingest()).to.include({ state: 'not-recorded', reason: 'never-answered' })
  })

  it('was not recorded when the dialplan recorded it and its files are there, without sound', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(0, CUSTOMER), spoolWav(0, AGENT))
    await fixture.told({ endMs: 500, answeredMs: null, origin: 'native' })
    expect(await fixture.ingest()).to.include({ state: 'not-recorded', reason: 'never-answered' })
  })

  for (const call of [{ endMs: 500 }, { endMs: 500, answeredMs: null }, { endMs: 500, answeredMs: null, origin: 'native' }] as const) {
    it(`is waited for without end while the spool itself is not there: ${JSON.stringify(call)}`, async () => {
      const fixture = await IngestFixture.open()
      await fixture.told(call)
      fixture.source.list = () => Promise.reject(new HoldfastError('SPOOL_UNREACHABLE', 'not mounted'))
      for (let attempt = 1; attempt <= MAX_ATTEMPTS + 1; attempt += 1) {
        expect((await fixture.ingest()).state).to.equal('ingesting')
        fixture.nowMs += 300_000
      }
      expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_UNREACHABLE' })
    })
  }

  it('failed at once, and says why, when the PBX has told that it threw the file away', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 20_000, segments: [{ startMs: 0, endMs: 20_000, discarded: true }] })
    fixture.nowMs = 20_000
    const recording = await fixture.ingest()
    expect(recording).to.include({ state: 'failed', reason: 'discarded-by-pbx', media: null })
    expect(findings(recording)).to.deep.equal([{ code: 'empty', segmentIndex: 0, details: {} }])
    expect(fixture.audit.entries.at(-1)).to.deep.include({ action: 'recording.failed', outcome: 'failed', reason: 'discarded-by-pbx' })
  })

  it('was not recorded when nobody answered, and the PBX threw the file away', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 20_000, answeredMs: null, segments: [{ startMs: 0, endMs: 20_000, discarded: true }] })
    expect(await fixture.ingest()).to.include({ state: 'not-recorded', reason: 'never-answered' })
  })

  it('is waited for while the spool is not there, whatever the PBX has thrown away', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500, segments: [{ startMs: 0, endMs: 500, discarded: true }] })
    fixture.source.list = () => Promise.reject(new HoldfastError('SPOOL_UNREACHABLE', 'not mounted'))
    expect((await fixture.ingest()).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_UNREACHABLE' })
  })

  it('is waited for when of two files only one was thrown away', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 1000, segments: [{ startMs: 0, endMs: 500, discarded: true }, { startMs: 500, endMs: 1000 }] })
    expect((await fixture.ingest()).state).to.equal('ingesting')
    expect(fixture.jobs.entries[0]).to.include({ lastError: 'SPOOL_FILE_MISSING' })
  })

  it('has sound after all when a file is there that the PBX says it threw away', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    await fixture.told({ endMs: 500, segments: [{ startMs: 0, endMs: 500, discarded: true }] })
    const recording = await fixture.ingest()
    expect(recording).to.include({ state: 'stored', reason: 'hangup' })
    expect(findings(recording)).to.deep.equal([])
    expect((await fixture.stored()).received).to.deep.equal(samples(500, CUSTOMER))
  })

  it('is stored without the segment whose file was thrown away, and tells which', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    await fixture.told({ endMs: 900, segments: [{ startMs: 0, endMs: 500 }, { startMs: 500, endMs: 900, discarded: true }] })
    fixture.nowMs = 900
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    expect(findings(recording)).to.deep.equal([{ code: 'empty', segmentIndex: 1, details: {} }])
  })

  it('is stored when its files come back', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 500 })
    expect((await fixture.ingest()).state).to.equal('ingesting')
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    fixture.nowMs += 300_000
    expect((await fixture.ingest()).state).to.equal('stored')
  })
})

describe('a hold during which nothing was written', () => {
  it('is silence on the time line, and what is said after it stands where it was said', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    fixture.spool(spoolWav(400, AGENT), spoolWav(400, CUSTOMER), { index: 1 })
    await fixture.told({ endMs: 1900, segments: [{ startMs: 0, endMs: 500 }, { startMs: 560, endMs: 1900, unheldMs: 1500 }] })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([{ code: 'gap', segmentIndex: 1, details: { milliseconds: 1000 } }])
    expect((await fixture.stored()).received).to.deep.equal(Int16Array.from([...samples(500, CUSTOMER), ...new Int16Array(1000 * MS), ...samples(400, AGENT)]))
  })

  it('that lasted to the end leaves a file to be thrown away, and nothing is missing', async () => {
    for (const unheldMs of [null, 1700]) {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
      await fixture.told({ endMs: 1900, segments: [{ startMs: 0, endMs: 500 }, { startMs: 560, endMs: 1900, unheldMs, discarded: true }] })
      expect(findings(await fixture.ingest())).to.deep.equal([])
    }
  })
})

describe('the time line', () => {
  it('keeps the time between segments, and says how much it was', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(400, CUSTOMER), spoolWav(400, AGENT), { index: 0 })
    fixture.spool(spoolWav(575, AGENT), spoolWav(575, CUSTOMER), { index: 1 })
    await fixture.told({ endMs: 1000, segments: [{ startMs: 0, endMs: 400 }, { startMs: 425, endMs: 1000 }] })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([{ code: 'gap', segmentIndex: 1, details: { milliseconds: 25 } }])
    expect(recording.media?.durationMs).to.equal(1000)
    const { received } = await fixture.stored()
    expect(received.subarray(0, 400 * MS)).to.deep.equal(samples(400, CUSTOMER))
    expect(received.subarray(400 * MS, 425 * MS)).to.deep.equal(new Int16Array(25 * MS))
    expect(received.subarray(425 * MS)).to.deep.equal(samples(575, AGENT))
  })

  it('begins with the answer where nothing was heard before', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(2000, CUSTOMER), spoolWav(2000, AGENT))
    await fixture.told({ endMs: 7000, answeredMs: 5000 })
    expect(findings(await fixture.ingest())).to.deep.equal([])
  })

  it('keeps what was heard before the answer', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(6500, CUSTOMER), spoolWav(6500, AGENT))
    await fixture.told({ endMs: 7000, answeredMs: 5000 })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([])
    expect(recording.media?.durationMs).to.equal(6500)
  })

  it('says when a file is shorter than its call', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1700, CUSTOMER), spoolWav(1700, AGENT))
    await fixture.told({ endMs: 2000 })
    expect(findings(await fixture.ingest())).to.deep.equal([
      { code: 'drift', segmentIndex: 0, details: { milliseconds: 300 } },
      { code: 'shorter-than-call', segmentIndex: 0, details: { fileMilliseconds: 1700, callMilliseconds: 2000 } },
    ])
  })

  it('takes the last write for the end where nobody saw the end', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1700, CUSTOMER), spoolWav(1700, AGENT), { modifiedMs: 1710 })
    await fixture.told({ endMs: 90_000, reason: 'ended-unseen' })
    expect(findings(await fixture.ingest())).to.deep.equal([])
  })

  it('lacks what a PBX that died had not written yet, and says how much', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(2048, CUSTOMER), spoolWav(2048, AGENT), { modifiedMs: 2050 })
    await fixture.told({ endMs: 3500, reason: 'pbx-restarted' })
    expect(findings(await fixture.ingest())).to.deep.equal([
      { code: 'shorter-than-call', segmentIndex: 0, details: { fileMilliseconds: 2048, callMilliseconds: 3500 } },
    ])
  })
})

describe('a recording that was declined after it had begun', () => {
  it('is thrown away, and the audit says so', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(500, CUSTOMER), spoolWav(500, AGENT))
    await fixture.told({ endMs: 500 })
    const { id } = await fixture.recording()
    await fixture.recordings.closeWithoutMedia(id, { state: 'not-recorded', reason: 'not-wanted', findings: [] }, {
      at: at(500), actor: { type: 'system', id: 'test' }, action: 'recording.declined', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {},
    })
    expect((await fixture.ingest()).state).to.equal('not-recorded')
    expect(fixture.source.files.has(filesOf(0).received)).to.equal(false)
    expect(fixture.audit.entries.at(-1)).to.deep.include({ action: 'recording.discarded', reason: 'not-wanted' })
  })
})
