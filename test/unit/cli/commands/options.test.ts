import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseDurationMs } from '../../../../cli/commands/options.ts'

describe('a duration on the command line', () => {
  for (const [text, ms] of [['1m', 60_000], ['12h', 43_200_000], ['30d', 2_592_000_000], ['8w', 4_838_400_000]] as const) {
    it(`reads ${text}`, () => {
      expect(parseDurationMs(text)).to.equal(ms)
    })
  }

  for (const text of ['', '0d', '30', 'd', '-1d', '1.5h', '30 d', '1y', '9999999d', '999999w', '1d1h']) {
    it(`refuses "${text}"`, () => {
      expect(() => parseDurationMs(text)).to.throw('such as 30d')
    })
  }
})
