import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { audioSpans, heardMs } from '../support/audio/describe-audio.ts'
import { CALL_PBXS, type CallBench, openCodeBench } from '../support/call-bench.ts'
import { CODE_TONES, CodeCall } from '../support/code-call.ts'
import { CodeLines } from '../support/code-plan.ts'
import { channelNames, consoleCommand, deafenRecorder } from '../support/deaf-recorder.ts'
import { expectAgentsPause, expectBothPaused, expectInterrupted, expectUnheard, LONGER_MS, LOW_TONE, ONE_TONE, PAUSE_MS, soundOf, TALK_MS, TWO_TONES } from '../support/expect-code.ts'
import { longestSilence } from '../support/expect-recording.ts'
import type { HoldfastBench } from '../support/holdfast-bench.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

/** A recorder ends and begins within a frame; the clock is read some milliseconds later. */
const EDGE_MS = 80
/** A busy machine lets the console wait, so that times are told late, and frames get lost on it. */
const BUSY: ReadonlySet<string> = new Set(['DRIFT', 'SHORTER_THAN_CALL'])

for (const pbx of CALL_PBXS) describe(`feature codes while Holdfast is away, on a real ${pbx}`, () => {
  const directory = suiteDirectory('holdfast-codes-')
  let bench: CallBench
  const lines = new CodeLines()

  before(async function () {
    bench = await openCodeBench(this, pbx, directory())
  })
  after(() => bench?.[Symbol.asyncDispose]())

  it('pause and resume both sides of a call that Holdfast recorded, and it stores one recording of each with the silence', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await bench.holdfast.kill()
    await expectInterrupted(call)
    await bench.start()
    await call.talk(TALK_MS)
    await call.hangUp()
    await expectBothPaused(bench, call, expectPaused)
  })

  it('reach the customer also through a Local channel that stays', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'local' })
    await call.talk(TALK_MS)
    await bench.holdfast.kill()
    await expectInterrupted(call)
    await bench.start()
    await call.hangUp()
    await expectBothPaused(bench, call, expectPaused)
  })

  it('are carried out by the dialplan also when Holdfast is only slow, which then finds what was done', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    process.kill(bench.holdfast.pid, 'SIGSTOP')
    expect(await call.press('pause').finally(() => process.kill(bench.holdfast.pid, 'SIGCONT'))).to.deep.equal(ONE_TONE)
    await call.talk(PAUSE_MS)
    expect(await call.press('resume')).to.deep.equal(TWO_TONES)
    await call.talk(TALK_MS)
    await call.hangUp()
    const recordings = await bench.settled(2, { caller: call.caller })
    for (const recording of recordings) {
      const { fromMs, toMs } = await longestSilence(bench, recording)
      expect(toMs - fromMs, (await soundOf(bench, recording)).told).to.be.within(PAUSE_MS, PAUSE_MS + LONGER_MS)
      expect(recording.pauses.filter(({ effectiveAt }) => effectiveAt !== null)).to.have.length(1)
      expect(recording.findings.filter((code) => !BUSY.has(code))).to.deep.equal([])
    }
    expectUnheard(call)
  })

  it('keep a pause in force over the restart, which the agent then ends', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await bench.holdfast.kill()
    expect(await call.press('pause')).to.deep.equal(ONE_TONE)
    await bench.start()
    await call.talk(PAUSE_MS)
    expect(await call.press('resume')).to.deep.equal(TWO_TONES)
    await call.talk(TALK_MS)
    await call.hangUp()
    await expectBothPaused(bench, call, expectPaused)
  })

  it('end a pause that Holdfast made before it went away', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    expect(await call.press('toggle')).to.deep.equal(ONE_TONE)
    await call.talk(PAUSE_MS)
    await bench.holdfast.kill()
    expect(await call.press('toggle')).to.deep.equal(TWO_TONES)
    await call.talk(TALK_MS)
    await bench.start()
    await call.hangUp()
    await expectBothPaused(bench, call, expectPaused)
  })

  it('pause what the dialplan records by itself, also when the call is over before Holdfast is back', async () => {
    await bench.holdfast.kill()
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await expectInterrupted(call)
    await call.hangUp()
    await bench.start()
    const [recording] = await bench.settled(1, { caller: call.caller })
    if (recording === undefined) throw new Error('unreachable: one is settled')
    expect(recording).to.include({ origin: 'NATIVE', side: 'SOURCE' })
    await expectPaused(bench, recording)
    expectUnheard(call)
  })

  it('are refused as the rule said, while it could', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'unasked' })
    await call.talk(TALK_MS)
    await bench.holdfast.kill()
    expect(await call.press('pause')).to.deep.equal(LOW_TONE)
    await bench.start()
    await call.hangUp()
    for (const { pauses } of await bench.settled(2, { caller: call.caller })) expect(pauses).to.deep.equal([])
  })

  it('are withdrawn from all when one recorder does not stop: the agent is told so, and nothing stays silent', async () => {
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
    await call.talk(TALK_MS)
    await bench.holdfast.kill()
    {
      await using _deaf = await deafenRecorder(bench, { caller: call.caller, directory: directory() })
      expect(await call.press('pause')).to.deep.equal(LOW_TONE)
    }
    await call.talk(PAUSE_MS)
    await bench.start()
    await call.talk(TALK_MS)
    await call.hangUp()
    await expectNotSilent(bench, call)
  })

  // Of each leg: what runs, the stop, and whether it still runs. FreeSWITCH's dialplan asks the switch itself, which is there.
  if (pbx === 'Asterisk') for (const [what, failing] of [['the first leg', 1], ['whether the first leg has stopped', 3], ['the second leg', 4]] as const) {
    it(`are withdrawn from all when the console is not to be asked about ${what}: no answer is no proof`, async () => {
      await using call = await CodeCall.place(bench, { line: lines.take(), route: 'both' })
      await call.talk(TALK_MS)
      await bench.holdfast.kill()
      if (!(bench instanceof LabBench)) throw new Error('a lab with an Asterisk')
      const { asterisk } = bench.lab
      const console = await consoleCommand(asterisk)
      const [names, calls, broken] = [await channelNames(asterisk), join(directory(), `calls-${failing}`), join(directory(), `broken-console-${failing}`)]
      await writeFile(calls, '')
      await writeFile(broken, `#!/bin/sh\necho "$*" >> ${calls}\n[ $(wc -l < ${calls}) = ${failing} ] && exit 1\nexec ${console} "$@"\n`, { mode: 0o755 })
      await asterisk.cli(`dialplan set global HOLDFAST_CLI ${broken}`)
      const answer = await call.press('pause')
      await asterisk.cli(`dialplan set global HOLDFAST_CLI "${console}"`)
      expect(answer).to.deep.equal(LOW_TONE)
      const told = (await readFile(calls, 'utf8')).trim().split('\n')
      expect(told[failing - 1], told.join('\n')).to.contain('mixmonitor list')
      for (const command of told) expect(names, command).to.include(command.split(' ')[3])
      await call.talk(PAUSE_MS)
      await bench.start()
      await call.talk(TALK_MS)
      await call.hangUp()
      await expectNotSilent(bench, call)
    })
  }

  it('of a call whose rule forbids pauses, which nobody knew then, pause nothing for longer than Holdfast is away', async () => {
    await bench.holdfast.kill()
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'law' })
    await call.talk(TALK_MS)
    expect(await call.press('pause')).to.deep.equal(ONE_TONE)
    await bench.start()
    await call.talk(2 * PAUSE_MS)
    await call.hangUp()
    const [recording] = await bench.settled(1, { caller: call.caller })
    if (recording === undefined) throw new Error('unreachable: one is settled')
    const { recorded, told } = await soundOf(bench, recording)
    // Asterisk's dialplan stopped the recorder: nothing was written. FreeSWITCH's silenced it: a pause that lasted too long.
    expect(recording.pauses, told).to.have.length(pbx === 'Asterisk' ? 0 : 1)
    expect(recording.findings, told).to.include(pbx === 'Asterisk' ? 'GAP' : 'PAUSE_OVERRUN')
    const { toMs } = await longestSilence(bench, recording)
    expect(heardMs(audioSpans(recorded.subarray(toMs * 8), CODE_TONES), 'customer'), told).to.be.greaterThan(PAUSE_MS)
  })

  it('of a route pause what the dialplan records by itself', async () => {
    await bench.holdfast.kill()
    await using call = await CodeCall.place(bench, { line: lines.take(), route: 'route' })
    await call.talk(TALK_MS)
    await call.hangUp()
    await bench.start()
    const [recording] = await bench.settled(1, { caller: call.caller })
    expect(recording?.pauses.map(({ by }) => by)).to.deep.equal(['lab'])
    if (recording === undefined) throw new Error('unreachable: one is settled')
    const { fromMs, toMs } = await longestSilence(bench, recording)
    expect(toMs - fromMs).to.be.within(2000 - EDGE_MS, 2000 + LONGER_MS)
  })

  it('leave nothing noted, and nothing in the spool', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    await until(async () => expect(await bench.notes()).to.deep.equal([]))
  })
})

/** One pause by the agent, exactly silent on both channels, with sound before and after it. */
async function expectPaused(bench: HoldfastBench, recording: DemoRecording): Promise<void> {
  const { recorded, told } = await soundOf(bench, recording)
  const pausedMs = expectAgentsPause(recording, told)
  const { fromMs, toMs } = await longestSilence(bench, recording)
  expect(toMs - fromMs, told).to.be.within(pausedMs - EDGE_MS, pausedMs + LONGER_MS)
  for (const samples of [recorded.subarray(0, fromMs * 8), recorded.subarray(toMs * 8)]) {
    const voice = recording.side === 'SOURCE' ? 'customer' : 'agent'
    expect(heardMs(audioSpans(samples, CODE_TONES), voice), told).to.be.greaterThan(TALK_MS / 2)
  }
  expect(recording.findings.filter((code) => !BUSY.has(code)), told).to.deep.equal([])
}

/** Whatever was asked, neither recording is silent for as long as a pause. */
async function expectNotSilent(bench: CallBench, call: CodeCall): Promise<void> {
  for (const recording of await bench.settled(2, { caller: call.caller })) {
    const { fromMs, toMs } = await longestSilence(bench, recording)
    expect(toMs - fromMs, (await soundOf(bench, recording)).told).to.be.lessThan(PAUSE_MS)
    expect(recording.state).to.equal('STORED')
  }
}
