import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import { boundedName } from '../../../../../core/store/sql/bounded-name.ts'
import { searchKey } from '../../../../../core/store/sql/search-key.ts'

const words = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary', minLength: 200, maxLength: 400 }))

describe('searchKey', () => {
  it('fits the key of every database', () => {
    fc.assert(fc.property(words, (text) => searchKey(text).length <= 255))
  })

  it('is the same for two spellings of one text, and another for every other text', () => {
    const utf8 = (text: string): Buffer => Buffer.from(text.normalize('NFC'))
    fc.assert(fc.property(words, words, (one, other) => {
      expect(utf8(one).equals(utf8(other))).to.equal(Buffer.from(searchKey(one)).equals(searchKey(other)))
    }))
    expect(searchKey('Zoe\u0308')).to.deep.equal(searchKey('Zo\u00eb'))
  })

  for (const length of [222, 223, 224, 255, 4096]) {
    it(`tells ${length} bytes from the same with another last byte`, () => {
      expect(searchKey(`${'x'.repeat(length - 1)}a`)).not.to.deep.equal(searchKey(`${'x'.repeat(length - 1)}b`))
    })
  }
})

describe('boundedName', () => {
  it('keeps what fits and tells long ones apart', () => {
    expect(boundedName('x'.repeat(160))).to.equal('x'.repeat(160))
    expect(boundedName(`${'x'.repeat(160)}a`)).not.to.equal(boundedName(`${'x'.repeat(160)}b`))
    fc.assert(fc.property(words, (text) => boundedName(text).length <= 160 && boundedName(text).isWellFormed()))
  })
})
