import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { CALL_PBXS, type CallBench, openCodeBench } from '../support/call-bench.ts'
import { audioSpans } from '../support/audio/describe-audio.ts'
import { CODE_TONES, CodeCall, codeTones } from '../support/code-call.ts'
import { CodeLines, CODES } from '../support/code-plan.ts'
import { expectAgentsPause, expectBothPaused, expectInterrupted, expectUnheard, LONGER_MS, LOW_TONE, PAUSE_MS, soundOf, TALK_MS } from '../support/expect-code.ts'
import { droppedMs, longestSilence } from '../support/expect-recording.ts'
import type { HoldfastBench } from '../support/holdfast-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

/** A mask takes effect within a frame at either end. */
const EDGE_MS = 60

for (const pbx of CALL_PBXS) describe(`feature codes on a real ${pbx}`, () => {
  const directory = suiteDirectory('holdfast-codes-')
  let bench: CallBench
  const lines = new CodeLines()

  before(async function () {
    bench = await openCodeBench(this, pbx, directory())
  })
  after(() => bench?.[Symbol.asyncDispose]())

  // FreeSWITCH's lab has no queue whose members a route dials.
  for (const route of (['both', 'outbound', 'queue', 'local'] as const).filter((name) => pbx === 'Asterisk' || name !== 'queue')) {
    it(`of the agent pause and resume both sides, and she alone hears that: ${route}`, async () => {
      await using call = await CodeCall.place(bench, { line: lines.take(), route })
      await call.talk(TALK_MS)
      await expectInterrupted(call)
      await call.hangUp()
      await expectBothPaused(bench, call, expectPaused)
    })
  }

  it('do nothing on the customer\'s leg: her digits reach the agent as digits', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await call.customer.dtmf(CODES.pause)
    await call.talk(TALK_MS)
    await call.hangUp()
    expect(call.agent.receivedDigits).to.equal(CODES.pause)
    await expectUnpaused(bench, call)
  })

  it('are refused by the rule: the agent hears that it was not done, and it was not', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'unasked' })
    await call.talk(TALK_MS)
    expect(await call.press('pause')).to.deep.equal(LOW_TONE)
    await call.talk(TALK_MS)
    await call.hangUp()
    expectUnheard(call)
    await expectUnpaused(bench, call)
  })

  it('pause and resume in a conference, by its menu', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'meeting' })
    await call.talk(TALK_MS)
    await expectInterrupted(call)
    await Promise.all([call.customer.hangUp(), call.agent.hangUp()])
    // The agent's side is of legs that somebody dials; who enters a conference by herself is in the customer's recording.
    const source = (await bench.settled(2, { caller: call.caller })).find(({ side }) => side === 'SOURCE')
    if (source === undefined) throw new Error('the customer\'s side is recorded')
    await expectPaused(bench, source)
    expectUnheard(call)
  })

  it('stop and start what the rule lets anybody stop and start', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'demand' })
    await call.talk(TALK_MS)
    await expectInterrupted(call, ['stop', 'start'])
    await call.hangUp()
    expectUnheard(call)
    const recordings = await bench.settled(2, { caller: call.caller })
    expect(recordings.map(({ state, reason }) => [state, reason])).to.deep.equal([['STORED', 'STOPPED_ON_DEMAND'], ['STORED', 'HANGUP']])
  })

  it('of a route pause with nobody behind them', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'route' })
    await call.talk(TALK_MS)
    await call.hangUp()
    const source = (await bench.settled(2, { caller: call.caller })).find(({ side }) => side === 'SOURCE')
    expect(source?.pauses.map(({ by }) => by)).to.deep.equal(['lab'])
    if (source !== undefined) expect(await silenceMs(bench, source)).to.be.within(2000 - EDGE_MS, 2000 + LONGER_MS)
  })
})

/** Neither side was paused, and neither is silent. */
async function expectUnpaused(bench: CallBench, { caller }: CodeCall): Promise<void> {
  for (const recording of await bench.settled(2, { caller })) {
    expect(recording.pauses).to.deep.equal([])
    expect(await silenceMs(bench, recording)).to.be.lessThan(PAUSE_MS / 2)
  }
}

/** One pause, as long as it was, exactly silent on both channels; what the agent was told while it was paused is not in the recording. */
async function expectPaused(bench: HoldfastBench, recording: DemoRecording): Promise<void> {
  const { recorded, other, told } = await soundOf(bench, recording)
  const pausedMs = expectAgentsPause(recording, told)
  const lackedMs = await droppedMs(bench, recording)
  expect(await silenceMs(bench, recording), `${told}\n${lackedMs} ms are in no file`).to.be.within(pausedMs - EDGE_MS - lackedMs, pausedMs + LONGER_MS)
  // On Asterisk the two tones of the resume are on her own leg when it is recorded again; no other tone is anywhere.
  const heard = [recorded, other].map((channel) => codeTones(audioSpans(channel, CODE_TONES)))
  expect(heard, told).to.deep.equal([{ yes: 0, no: 0 }, { yes: recording.side === 'DESTINATION' && recording.pauses[0]?.by?.startsWith('PJSIP/') === true ? 2 : 0, no: 0 }])
}

async function silenceMs(bench: HoldfastBench, recording: DemoRecording): Promise<number> {
  const { fromMs, toMs } = await longestSilence(bench, recording)
  return toMs - fromMs
}
