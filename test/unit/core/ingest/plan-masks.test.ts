import { describe, it } from 'mocha'
import { expect } from 'chai'
import { releaseMark } from '../../../../core/ingest/quarantine.ts'
import { IngestFixture, RATE, RECORDING, at, findings, masked, samples, spoolWav, tone } from './ingest-fixture.ts'

const MS = RATE / 1000
const CUSTOMER = tone(440)
const AGENT = tone(1000, 4000)

describe('a pause', () => {
  it('that the PBX masked is silent in both channels, and leaves no finding', async () => {
    const fixture = await IngestFixture.open()
    // A mute takes up to one frame to act, at both ends.
    fixture.spool(spoolWav(3000, masked(CUSTOMER, 1020, 2015)), spoolWav(3000, masked(AGENT, 1020, 2015)))
    await fixture.told({ endMs: 3000, pauses: [{ fromMs: 1000, toMs: 2000 }] })
    expect(findings(await fixture.ingest())).to.deep.equal([])
    const { received, transmitted } = await fixture.stored()
    for (const channel of [received, transmitted]) {
      expect(silence(channel)).to.deep.equal({ fromMs: 1000, toMs: 2015 })
    }
  })

  it('is found in a file that has more than the call: the PBX put zeros where frames came late', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(3150, masked(CUSTOMER, 1150, 2150)), spoolWav(3150, masked(AGENT, 1150, 2150)))
    await fixture.told({ endMs: 3000, pauses: [{ fromMs: 1000, toMs: 2000 }] })
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'drift', segmentIndex: 0, details: { milliseconds: -150 } }])
    expect(silence((await fixture.stored()).received)).to.deep.equal({ fromMs: 1150, toMs: 2150 })
  })

  it('that the PBX did not mask is silenced all the same, and is an incident', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(3000, masked(CUSTOMER, 1000, 2000)), spoolWav(3000, masked(AGENT, 1500, 2000)))
    await fixture.told({ endMs: 3000, pauses: [{ fromMs: 1000, toMs: 2000 }] })
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'pause-not-silent', segmentIndex: 0, details: { milliseconds: 440 } }])
    expect(silence((await fixture.stored()).transmitted)).to.deep.equal({ fromMs: 1000, toMs: 2000 })
    const incidents = fixture.audit.entries.filter(({ action }) => action === 'recording.incident')
    expect(incidents.map(({ details }) => details['milliseconds'])).to.deep.equal([440])
  })

  it('is told to the audit once, though the catalogue was reached twice', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(3000, CUSTOMER), spoolWav(3000, AGENT))
    await fixture.told({ endMs: 3000, pauses: [{ fromMs: 1000, toMs: 2000 }] })
    const recordMedia = (): Promise<never> => Promise.reject(new Error('killed'))
    await fixture.ingest({ recordings: new Proxy(fixture.recordings, { get: (target, key) => {
      const value: unknown = key === 'recordMedia' ? recordMedia : Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    } }) })
    fixture.nowMs += 61_000
    expect((await fixture.ingest()).state).to.equal('stored')
    expect(fixture.audit.entries.filter(({ action }) => action === 'recording.incident').length).to.equal(1)
  })

  it('is found in the samples when the file lost time before it', async () => {
    const fixture = await IngestFixture.open()
    // Two seconds in which nobody sent anything are missing before the pause.
    fixture.spool(spoolWav(8000, masked(CUSTOMER, 3010, 5010)), spoolWav(8000, masked(AGENT, 3010, 5010)))
    await fixture.told({ endMs: 10_000, pauses: [{ fromMs: 5000, toMs: 7000 }] })
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    expect(findings(recording).map(({ code }) => code)).to.deep.equal(['drift', 'shorter-than-call'])
    const { received, transmitted } = await fixture.stored()
    expect(silence(received)).to.deep.equal({ fromMs: 3010, toMs: 5010 })
    expect(silence(transmitted)).to.deep.equal({ fromMs: 3010, toMs: 5010 })
  })

  it('is found when there was sound before the answer, nobody knows how much', async () => {
    const fixture = await IngestFixture.open()
    // Ringing for 5 s, ringback from its third second on, the pause 1 s after the answer.
    fixture.spool(spoolWav(5000, masked(CUSTOMER, 3010, 4010)), spoolWav(5000, masked(AGENT, 3010, 4010)))
    await fixture.told({ endMs: 8000, answeredMs: 5000, pauses: [{ fromMs: 6000, toMs: 7000 }] })
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    expect(silence((await fixture.stored()).received)).to.deep.equal({ fromMs: 3010, toMs: 4010 })
  })

  it('that cannot be found puts the recording aside: nothing is stored, nothing is thrown away', async () => {
    const fixture = await IngestFixture.open()
    // One lane only is silent, another silence is too short, and the file lacks more than the pause.
    fixture.spool(spoolWav(5000, masked(CUSTOMER, 1000, 3000)), spoolWav(5000, masked(AGENT, 2000, 2300)))
    await fixture.told({ endMs: 10_000, pauses: [{ fromMs: 3000, toMs: 5000 }] })
    const errors: string[] = []
    const recording = await fixture.ingest({ log: { ...fixture.runtime.log, error: ({ recordingId }, message) => void errors.push(`${String(recordingId)} ${message}`) } })
    expect(recording).to.include({ state: 'failed', reason: 'quarantined', media: null })
    expect(errors.join(), 'the log names it, and what to do').to.include(RECORDING).and.to.include('`holdfast quarantine list`')
    expect(findings(recording)).to.deep.include({ code: 'pause-not-located', segmentIndex: 0, details: {
      pause: 0, expectedMilliseconds: 3000, lengthMilliseconds: 2000, driftMilliseconds: 5000, fileMilliseconds: 5000,
    } })
    expect(fixture.source.files.size).to.equal(2)
    expect(fixture.blobs.blobs.size).to.equal(0)
    expect(fixture.audit.entries.filter(({ action }) => action === 'recording.incident').length).to.equal(1)
    expect(fixture.audit.entries.at(-1)).to.include({ action: 'recording.failed' })
  })

  it('that cannot be found in one segment keeps the others with it, until somebody says where it is', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, CUSTOMER), spoolWav(1000, AGENT), { index: 0 })
    fixture.spool(spoolWav(5000, CUSTOMER), spoolWav(5000, AGENT), { index: 1 })
    fixture.spool(spoolWav(1000, AGENT), spoolWav(1000, CUSTOMER), { index: 2 })
    await fixture.told({ endMs: 12_000, segments: [{ startMs: 0, endMs: 1000 }, { startMs: 1000, endMs: 11_000 }, { startMs: 11_000, endMs: 12_000 }], pauses: [{ fromMs: 4000, toMs: 6000 }] })
    const quarantined = await fixture.ingest()
    expect(quarantined).to.include({ state: 'failed', reason: 'quarantined', media: null })
    expect(findings(quarantined).filter(({ code }) => code === 'pause-not-located').map(({ segmentIndex }) => segmentIndex)).to.deep.equal([1])
    expect(fixture.source.files.size).to.equal(6)
    await fixture.jobs.enqueue('ingest', RECORDING, at(fixture.nowMs), releaseMark([{ segmentIndex: 1, silences: [{ fromMs: 1500, toMs: 3500 }] }]))
    const released = await fixture.ingest()
    expect(released.state).to.equal('stored')
    // What is silenced by hand had sound: that the mask had not been there is an incident still.
    expect(findings(released)).to.deep.include({ code: 'pause-by-hand', segmentIndex: 1, details: { spans: 1, milliseconds: 2000 } })
    expect(findings(released).at(-1)).to.deep.equal({ code: 'pause-not-silent', segmentIndex: 1, details: { milliseconds: 1880 } })
    const { received } = await fixture.stored()
    expect(received.subarray(0, 2500 * MS)).to.deep.equal(samples(2500, (frame) => CUSTOMER(frame < 1000 * MS ? frame : frame - 1000 * MS)))
    expect(received.subarray(2500 * MS, 4500 * MS).every((sample) => sample === 0)).to.equal(true)
    expect(received.subarray(4500 * MS, 6000 * MS)).to.deep.equal(samples(5000, CUSTOMER).subarray(3500 * MS))
    expect(fixture.source.files.size).to.equal(0)
  })

  it('that cannot be found still when somebody has spoken of another segment stays where it is', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(5000, CUSTOMER), spoolWav(5000, AGENT))
    await fixture.told({ endMs: 10_000, pauses: [{ fromMs: 4000, toMs: 6000 }] })
    await fixture.ingest()
    await fixture.jobs.enqueue('ingest', RECORDING, at(fixture.nowMs), releaseMark([{ segmentIndex: 7, silences: [] }]))
    expect(await fixture.ingest()).to.include({ state: 'failed', media: null })
    await fixture.jobs.enqueue('ingest', RECORDING, at(fixture.nowMs), releaseMark([{ segmentIndex: 0, silences: [] }]))
    expect((await fixture.ingest()).state, 'nothing of it is in the segment').to.equal('stored')
    expect((await fixture.stored()).received).to.deep.equal(samples(5000, CUSTOMER))
  })

  it('that is told to lie beyond the file stays quarantined: nothing was silenced, and nothing is stored or thrown away', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(5000, CUSTOMER), spoolWav(5000, AGENT))
    await fixture.told({ endMs: 10_000, pauses: [{ fromMs: 4000, toMs: 6000 }] })
    await fixture.ingest()
    for (const span of [{ fromMs: 0, toMs: 200_000 }, { fromMs: 5000, toMs: 5500 }]) {
      await fixture.jobs.enqueue('ingest', RECORDING, at(fixture.nowMs), releaseMark([{ segmentIndex: 0, silences: [span] }]))
      expect(await fixture.ingest()).to.include({ state: 'failed', reason: 'quarantined', media: null })
      expect(fixture.source.files.size).to.equal(2)
    }
  })

  it('that lasted longer than it might says by how much: nobody was there to end it', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(20_000, masked(CUSTOMER, 1000, 16_000)), spoolWav(20_000, masked(AGENT, 1000, 16_000)))
    await fixture.told({ endMs: 20_000, pauses: [{ fromMs: 1000, toMs: 16_000, limitMs: 5000 }, { fromMs: 17_000, toMs: 19_000, limitMs: 1000 }] })
    fixture.spool(spoolWav(20_000, masked(masked(CUSTOMER, 1000, 16_000), 17_000, 19_000)), spoolWav(20_000, masked(masked(AGENT, 1000, 16_000), 17_000, 19_000)))
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'pause-overrun', segmentIndex: null, details: { pause: 0, milliseconds: 10_000, limitMilliseconds: 5000 } }])
  })

  it('that was never allowed says so, whatever its limit was thought to be', async () => {
    const fixture = await IngestFixture.open()
    await fixture.told({ endMs: 5000, pauses: [{ fromMs: 1000, toMs: 2000 }], pauseTerms: { type: 'forbidden' } })
    fixture.spool(spoolWav(5000, masked(CUSTOMER, 1000, 2000)), spoolWav(5000, masked(AGENT, 1000, 2000)))
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'pause-overrun', segmentIndex: null, details: { pause: 0, milliseconds: 1000, limitMilliseconds: 0 } }])
  })

  it('in which neither side sent anything cannot be told from one that was not masked: it is put aside', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(6000, CUSTOMER), spoolWav(6000, AGENT))
    await fixture.told({ endMs: 10_000, pauses: [{ fromMs: 3000, toMs: 7000 }] })
    expect(await fixture.ingest()).to.include({ state: 'failed', media: null })
    expect(fixture.source.files.size).to.equal(2)
  })

  it('whose mask came a second late is put aside, in a file that lost time: what was said then may lie anywhere', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(8000, masked(CUSTOMER, 4000, 6000)), spoolWav(8000, masked(AGENT, 4000, 6000)))
    await fixture.told({ endMs: 8500, pauses: [{ fromMs: 3000, toMs: 6000 }] })
    expect(findings(await fixture.ingest()).map(({ code }) => code)).to.include('pause-not-located')
  })

  it('is not taken for a silence that lies where the file cannot have it', async () => {
    const fixture = await IngestFixture.open()
    // Both were silent for a while, a second before; the pause itself was not masked.
    fixture.spool(spoolWav(9000, masked(CUSTOMER, 2500, 4000)), spoolWav(9000, masked(AGENT, 2500, 4000)))
    await fixture.told({ endMs: 9500, pauses: [{ fromMs: 5000, toMs: 7000 }] })
    expect(findings(await fixture.ingest()).map(({ code }) => code)).to.include('pause-not-located')
  })

  it('reaches over a change of segments', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 800, 1000)), spoolWav(1000, masked(AGENT, 800, 1000)), { index: 0 })
    // A recorder that starts during a pause starts with sound: some milliseconds slip in before it is muted.
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 5, 500)), spoolWav(1000, masked(AGENT, 5, 500)), { index: 1 })
    await fixture.told({ endMs: 2025, segments: [{ startMs: 0, endMs: 1000 }, { startMs: 1025, endMs: 2025 }], pauses: [{ fromMs: 800, toMs: 1525 }] })
    expect(findings(await fixture.ingest()), 'a gap within a pause was wanted').to.deep.equal([])
    expect(silence((await fixture.stored()).received)).to.deep.equal({ fromMs: 800, toMs: 1525 })
  })

  it('is silent from the first frame of a segment that begins in it, though the file lost time', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 800, 1000)), spoolWav(1000, masked(AGENT, 800, 1000)), { index: 0 })
    // 150 ms slip in before the new recorder is muted; 100 ms get lost later on.
    fixture.spool(spoolWav(4900, masked(CUSTOMER, 150, 2000)), spoolWav(4900, masked(AGENT, 150, 2000)), { index: 1 })
    await fixture.told({ endMs: 6025, segments: [{ startMs: 0, endMs: 1000 }, { startMs: 1025, endMs: 6025 }], pauses: [{ fromMs: 800, toMs: 3025 }] })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.include({ code: 'pause-not-silent', segmentIndex: 1, details: { milliseconds: 90 } })
    expect(await silentWithin(fixture, 800, 3025)).to.equal(true)
  })

  it('is silent up to the last frame of a segment that ends in it, though the file lost time', async () => {
    const fixture = await IngestFixture.open()
    // The mask is gone 150 ms before the recorder is; 100 ms got lost before.
    fixture.spool(spoolWav(4900, masked(CUSTOMER, 3000, 4750)), spoolWav(4900, masked(AGENT, 3000, 4750)), { index: 0 })
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 0, 500)), spoolWav(1000, masked(AGENT, 0, 500)), { index: 1 })
    await fixture.told({ endMs: 6025, segments: [{ startMs: 0, endMs: 5000 }, { startMs: 5025, endMs: 6025 }], pauses: [{ fromMs: 3100, toMs: 5525 }] })
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    expect(await silentWithin(fixture, 3000, 5525)).to.equal(true)
  })

  it('needs not be found in a segment that lies wholly in it: all of it is silent', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 800, 1000)), spoolWav(1000, masked(AGENT, 800, 1000)), { index: 0 })
    fixture.spool(spoolWav(300, CUSTOMER), spoolWav(300, AGENT), { index: 1 })
    fixture.spool(spoolWav(1000, masked(CUSTOMER, 0, 500)), spoolWav(1000, masked(AGENT, 0, 500)), { index: 2 })
    await fixture.told({ endMs: 3000, segments: [{ startMs: 0, endMs: 1000 }, { startMs: 1000, endMs: 2000 }, { startMs: 2000, endMs: 3000 }], pauses: [{ fromMs: 800, toMs: 2500 }] })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.include({ code: 'pause-not-silent', segmentIndex: 1, details: { milliseconds: 180 } })
    expect(await silentWithin(fixture, 800, 2500)).to.equal(true)
  })

  it('that never took effect silences nothing', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(3000, CUSTOMER), spoolWav(3000, AGENT))
    await fixture.told({ endMs: 3000, pauses: [{ fromMs: 1000, toMs: 2000, outcome: 'failed' }] })
    const recording = await fixture.ingest()
    expect(recording.pauses.length).to.equal(1)
    expect(findings(recording)).to.deep.equal([])
    expect((await fixture.stored()).received).to.deep.equal(samples(3000, CUSTOMER))
  })
})

/** Whether there is exact silence in all of a span, and sound on both sides of it. */
async function silentWithin(fixture: IngestFixture, fromMs: number, toMs: number): Promise<boolean> {
  const { received, transmitted } = await fixture.stored()
  return [received, transmitted].every((channel) => channel.subarray(fromMs * MS, toMs * MS).every((sample) => sample === 0) && channel[fromMs * MS - 1] !== 0 && channel[toMs * MS] !== 0)
}

/** The first and the last moment of exact silence. */
function silence(channel: Int16Array): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: channel.indexOf(0) / MS, toMs: (channel.lastIndexOf(0) + 1) / MS }
}
