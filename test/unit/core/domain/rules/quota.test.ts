import { expect } from 'chai'
import { describe, it } from 'mocha'
import { localTime } from '../../../../../core/domain/rules/local-time.ts'
import { countsShifted, QUOTA_PERIODS, quotaKey, type QuotaPeriod } from '../../../../../core/domain/rules/quota.ts'

describe('quotas', () => {
  it('have an account for each rule, subject and period', () => {
    const local = localTime(new Date('2026-12-31T23:30:00Z'), 'Europe/Berlin')
    const expected: Record<QuotaPeriod, string> = { day: '2027-01-01', week: '2026-W53', month: '2027-01' }
    for (const period of QUOTA_PERIODS) {
      expect(quotaKey({ rule: 'r "1"', quota: { calls: 1, per: 'agent', period }, subject: 'a,b' }, local)).to.equal(`["r \\"1\\"","agent","a,b","${expected[period]}"]`)
    }
  })

  it('shift by one for the call itself, and never below nothing', () => {
    const counts = new Map([['a', 2], ['b', 0]])
    const less = countsShifted(counts, ['a', 'b', 'c'], -1)
    expect(['a', 'b', 'c', 'd'].map((key) => less.get(key))).to.deep.equal([1, 0, 0, undefined])
    expect(countsShifted(counts, ['c'], 1).get('c')).to.equal(1)
    expect(countsShifted(counts, [], -1)).to.equal(counts)
  })
})
