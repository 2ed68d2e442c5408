import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import { freeSwitchPlaces } from '../../config/environment.ts'
import { expectStored, longestSilence } from '../support/expect-recording.ts'
import { FreeSwitchLabBench } from '../support/freeswitch-lab-bench.ts'
import { until } from '../support/hooks.ts'
import { FREESWITCH_NUMBER_PLAN, FreeLines } from '../support/number-plan.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { ToneCall } from '../support/tone-call.ts'

/** Long enough to be seen. */
const TALK_MS = 1100
/** While a telephone sends its digits it sends no voice, and what it says of how long it has talked stands still. */
const DIGITS_MS = 900

describe('pauses by an agent\'s keys beside a FreeSWITCH', function () {
  let bench: FreeSwitchLabBench
  const lines = new FreeLines()

  before(async function () {
    await requireFreeSwitch(this)
    bench = await FreeSwitchLabBench.open({ ...FREESWITCH_NUMBER_PLAN, places: freeSwitchPlaces(), as: 'mortal' })
  })
  after(() => bench?.[Symbol.asyncDispose]())

  const notes = async (): Promise<number> => (await bench.lab.freeSwitch.cli('hash_dump db holdfast-pauses')).split('\n').filter((line) => line.includes('&At:1')).length

  it('are in the recording, with who and how', async () => {
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    await call.agent.dtmf('*71')
    await delay(TALK_MS)
    const endedMs = call.talkedMs
    await call.agent.dtmf('*72')
    await delay(TALK_MS)
    await call.hangUp()
    const recording = await expectStored(bench, call)
    expect(recording.pauses).to.have.length(1)
    const silence = await longestSilence(bench, recording)
    expect(silence.toMs - silence.fromMs).to.be.greaterThan(TALK_MS - 300)
    expect(silence.toMs).to.be.lessThan(endedMs + 2 * TALK_MS)
  })

  it('made by the dialplan while Holdfast is dead are in force when it is back, until they are resumed', async () => {
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    await bench.holdfast[Symbol.asyncDispose]()
    await call.agent.dtmf('*71')
    await until(async () => expect(await notes()).to.equal(1))
    const beganMs = call.talkedMs
    await bench.start()
    await delay(TALK_MS)
    expect(await bench.control('resume', call.caller)).to.equal('DONE')
    const endedMs = call.talkedMs
    await delay(TALK_MS)
    await call.hangUp()
    const recording = await expectStored(bench, call)
    expect(recording.pauses).to.have.length(1)
    const silence = await longestSilence(bench, recording)
    expect(silence.fromMs, 'from the code on').to.be.lessThan(beganMs + DIGITS_MS)
    expect(silence.toMs).to.be.within(endedMs - 300, endedMs + DIGITS_MS + TALK_MS)
    expect(await bench.lab.freeSwitch.cli('hash_dump db holdfast-pauses')).to.not.contain('D/')
  })

  it('made and ended by the dialplan while Holdfast is dead leave one recording with silence of true length', async () => {
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    await bench.holdfast[Symbol.asyncDispose]()
    await call.agent.dtmf('*71')
    await until(async () => expect(await notes()).to.equal(1))
    const beganMs = call.talkedMs
    await delay(TALK_MS)
    await call.agent.dtmf('*72')
    await until(async () => expect(await notes()).to.equal(2))
    const endedMs = call.talkedMs
    await bench.start()
    await delay(TALK_MS)
    await call.hangUp()
    const recording = await expectStored(bench, call)
    expect(recording.pauses).to.have.length(1)
    const silence = await longestSilence(bench, recording)
    expect(silence.toMs - silence.fromMs).to.be.within(endedMs - beganMs - 300, endedMs - beganMs + DIGITS_MS)
    expect(await bench.lab.freeSwitch.cli('hash_dump db holdfast-pauses')).to.not.contain('D/')
  })
})
