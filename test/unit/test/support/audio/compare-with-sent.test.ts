import { expect } from 'chai'
import { describe, it } from 'mocha'
import { toneWithChirps } from '../../../../../adapters/phone/audio-source.ts'
import { compareWithSent } from '../../../../support/audio/compare-with-sent.ts'

const HZ = 1000
const SENT = toneWithChirps(HZ).read(0, ms(4500))

describe('compareWithSent', () => {
  it('finds nothing wrong with what is whole, wherever it begins', () => {
    expect(compareWithSent(SENT, SENT, HZ)).to.deep.equal({ beginsMs: 0, clippedMs: 0, longestGapMs: 0, cutMs: 0, lacksMs: 0, exceedsMs: 0 })
    expect(compareWithSent(SENT, joined(silence(700), SENT), HZ)).to.include({ beginsMs: 700, clippedMs: 0, lacksMs: 0 })
  })

  for (const lostMs of [240, 500, 740]) {
    it(`sees that the first ${lostMs} ms are lost`, () => {
      const { clippedMs, lacksMs } = compareWithSent(SENT, SENT.subarray(ms(lostMs)), HZ)
      // Seen from the wrong side of half a second it is less than nothing: then it shows as a lack.
      expect(Math.max(clippedMs, lacksMs)).to.be.closeTo(lostMs, 20)
    })
  }

  it('sees that the first second is lost', () => {
    expect(compareWithSent(SENT, SENT.subarray(ms(1000)), HZ).lacksMs).to.be.closeTo(1000, 20)
  })

  it('sees a gap, and a cut', () => {
    const [before, after] = [SENT.subarray(0, ms(1500)), SENT.subarray(ms(2100))]
    expect(compareWithSent(SENT, joined(before, silence(600), after), HZ).longestGapMs).to.equal(600)
    expect(compareWithSent(SENT, joined(before, SENT.subarray(ms(1900))), HZ).cutMs).to.be.closeTo(400, 20)
  })

  it('sees what is there twice', () => {
    expect(compareWithSent(SENT, joined(SENT, SENT.subarray(ms(3500))), HZ).exceedsMs).to.be.closeTo(1000, 20)
  })

  it('is not misled by zeros that a busy machine puts in', () => {
    const late = joined(SENT.subarray(0, ms(1020)), silence(120), SENT.subarray(ms(1020)))
    const { longestGapMs, ...others } = compareWithSent(SENT, late, HZ)
    expect(longestGapMs).to.be.closeTo(120, 20)
    expect(others).to.include({ clippedMs: 0, cutMs: 0, exceedsMs: 0 })
  })
})

function ms(count: number): number {
  return count * 8
}

function silence(lengthMs: number): Int16Array {
  return new Int16Array(ms(lengthMs))
}

function joined(...pieces: readonly Int16Array[]): Int16Array {
  return Int16Array.from(pieces.flatMap((piece) => Array.from(piece)))
}
