import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseTokenId } from '../../../../../core/domain/ids.ts'
import { NO_RULE } from '../../../../../core/domain/rules/rule.ts'
import type { MyCall } from '../../../../../core/library/live/my-call.ts'
import { DeskBench } from '../../../../support/desk-bench.ts'
import { until } from '../../../../support/hooks.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { keyIs } from '../../domain/rules/rule-samples.ts'
import { OPERATOR } from '../library-bench.ts'

const CURRENT = { current: true } as const

/** Everything that a subscription tells. */
async function watching(bench: DeskBench, requester: Requester): Promise<{ readonly told: readonly MyCall[]; readonly end: () => Promise<void> }> {
  const told: MyCall[] = []
  const gone = new AbortController()
  const reading = (async () => {
    for await (const call of bench.library.library.myCalls.watch(requester, gone.signal)) told.push(call)
  })()
  await until(() => expect(told).to.have.lengthOf.at.least(1))
  return { told, end: async () => {
    gone.abort()
    await reading
  } }
}

/** All orders in which these can come. */
function orders<T>(things: readonly T[]): readonly (readonly T[])[] {
  return things.length === 0 ? [[]] : things.flatMap((first, index) => orders(things.toSpliced(index, 1)).map((rest) => [first].concat(rest)))
}

describe('my current recording', () => {
  it('tells a call from its beginning to its end, state by state, each once', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { told, end } = await watching(bench, anna)
    const { customer, agent } = await bench.talk('customer', '200')
    const { liveControl } = bench.library.library
    const step = async (work: () => Promise<unknown>): Promise<void> => {
      bench.capture.pbx.after(1000)
      await work()
      await bench.capture.settled()
    }
    await step(() => liveControl.control(anna, 'pause', CURRENT))
    await step(() => liveControl.control(anna, 'resume', CURRENT))
    await step(() => liveControl.control(anna, 'stop', CURRENT))
    await step(() => liveControl.control(anna, 'start', CURRENT))
    await step(async () => bench.capture.pbx.hangsUp(agent))
    bench.capture.pbx.hangsUp(customer)
    await bench.capture.settled()
    await until(() => expect(told.at(-1)?.state).to.equal('no-call'))
    await end()
    // What was asked for waits for a moment, until the PBX has confirmed.
    const news = told.filter(({ state }) => state !== 'waiting').filter(({ state }, index, all) => state !== all[index - 1]?.state)
    expect(news.map(({ state }) => state)).to.deep.equal(['no-call', 'recording', 'paused', 'recording', 'stopped', 'recording', 'no-call'])
    const since = news.map((call) => call.since?.getTime() ?? null)
    expect(since.slice(2, -1), 'each since its own second').to.deep.equal([1, 2, 3, 4].map((seconds) => (since[1] ?? 0) + (1 + seconds) * 1000))
    expect(bench.library.library.liveFeed.feeds).to.equal(0)
  })

  it('is told of no call before somebody took it, and of one and the same to its end, in whatever order a PBX tells of it, word by word', async () => {
    const bench = await DeskBench.open({ record: 'no' })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { pbx } = bench.capture
    const [begins, ends] = [orders(['dials', 'answers', 'customer enters', 'agent enters'] as const), orders(['customer leaves', 'agent leaves', 'agent hangs up', 'customer hangs up'] as const)]
    for (const [index, begin] of begins.entries()) {
      const { told, end } = await watching(bench, anna)
      const customer = pbx.call(`customer-${index}`)
      pbx.asks(customer)
      const agent = pbx.channel('200', { callId: customer.callId })
      const bridge = { bridgeId: `bridge-${index}`, kind: 'talk' } as const
      const words = {
        'is made': () => pbx.emit({ type: 'channel-created', ...pbx.of(agent), channel: agent }),
        dials: () => pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: agent }),
        answers: () => pbx.answers(agent),
        'customer enters': () => pbx.emit({ type: 'bridge-entered', ...pbx.of(customer), ...bridge }),
        'agent enters': () => pbx.emit({ type: 'bridge-entered', ...pbx.of(agent), ...bridge }),
        'customer leaves': () => pbx.emit({ type: 'bridge-left', ...pbx.of(customer), ...bridge }),
        'agent leaves': () => pbx.emit({ type: 'bridge-left', ...pbx.of(agent), ...bridge }),
        'agent hangs up': () => pbx.hangsUp(agent),
        'customer hangs up': () => pbx.hangsUp(customer),
      }
      const all = ['is made', ...begin, ...ends[index] ?? []] as const
      for (const word of all) {
        words[word]()
        // So slow a PBX that the desk looks at each.
        await bench.capture.settled()
      }
      await until(() => expect(told.at(-1)?.state).to.equal('no-call'))
      await end()
      const states = told.map(({ state }) => state).filter((state, at, each) => state !== each[at - 1])
      expect(states, all.join(', ')).to.deep.equal(['no-call', 'not-recorded', 'no-call'])
    }
  })

  it('is told after a gap of the call that she dials, and of none that only rings', async () => {
    const bench = await DeskBench.open({ record: 'no' })
    const [anna, bert] = [await bench.agent({ desks: [bench.desk('200')] }), await bench.agent({ desks: [bench.desk('201')] })]
    const { pbx } = bench.capture
    pbx.disconnect()
    // A real PBX names a call after the leg that began it, and lists legs in any order.
    const ringing = pbx.channel('201', { callId: '200.2' })
    pbx.channel('200', { callId: '200.2' })
    pbx.connect()
    await bench.capture.settled()
    expect([(await bench.mine(anna)).state, (await bench.mine(bert)).state]).to.deep.equal(['not-recorded', 'no-call'])
    pbx.answers(ringing)
    await bench.capture.settled()
    expect((await bench.mine(bert)).state).to.equal('not-recorded')
  })

  it('says what may be done now', async () => {
    const bench = await DeskBench.open({ record: 'source', onDemand: ['stop'] })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const allowed = async (): Promise<readonly string[]> => Object.entries((await bench.mine(anna)).allowed).filter(([, may]) => may).map(([action]) => action)
    expect(await allowed()).to.deep.equal([])
    await bench.talk('customer', '200')
    expect(await allowed()).to.deep.equal(['pause', 'stop'])
    await bench.library.library.liveControl.control(anna, 'pause', CURRENT)
    expect(await allowed()).to.deep.equal(['resume', 'stop'])
    await bench.library.library.liveControl.control(anna, 'stop', CURRENT)
    expect(await allowed()).to.deep.equal([])
    const free = await DeskBench.open({ record: 'no', onDemand: ['start'], terms: { pause: { type: 'forbidden' } } })
    const other = await free.agent({ desks: [free.desk('200')] })
    await free.talk('customer', '200')
    expect((await free.mine(other))).to.deep.include({ state: 'not-recorded', allowed: { pause: false, resume: false, start: true, stop: false } })
    await free.library.library.liveControl.control(other, 'start', CURRENT)
    expect((await free.mine(other)).allowed).to.deep.equal({ pause: false, resume: false, start: false, stop: false })
  })

  it('says when a pause ends by itself: by the rule, or by the settings', async () => {
    for (const [maxDurationMs, afterMs] of [[30_000, 30_000], [null, 60_000]] as const) {
      const bench = await DeskBench.open({ terms: { pause: { ...NO_RULE.terms.pause, type: 'allowed', by: ['agent'], ways: ['api'], maxDurationMs, endsWith: [] } } })
      const anna = await bench.agent({ desks: [bench.desk('200')] })
      await bench.talk('customer', '200')
      await bench.library.library.liveControl.control(anna, 'pause', CURRENT)
      const call = await bench.mine(anna)
      expect(call.pauseEndsAt?.getTime()).to.equal((call.since?.getTime() ?? 0) + afterMs)
      expect(call.pauses).to.have.length(1)
    }
  })

  it('warns before a pause ends by itself', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    await bench.library.library.liveControl.control(anna, 'pause', CURRENT)
    const { told, end } = await watching(bench, anna)
    bench.capture.pbx.after(55_000)
    await bench.capture.pauseLimit.check()
    await until(() => expect(told.at(-1)?.pauseWarnedAt).to.deep.equal(bench.capture.pbx.now))
    bench.capture.pbx.after(5000)
    await bench.capture.pauseLimit.check()
    await until(() => expect(told.at(-1)).to.include({ state: 'recording', pauseWarnedAt: null, pauseEndsAt: null }))
    await end()
  })

  it('offers no stop of what a rule wants by now that lets nobody stop it', async () => {
    const law = { name: 'law', when: keyIs('case', 'fraud'), record: 'both', dialplan: 'overruled' } as const
    const soft = { name: 'soft', record: 'source', dialplan: 'overruled', terms: { ...NO_RULE.terms, onDemand: ['stop'] } } as const
    const bench = await DeskBench.open({ rules: [law, soft] })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { customer } = await bench.talk('customer', '200')
    expect((await bench.mine(anna)).allowed.stop).to.equal(true)
    const { pbx } = bench.capture
    pbx.emit({ type: 'attached-changed', ...pbx.of(customer), change: { key: 'case', value: 'fraud', source: 'dialplan', at: pbx.now } })
    await bench.capture.settled()
    expect((await bench.mine(anna)).allowed.stop).to.equal(false)
  })

  it('tells where she sits, and follows her sign-in at once', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna', desks: [bench.desk('200')] })
    const { told, end } = await watching(bench, anna)
    await bench.library.library.desks.signIn(anna, { agent: null, desk: bench.desk('201') })
    await until(() => expect(told.at(-1)?.desks).to.deep.equal([bench.desk('201')]))
    await bench.talk('customer', '201')
    await until(() => expect(told.at(-1)?.state).to.equal('recording'))
    await end()
    expect(told[0]?.desks).to.deep.equal([bench.desk('200')])
  })

  it('is not woken by other people\'s calls', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { told, end } = await watching(bench, anna)
    await bench.talk('stranger', '201')
    await bench.capture.settled()
    await end()
    expect(told).to.have.length(1)
  })

  it('is told on while the catalogue does not answer, and not beyond what was known', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const told: MyCall[] = []
    const failed = expectCode((async () => {
      for await (const call of bench.library.library.myCalls.watch(anna, new AbortController().signal)) told.push(call)
    })(), 'STORE_FAILED')
    await until(() => expect(told).to.have.length(1))
    bench.library.tokens.find = async () => await Promise.reject(new HoldfastError('STORE_FAILED', 'away'))
    const { agent } = await bench.talk('customer', '200')
    await until(() => expect(told.at(-1)?.state).to.equal('recording'))
    bench.library.pass(900_000)
    bench.capture.pbx.hangsUp(agent)
    await bench.capture.settled()
    await failed
    expect(told.at(-1)?.state).to.equal('recording')
  })

  it('ends when the token is taken back, and is limited for one token', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { myCalls } = bench.library.library
    const gone = new AbortController()
    const feeds = Array.from({ length: 16 }, () => myCalls.watch(anna, gone.signal))
    await Promise.all(feeds.map((feed) => feed.next()))
    await expectCode(myCalls.watch(anna, gone.signal).next(), 'RATE_LIMITED')
    await bench.library.mint.revoke(parseTokenId(anna.actor.id), OPERATOR)
    const [first] = feeds
    const refused = expectCode(first?.next() ?? Promise.resolve(), 'UNAUTHENTICATED')
    await bench.talk('customer', '200')
    await refused
    gone.abort()
    await Promise.all(feeds.map((feed) => feed.return()))
    expect(bench.library.library.liveFeed.feeds).to.equal(0)
  })

  it('is nobody\'s whose token is bound to nobody', async () => {
    const bench = await DeskBench.open()
    await bench.talk('customer', '200')
    const { authentication, myCalls } = bench.library.library
    const integrator = await authentication.authenticate(await bench.library.token('integrator'), '192.0.2.1')
    expect((await myCalls.now(integrator)).state).to.equal('no-call')
    await expectCode(myCalls.now(await authentication.authenticate(await bench.library.token('compliance-officer'), '192.0.2.1')), 'FORBIDDEN')
  })
})
