import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { decodeHandedOver, unescapeC, uriDecode } from '../../../../adapters/asterisk/ami-text.ts'

describe('unescapeC', () => {
  it('undoes what Asterisk does to the value of a VarSet', () => {
    expect(unescapeC(String.raw`line1\nline2\r\nEvil: yes`)).to.equal('line1\nline2\r\nEvil: yes')
    expect(unescapeC(String.raw`\"a\" \'b\' \\n \t\a\b\f\v\?`)).to.equal(`"a" 'b' \\n \t\u0007\b\f\v?`)
  })

  it('leaves alone what C does not know, and a backslash at the end', () => {
    expect(unescapeC(String.raw`\q \x41 \\`)).to.equal(String.raw`\q \x41 \ `.trimEnd())
    expect(unescapeC('\\')).to.equal('\\')
  })
})

describe('uriDecode', () => {
  it('undoes URIENCODE', () => {
    expect(uriDecode('a%20b%2Bc%25d%2C%C3%A9%20%C3%BC%2Fx%3Dy%22q%22')).to.equal('a b+c%d,é ü/x=y"q"')
  })

  it('keeps a per cent sign that begins nothing, and never throws', () => {
    expect(uriDecode('100%')).to.equal('100%')
    expect(uriDecode('%zz%4')).to.equal('%zz%4')
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => typeof uriDecode(text) === 'string'))
  })

  it('replaces bytes that are not UTF-8, each by itself', () => {
    expect(uriDecode('x%FF%FEy')).to.equal('x\uFFFD\uFFFDy')
  })
})

describe('decodeHandedOver', () => {
  it('undoes both layers of the dialplan, for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const inner = text.replaceAll('%', '%25').replaceAll('(', '%28').replaceAll(')', '%29')
      expect(decodeHandedOver(encodeURIComponent(inner))).to.equal(text)
    }))
  })
})
