import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import type { FrameSpan } from '../../../../core/ingest/frames.ts'
import { leastSilence, locatePauses, type PauseToLocate, type Shifts } from '../../../../core/ingest/locate-pause.ts'
import { callScripts, EDGE, fileOf, type Scripted, soundWithin } from './scripted-calls.ts'
import { runs } from '../../../support/property-runs.ts'

const PAUSE: PauseToLocate = { expected: { from: 10_000, to: 14_000 }, reaches: 'neither' }
const LOST: Shifts = { earlier: 3000, later: 0, trend: 'falling', edge: 100 }

function locate(zeros: readonly FrameSpan[], pauses: readonly PauseToLocate[] = [PAUSE], shifts = LOST): readonly (FrameSpan | null)[] {
  return locatePauses(pauses, zeros, shifts)
}

describe('locating a pause', () => {
  const cases = [
    { name: 'takes a span where it is expected', zeros: [{ from: 10_000, to: 14_000 }], found: { from: 10_000, to: 14_000 } },
    { name: 'takes a span that lies as much earlier as the file lost', zeros: [{ from: 7000, to: 11_000 }], found: { from: 7000, to: 11_000 } },
    { name: 'takes a span that lost time within', zeros: [{ from: 9000, to: 11_500 }], found: { from: 9000, to: 11_500 } },
    { name: 'takes no span that lies still earlier', zeros: [{ from: 4000, to: 8000 }], found: null },
    { name: 'takes no span that lies later than the file can have it', zeros: [{ from: 13_000, to: 17_000 }], found: null },
    { name: 'takes no span that begins after the pause has begun: there was sound in it', zeros: [{ from: 11_000, to: 14_000 }], found: null },
    { name: 'takes no span that ends earlier than all that was lost allows', zeros: [{ from: 7000, to: 10_500 }], found: null },
    { name: 'takes no span shorter than half of the pause', zeros: [{ from: 9000, to: 10_900 }], found: null },
    { name: 'takes of several the one for which the least was lost', zeros: [{ from: 7000, to: 11_500 }, { from: 11_600, to: 11_700 }], found: { from: 7000, to: 11_500 } },
    { name: 'takes of a long silence what can be the pause', zeros: [{ from: 0, to: 90_000 }], found: { from: 6900, to: 14_100 } },
    { name: 'finds nothing where there is no silence', zeros: [], found: null },
  ]
  for (const { name, zeros, found } of cases) {
    it(name, () => expect(locate(zeros)).to.deep.equal([found]))
  }

  it('takes no silence for a second pause for which the first has left too little time to be lost', () => {
    const second: PauseToLocate = { expected: { from: 20_000, to: 24_000 }, reaches: 'neither' }
    // Before the first pause all was lost; so it was before the second.
    expect(locate([{ from: 7000, to: 11_000 }, { from: 20_000, to: 24_000 }], [PAUSE, second])).to.deep.equal([{ from: 7000, to: 11_000 }, null])
    expect(locate([{ from: 7000, to: 11_000 }, { from: 17_000, to: 21_000 }], [PAUSE, second])).to.deep.equal([{ from: 7000, to: 11_000 }, { from: 17_000, to: 21_000 }])
  })

  it('needs half of a pause that lost much, and all of one that lost little', () => {
    expect(leastSilence(PAUSE, LOST)).to.equal(2000)
    expect(leastSilence(PAUSE, { ...LOST, earlier: 500 })).to.equal(3300)
  })

  it('finds every pause that was masked, whatever the file lost before, between and within, and however silent the parties are beside it', () => {
    fc.assert(fc.property(callScripts({ masks: 'honoured' }), (call) => {
      const found = locatePauses(...asked(call))
      expect(found, JSON.stringify(call)).to.not.include(null)
    }), runs(300))
  })

  it('takes nothing for a pause but exact zeros: it can destroy no word', () => {
    fc.assert(fc.property(callScripts({ masks: 'any' }), (call) => {
      const file = fileOf(call)
      for (const [index, span] of locatePauses(...asked(call)).entries()) {
        if (span !== null && call.pauses[index]?.reaches === 'neither') expect(file.zeroSpans.some(({ from, to }) => from <= span.from && span.to <= to), JSON.stringify(call)).to.equal(true)
      }
    }), runs(300))
  })

  it('never takes a pause for located that has more sound than its edges, where nobody else was silent', () => {
    fc.assert(fc.property(callScripts({ masks: 'any', silences: 'none' }), (call) => {
      const found = locatePauses(...asked(call))
      const isLocated = !found.includes(null)
      const sounding = call.pauses.filter((pause) => pause.reaches === 'neither').map((pause) => soundWithin(call, pause))
      if (isLocated) for (const ms of sounding) expect(ms, JSON.stringify(call)).to.be.at.most(lostIn(call) + 2 * EDGE)
    }), runs(300))
  })

  it('never takes a pause for located whose mask was ignored, where nobody else was silent', () => {
    fc.assert(fc.property(callScripts({ masks: 'ignored', silences: 'none' }), (call) => {
      expect(locatePauses(...asked(call)), JSON.stringify(call)).to.include(null)
    }), runs(200))
  })
})

function asked(call: Scripted): Parameters<typeof locatePauses> {
  const { zeroSpans, lost } = fileOf(call)
  return [call.pauses.map(({ from, to, reaches }) => ({ expected: { from, to }, reaches })), zeroSpans, { earlier: lost, later: 0, trend: 'falling', edge: EDGE }]
}

/** What a late mask and lost time have in common: one may look like the other, as long as it. */
function lostIn(call: Scripted): number {
  return fileOf(call).lost
}
