import { expect } from 'chai'
import { describe, it } from 'mocha'
import { evolve } from '../../../../core/domain/evolve.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { newestFirst, onTimeLine } from '../../../../core/domain/time-line.ts'
import { idAt, requested, seconds } from '../../../support/recording-facts.ts'

/** Of a PBX whose clock is so far ahead, by which it began at this second. */
function recordingOf(second: number, clockOffsetMs: number | null): Recording {
  return evolve(null, requested({ id: idAt(second), change: { clockOffsetMs } }))
}

describe('the time line of several PBXs', () => {
  it('is Holdfast\'s clock: a PBX that is ahead told later instants', () => {
    expect(onTimeLine(recordingOf(10, 7000), seconds(10))).to.deep.equal(seconds(3))
    expect(onTimeLine(recordingOf(10, -7000), seconds(10))).to.deep.equal(seconds(17))
    expect(onTimeLine(recordingOf(10, null), seconds(10))).to.deep.equal(seconds(10))
  })

  it('orders recordings as they really began', () => {
    const [first, second, third] = [recordingOf(10, 0), recordingOf(5, -7000), recordingOf(20, 7000)]
    expect(newestFirst([first, second, third])).to.deep.equal([third, second, first])
    expect(newestFirst([recordingOf(1, 0), recordingOf(2, 1000)]).map(({ id }) => id), 'alike').to.deep.equal([idAt(2), idAt(1)])
  })
})
