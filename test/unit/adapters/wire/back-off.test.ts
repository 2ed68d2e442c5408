import { expect } from 'chai'
import { describe, it } from 'mocha'
import { BackOff } from '../../../../adapters/wire/back-off.ts'

describe('BackOff', () => {
  it('doubles up to its bound, and stays there for ever', () => {
    const backOff = new BackOff({ firstMs: 100, maxMs: 1000, random: () => 1 })
    expect(Array.from({ length: 8 }, () => backOff.nextDelayMs())).to.deep.equal([100, 200, 400, 800, 1000, 1000, 1000, 1000])
  })

  it('leaves half of each delay to chance', () => {
    const backOff = new BackOff({ firstMs: 100, maxMs: 1000, random: () => 0 })
    expect([backOff.nextDelayMs(), backOff.nextDelayMs()]).to.deep.equal([50, 100])
  })

  it('begins anew after a success', () => {
    const backOff = new BackOff({ firstMs: 100, maxMs: 1000, random: () => 1 })
    backOff.nextDelayMs()
    backOff.nextDelayMs()
    backOff.reset()
    expect(backOff.nextDelayMs()).to.equal(100)
  })
})
