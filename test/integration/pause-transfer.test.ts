import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { endpointNamed, FLOW_TONES, type FlowPbx, telephoneOf } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { flowDialString, flowExtension } from '../support/freeswitch-flow-plan.ts'
import { FREESWITCH_BLIND_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { BLIND_WAYS, type BlindWay } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** Three calls at once on a busy machine: what a flow waits for comes later. */
const TOLERANCE_MS = 300
/** Of each recording. What the dialplan recorded while a recorder was late for the first word is kept, paused and resumed beside it. */
const EACH_DONE = /^DONE(,DONE)*$/
/** Entry 6 asks under a rule by which a pause ends with the agent's transfer. */
const ENDING = '6'
const POLICY = `
rules:
  - name: ends-with-transfer
    when: { dialled: { prefix: "${ENDING}" } }
    record: source
    pause: { endsWith: [transfer] }
`

interface Told {
  readonly recording: DemoRecording
  readonly recorded: Int16Array
  readonly other: Int16Array
}

interface Passing {
  readonly entry: string
  readonly target: 'b' | 'again'
  readonly ends: 'by a resume' | 'by the rule'
}

/** Where the suite is played, and how A hands over there. */
interface Place<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context, settings: Readonly<Record<string, unknown>>) => Promise<Bench>
  readonly way: BlindWay<Bench>
}

/** A pause is asked for, A hands over, B talks, and then the pause ends, by B's wish or by the rule. */
async function passedOn<Bench extends FlowBench>(flow: FlowCall<Bench>, way: BlindWay<Bench>, { entry, target, ends }: Passing): Promise<readonly Told[]> {
  const { lab } = flow.bench
  const caller = telephoneOf('customer', flow.line)
  const customer = await flow.phone('customer').call(`${entry}${flow.line}`)
  const a = await flow.answer('a')
  await customer.answered()
  await flow.talk(a, TALK_MS)
  expect(await lab.control('pause', caller)).to.match(EACH_DONE)
  await flow.talk(a, TALK_MS)
  await way(flow, a, target)
  const b = await flow.answer('b')
  await flow.talk(b, TALK_MS)
  if (ends === 'by a resume') expect(await lab.control('resume', caller)).to.match(EACH_DONE)
  await flow.talk(b, TALK_MS)
  await customer.hangUp()
  await b.ended()
  const recordings = await lab.settled(target === 'again' ? 2 : 1, { caller })
  const told: Told[] = []
  for (const recording of recordings) {
    const { recorded, other } = recording.state === 'STORED' ? await lab.channels(recording.id) : { recorded: new Int16Array(0), other: new Int16Array(0) }
    told.push({ recording, recorded, other })
  }
  return told
}

function heard(samples: Int16Array, name: keyof typeof FLOW_TONES): number {
  return heardMs(audioSpans(samples, FLOW_TONES), name)
}

const passedOnDuringPause = <Bench extends FlowBench & AsyncDisposable>({ pbx, open, way }: Place<Bench>): unknown => describe(`a call that is passed on during a pause, on a real ${pbx}`, () => {
  let bench: Bench
  let directory: string
  let outcomes: FlowOutcomes<readonly Told[]>

  before(async function () {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-pause-'))
    const policyFile = join(directory, 'policy.yaml')
    await writeFile(policyFile, POLICY)
    bench = await open(this, { policyFile, attachedData: { keys: [] } })
    {
      // The first call of a process finds it cold: its first word may be kept in a recording more.
      await using call = await bench.flow()
      const { customer, a } = await call.begin('destination')
      await customer.hangUp()
      await a.ended()
    }
    const flow = async (options: Passing): Promise<readonly Told[]> => {
      await using call = await bench.flow({ rtp: 'behind' })
      return await passedOn(call, way, options)
    }
    outcomes = await FlowOutcomes.run(new Map([
      ['source', () => flow({ entry: '1', target: 'b', ends: 'by a resume' })],
      ['destination', () => flow({ entry: '2', target: 'again', ends: 'by a resume' })],
      ['ending', () => flow({ entry: ENDING, target: 'b', ends: 'by the rule' })],
    ]), { atOnce: 3 })
  })
  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  it('has nothing of the pause on the customer\'s side, over the cut, and all of what comes after the resume', () => {
    const [told] = outcomes.of('source')
    if (told === undefined) throw new Error('one recording')
    const { recording, recorded, other } = told
    const text = `${describeAudio(recorded, FLOW_TONES)}\n${describeAudio(other, FLOW_TONES)}\n${JSON.stringify(recording.findings)}`
    expect(recording.state, text).to.equal('STORED')
    expect(recording.findings, text).to.not.include('PAUSE_NOT_SILENT')
    const [pause] = recording.pauses
    const lengthMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
    expect(lengthMs).to.be.above(2 * TALK_MS)
    const silent = exactSilence([recorded, other]).filter(({ start, end }) => end - start > 1000 * SAMPLES_PER_MS)
    expect(silent, text).to.have.length(1)
    expect(((silent[0]?.end ?? 0) - (silent[0]?.start ?? 0)) / SAMPLES_PER_MS, text).to.be.within(lengthMs - TOLERANCE_MS, lengthMs + TOLERANCE_MS)
    expect(heard(other, 'a'), text).to.be.within(TALK_MS - TOLERANCE_MS, 2 * TALK_MS)
    expect(heard(other, 'b'), text).to.be.within(TALK_MS - TOLERANCE_MS, 2 * TALK_MS)
  })

  it('has on the new agent\'s side nothing of the pause: her recorder begins with the resume', () => {
    const told = outcomes.of('destination').filter(({ recording }) => recording.origin === 'CONTROLLED')
    const [first, second] = told
    if (first === undefined || second === undefined) throw new Error('two recordings')
    const text = told.map(({ recording, recorded, other }) => `${recording.state} ${recording.reason ?? ''} ${JSON.stringify(recording.pauses)} ${JSON.stringify(recording.findings)}\n${describeAudio(recorded, FLOW_TONES)}\n${describeAudio(other, FLOW_TONES)}`).join('\n')
    expect([first.recording.state, second.recording.state], text).to.deep.equal(['STORED', 'STORED'])
    for (const { recording } of told) expect(recording.findings, text).to.not.include('PAUSE_NOT_SILENT')
    expect(heard(first.recorded, 'a'), text).to.be.within(TALK_MS - TOLERANCE_MS, 2 * TALK_MS)
    expect(heard(first.recorded, 'b') + heard(first.other, 'b'), text).to.equal(0)
    expect(heard(second.recorded, 'b'), text).to.be.within(TALK_MS - TOLERANCE_MS, 2 * TALK_MS)
    expect(second.recorded.length / SAMPLES_PER_MS, 'it is as long as what came after the resume').to.be.below(2 * TALK_MS)
    expect(second.recording.pauses, 'and tells that it was asked for during one').to.have.length(1)
    expect(second.recording).to.include({ side: 'DESTINATION', agent: endpointNamed(pbx, telephoneOf('b', second.recording.caller?.slice(-2) ?? '')) })
  })

  it('has nothing of the pause in what the dialplan recorded by itself meanwhile, because Holdfast gave no answer', async () => {
    await using flow = await bench.flow()
    const { lab } = bench
    const caller = telephoneOf('customer', flow.line)
    const { customer, a } = await flow.begin('destination')
    await flow.talk(a, TALK_MS)
    expect(await lab.control('pause', caller)).to.match(EACH_DONE)
    process.kill(lab.holdfast.pid, 'SIGSTOP')
    await way(flow, a, 'again')
    const b = await flow.answer('b')
    await flow.talk(b, TALK_MS)
    process.kill(lab.holdfast.pid, 'SIGCONT')
    await flow.talk(b, TALK_MS)
    // The native one alone: it holds the new agent's side, which is not recorded a second time.
    expect(await lab.control('resume', caller)).to.match(EACH_DONE)
    const resumedMs = b.sentSamples / SAMPLES_PER_MS
    await flow.talk(b, TALK_MS)
    await customer.hangUp()
    await b.ended()
    // Nobody waited for the answer any more when Holdfast read the request: there is nothing but what the dialplan recorded.
    const recordings = await lab.settled(2, { caller })
    expect(recordings.map(({ state, reason }) => `${state} ${reason ?? ''}`)).to.include.members(['STORED AGENT_LEFT', 'STORED HANGUP'])
    const native = recordings.findLast(({ origin }) => origin === 'NATIVE')
    const text = JSON.stringify(recordings)
    expect(native, text).to.include({ state: 'STORED' })
    const { recorded, other } = await lab.channels(native?.id ?? '')
    const told = `${describeAudio(recorded, FLOW_TONES)}\n${describeAudio(other, FLOW_TONES)}\n${text}`
    expect(native?.findings, `the sound that was written until the mask is an incident\n${told}`).to.include('PAUSE_NOT_SILENT')
    const heardB = [...audioSpans(recorded, FLOW_TONES), ...audioSpans(other, FLOW_TONES)].filter(({ content }) => content.includes('b'))
    expect(heardB.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0), told).to.be.within(TALK_MS - TOLERANCE_MS, TALK_MS + TOLERANCE_MS + (b.sentSamples / SAMPLES_PER_MS - resumedMs - TALK_MS))
    const first = exactSilence([recorded, other])[0]
    expect(first?.start, `silent from the first sample\n${told}`).to.equal(0)
    expect((first?.end ?? 0) / SAMPLES_PER_MS, told).to.be.above(2 * TALK_MS - TOLERANCE_MS)
  })

  it('has sound again from the transfer on, where the rule ends the pause with it', () => {
    const [told] = outcomes.of('ending')
    if (told === undefined) throw new Error('one recording')
    const { recorded, other, recording } = told
    const text = `${describeAudio(recorded, FLOW_TONES)}\n${describeAudio(other, FLOW_TONES)}\n${JSON.stringify(recording.pauses)}`
    expect(recording.state, text).to.equal('STORED')
    expect(heard(other, 'a'), text).to.be.within(TALK_MS - TOLERANCE_MS, TALK_MS + TOLERANCE_MS)
    expect(heard(other, 'b'), text).to.be.above(2 * TALK_MS - TOLERANCE_MS)
  })
})

passedOnDuringPause({
  pbx: 'Asterisk',
  open: (_, settings) => AsteriskFlowBench.open({
    settings,
    extensions: `[from-customer]\nexten => _${ENDING}XX,1,Gosub(holdfast-record,s,1(direction=inbound))\n same => n,Dial(PJSIP/a-\${EXTEN:1},30,tT)\n same => n,Hangup()\n`,
  }),
  way: BLIND_WAYS['the manager'],
})
passedOnDuringPause({
  pbx: 'FreeSWITCH',
  open: (context, settings) => FreeSwitchFlowBench.open(context, {
    settings,
    extensions: { 'from-customer': flowExtension(ENDING, '<action application="execute_extension" data="record:direction=inbound XML holdfast"/>', `<action application="bridge" data="${flowDialString('a')}"/>`) },
  }),
  way: FREESWITCH_BLIND_WAYS['the manager'],
})
