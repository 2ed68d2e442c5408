import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { CALL_PBXS, type CallBench, openCallBench } from '../support/call-bench.ts'
import { expectStored, expectWhole } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import { type CallKind, FreeLines } from '../support/number-plan.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type ToneCall, ToneCalls } from '../support/tone-call.ts'

/** Another seed is another order of deaths; it is told with a failure. */
const SEED = 20_261_122
const KINDS: readonly CallKind[] = ['source', 'source', 'announced', 'source', 'source', 'unwanted', 'source', 'source', 'announced', 'source', 'source', 'unwanted']
const KILLS = 6
/** Calls begin within this time, and last so long. */
const BEGIN_WITHIN_MS = 12_000
const TALK_MS = { from: 1000, to: 6000 }
/** How long the service lives, counted from its being ready, and how long it is dead. */
const ALIVE_MS = { from: 100, to: 1500 }
const DEAD_MS = { from: 0, to: 1500 }

for (const pbx of CALL_PBXS) describe(`Holdfast, killed -9 ${KILLS} times at random on a real ${pbx} while ${KINDS.length} calls come and go (seed ${SEED})`, () => {
  const random = seededRandom(SEED)
  let bench: CallBench
  let calls: readonly ToneCall[]

  before(async function () {
    bench = await openCallBench(this, pbx)
    await using placed = new ToneCalls(bench, new FreeLines())
    const plans = KINDS.map((kind) => ({ kind, beginMs: between({ from: 0, to: BEGIN_WITHIN_MS }), talkMs: between(TALK_MS) }))
    const deaths = Array.from({ length: KILLS }, () => ({ aliveMs: between(ALIVE_MS), deadMs: between(DEAD_MS) }))
    const talked = Promise.all(plans.map(async ({ kind, beginMs, talkMs }) => {
      await delay(beginMs)
      const call = await placed.place(kind)
      await delay(talkMs)
      await call.hangUp()
      return call
    }))
    // Whichever fails, the other comes to its end first: nothing is started behind the back of the one that clears up.
    const killed = killRepeatedly(deaths)
    await Promise.allSettled([talked, killed])
    await killed
    calls = await talked
  })
  after(() => bench?.[Symbol.asyncDispose]())

  it('has every wanted call, whole and once', async () => {
    for (const call of calls.filter(({ kind }) => kind !== 'unwanted')) await expectWhole(bench, call, await expectStored(bench, call))
  })

  it('has nothing of the others, and says why', async () => {
    for (const { caller } of calls.filter(({ kind }) => kind === 'unwanted')) {
      // Twice where the service died between its decision and its answer, and decided again about what the dialplan recorded.
      const refused = await until(async () => await bench.settled(Math.max(1, await bench.countOf(caller)), { caller }))
      for (const recording of refused) expect(recording).to.deep.include({ state: 'NOT_RECORDED', reason: 'NOT_WANTED' })
    }
  })

  it('has left an empty spool, and an audit chain that verifies', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    expect(JSON.parse(await bench.command('audit', 'verify', '--json'))).to.have.deep.nested.property('[0].firstBroken', null)
  })

  async function killRepeatedly(deaths: readonly { readonly aliveMs: number; readonly deadMs: number }[]): Promise<void> {
    for (const { aliveMs, deadMs } of deaths) {
      await delay(aliveMs)
      await bench.holdfast.kill()
      await delay(deadMs)
      await bench.start()
    }
  }

  function between({ from, to }: { readonly from: number; readonly to: number }): number {
    return from + random() * (to - from)
  }
})
