import { expect } from 'chai'
import { describe, it } from 'mocha'
import { attempted, FREE_ATTEMPTS, isLocked, NO_ATTEMPTS, type SignInAttempts } from '../../../../core/domain/sign-in-attempts.ts'

const at = (ms: number): Date => new Date(1_000_000 + ms)

describe('attempts to sign in', () => {
  it('lock after five, longer each time, and never for more than a quarter of an hour', () => {
    let attempts: SignInAttempts = NO_ATTEMPTS
    let now = 0
    const locks: number[] = []
    for (let count = 1; count <= 14; count += 1) {
      attempts = attempted(attempts, at(now))
      if (attempts.lockedUntil === null) continue
      locks.push((attempts.lockedUntil.getTime() - at(now).getTime()) / 1000)
      expect(isLocked(attempts, at(now + 1))).to.equal(true)
      now = attempts.lockedUntil.getTime() - 1_000_000
      expect(isLocked(attempts, at(now))).to.equal(false)
    }
    expect(locks).to.have.length(14 - FREE_ATTEMPTS + 1)
    expect(locks.slice(0, 6)).to.deep.equal([30, 60, 120, 240, 480, 900])
    expect(locks.at(-1)).to.equal(900)
  })

  it('count nothing while it is locked: nobody prolongs a lock from outside', () => {
    const locked: SignInAttempts = { count: 7, lastAt: at(0), lockedUntil: at(5000) }
    expect(attempted(locked, at(4999))).to.equal(locked)
    expect(attempted(locked, at(5000)).count).to.equal(8)
  })

  it('are forgotten after a quiet day', () => {
    expect(attempted({ count: 9, lastAt: at(0), lockedUntil: null }, at(24 * 3_600_000 + 1)).count).to.equal(1)
  })
})
