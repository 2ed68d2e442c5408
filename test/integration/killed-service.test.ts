import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import { CALL_PBXS, type CallBench, openCallBench } from '../support/call-bench.ts'
import { expectStored, expectWhole, longestSilence } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import type { Moment } from '../support/moment.ts'
import { FreeLines } from '../support/number-plan.ts'
import { ToneCall } from '../support/tone-call.ts'

/** Long enough for a second to be lost. */
const TALK_MS = 1100
/** A mask takes effect within a frame, and is placed to two. */
const MASK_TOLERANCE_MS = 100
/** From the link, which makes it ready, to the last recording that is gone on with. */
const RECONCILED_WITHIN_MS = 500

for (const pbx of CALL_PBXS) describe(`Holdfast, killed -9 on a real ${pbx} in the moment`, () => {
  let bench: CallBench
  const lines = new FreeLines()

  before(async function () {
    bench = await openCallBench(this, pbx, { as: 'mortal' })
  })
  after(() => bench?.[Symbol.asyncDispose]())

  for (const { moment, origin } of [
    { moment: at('before', 'recording-requested'), origin: 'NATIVE' },
    { moment: at('after', 'recording-requested'), origin: 'CONTROLLED' },
    { moment: at('before', 'segment-started'), origin: 'CONTROLLED' },
    { moment: at('after', 'segment-started'), origin: 'CONTROLLED' },
  ]) {
    it(`${told(moment)}, keeps the call from its first word, and once`, async () => {
      const { death } = await bench.holdfast.diesAt(moment)
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
      await death
      await delay(TALK_MS)
      await bench.start()
      await delay(TALK_MS)
      await call.hangUp()
      const recording = await expectStored(bench, call)
      expect(recording).to.include({ origin, side: 'SOURCE' })
      await expectWhole(bench, call, recording)
    })
  }

  it('one second ago, keeps a call that comes now', async () => {
    const { death } = await bench.holdfast.diesAt(at('after', 'applied'))
    await using first = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    await first.hangUp()
    await death
    await delay(1000)
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    await call.hangUp()
    await bench.start()
    const recording = await expectStored(bench, call)
    expect(recording).to.include({ origin: 'NATIVE', side: 'SOURCE' })
    await expectWhole(bench, call, recording)
    await expectWhole(bench, first, await expectStored(bench, first))
  })

  for (const moment of [at('after', 'recording-requested'), at('before', 'segment-started')]) {
    it(`${told(moment)}, keeps a call that ends before it is back`, async () => {
      const { death } = await bench.holdfast.diesAt(moment)
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'announced' })
      await death
      await delay(TALK_MS)
      await call.hangUp()
      await bench.start()
      await expectWhole(bench, call, await expectStored(bench, call))
    })
  }

  it('after recording-requested, when the agent\'s side was wanted, keeps what the dialplan recorded of the caller\'s', async () => {
    const { death } = await bench.holdfast.diesAt(at('after', 'recording-requested'))
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'destination' })
    await death
    await bench.start()
    await delay(TALK_MS)
    await call.hangUp()
    const recordings = await bench.settled(2, { caller: call.caller })
    expect(recordings.map(({ state, reason }) => ({ state, reason }))).to.have.deep.members([{ state: 'NOT_RECORDED', reason: 'SUPERSEDED' }, { state: 'STORED', reason: 'HANGUP' }])
    const stored = recordings.find(({ state }) => state === 'STORED')
    if (stored === undefined) throw new Error('unreachable: one is stored')
    await expectWhole(bench, call, stored)
  })

  for (const moment of [at('after', 'pause-asked'), at('before', 'pause-effective'), at('after', 'pause-effective')]) {
    it(`${told(moment)}, has the pause in force when it is back, and until it is resumed`, async () => {
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
      const { death } = await bench.holdfast.diesAt(moment)
      await bench.control('pause', call.caller).catch(() => 'the service died')
      await death
      await bench.start()
      const beganMs = call.talkedMs
      await delay(TALK_MS)
      const endedMs = call.talkedMs
      expect(await bench.control('resume', call.caller)).to.equal('DONE')
      await delay(TALK_MS)
      await call.hangUp()
      const recording = await expectStored(bench, call)
      const silence = await longestSilence(bench, recording)
      expect(silence.fromMs, 'silent from the restart on, or longer').to.be.lessThan(beganMs + MASK_TOLERANCE_MS)
      expect(silence.toMs).to.be.within(endedMs - MASK_TOLERANCE_MS, endedMs + TALK_MS)
      expect(recording.pauses).to.have.length(1)
    })
  }

  for (const moment of [at('after', 'resume-asked'), at('before', 'resume-effective')]) {
    it(`${told(moment)}, has sound again when it is back`, async () => {
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
      await bench.control('pause', call.caller)
      await delay(TALK_MS)
      const { death } = await bench.holdfast.diesAt(moment)
      await bench.control('resume', call.caller).catch(() => 'the service died')
      await death
      await bench.start()
      const resumedMs = call.talkedMs
      await delay(TALK_MS)
      await call.hangUp()
      const recording = await expectStored(bench, call)
      const silence = await longestSilence(bench, recording)
      expect(silence.toMs - silence.fromMs).to.be.greaterThan(TALK_MS - MASK_TOLERANCE_MS)
      expect(silence.toMs).to.be.lessThan(resumedMs + RECONCILED_WITHIN_MS)
    })
  }

  for (const moment of [at('before', 'recording-stopped'), at('after', 'recording-stopped'), at('before', 'applied'), at('after', 'applied')]) {
    it(`${told(moment)}, stores the call that has just ended`, async () => {
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
      await delay(TALK_MS)
      const { death } = await bench.holdfast.diesAt(moment)
      await call.hangUp()
      await death
      await bench.start()
      await expectWhole(bench, call, await expectStored(bench, call))
    })
  }

  it('has left an empty spool, an audit chain that verifies, and no note in the PBX', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    expect(JSON.parse(await bench.command('audit', 'verify', '--json'))).to.have.deep.nested.property('[0].firstBroken', null)
    expect(await bench.notes()).to.deep.equal([])
  })
})

function at(when: Moment['when'], of: Moment['of']): Moment {
  return { when, of, afterMs: 0 }
}

function told({ when, of }: Moment): string {
  return `${when} ${of}`
}
