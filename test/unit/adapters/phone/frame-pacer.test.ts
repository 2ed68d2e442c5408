import { expect } from 'chai'
import { describe, it } from 'mocha'
import { dueFrames } from '../../../../adapters/phone/frame-pacer.ts'

describe('dueFrames', () => {
  it('sends the first frame at once and the next 20 ms later', () => {
    expect(dueFrames(0, 0)).to.deep.equal({ from: 0, to: 1, waitMs: 20 })
    expect(dueFrames(20, 1)).to.deep.equal({ from: 1, to: 2, waitMs: 20 })
  })

  it('waits less after a timer that came late, so that lateness does not add up', () => {
    expect(dueFrames(47, 2)).to.deep.equal({ from: 2, to: 3, waitMs: 13 })
  })

  it('sends nothing when a timer came early', () => {
    expect(dueFrames(39.9, 2)).to.deep.include({ from: 2, to: 2 })
  })

  it('catches up after a short stall and leaves out what a long one has cost', () => {
    expect(dueFrames(200, 5)).to.deep.include({ from: 5, to: 11 })
    expect(dueFrames(2000, 5)).to.deep.include({ from: 100, to: 101 })
  })

  it('has sent 3000 frames after a minute, however irregular its timers were', () => {
    let sent = 0
    for (let elapsedMs = 0; elapsedMs < 60_000; elapsedMs += 7 + (elapsedMs % 31)) sent = dueFrames(elapsedMs, sent).to
    expect(sent).to.be.within(2998, 3000)
  })
})
