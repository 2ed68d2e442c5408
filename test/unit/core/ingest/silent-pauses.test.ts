import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import type { FrameSpan } from '../../../../core/ingest/frames.ts'
import { type Call, IngestFixture, RATE, spoolWav, type Sound, tone } from './ingest-fixture.ts'
import { callScripts, EDGE, type Scripted } from './scripted-calls.ts'
import { runs } from '../../../support/property-runs.ts'

const MS = RATE / 1000
/** Between the end of one recorder and the begin of the next. Source: peer-change.ts, WITHOUT_RECORDER_MS */
const CUT_MS = 25
const LANES = [tone(440), tone(1000, 4000)] as const

/** A part of the call that one recorder writes, and until when it has sound though a pause is in force: it was not masked yet. */
interface Run extends FrameSpan {
  readonly soundUntil: number
}

/** The other party changes in the middle of the first pause: `slip` milliseconds pass before the new recorder is masked. */
function runsOf({ length, pauses: [first] }: Scripted, slip: number | null): readonly Run[] {
  if (slip === null || first === undefined) return [{ from: 0, to: length, soundUntil: 0 }]
  const at = Math.floor((first.from + first.to) / 2)
  return [{ from: 0, to: at, soundUntil: 0 }, { from: at + CUT_MS, to: length, soundUntil: at + CUT_MS + slip }]
}

/** Which millisecond of the call each millisecond of a run's file is. */
function writtenIn({ cuts }: Scripted, { from, to }: Run): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index).filter((at) => !cuts.some((cut) => at >= cut.from && at < cut.to))
}

function isZero({ pauses, silences }: Scripted, { soundUntil }: Run, at: number): boolean {
  if (silences.some(({ from, to }) => at >= from && at < to)) return true
  return at >= soundUntil && pauses.some(({ from, to, mask }) => mask !== null && at >= from + mask.late && at < to + mask.lateEnd)
}

async function ingested(call: Scripted, runs: readonly Run[]): Promise<{ readonly fixture: IngestFixture; readonly state: string; readonly written: readonly (readonly number[])[] }> {
  const fixture = await IngestFixture.open()
  const written = runs.map((run) => writtenIn(call, run))
  for (const [index, run] of runs.entries()) {
    const at = written[index] ?? []
    const lane = (sound: Sound): Sound => (frame) => (isZero(call, run, at[Math.floor(frame / MS)] ?? 0) ? 0 : sound(frame))
    fixture.spool(spoolWav(at.length, lane(LANES[0])), spoolWav(at.length, lane(LANES[1])), { index })
  }
  const told: Call = { endMs: call.length, segments: runs.map(({ from, to }) => ({ startMs: from, endMs: to })), pauses: call.pauses.map(({ from, to }) => ({ fromMs: from, toMs: to })) }
  await fixture.told(told)
  const { state } = await fixture.ingest()
  return { fixture, state, written }
}

const slips = fc.option(fc.integer({ min: 0, max: EDGE }), { nil: null })

describe('whatever happens to a call, of a pause', () => {
  it('that was masked nothing is heard, and of the rest every sample', async () => {
    await fc.assert(fc.asyncProperty(callScripts({ masks: 'honoured' }), slips, async (call, slip) => {
      const runs = runsOf(call, slip)
      const { fixture, state, written } = await ingested(call, runs)
      expect(state, JSON.stringify({ call, slip })).to.equal('stored')
      const { received } = await fixture.stored()
      // The last run is placed by its end, or follows the one before: where it begins in what is stored.
      const starts = runs.map((run) => (run.from === 0 ? 0 : run.from * MS))
      for (const [index, at] of written.entries()) {
        for (const [place, ms] of at.entries()) {
          const sample = received[(starts[index] ?? 0) + place * MS + 3] ?? NaN
          const inPause = call.pauses.some(({ from, to }) => ms >= from && ms < to)
          if (inPause && !nearEdge(call, ms)) expect(sample, `${ms} ms is silent: ${JSON.stringify({ call, slip })}`).to.equal(0)
          if (!inPause && !nearEdge(call, ms)) expect(sample, `${ms} ms is as it was: ${JSON.stringify({ call, slip })}`).to.equal(isZero(call, runs[index] ?? runs[0] ?? { from: 0, to: 0, soundUntil: 0 }, ms) ? 0 : LANES[0](place * MS + 3))
        }
      }
    }), runs(12))
  })

  it('that was not masked nothing is stored, or it is silenced and told', async () => {
    await fc.assert(fc.asyncProperty(callScripts({ masks: 'ignored', silences: 'none' }), async (call) => {
      const { fixture, state, written } = await ingested(call, runsOf(call, null))
      const codes = (await fixture.recording()).findings.map(({ code }) => code)
      if (state !== 'stored') expect(codes, JSON.stringify(call)).to.include('pause-not-located')
      else if (call.cuts.length === 0) expect(codes, JSON.stringify(call)).to.include('pause-not-silent')
      if (state === 'stored') {
        const { received } = await fixture.stored()
        for (const [place, ms] of (written[0] ?? []).entries()) {
          const inPause = call.pauses.some(({ from, to }) => ms >= from && ms < to)
          if (inPause && !nearEdge(call, ms)) expect(received[place * MS + 3], `${ms} ms is silent: ${JSON.stringify(call)}`).to.equal(0)
        }
      }
    }), runs(12))
  })
})

/** Within the tolerance of a mask's times nothing is promised. */
function nearEdge({ pauses }: Scripted, ms: number): boolean {
  return pauses.some(({ from, to }) => Math.abs(ms - from) <= 2 * EDGE || Math.abs(ms - to) <= 2 * EDGE)
}
