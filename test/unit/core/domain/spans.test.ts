import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { intersect, lengthOf, type Span, subtract, union } from '../../../../core/domain/spans.ts'

const spans = fc.array(fc.record({ from: fc.integer({ min: 0, max: 60 }), to: fc.integer({ min: 0, max: 60 }) }), { maxLength: 8 })

describe('spans of time', () => {
  it('are merged, in order and apart', () => {
    expect(union([{ from: 5, to: 9 }, { from: 1, to: 3 }, { from: 3, to: 5 }, { from: 20, to: 20 }, { from: 12, to: 15 }])).to.deep.equal([{ from: 1, to: 9 }, { from: 12, to: 15 }])
  })

  it('lose what is taken out of them', () => {
    expect(subtract([{ from: 0, to: 10 }], [{ from: 2, to: 3 }, { from: 9, to: 12 }])).to.deep.equal([{ from: 0, to: 2 }, { from: 3, to: 9 }])
  })

  it('are the same sets of milliseconds as one by one', () => {
    fc.assert(fc.property(spans, spans, (some, others) => {
      const [one, other] = [millisecondsOf(some), millisecondsOf(others)]
      expect(millisecondsOf(union(some))).to.deep.equal(one)
      expect(millisecondsOf(subtract(some, others))).to.deep.equal(new Set([...one].filter((ms) => !other.has(ms))))
      expect(millisecondsOf(intersect(some, others))).to.deep.equal(new Set([...one].filter((ms) => other.has(ms))))
      expect(lengthOf(some)).to.equal(one.size)
    }))
  })

  it('are always in order and apart', () => {
    fc.assert(fc.property(spans, spans, (some, others) => {
      for (const result of [union(some), subtract(some, others), intersect(some, others)]) {
        for (const [index, span] of result.entries()) {
          expect(span.to).to.be.above(span.from)
          expect(span.from).to.be.above(result[index - 1]?.to ?? -1)
        }
      }
    }))
  })
})

function millisecondsOf(list: readonly Span[]): ReadonlySet<number> {
  const all = list.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index))
  return new Set(all.toSorted((a, b) => a - b))
}
