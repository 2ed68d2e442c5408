import { describe, it } from 'mocha'
import { expect } from 'chai'
import { at, findings, IngestFixture, masked, oneFileOf, RATE, samples, type Sound, stereoWav, tone } from './ingest-fixture.ts'

const MS = RATE / 1000
const CUSTOMER = tone(440)
const AGENT = tone(1000, 4000)
const BOTH = { left: CUSTOMER, right: AGENT }
const NAME = oneFileOf(0).received
/** What FreeSWITCH writes for sound that did not come: neither a voice nor a mask. */
const FILLER = -1

describe('a segment with both channels in one file', () => {
  it('is stored channel by channel, and its file goes', async () => {
    const fixture = await stereo(stereoWav(3000, BOTH))
    await fixture.told({ endMs: 3000, files: oneFileOf })
    const recording = await fixture.ingest()
    expect(findings(recording)).to.deep.equal([])
    const { received, transmitted } = await fixture.stored()
    expect(received).to.deep.equal(samples(3000, CUSTOMER))
    expect(transmitted).to.deep.equal(samples(3000, AGENT))
    expect(fixture.source.files.size).to.equal(0)
    expect(recording.media?.peaks.map((peaks) => Math.max(...peaks)), 'each channel has its own waveform').to.deep.equal([62, 31])
  })

  it('is read in order where it is longer than a block, and at a higher rate than another segment', async () => {
    const fixture = await IngestFixture.open()
    const ramp: Sound = (frame) => (frame % 30_000) + 1
    fixture.source.put(oneFileOf(0).received, stereoWav(5000, { left: ramp, right: (frame) => -ramp(frame) }, { rate: 16_000 }), at(0))
    fixture.source.put(oneFileOf(1).received, stereoWav(5000, { left: () => 700, right: () => -700 }), at(0))
    await fixture.told({ endMs: 10_000, files: oneFileOf, segments: [{ startMs: 0, endMs: 5000 }, { startMs: 5000, endMs: 10_000 }] })
    expect(findings(await fixture.ingest()).map(({ code, details }) => [code, details['channel']])).to.deep.equal([['rate-converted', 1], ['rate-converted', 2]])
    const { received, transmitted } = await fixture.stored()
    expect(received.subarray(0, 80_000)).to.deep.equal(Int16Array.from({ length: 80_000 }, (_, frame) => ramp(frame)))
    expect(transmitted.subarray(0, 80_000)).to.deep.equal(received.subarray(0, 80_000).map((sample) => -sample))
    expect(received.subarray(80_000)).to.deep.equal(new Int16Array(80_000).fill(700))
    expect(transmitted.subarray(80_000)).to.deep.equal(new Int16Array(80_000).fill(-700))
  })

  it('of a PBX that was killed has the length of its file, and a frame that is not whole is none', async () => {
    const fixture = await stereo(Buffer.concat([stereoWav(2000, BOTH, { declared: 'zero' }), Buffer.from([1, 2, 3])]))
    await fixture.told({ endMs: 2000, files: oneFileOf })
    expect(findings(await fixture.ingest()).map(({ code, details }) => [code, details['channel']])).to.deep.equal([['header-repaired', 1], ['header-repaired', 2]])
    expect((await fixture.stored()).transmitted).to.deep.equal(samples(2000, AGENT))
  })

  it('has its pause found by exact zeros in both channels: what stands for sound that did not come is none', async () => {
    const fixture = await stereo(stereoWav(8000, { left: masked(lost(CUSTOMER, 500, 2800), 3010, 5010), right: masked(lost(AGENT, 500, 2800), 3010, 5010) }))
    // Two seconds in which nothing was written are missing before the pause.
    await fixture.told({ endMs: 10_000, files: oneFileOf, pauses: [{ fromMs: 5000, toMs: 7000 }] })
    const recording = await fixture.ingest()
    expect(recording.state).to.equal('stored')
    const { received, transmitted } = await fixture.stored()
    for (const channel of [received, transmitted]) {
      expect(channel.indexOf(0) / MS).to.equal(3010)
      expect((channel.lastIndexOf(0) + 1) / MS).to.equal(5010)
      expect(channel.subarray(500 * MS, 2800 * MS).every((sample) => sample === FILLER), 'it stays as it was written').to.equal(true)
    }
  })

  it('keeps a pause that was not masked from being stored with a voice in either channel', async () => {
    const fixture = await stereo(stereoWav(3000, { left: masked(CUSTOMER, 1000, 2000), right: AGENT }))
    await fixture.told({ endMs: 3000, files: oneFileOf, pauses: [{ fromMs: 1000, toMs: 2000 }] })
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'pause-not-silent', segmentIndex: 0, details: { milliseconds: 880 } }])
    expect((await fixture.stored()).transmitted.subarray(1000 * MS, 2000 * MS).every((sample) => sample === 0)).to.equal(true)
  })

  it('that is not there fails by that name, and one that is mixed is not taken for two channels', async () => {
    const missing = await IngestFixture.open()
    await missing.told({ endMs: 3000, files: oneFileOf })
    missing.nowMs += 3_600_000
    expect((await ingestToEnd(missing)).reason).to.equal('spool-file-missing')
    const mixed = await stereo(Buffer.concat([monoHeader(), Buffer.alloc(16_000, 5)]))
    await mixed.told({ endMs: 1000, files: oneFileOf })
    expect(await ingestToEnd(mixed)).to.include({ state: 'failed', reason: 'ingest-failed', media: null })
    expect(mixed.source.files.size, 'somebody may save it').to.equal(1)
  })
})

async function stereo(file: Buffer): Promise<IngestFixture> {
  const fixture = await IngestFixture.open()
  fixture.source.put(NAME, file, at(0))
  return fixture
}

function lost(sound: Sound, fromMs: number, toMs: number): Sound {
  return (frame) => (frame >= fromMs * MS && frame < toMs * MS ? FILLER : sound(frame))
}

function monoHeader(): Buffer {
  const header = Buffer.from(stereoWav(0, BOTH))
  header.writeUInt16LE(1, 22)
  return header
}

/** As often as it takes until it is given up. */
async function ingestToEnd(fixture: IngestFixture): ReturnType<IngestFixture['ingest']> {
  for (;;) {
    const recording = await fixture.ingest()
    if (recording.state === 'failed') return recording
    fixture.nowMs += 600_000
  }
}
