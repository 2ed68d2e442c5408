import { expect } from 'chai'
import { describe, it } from 'mocha'
import { withinSignal } from '../../../../../core/capture/control/within-signal.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { expectCode } from '../../../../support/rejection.ts'

function late(): HoldfastError {
  return new HoldfastError('PBX_TIMEOUT', 'not in time')
}

describe('work that somebody waits for until a signal', () => {
  it('gives its result, or its own error', async () => {
    const { signal } = new AbortController()
    expect(await withinSignal(Promise.resolve(1), signal, late)).to.equal(1)
    await expectCode(withinSignal(Promise.reject(new HoldfastError('PBX_REFUSED', 'no')), signal, late), 'PBX_REFUSED')
  })

  it('is late when the signal comes first, also before it began, and goes on: how it ends then disturbs nobody', async () => {
    for (const moment of ['before', 'after'] as const) {
      const work = Promise.withResolvers<number>()
      const stop = new AbortController()
      if (moment === 'before') stop.abort()
      const waiting = withinSignal(work.promise, stop.signal, late)
      if (moment === 'after') stop.abort()
      await expectCode(waiting, 'PBX_TIMEOUT')
      work.reject(new Error('fails unheard'))
    }
  })
})
