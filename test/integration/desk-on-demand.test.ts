import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, beforeEach, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { AGENT_TONE_HZ, type AgentDesk, type DeskCall, DeskLab } from '../support/desk-lab.ts'
import { until } from '../support/hooks.ts'

/** What the customer says in each part of a call: by its tone it is known where it was said. */
const FIRST_HZ = 440
const SECOND_HZ = 700
const THIRD_HZ = 1700
const TONES = { first: FIRST_HZ, second: SECOND_HZ, third: THIRD_HZ, agent: AGENT_TONE_HZ }
const PART_MS = 1500
/** A command, the frames on their way, and a busy machine. */
const EDGE_MS = 400
/** A tone that goes over into the next within a window of 20 ms looks like either. */
const STRAY_MS = 60

interface Stop {
  readonly stoppedParts: readonly { readonly fromAt: string; readonly toAt: string | null; readonly how: string; readonly by: string }[]
  readonly recordings: readonly { readonly plainId: string; readonly demands: readonly { readonly action: string; readonly by: string }[] }[]
}

describe('recording on demand on a real Asterisk', () => {
  let lab: DeskLab
  let desk: AgentDesk
  let since = new Date()

  before(async () => {
    lab = await DeskLab.open()
    desk = await lab.agent('--endpoint', lab.desk('agentA'))
  })
  after(() => lab[Symbol.asyncDispose]())
  beforeEach(() => {
    since = new Date()
  })

  async function stored(count: number): Promise<readonly DemoRecording[]> {
    return (await lab.bench.settled(count, { since })).filter(({ state }) => state === 'STORED')
  }

  /** How long each part was heard in what is stored of the customer. */
  async function heard(recording: DemoRecording | undefined): Promise<Readonly<Record<keyof typeof TONES, number>> & { readonly told: string }> {
    const { recorded, other } = await lab.bench.channels(recording?.id ?? '')
    const spans = audioSpans(recorded, TONES)
    return {
      first: heardMs(spans, 'first'), second: heardMs(spans, 'second'), third: heardMs(spans, 'third'), agent: heardMs(audioSpans(other, TONES), 'agent'),
      told: `${describeAudio(recorded, TONES)}\n${describeAudio(other, TONES)}`,
    }
  }

  /** The customer says the next part. */
  async function says(call: DeskCall, hz: number): Promise<void> {
    call.customer.play(tone(hz))
    await delay(PART_MS)
  }

  async function interactionOf(recording: DemoRecording | undefined): Promise<Stop> {
    return (await lab.bench.client.request<{ readonly interaction: Stop }>(
      'query ($id: ID!) { interaction(id: $id) { stoppedParts { fromAt toAt how by } recordings { plainId demands { action by } } } }', { id: recording?.interactionId })).interaction
  }

  it('starts in the middle of a call: what was said before is nowhere, and everything from then on is there', async () => {
    await using call = await lab.call('customer', '2A', { says: tone(FIRST_HZ) })
    await delay(PART_MS)
    expect(await desk.now()).to.include({ state: 'NOT_RECORDED', mayStart: true, mayPause: false })
    expect(await desk.control('Start')).to.equal('DONE')
    await says(call, SECOND_HZ)
    await call.hangUp()
    const [recording, ...more] = await stored(2)
    expect(more).to.deep.equal([])
    expect(recording).to.include({ side: 'SOURCE', rule: 'by-hand', agent: 'bert' })
    const { first, second, agent, told } = await heard(recording)
    expect(first, told).to.be.at.most(EDGE_MS)
    expect(second, told).to.be.within(PART_MS - EDGE_MS, PART_MS + EDGE_MS)
    expect(agent, told).to.be.above(PART_MS - EDGE_MS)
    expect(recording?.findings, 'the file is as long as its part of the call').not.to.include('SHORTER_THAN_CALL')
  })

  it('ends with its reason, and the rest of the call is nowhere', async () => {
    await using call = await lab.call('customer', '1A', { says: tone(FIRST_HZ) })
    await delay(PART_MS)
    expect(await desk.control('Stop')).to.equal('DONE')
    expect(await desk.now()).to.include({ state: 'STOPPED', mayStart: true, mayStop: false })
    await says(call, SECOND_HZ)
    await call.hangUp()
    const [recording] = await stored(1)
    expect(recording).to.include({ reason: 'STOPPED_ON_DEMAND' })
    const { first, second, told } = await heard(recording)
    expect(first, told).to.be.above(PART_MS - EDGE_MS)
    expect(second, told).to.be.at.most(STRAY_MS)
    const { stoppedParts, recordings } = await interactionOf(recording)
    expect(stoppedParts.map(({ how }) => how)).to.deep.equal(['API'])
    expect(recordings[0]?.demands.map(({ action, by }) => [action, by === stoppedParts[0]?.by])).to.deep.equal([['STOP', true]])
  })

  it('is gone on with as a second recording, and the part between is on the time line of the conversation', async () => {
    await using call = await lab.call('customer', '1A', { says: tone(FIRST_HZ) })
    await delay(PART_MS)
    expect(await desk.control('Stop')).to.equal('DONE')
    await says(call, SECOND_HZ)
    expect(await desk.control('Start')).to.equal('DONE')
    await says(call, THIRD_HZ)
    await call.hangUp()
    const [before, behind] = await stored(2)
    const [one, two] = [await heard(before), await heard(behind)]
    expect([one.first > PART_MS - EDGE_MS, one.second <= STRAY_MS, one.third], one.told).to.deep.equal([true, true, 0])
    expect([two.first, two.second <= STRAY_MS + EDGE_MS, two.third > PART_MS - EDGE_MS], two.told).to.deep.equal([0, true, true])
    const { stoppedParts: [part] } = await interactionOf(before)
    expect(Date.parse(part?.toAt ?? '') - Date.parse(part?.fromAt ?? '')).to.be.within(PART_MS, PART_MS + 2 * EDGE_MS)
  })

  it('that is asked for during a pause begins at the resume', async () => {
    await using call = await lab.call('customer', '1A', { says: tone(FIRST_HZ) })
    await delay(PART_MS)
    expect(await desk.control('Pause')).to.equal('DONE')
    expect(await desk.control('Stop')).to.equal('DONE')
    expect(await desk.control('Start')).to.equal('WAITING')
    expect((await desk.now()).state, 'the conversation is silent until the resume').to.equal('PAUSED')
    await says(call, SECOND_HZ)
    expect(await desk.control('Resume')).to.match(/DONE|ALREADY/)
    await until(async () => expect((await desk.now()).state).to.equal('RECORDING'), { withinMs: 5000 })
    await says(call, THIRD_HZ)
    await call.hangUp()
    const [, behind] = await stored(2)
    const { first, second, third, told } = await heard(behind)
    expect(first, told).to.equal(0)
    expect(second, told).to.be.at.most(EDGE_MS)
    expect(third, told).to.be.above(PART_MS - EDGE_MS)
  })

  it('is told to a desk that watches, state by state and in their order, before the catalogue has it', async () => {
    const { told, end } = await desk.watch()
    await until(() => expect(told.at(-1)?.state).to.equal('NO_CALL'))
    await using call = await lab.call('customer', '2A')
    const steps = [['Start', 'RECORDING'], ['Pause', 'PAUSED'], ['Resume', 'RECORDING'], ['Stop', 'STOPPED'], ['Start', 'RECORDING']] as const
    await until(() => expect(told.at(-1)?.state).to.equal('NOT_RECORDED'), { withinMs: 5000 })
    for (const [action, state] of steps) {
      expect(await desk.control(action)).to.equal('DONE')
      await until(() => expect(told.at(-1)?.state).to.equal(state), { withinMs: 5000 })
    }
    await call.hangUp()
    await until(() => expect(told.at(-1)?.state).to.equal('NO_CALL'), { withinMs: 5000 })
    end()
    const states = told.map(({ state }) => state).filter((state) => state !== 'WAITING')
    expect(states.filter((state, index) => state !== states[index - 1])).to.deep.equal(['NO_CALL', 'NOT_RECORDED', 'RECORDING', 'PAUSED', 'RECORDING', 'STOPPED', 'RECORDING', 'NO_CALL'])
    await stored(3)
  })

  it('may be started and stopped after Holdfast was killed in the middle of the call', async () => {
    await using call = await lab.call('customer', '2A', { says: tone(FIRST_HZ) })
    await delay(PART_MS)
    await lab.bench.holdfast.kill()
    await lab.bench.start()
    expect(await desk.now()).to.include({ state: 'NOT_RECORDED', mayStart: true })
    expect(await desk.control('Start')).to.equal('DONE')
    await says(call, SECOND_HZ)
    expect(await desk.control('Stop')).to.equal('DONE')
    await lab.bench.holdfast.kill()
    await lab.bench.start()
    expect(await desk.now()).to.include({ state: 'STOPPED', mayStart: true, mayStop: false })
    await call.hangUp()
    const [recording] = await stored(2)
    expect((await heard(recording)).second).to.be.above(PART_MS - EDGE_MS)
  })
})
