import { describe, it } from 'mocha'
import { expect } from 'chai'
import { placeSegments, timingFindings } from '../../../../core/ingest/place-segments.ts'
import { IngestFixture, RATE, at } from './ingest-fixture.ts'

const DAY_MS = 86_400_000

describe('placeSegments', () => {
  it('does not make hours of silence when somebody sets the clock forward', async () => {
    const placed = await place([{ startMs: 0, endMs: 100 }, { startMs: DAY_MS, endMs: DAY_MS + 100 }], [100, 100])
    expect(placed.at).to.deep.equal([0, 3_600_100 * 8])
    expect(placed.findings).to.deep.equal([{ code: 'gap', segmentIndex: 1, details: { milliseconds: DAY_MS - 100 }, at: at(0) }])
  })

  it('puts one after the other when somebody sets the clock back', async () => {
    expect((await place([{ startMs: 5000, endMs: 5100 }, { startMs: 0, endMs: 100 }], [100, 100])).at).to.deep.equal([0, 800])
  })

  it('leaves out what has no sound, and keeps the rest where it was', async () => {
    expect((await place([{ startMs: 0, endMs: 100 }, { startMs: 100, endMs: 200 }, { startMs: 200, endMs: 300 }], [100, 0, 100])).at).to.deep.equal([0, 1600])
  })

  it('does not take lost time for a gap', async () => {
    const { findings } = await place([{ startMs: 0, endMs: 1000 }, { startMs: 1000, endMs: 2000 }], [500, 1000])
    expect(findings.map(({ code }) => code)).to.deep.equal(['drift', 'shorter-than-call'])
  })

  it('does not call a gap what was a pause, when the recorder was stopped for it', async () => {
    const segments = [{ startMs: 0, endMs: 1000 }, { startMs: 4000, endMs: 5000 }]
    const whole = await place(segments, [1000, 1000], [{ fromMs: 1000, toMs: 4000 }])
    expect(whole.at).to.deep.equal([0, 32_000])
    expect(whole.findings).to.deep.equal([])
    expect((await place(segments, [1000, 1000], [{ fromMs: 1500, toMs: 4000 }])).findings.map(({ code, details }) => [code, details])).to.deep.equal([['gap', { milliseconds: 500 }]])
  })
})

async function place(segments: readonly { readonly startMs: number; readonly endMs: number }[], fileMs: readonly number[], pauses: readonly { readonly fromMs: number; readonly toMs: number }[] = []) {
  const fixture = await IngestFixture.open()
  await fixture.told({ segments, pauses, endMs: Math.max(...segments.map(({ endMs }) => endMs)) })
  const recording = await fixture.recording()
  const lanes = recording.segments.toSorted((one, other) => one.index - other.index).map((segment, index) => ({ segment, received: null, transmitted: null, frames: (fileMs[index] ?? 0) * (RATE / 1000) }))
  const placed = placeSegments(recording, lanes, RATE)
  return { at: placed.map(({ at: frame }) => frame), findings: timingFindings(recording, placed, at(0)) }
}
