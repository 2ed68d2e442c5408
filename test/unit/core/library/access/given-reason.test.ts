import { expect } from 'chai'
import { describe, it } from 'mocha'
import { givenReason } from '../../../../../core/library/access/given-reason.ts'

describe('a reason', () => {
  it('has 3 to 500 printable characters, without the blanks around it', () => {
    expect(givenReason(' why ')).to.equal('why')
    expect(givenReason(` ${'x'.repeat(500)}\n`)).to.have.length(500)
  })

  for (const [what, text] of Object.entries({ 'too short': ' no ', 'blanks': '     ', 'too long': 'x'.repeat(501), 'two lines': 'one\ntwo', 'a command of a terminal': 'why\u009b2J', 'half a character': 'why \ud83d' })) {
    it(`is none that is ${what}, and says which field it was`, () => {
      expect(() => givenReason(text, 'caseName')).to.throw('caseName').with.deep.include({ code: 'REASON_REQUIRED', details: { field: 'caseName' } })
    })
  }
})
