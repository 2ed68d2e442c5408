import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { localTime } from '../../../../../core/domain/rules/local-time.ts'
import { accountEndsAt, countsShifted, QUOTA_PERIODS, quotaKey, type QuotaPeriod } from '../../../../../core/domain/rules/quota.ts'

describe('quotas', () => {
  it('have an account for each rule, subject and period', () => {
    const local = localTime(new Date('2026-12-31T23:30:00Z'), 'Europe/Berlin')
    const expected: Record<QuotaPeriod, string> = { day: '2027-01-01', week: '2026-W53', month: '2027-01' }
    for (const period of QUOTA_PERIODS) {
      expect(quotaKey({ rule: 'r "1"', quota: { calls: 1, per: 'agent', period }, subject: 'a,b' }, local)).to.equal(`["r \\"1\\"","agent","a,b","${expected[period]}"]`)
    }
  })

  it('are over when their period is, on the clock of every zone', () => {
    const ends = (label: string): string | undefined => accountEndsAt(JSON.stringify(['r]"', 'agent', 'a', label]))?.toISOString()
    expect([ends('2026-11-22'), ends('2026-12-31'), ends('2026-11'), ends('2026-12'), ends('2026-W47'), ends('2026-W53'), ends('2027-W01')]).to.deep.equal([
      '2026-11-24T00:00:00.000Z', '2027-01-02T00:00:00.000Z', '2026-12-02T00:00:00.000Z', '2027-01-02T00:00:00.000Z', '2026-11-24T00:00:00.000Z', '2027-01-05T00:00:00.000Z', '2027-01-12T00:00:00.000Z',
    ])
    expect(['', 'weekly', '["r","agent","a","soon"]', '["r","agent","2026-11-22","x"]'].map(accountEndsAt)).to.deep.equal([null, null, null, null])
  })

  it('are never over while they are counted, in any zone', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), fc.constantFrom(...QUOTA_PERIODS), fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin'), (at, period, zone) => {
      const end = accountEndsAt(quotaKey({ rule: 'r', quota: { calls: 1, per: 'agent', period }, subject: 'a' }, localTime(at, zone)))
      expect(end?.getTime()).to.be.above(at.getTime()).and.below(at.getTime() + 34 * 24 * 3_600_000)
    }))
  })

  it('shift by one for the call itself, and never below nothing', () => {
    const counts = new Map([['a', 2], ['b', 0]])
    const less = countsShifted(counts, ['a', 'b', 'c'], -1)
    expect(['a', 'b', 'c', 'd'].map((key) => less.get(key))).to.deep.equal([1, 0, 0, undefined])
    expect(countsShifted(counts, ['c'], 1).get('c')).to.equal(1)
    expect(countsShifted(counts, [], -1)).to.equal(counts)
  })
})
