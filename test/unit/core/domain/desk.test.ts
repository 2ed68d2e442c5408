import { expect } from 'chai'
import { describe, it } from 'mocha'
import { formatDesk, isEndpoint, parseAgent, parseDesk, parseEndpoint } from '../../../../core/domain/desk.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'

const isMalformed = (error: unknown): boolean => isHoldfastError(error, 'MALFORMED_ID')

describe('a desk', () => {
  it('is read from its text and written to it', () => {
    for (const text of ['main:PJSIP/200', 'branch-2:SIP/trunk_a.b@c', 'main:IAX2/x-1']) expect(formatDesk(parseDesk(text))).to.equal(text)
    expect(parseDesk('main:PJSIP/200')).to.deep.equal({ pbxId: 'main', endpoint: 'PJSIP/200' })
  })

  it('is refused when it is none', () => {
    for (const text of ['', 'PJSIP/200', 'main:', 'main:200', 'main:/200', 'main:PJSIP/', 'Main:PJSIP/200', 'main:PJSIP/2 0', 'main:PJSIP/200\r\nx', `main:PJSIP/${'x'.repeat(80)}`, 'main:PJSIP/a/b']) {
      expect(() => parseDesk(text), text).to.throw().and.satisfy(isMalformed)
    }
    expect(() => parseEndpoint('200')).to.throw().and.satisfy(isMalformed)
  })
})

describe('the name of an agent', () => {
  it('is kept to the letter, in one spelling and without blanks around it', () => {
    for (const [text, name] of [['anna', 'anna'], [' Änne O’Hara ', 'Änne O’Hara'], ['Zoe\u0308', 'Zo\u00eb'], ['4711', '4711'], ['a/b c', 'a/b c']] as const) expect(parseAgent(text)).to.equal(name)
  })

  it('is refused when it is none, or names a telephone', () => {
    for (const text of ['', '  ', 'a\nb', 'a\u0000', 'x'.repeat(101), 'PJSIP/200', 'Local/200@agents', '\ud800']) expect(() => parseAgent(text), JSON.stringify(text)).to.throw().and.satisfy(isMalformed)
    expect(isEndpoint('anna')).to.equal(false)
  })
})
