import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { compareWithSent } from '../support/audio/compare-with-sent.ts'
import { describeAudio } from '../support/audio/describe-audio.ts'
import { expectStored, expectWhole } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { FreeLines, NUMBER_PLAN } from '../support/number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, type ToneCall, ToneCalls } from '../support/tone-call.ts'

/** Asterisk writes blocks of 32,768 bytes, 2.05 s: what it had not written is lost with it. Source: measured on Asterisk 22.10 */
const BLOCK_MS = 2048
const TALK_MS = 4500
/** What a busy machine may cost of it. */
const BUSY_MS = 400
/** A file whose header was never completed is taken as it is when nobody has written to it for ten seconds. */
const REPAIRED_WITHIN_MS = 45_000

describe('an Asterisk that dies in the middle of its calls', () => {
  let bench: LabBench
  const lines = new FreeLines()
  let killed: readonly ToneCall[]

  before(async () => {
    bench = await LabBench.open(NUMBER_PLAN)
    await using calls = new ToneCalls(bench, lines)
    killed = await Promise.all([calls.place('source'), calls.place('destination')])
    await delay(TALK_MS)
    await bench.lab.asterisk.kill('SIGKILL')
    await bench.lab.asterisk.restart()
    // The telephones have heard nothing of it; they are closed on the way out.
  })
  after(() => bench[Symbol.asyncDispose]())

  it('is found again when it is back, and its next call is recorded', async () => {
    await using calls = new ToneCalls(bench, lines)
    await until(async () => expect((await fetch(`${bench.url}/readyz`)).status).to.equal(200), { withinMs: 20_000 })
    const call = await calls.place('source')
    await delay(1100)
    await calls.hangUp()
    const recording = await expectStored(bench, call)
    expect(recording).to.include({ origin: 'CONTROLLED' })
    await expectWhole(bench, call, recording)
  })

  it('leaves files that are mended and stored, up to the last block that it wrote; that is said', async () => {
    for (const call of killed) {
      const [recording] = await bench.settled(1, { caller: call.caller, withinMs: REPAIRED_WITHIN_MS })
      if (recording === undefined) throw new Error('unreachable: one is settled')
      expect(recording).to.include({ state: 'STORED', reason: 'PBX_RESTARTED' })
      expect(recording.findings).to.include.members(['HEADER_REPAIRED', 'SHORTER_THAN_CALL'])
      const { recorded, other } = await bench.channels(recording.id)
      const [customers, agents] = recording.side === 'SOURCE' ? [recorded, other] : [other, recorded]
      for (const [sent, channel, hz] of [[call.customer.sent, customers, CUSTOMER_HZ], [call.agent.sent, agents, AGENT_HZ]] as const) {
        expect(channel.length / 8).to.be.at.least(BLOCK_MS)
        const { clippedMs, longestGapMs, lacksMs } = compareWithSent(sent.toSamples().subarray(0, channel.length), channel, hz)
        expect({ clippedMs, longestGapMs, lacksMs }).to.satisfy((lost: object) => Object.values(lost).every((ms) => ms <= BUSY_MS), describeAudio(channel, { voice: hz }))
      }
    }
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
  })

  it('tells in the audit that a file was mended, in a chain that verifies', async () => {
    expect(JSON.parse(await bench.command('audit', 'verify', '--json'))).to.have.deep.nested.property('[0].firstBroken', null)
  })
})
