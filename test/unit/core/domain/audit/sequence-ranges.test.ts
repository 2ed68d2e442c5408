import { expect } from 'chai'
import { describe, it } from 'mocha'
import { SequenceRanges } from '../../../../../core/domain/audit/sequence-ranges.ts'

describe('places in a chain', () => {
  it('are told as stretches, and read back', () => {
    const text = SequenceRanges.of([1, 2, 3, 5, 7, 8]).toString()
    expect(text).to.equal('1-3,5,7-8')
    expect(SequenceRanges.parse(text)?.toString()).to.equal(text)
    expect([SequenceRanges.of([1, 2, 3, 5]).count, SequenceRanges.parse('')?.count]).to.deep.equal([4, 0])
  })

  it('come in any order, and twice', () => {
    const ranges = new SequenceRanges()
    for (const [from, to] of [[10, 12], [1, 2], [3, 4], [11, 15], [20, 20], [18, 19]] as const) ranges.add(from, to)
    expect(ranges.toString()).to.equal('1-4,10-15,18-20')
  })

  it('are compared by the first that the other has not', () => {
    const beyond = (one: string, other: string): number | null | undefined => SequenceRanges.parse(one)?.firstBeyond(SequenceRanges.parse(other) ?? new SequenceRanges())
    expect([beyond('1-3,5', '1-9'), beyond('1-3,5', '1-3'), beyond('1-3', '2-3'), beyond('5', ''), beyond('', '1')]).to.deep.equal([null, 5, 1, 5, null])
  })

  it('are none in another text', () => {
    for (const text of ['0', '5-3', '1,,2', 'a', '1-', '-1', '1 ,2', '99999999999999999']) expect(SequenceRanges.parse(text), text).to.equal(null)
  })
})
