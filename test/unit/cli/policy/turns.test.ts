import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Turns } from '../../../../cli/policy/turns.ts'
import { expectCode } from '../../../support/rejection.ts'

const NO_HURRY = 60_000

describe('turns', () => {
  it('are taken one after the other, in the order of asking, also after one that failed', async () => {
    const turns = new Turns({ maxWaiting: 5, deadlineMs: NO_HURRY })
    const told: string[] = []
    const work = (name: string) => async (): Promise<string> => {
      told.push(`${name} begins`)
      await Promise.resolve()
      told.push(`${name} ends`)
      if (name === 'a') throw new Error('a fails')
      return name
    }
    const ends = await Promise.allSettled(['a', 'b', 'c'].map((name) => turns.take(work(name))))
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled', 'fulfilled'])
    expect(told).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
    expect(await turns.take(async () => 'again')).to.equal('again')
  })

  it('are refused when too many wait', async () => {
    const turns = new Turns({ maxWaiting: 1, deadlineMs: NO_HURRY })
    const open = Promise.withResolvers<void>()
    const [first, second] = [turns.take(() => open.promise), turns.take(async () => 'second')]
    await expectCode(turns.take(async () => 'third'), 'RATE_LIMITED')
    open.resolve()
    await first
    expect(await second).to.equal('second')
  })

  it('are refused when they do not come in time, and are then nobody\'s', async () => {
    const turns = new Turns({ maxWaiting: 2, deadlineMs: 1 })
    const open = Promise.withResolvers<void>()
    const first = turns.take(() => open.promise)
    await expectCode(turns.take(async () => 'late'), 'RATE_LIMITED')
    open.resolve()
    await first
    expect(await turns.take(async () => 'after')).to.equal('after')
  })
})
