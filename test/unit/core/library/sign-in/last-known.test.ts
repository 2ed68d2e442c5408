import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { type Answer, LastKnown } from '../../../../../core/library/sign-in/last-known.ts'
import { until } from '../../../../support/hooks.ts'
import { seconds } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'

interface Thing {
  readonly is: string
}

const ONE: Thing = { is: 'one' }
const OTHER: Thing = { is: 'other' }
const KEEP_SECONDS = 15 * 60
const AWAY = (): Promise<never> => Promise.reject(new HoldfastError('STORE_FAILED', 'away'))

/** A catalogue that answers what the test says, at a time that the test says. */
class Bench {
  answer: (key: string) => Promise<Thing | null> = () => Promise.resolve(ONE)
  now = seconds(0)
  readonly known: LastKnown<string, Thing>

  constructor(keepMs = KEEP_SECONDS * 1000) {
    this.known = new LastKnown<string, Thing>((key) => this.answer(key), { clock: { now: () => this.now }, keepMs })
  }

  /** Whoever asks is not patient. */
  async find(key = 'a'): Promise<Answer<Thing>> {
    return await this.known.find(key, 1)
  }

  /** From now on questions hang. @returns what the next one is answered in the end */
  hang(): (value: Thing | null) => void {
    const answer = Promise.withResolvers<Thing | null>()
    this.answer = () => answer.promise
    return answer.resolve
  }
}

describe('what was known last', () => {
  it('answers while the catalogue is away, with when it was asked, for as long as it may', async () => {
    const bench = new Bench()
    expect(await bench.find()).to.deep.equal({ value: ONE, knownAt: null })
    bench.answer = AWAY
    bench.now = seconds(KEEP_SECONDS - 1)
    expect(await bench.find()).to.deep.equal({ value: ONE, knownAt: seconds(0) })
    bench.now = seconds(KEEP_SECONDS)
    await expectCode(bench.find(), 'STORE_FAILED')
  })

  it('answers nobody who wants to know what the catalogue says now', async () => {
    const bench = new Bench()
    await bench.find()
    bench.answer = AWAY
    await expectCode(bench.known.find('a', null), 'STORE_FAILED')
  })

  it('answers never where it is turned off', async () => {
    const bench = new Bench(0)
    await bench.find()
    bench.answer = AWAY
    await expectCode(bench.find(), 'STORE_FAILED')
  })

  it('is no older for an answer that came late, and no younger for a clock that was set back', async () => {
    const bench = new Bench()
    const say = bench.hang()
    const asked = bench.find()
    bench.now = seconds(KEEP_SECONDS - 1)
    say(ONE)
    await asked
    bench.answer = AWAY
    expect((await bench.find()).knownAt).to.deep.equal(seconds(0))
    bench.now = seconds(KEEP_SECONDS)
    await expectCode(bench.find(), 'STORE_FAILED')
    bench.now = seconds(-1)
    await expectCode(bench.find(), 'STORE_FAILED')
  })

  it('answers nothing that was never asked, and nothing that is there no more', async () => {
    const bench = new Bench()
    await bench.find()
    bench.answer = () => Promise.resolve(null)
    expect(await bench.find()).to.deep.equal({ value: null, knownAt: null })
    bench.answer = AWAY
    await expectCode(bench.find(), 'STORE_FAILED')
    await expectCode(bench.find('b'), 'STORE_FAILED')
  })

  it('gives way to what the catalogue says now', async () => {
    const bench = new Bench()
    await bench.find()
    bench.answer = () => Promise.resolve(OTHER)
    expect(await bench.find()).to.deep.equal({ value: OTHER, knownAt: null })
  })

  for (const [what, said] of [['another answer', OTHER], ['nothing', null]] as const) {
    it(`answers for a catalogue that hangs, and learns that it says ${what} in the end`, async () => {
      const bench = new Bench()
      await bench.find()
      const say = bench.hang()
      expect((await bench.find()).value).to.equal(ONE)
      say(said)
      bench.answer = AWAY
      if (said === null) await until(() => expectCode(bench.find(), 'STORE_FAILED'))
      else await until(async () => expect((await bench.find()).value).to.equal(said))
    })

    it(`believes the later question that was answered with ${what}, and not an earlier one that hung`, async () => {
      const bench = new Bench()
      await bench.find()
      const say = bench.hang()
      await bench.find()
      bench.answer = () => Promise.resolve(said)
      await bench.known.find('a', null)
      say(ONE)
      await new Promise(setImmediate)
      bench.answer = AWAY
      if (said === null) await expectCode(bench.find(), 'STORE_FAILED')
      else expect((await bench.find()).value).to.equal(said)
    })
  }

  it('is not asked for again while a question hangs, and is asked again when that is over', async () => {
    const bench = new Bench()
    await bench.find()
    const say = bench.hang()
    const { answer } = bench
    let questions = 0
    bench.answer = async (key) => {
      questions += 1
      return await answer(key)
    }
    await bench.find()
    for (let round = 0; round < 3; round += 1) expect((await bench.find()).knownAt).to.deep.equal(seconds(0))
    expect(questions).to.equal(1)
    const now = bench.known.find('a', null)
    expect(questions, 'whoever must know what it says now asks all the same').to.equal(2)
    say(ONE)
    await now
    expect(await bench.find()).to.deep.equal({ value: ONE, knownAt: null })
    expect(questions).to.equal(3)
  })

  it('is no answer for a fault of the program', async () => {
    const bench = new Bench()
    await bench.find()
    bench.answer = () => Promise.reject(new TypeError('bug'))
    const failed = await bench.find().then(() => null, (error: unknown) => error)
    expect(failed).to.be.instanceOf(TypeError)
  })

  it('is bounded: who came longest ago is forgotten first, and who was never there takes no place', async () => {
    const bench = new Bench()
    for (let key = 0; key <= 10_000; key += 1) await bench.find(String(key))
    bench.answer = () => Promise.resolve(null)
    for (let key = 0; key <= 100; key += 1) await bench.find(`stranger ${key}`)
    bench.answer = AWAY
    await expectCode(bench.find('0'), 'STORE_FAILED')
    expect((await bench.find('1')).value).to.equal(ONE)
  })
})
