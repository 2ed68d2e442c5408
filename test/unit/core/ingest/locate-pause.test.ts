import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import { leastSilence, locatePause } from '../../../../core/ingest/locate-pause.ts'

const PAUSE = { expected: { from: 10_000, to: 14_000 }, earlier: 3000, later: 0, edge: 100 }

describe('locatePause', () => {
  const cases = [
    { name: 'takes a span where it is expected', zeros: [{ from: 10_000, to: 14_000 }], after: 0, found: { from: 10_000, to: 14_000 } },
    { name: 'takes a span that lies as much earlier as the file lost', zeros: [{ from: 7000, to: 11_000 }], after: 0, found: { from: 7000, to: 11_000 } },
    { name: 'takes no span that lies still earlier', zeros: [{ from: 4000, to: 8000 }], after: 0, found: null },
    { name: 'takes no span that lies later than the file can have it', zeros: [{ from: 13_000, to: 17_000 }], after: 0, found: null },
    { name: 'takes no span shorter than half of the pause', zeros: [{ from: 9000, to: 10_900 }], after: 0, found: null },
    { name: 'takes the nearest of several', zeros: [{ from: 7000, to: 9500 }, { from: 9700, to: 13_000 }], after: 0, found: { from: 9700, to: 13_000 } },
    { name: 'takes of a long silence what can be the pause', zeros: [{ from: 0, to: 90_000 }], after: 0, found: { from: 6900, to: 14_100 } },
    { name: 'takes nothing that an earlier pause took', zeros: [{ from: 7000, to: 9500 }], after: 9500, found: null },
    { name: 'finds nothing where there is no silence', zeros: [], after: 0, found: null },
  ]
  for (const { name, zeros, after, found } of cases) {
    it(name, () => expect(locatePause(PAUSE, zeros, after)).to.deep.equal(found))
  }

  it('finds every pause that was masked, however much the file lost before it', () => {
    fc.assert(fc.property(fc.nat(50_000), fc.integer({ min: 400, max: 20_000 }), fc.nat(30_000), (from, length, lost) => {
      const pause = { expected: { from: from + lost, to: from + lost + length }, earlier: lost, later: 0, edge: 160 }
      const found = locatePause(pause, [{ from, to: from + length }], 0)
      expect(found).to.deep.equal({ from, to: from + length })
    }))
  })

  it('finds a pause that lost up to half of itself', () => {
    expect(locatePause(PAUSE, [{ from: 9000, to: 11_000 }], 0)).to.deep.equal({ from: 9000, to: 11_000 })
    expect(leastSilence(PAUSE)).to.equal(2000)
    expect(leastSilence({ ...PAUSE, earlier: 500 })).to.equal(3300)
  })
})
