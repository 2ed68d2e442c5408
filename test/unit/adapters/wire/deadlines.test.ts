import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { withDeadline } from '../../../../adapters/wire/deadlines.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'

describe('withDeadline', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('gives what the work gives', async () => {
    expect(await withDeadline(Promise.resolve(7), { ms: 10, what: 'seven' })).to.equal(7)
  })

  it('throws what the work throws', async () => {
    const thrown = await withDeadline(Promise.reject(new Error('broken')), { ms: 10, what: 'it' }).catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(Error).with.property('message', 'broken')
  })

  it('refuses when the deadline passes first, and says what was waited for', async () => {
    const { promise } = Promise.withResolvers<never>()
    const thrown = withDeadline(promise, { ms: 10, what: 'the login' }).catch((error: unknown) => error)
    mock.timers.tick(10)
    expect(isHoldfastError(await thrown, 'PBX_TIMEOUT')).to.equal(true)
    expect(await thrown).to.have.property('message').that.contains('the login')
  })
})
