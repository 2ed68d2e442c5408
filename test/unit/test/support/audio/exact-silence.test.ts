import { expect } from 'chai'
import { describe, it } from 'mocha'
import { exactSilence, longestSilenceMs } from '../../../../support/audio/exact-silence.ts'

describe('exactSilence', () => {
  const loud = new Int16Array(100).fill(1)
  const zeros = new Int16Array(200)

  it('finds zeros to the sample, also at the end', () => {
    const samples = Int16Array.from([...loud, ...zeros, ...loud, ...zeros])
    expect(exactSilence([samples])).to.deep.equal([{ start: 100, end: 300 }, { start: 400, end: 600 }])
  })

  it('counts only what is silent in all channels', () => {
    expect(exactSilence([Int16Array.from([...zeros, ...loud]), Int16Array.from([...loud, ...zeros])])).to.deep.equal([{ start: 100, end: 200 }])
    expect(exactSilence([Int16Array.from([...zeros, ...loud]), Int16Array.from([...loud, ...loud, ...loud])])).to.deep.equal([])
  })

  it('passes over a tone that crosses zero', () => {
    expect(exactSilence([Int16Array.from({ length: 1000 }, (_, index) => (index % 4) - 1)])).to.deep.equal([])
  })
})

describe('longestSilenceMs', () => {
  const loud = new Int16Array(100).fill(1)

  it('is the longest span in milliseconds', () => {
    expect(longestSilenceMs([Int16Array.from([...new Int16Array(240), ...loud, ...new Int16Array(400), ...loud, ...new Int16Array(160)])])).to.equal(50)
  })

  it('is 0 when no span is long enough', () => {
    expect(longestSilenceMs([Int16Array.from([...loud, ...new Int16Array(240)])], 2000)).to.equal(0)
  })
})
