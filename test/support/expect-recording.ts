import { expect } from 'chai'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { describeAudio } from './audio/describe-audio.ts'
import { exactSilence } from './audio/exact-silence.ts'
import type { LabBench } from './lab-bench.ts'
import { FIRST_DIGITS } from './number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, heardOf, type ToneCall } from './tone-call.ts'

/** A file begins with the first frame of either side, and the other's first frame follows. */
const FIRST_WITHIN_MS = 200
/**
 * An Asterisk that gets no turn for a tenth of a second throws away what it could not mix (seen: 80 to 120 ms, on a machine that ran
 * several suites). What a death costs is more: the patience of the dialplan, or the time of a restart.
 */
const LOST_MS = 200
/** The losses above, and what was on its way when it was hung up. A second that is lost is more. */
const SHORT_MS = 700
const SAMPLES_PER_MS = 8

const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }

/** What a call must have left, whatever died meanwhile: one stored recording, with what the dialplan said. Gives it. */
export async function expectStored(bench: LabBench, { caller, kind, line }: ToneCall): Promise<DemoRecording> {
  const [recording] = await bench.settled(1, { caller })
  if (recording === undefined) throw new Error('unreachable: one is settled')
  const dialled = `${FIRST_DIGITS[kind]}${line}`
  const whole = JSON.stringify(recording)
  expect(recording, whole).to.deep.include({ state: 'STORED', caller, dialled, channels: 2, partitions: ['/sales', '/support/gold'], announced: kind === 'announced' ? 'PLAYED' : null })
  expect(recording.attachedData, whole).to.include({ CUSTOMER_ID: `C-${dialled}`, GRECORD_PARTITIONS: '/sales,/support/gold' })
  // A busy machine may cost Asterisk a packet or two: that is told, and nothing else is found.
  expect(recording.findings.filter((code) => code !== 'DRIFT'), whole).to.deep.equal([])
  return recording
}

/**
 * Everything that both telephones sent is in their channels, in its place and once, from the first sample on. A customer who
 * was told that she is recorded spoke before that, too: there only the agent's beginning is known.
 */
export async function expectWhole(bench: LabBench, call: ToneCall, recording: DemoRecording): Promise<void> {
  const { recorded, other } = await bench.channels(recording.id)
  const [customers, agents] = recording.side === 'SOURCE' ? [recorded, other] : [other, recorded]
  const heard = { customer: heardOf(call.customer.sent.toSamples(), customers), agent: heardOf(call.agent.sent.toSamples(), agents) }
  const told = `${call.caller} ${JSON.stringify(heard)}\ncustomer: ${describeAudio(customers, TONES)}\nagent: ${describeAudio(agents, TONES)}`
  for (const { missing, doubled, firstMs, lostMs, shortMs } of call.kind === 'announced' ? [heard.agent] : [heard.customer, heard.agent]) {
    expect(missing, told).to.deep.equal([])
    expect(doubled, told).to.deep.equal([])
    if (call.kind !== 'announced') expect(firstMs, told).to.be.lessThan(FIRST_WITHIN_MS)
    expect(lostMs, told).to.be.at.most(LOST_MS)
    expect(shortMs, told).to.be.at.most(SHORT_MS)
  }
}

/** The longest span in which both channels are exactly silent, in milliseconds of the recording. */
export async function longestSilence(bench: LabBench, recording: DemoRecording): Promise<{ readonly fromMs: number; readonly toMs: number }> {
  const { recorded, other } = await bench.channels(recording.id)
  const [longest = { start: 0, end: 0 }] = exactSilence([recorded, other]).toSorted((one, another) => another.end - another.start - (one.end - one.start))
  return { fromMs: longest.start / SAMPLES_PER_MS, toMs: longest.end / SAMPLES_PER_MS }
}
