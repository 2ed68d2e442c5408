import { expect } from 'chai'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { compareWithSent } from './audio/compare-with-sent.ts'
import { describeAudio } from './audio/describe-audio.ts'
import { exactSilence } from './audio/exact-silence.ts'
import { SAMPLES_PER_MS } from './audio/samples-per-ms.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { FIRST_DIGITS } from './number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, type ToneCall } from './tone-call.ts'

/** A file begins with the first frame of either side, and the other's first frame follows. */
const BEGINS_WITHIN_MS = 300
/**
 * What a death costs is a second or more (from the kill to the new start), or a quarter of one (the patience of the dialplan, at the
 * beginning). What a machine costs that gives Asterisk no turn for a while is less: 20 ms of a beginning, 420 ms in the middle (seen,
 * on two cores with three suites at once).
 */
const CLIPPED_MS = 200
const GAP_MS = 500
const CUT_MS = 700
/** All such losses of a call together, and what was on its way when it was hung up. */
const LACKS_MS = 800
const LACKS_SHARE = 0.2
/** What is there twice is a segment, or its overlap: a second or more. */
const EXCEEDS_MS = 300
const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }

/** What a call must have left, whatever died meanwhile: one stored recording, with what the dialplan said. Gives it. */
export async function expectStored(bench: HoldfastBench, { caller, kind, line }: ToneCall): Promise<DemoRecording> {
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
 * Everything that both telephones sent is in their channels, in its place and once, from the first word on. A customer who
 * was told that she is recorded spoke before that, too: there only the agent's beginning is known.
 */
export async function expectWhole(bench: HoldfastBench, call: ToneCall, recording: DemoRecording): Promise<void> {
  const { recorded, other } = await bench.channels(recording.id)
  const [customers, agents] = recording.side === 'SOURCE' ? [recorded, other] : [other, recorded]
  const heard = {
    agent: compareWithSent(call.agent.sent.toSamples(), agents, AGENT_HZ),
    ...call.kind === 'announced' ? {} : { customer: compareWithSent(call.customer.sent.toSamples(), customers, CUSTOMER_HZ) },
  }
  const told = `${call.caller} ${JSON.stringify(heard)}\ncustomer: ${describeAudio(customers, TONES)}\nagent: ${describeAudio(agents, TONES)}`
  for (const { beginsMs, clippedMs, longestGapMs, cutMs, lacksMs, exceedsMs } of Object.values(heard)) {
    if (call.kind !== 'announced') expect(beginsMs, told).to.be.at.most(BEGINS_WITHIN_MS)
    expect(clippedMs, told).to.be.at.most(CLIPPED_MS)
    expect(longestGapMs, told).to.be.at.most(GAP_MS)
    expect(cutMs, told).to.be.at.most(CUT_MS)
    expect(lacksMs, told).to.be.at.most(Math.max(LACKS_MS, LACKS_SHARE * (call.agent.sentSamples / SAMPLES_PER_MS)))
    expect(exceedsMs, told).to.be.at.most(EXCEEDS_MS)
  }
}

interface Written {
  readonly recordings: { readonly nodes: readonly { readonly plainId: string; readonly endedAt: string; readonly media: { readonly beganAt: string; readonly durationMs: number } }[] }
}

/** By how much the files of a stored recording are shorter than the time in which they were written: sound that a machine without a free core cost the PBX. */
export async function droppedMs({ client }: Pick<HoldfastBench, 'client'>, { id, interactionId }: DemoRecording): Promise<number> {
  const { recordings: { nodes } } = await client.request<Written>('query W($id: ID!) { recordings(first: 20, filter: { interactionId: $id }) { nodes { plainId endedAt media { beganAt durationMs } } } }', { id: interactionId })
  const written = nodes.find(({ plainId }) => plainId === id)
  if (written === undefined) throw new Error(`${id} is not in its interaction`)
  return Math.max(0, Date.parse(written.endedAt) - Date.parse(written.media.beganAt) - written.media.durationMs)
}

/** The longest span in which both channels are exactly silent, in milliseconds of the recording. */
export async function longestSilence(bench: HoldfastBench, recording: DemoRecording): Promise<{ readonly fromMs: number; readonly toMs: number }> {
  const { recorded, other } = await bench.channels(recording.id)
  const [longest = { start: 0, end: 0 }] = exactSilence([recorded, other]).toSorted((one, another) => another.end - another.start - (one.end - one.start))
  return { fromMs: longest.start / SAMPLES_PER_MS, toMs: longest.end / SAMPLES_PER_MS }
}
