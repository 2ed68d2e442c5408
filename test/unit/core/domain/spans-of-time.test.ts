import { expect } from 'chai'
import { describe, it } from 'mocha'
import { differFrom, type TimeSpan, without } from '../../../../core/domain/spans-of-time.ts'
import { seconds } from '../../../support/recording-facts.ts'

type Pair = readonly [from: number, to: number | null]

function span([from, to]: Pair): TimeSpan {
  return { fromAt: seconds(from), toAt: to === null ? null : seconds(to) }
}

describe('a span of time without another', () => {
  const cases: readonly (readonly [Pair, Pair, readonly Pair[]])[] = [
    [[0, 10], [10, 20], [[0, 10]]], [[10, 20], [0, 10], [[10, 20]]], [[0, 10], [2, 4], [[0, 2], [4, 10]]], [[0, 10], [0, 10], []], [[0, null], [5, null], [[0, 5]]],
    [[0, null], [5, 7], [[0, 5], [7, null]]], [[5, null], [0, 7], [[7, null]]], [[5, 8], [0, null], []], [[0, 10], [5, null], [[0, 5]]],
  ]
  for (const [one, other, left] of cases) {
    it(`${one.join('-')} without ${other.join('-')} is ${left.map((each) => each.join('-')).join(' and ') || 'nothing'}`, () => {
      expect(without(span(one), span(other))).to.deep.equal(left.map(span))
    })
  }
})

describe('two histories', () => {
  const cases: readonly (readonly [string, readonly Pair[], readonly Pair[], number | null])[] = [
    ['that are the same', [[0, 5], [5, null]], [[0, 5], [5, null]], null],
    ['that are the same in another order', [[5, null], [0, 5]], [[0, 5], [5, null]], null],
    ['of which one ends', [[0, null]], [[0, 7]], 7],
    ['that end at two times', [[0, 9]], [[0, 7]], 7],
    ['of which one goes on elsewhere', [[0, null]], [[0, 7], [9, null]], 7],
    ['of which one begins earlier', [[3, null]], [[1, null]], 1],
    ['of which one is empty', [], [[4, null]], 4],
  ]
  for (const [what, one, other, from] of cases) {
    it(`${what} differ ${from === null ? 'never' : `from ${from} on`}`, () => {
      for (const [first, second] of [[one, other], [other, one]] as const) expect(differFrom(first.map(span), second.map(span), () => 'alike')).to.deep.equal(from === null ? null : seconds(from))
    })
  }

  it('that say something else differ from the beginning of what they say', () => {
    expect(differFrom([{ ...span([2, 9]), name: 'a' }], [{ ...span([2, 9]), name: 'b' }], ({ name }) => name)).to.deep.equal(seconds(2))
  })
})
