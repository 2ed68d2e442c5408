import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { CALL_PBXS, type CallBench, openCodeBench } from '../support/call-bench.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { CODE_TONES, CodeCall, codeTones } from '../support/code-call.ts'
import { CodeLines, CODES } from '../support/code-plan.ts'
import { droppedMs, longestSilence } from '../support/expect-recording.ts'

const TALK_MS = 1200
const PAUSE_MS = 1500
/** A pause is longer than what was said in it by what its two tones take; a busy machine lets the agent wait for them. */
const LONGER_MS = 10_000
/** One: paused. Two: recorded. A low one: it was not done. */
const ONE_TONE = { yes: 1, no: 0 }
const TWO_TONES = { yes: 2, no: 0 }
const LOW_TONE = { yes: 0, no: 1 }
/** A mask takes effect within a frame at either end. */
const EDGE_MS = 60

for (const pbx of CALL_PBXS) describe(`feature codes on a real ${pbx}`, () => {
  let bench: CallBench
  let directory: string
  const lines = new CodeLines()

  before(async function () {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-codes-'))
    bench = await openCodeBench(this, pbx, directory)
  })
  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  // FreeSWITCH's lab has no queue whose members a route dials.
  for (const route of (['both', 'outbound', 'queue', 'local'] as const).filter((name) => pbx === 'Asterisk' || name !== 'queue')) {
    it(`of the agent pause and resume both sides, and she alone hears that: ${route}`, async () => {
      await using call = await CodeCall.place(bench, { line: lines.take(), route })
      await call.talk(TALK_MS)
      const paused = await call.press('pause')
      expect(paused).to.deep.equal(ONE_TONE)
      await call.talk(PAUSE_MS)
      const resumed = await call.press('resume')
      expect(resumed).to.deep.equal(TWO_TONES)
      await call.talk(TALK_MS)
      await call.hangUp()
      expectUnheard(call)
      const recordings = await bench.settled(2, { caller: call.caller })
      expect(recordings.map(({ side }) => side).toSorted()).to.deep.equal(['DESTINATION', 'SOURCE'])
      for (const recording of recordings) await expectPaused(bench, recording)
    })
  }

  it('do nothing on the customer\'s leg: her digits reach the agent as digits', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await call.customer.dtmf(CODES.pause)
    await call.talk(TALK_MS)
    await call.hangUp()
    expect(call.agent.receivedDigits).to.equal(CODES.pause)
    for (const recording of await bench.settled(2, { caller: call.caller })) {
      expect(recording.pauses).to.deep.equal([])
      expect(await silenceMs(bench, recording)).to.be.lessThan(PAUSE_MS / 2)
    }
  })

  it('are refused by the rule: the agent hears that it was not done, and it was not', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'unasked' })
    await call.talk(TALK_MS)
    expect(await call.press('pause')).to.deep.equal(LOW_TONE)
    await call.talk(TALK_MS)
    await call.hangUp()
    expectUnheard(call)
    for (const recording of await bench.settled(2, { caller: call.caller })) {
      expect(recording.pauses).to.deep.equal([])
      expect(await silenceMs(bench, recording)).to.be.lessThan(PAUSE_MS / 2)
    }
  })

  it('pause and resume in a conference, by its menu', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'meeting' })
    await call.talk(TALK_MS)
    expect(await call.press('pause')).to.deep.equal(ONE_TONE)
    await call.talk(PAUSE_MS)
    expect(await call.press('resume')).to.deep.equal(TWO_TONES)
    await call.talk(TALK_MS)
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
    expect(await call.press('stop')).to.deep.equal(ONE_TONE)
    await call.talk(PAUSE_MS)
    expect(await call.press('start')).to.deep.equal(TWO_TONES)
    await call.talk(TALK_MS)
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

/** Nothing of the codes reached the customer: no digit, no tone. */
function expectUnheard({ customer }: CodeCall): void {
  const heard = customer.received.toSamples()
  const spans = audioSpans(heard, CODE_TONES)
  expect(customer.receivedDigits).to.equal('')
  expect(heardMs(spans, 'yes') + heardMs(spans, 'no'), describeAudio(heard, CODE_TONES)).to.equal(0)
}

/** One pause, as long as it was, exactly silent on both channels; what the agent was told while it was paused is not in the recording. */
async function expectPaused(bench: CallBench, recording: DemoRecording): Promise<void> {
  const { recorded, other } = await bench.channels(recording.id)
  const told = `${recording.side} ${JSON.stringify(recording.pauses)}\n${describeAudio(recorded, CODE_TONES)}\n${describeAudio(other, CODE_TONES)}`
  expect(recording, told).to.include({ state: 'STORED' })
  const [pause] = recording.pauses
  expect(recording.pauses, told).to.have.length(1)
  expect(pause?.by, told).to.match(/^(PJSIP|internal)\/agent-\d\d(@127\.0\.0\.1)?$/)
  const pausedMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
  expect(pausedMs, told).to.be.at.least(PAUSE_MS)
  const lackedMs = await droppedMs(bench, recording)
  expect(await silenceMs(bench, recording), `${told}\n${lackedMs} ms are in no file`).to.be.within(pausedMs - EDGE_MS - lackedMs, pausedMs + LONGER_MS)
  // On Asterisk the two tones of the resume are on her own leg when it is recorded again; no other tone is anywhere.
  const heard = [recorded, other].map((channel) => codeTones(audioSpans(channel, CODE_TONES)))
  expect(heard, told).to.deep.equal([{ yes: 0, no: 0 }, { yes: recording.side === 'DESTINATION' && pause?.by?.startsWith('PJSIP/') === true ? 2 : 0, no: 0 }])
}

async function silenceMs(bench: CallBench, recording: DemoRecording): Promise<number> {
  const { fromMs, toMs } = await longestSilence(bench, recording)
  return toMs - fromMs
}
