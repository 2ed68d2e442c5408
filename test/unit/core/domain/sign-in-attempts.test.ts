import { expect } from 'chai'
import { describe, it } from 'mocha'
import { accepted, attempted, FREE_ATTEMPTS, FREE_ATTEMPTS_OF_STRANGERS, isLocked, KNOWN_FOR_MS, NO_ATTEMPTS, type SignInAttempts, type SignInTries } from '../../../../core/domain/sign-in-attempts.ts'

const DAY_MS = 24 * 3_600_000
const NOBODY: SignInTries = { here: NO_ATTEMPTS, strangers: NO_ATTEMPTS }
const at = (ms: number): Date => new Date(1_000_000 + ms)

/** Wrong ones, each at the first moment at which it counts. @returns seconds that each locked the network for */
function locksOf(count: number): readonly number[] {
  let tries = NOBODY
  let now = 0
  return Array.from({ length: count }, () => {
    tries = attempted(tries, at(now))
    const until = tries.here.lockedUntil
    if (until === null) return 0
    const seconds = (until.getTime() - at(now).getTime()) / 1000
    now = until.getTime() - 1_000_000
    expect([isLocked(tries, at(now - 1)), isLocked(tries, at(now))]).to.deep.equal([true, false])
    return seconds
  })
}

/** Somebody who tries every six seconds for three days, from so many networks in turn. */
function besieged(networks: number, known: SignInAttempts): { readonly guesses: number; readonly keptOut: number; readonly keptOutElsewhere: number } {
  const own = Array.from({ length: networks }, () => NO_ATTEMPTS)
  let strangers = NO_ATTEMPTS
  let [guesses, keptOut, keptOutElsewhere] = [0, 0, 0]
  for (let turn = 0; turn * 6000 < 3 * DAY_MS; turn += 1) {
    const [now, from] = [at(turn * 6000), turn % networks]
    const before = { here: own[from] ?? NO_ATTEMPTS, strangers }
    if (!isLocked(before, now)) guesses += 1
    const after = attempted(before, now)
    own[from] = after.here
    strangers = after.strangers
    if (isLocked({ here: known, strangers }, now)) keptOut += 1
    if (isLocked({ here: NO_ATTEMPTS, strangers }, now)) keptOutElsewhere += 1
  }
  return { guesses, keptOut, keptOutElsewhere }
}

describe('attempts to sign in', () => {
  it('lock after five, longer each time, and never for more than a quarter of an hour', () => {
    const locks = locksOf(14)
    expect(locks.slice(0, FREE_ATTEMPTS - 1)).to.deep.equal([0, 0, 0, 0])
    expect(locks.slice(FREE_ATTEMPTS - 1, FREE_ATTEMPTS + 5)).to.deep.equal([30, 60, 120, 240, 480, 900])
    expect(locks.at(-1)).to.equal(900)
  })

  it('count nothing while it is locked: nobody prolongs a lock from outside', () => {
    const locked: SignInTries = { here: { count: 7, lastAt: at(0), lockedUntil: at(5000), signedInAt: null }, strangers: NO_ATTEMPTS }
    expect(attempted(locked, at(4999))).to.equal(locked)
    expect(attempted(locked, at(5000)).here.count).to.equal(8)
  })

  it('are forgotten after a quiet day', () => {
    const nine = { count: 9, lastAt: at(0), lockedUntil: null, signedInAt: null }
    expect(attempted({ here: nine, strangers: nine }, at(DAY_MS + 1))).to.deep.equal({ here: { ...nine, count: 1, lastAt: at(DAY_MS + 1) }, strangers: { ...nine, count: 1, lastAt: at(DAY_MS + 1) } })
  })

  it('of a stranger at one address keep nobody out but him, for days', () => {
    const { guesses, keptOut, keptOutElsewhere } = besieged(1, NO_ATTEMPTS)
    expect([guesses > 200, guesses <= 105 + 2 * 96, keptOut, keptOutElsewhere]).to.deep.equal([true, true, 0, 0])
  })

  it('of a stranger with many networks do not keep her out of those that are hers, and are few', () => {
    const hers = accepted(NOBODY, at(0)).here
    const { guesses, keptOut, keptOutElsewhere } = besieged(1000, hers)
    expect([guesses > FREE_ATTEMPTS_OF_STRANGERS, guesses <= 400 + 2 * 290, keptOut]).to.deep.equal([true, true, 0])
    expect(keptOutElsewhere).to.be.greaterThan(0)
    const spent = { count: 999, lastAt: at(KNOWN_FOR_MS), lockedUntil: at(KNOWN_FOR_MS + 60_000), signedInAt: null }
    expect(isLocked({ here: hers, strangers: spent }, at(KNOWN_FOR_MS))).to.equal(false)
    expect(isLocked({ here: hers, strangers: spent }, at(KNOWN_FOR_MS + 1))).to.equal(true)
  })

  it('from a network of hers lock that one, and count for no stranger', () => {
    let tries = accepted(NOBODY, at(0))
    for (let count = 0; count < FREE_ATTEMPTS; count += 1) tries = attempted(tries, at(1))
    expect([isLocked(tries, at(2)), tries.strangers.count, tries.here.signedInAt]).to.deep.equal([true, 0, at(0)])
  })

  it('that were right count no more, and forgive no others', () => {
    const others = { count: 40, lastAt: at(0), lockedUntil: null, signedInAt: null }
    const right = accepted(attempted({ here: NO_ATTEMPTS, strangers: others }, at(1)), at(2))
    expect([right.here.count, right.strangers.count]).to.deep.equal([0, 40])
    expect(accepted(attempted(right, at(3)), at(4)).strangers.count).to.equal(40)
  })
})
