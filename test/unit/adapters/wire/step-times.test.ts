import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { StepTimes } from '../../../../adapters/wire/step-times.ts'

const AT = new Date(1_795_326_065_000)

describe('times of steps', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('are told to who expects them, also when they come first', async () => {
    const times = new StepTimes()
    using expected = times.expect('a started')
    times.note('b started', new Date(0))
    times.note('a started', AT)
    expect(await expected.within(100)).to.deep.equal(AT)
  })

  it('are told to the first of those who wait for the same, and then to the next', async () => {
    const times = new StepTimes()
    using first = times.expect('a')
    using second = times.expect('a')
    times.note('a', AT)
    times.note('a', new Date(1))
    expect([await first.within(100), await second.within(100)]).to.deep.equal([AT, new Date(1)])
  })

  it('are waited for no longer than was said', async () => {
    using expected = new StepTimes().expect('a')
    const waited = expected.within(100)
    mock.timers.tick(100)
    expect(await waited).to.equal(null)
  })

  it('are nobody\'s when nobody expects them any more', async () => {
    const times = new StepTimes()
    times.expect('a')[Symbol.dispose]()
    using later = times.expect('a')
    times.note('a', AT)
    expect(await later.within(100)).to.deep.equal(AT)
  })
})
