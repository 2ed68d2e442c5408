import { expect } from 'chai'
import { describe, it } from 'mocha'
import { confText } from '../../../../cli/lab/asterisk-conf.ts'

describe('confText', () => {
  it('keeps the order of sections and entries, also of equal names', () => {
    const text = confText([
      { name: 'a', entries: [['type', 'endpoint'], ['allow', 'ulaw'], ['allow', 'alaw']] },
      { name: 'a', entries: [['max_contacts', 1]] },
    ])
    expect(text).to.equal('[a]\ntype = endpoint\nallow = ulaw\nallow = alaw\n\n[a]\nmax_contacts = 1\n')
  })

  it('escapes the comment sign', () => {
    expect(confText([{ name: 'a', entries: [['password', 'x;y']] }])).to.equal('[a]\npassword = x\\;y\n')
  })

  for (const value of ['a\nb', 'a\rb', 'a\0b']) {
    it(`refuses ${JSON.stringify(value)}, which would begin a new line`, () => {
      expect(() => confText([{ name: 'a', entries: [['k', value]] }])).to.throw().with.property('code', 'FIELD_REFUSED')
      expect(() => confText([{ name: value, entries: [] }])).to.throw().with.property('code', 'FIELD_REFUSED')
    })
  }
})
