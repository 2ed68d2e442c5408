import { expect } from 'chai'
import { describe, it } from 'mocha'
import { RequestLimiter } from '../../../../../core/library/access/request-rates.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'

describe('requests of one actor', () => {
  it('are taken up to the burst, then as the time allows, and say when', () => {
    let now = 1_000_000
    const limiter = new RequestLimiter({ burst: 3, perMinute: 30 }, quietRuntime(() => new Date(now)))
    for (let count = 0; count < 3; count += 1) limiter.take('one')
    expect(() => limiter.take('one')).to.throw('too many').with.property('details').deep.equal({ retryAfterSeconds: 2 })
    limiter.take('other')
    now += 1999
    expect(() => limiter.take('one')).to.throw('too many')
    now += 1
    limiter.take('one')
    expect(() => limiter.take('one')).to.throw('too many')
    now -= 500_000
    expect(() => limiter.take('one')).to.throw('too many')
    now += 2001
    limiter.take('one')
    expect(() => limiter.take('one'), 'a clock that was set back costs nobody anything').to.throw('too many')
    now += 3_600_000
    for (let count = 0; count < 3; count += 1) limiter.take('one')
    expect(() => limiter.take('one')).to.throw('too many')
  })
})
