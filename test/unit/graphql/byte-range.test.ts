import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { type ByteRange, parseByteRange } from '../../../graphql/byte-range.ts'

const WHOLE: ByteRange = { type: 'whole' }
const NOWHERE: ByteRange = { type: 'unsatisfiable' }

function part(start: number, end: number): ByteRange {
  return { type: 'part', start, end }
}

/** Headers over a file of 1000 bytes. Source of the cases: RFC 9110 §14.1.2 and §14.2 */
const CASES: readonly (readonly [string | undefined, ByteRange])[] = [
  [undefined, WHOLE],
  ['bytes=0-499', part(0, 500)],
  ['bytes=500-999', part(500, 1000)],
  ['bytes=0-0', part(0, 1)],
  ['bytes=999-', part(999, 1000)],
  ['bytes=0-', part(0, 1000)],
  ['bytes=-1', part(999, 1000)],
  ['bytes=-500', part(500, 1000)],
  ['bytes=-5000', part(0, 1000)],
  ['bytes=990-5000', part(990, 1000)],
  ['bytes=0-99999999999999999999', part(0, 1000)],
  ['BYTES=1-2', part(1, 3)],
  ['bytes= 1-2 ', part(1, 3)],
  ['bytes=1000-', NOWHERE],
  ['bytes=99999999999999999999-', NOWHERE],
  ['bytes=-0', NOWHERE],
  ['bytes=5-4', WHOLE],
  ['bytes=-', WHOLE],
  ['bytes=', WHOLE],
  ['bytes=a-b', WHOLE],
  ['bytes=1.5-2', WHOLE],
  ['bytes=0x1-2', WHOLE],
  ['bytes=--1', WHOLE],
  ['bytes=0-1,5-6', WHOLE],
  ['seconds=1-2', WHOLE],
  [`bytes=${'9'.repeat(4000)}-`, WHOLE],
  [`bytes=${'0-0,'.repeat(2000)}0-0`, WHOLE],
]

describe('a byte range', () => {
  for (const [header, range] of CASES) {
    it(`is ${range.type} for ${header === undefined ? 'no header' : header.slice(0, 40)}`, () => {
      expect(parseByteRange(header, 1000)).to.deep.equal(range)
    })
  }

  it('is nowhere in an empty file', () => {
    for (const header of ['bytes=0-', 'bytes=-1', 'bytes=0-0']) expect(parseByteRange(header, 0)).to.deep.equal(NOWHERE)
  })

  it('always lies within the file, and is never empty', () => {
    const header = fc.oneof(fc.string(), fc.tuple(fc.nat(), fc.nat()).map(([first, last]) => `bytes=${first}-${last}`), fc.nat().map((length) => `bytes=-${length}`))
    fc.assert(fc.property(header, fc.nat(5000), (text, size) => {
      const range = parseByteRange(text, size)
      if (range.type === 'part') expect(range.start >= 0 && range.start < range.end && range.end <= size).to.equal(true)
    }))
  })
})
