import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readDraft } from '../../../../cli/retention/rules-in-force.ts'

const RULES = 'rules: []\ndefault: { name: keep }\n'

describe('a draft of rules that came as text', () => {
  it('is refused unread when it is longer than a page of rules, counted in bytes', () => {
    const draft = (rest: string): string => `${RULES}# ${rest}`
    const room = 32 * 1024 - Buffer.byteLength(draft(''))
    const told = (text: string): readonly string[] => {
      const reading = readDraft(text)
      return reading.outcome === 'valid' ? [] : reading.problems.map(({ message }) => message)
    }
    const tooLong = 'is larger than 32768 bytes: a draft over the network is short'
    expect(told(draft('x'.repeat(room)))).to.deep.equal([])
    expect(told(draft('x'.repeat(room + 1)))).to.deep.equal([tooLong])
    expect(told(draft('ä'.repeat(room / 2 + 1)))).to.deep.equal([tooLong])
  })

  for (const [what, text] of Object.entries({ lists: '['.repeat(32_000), maps: '{a: '.repeat(8000), items: '- '.repeat(16_000) })) {
    it(`is refused, and nothing else, when its ${what} lie too deep`, () => {
      expect(readDraft(text).outcome).to.equal('invalid')
    })
  }
})
