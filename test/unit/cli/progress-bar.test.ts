import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ProgressBar, progressLine } from '../../../cli/progress-bar.ts'

describe('a progress bar', () => {
  it('tells how much is done, and how long it may take', () => {
    expect(progressLine({ what: 'verify node-1', done: 250, of: 1000, elapsedMs: 4000 })).to.equal(`verify node-1  [${'#'.repeat(8)}${' '.repeat(22)}]   25 %  250 of 1000, 12 s left`)
    expect(progressLine({ what: 'verify', done: 0, of: 10, elapsedMs: 0 })).to.equal(`verify  [${' '.repeat(30)}]    0 %  0 of 10`)
    expect(progressLine({ what: 'verify', done: 0, of: 0, elapsedMs: 0 })).to.include('100 %')
  })

  it('is drawn over itself on a terminal and taken away at the end', () => {
    const written: string[] = []
    {
      using bar = new ProgressBar('verify', { isTTY: true, write: (text) => written.push(text) })
      bar.show(1, 10)
      bar.show(2, 10)
      bar.show(10, 10)
    }
    expect(written).to.have.length(3)
    expect(written.every((text) => text.startsWith('\r\u001b[2K') && !text.includes('\n'))).to.equal(true)
    expect(written.at(-1)).to.equal('\r\u001b[2K')
  })

  it('writes nothing into files and pipes', () => {
    const written: string[] = []
    using bar = new ProgressBar('verify', { write: (text) => written.push(text) })
    bar.show(1, 10)
    expect(written).to.deep.equal([])
  })
})
