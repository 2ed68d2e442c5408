import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, runsOf } from '../support/flow-evidence.ts'
import { FlowLedger } from '../support/flow-ledger.ts'
import { type FlowPbx, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { act, dial, flowExtension, PASSABLE } from '../support/freeswitch-flow-plan.ts'

/** A voice is measured in windows, which its first and last sounds do not fill. */
const WINDOWS_MS = 200
const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 5
/** A and C are recorded full-time; B is not. Nothing else is asked for, but where a test says so. */
const POLICY = `
rules:
  - name: desks
    when: { extension: { glob: ['a-*', 'c-*'] } }
    record: both
    mandatory: true
`
/** No route here asks: 55 rings a queue of B and C, 56 rings B alone, 99 is a conference, \`*8\` picks up what rings at B. */
const ASTERISK = `
[from-customer]
exten => _55XX,1,Answer()
 same => n,Queue(team-\${EXTEN:2},,,,60)
exten => _56XX,1,Dial(PJSIP/b-\${EXTEN:2},20)
[from-agent]
exten => _99XX,1,ConfBridge(\${EXTEN:2})
exten => _*8XX,1,PickupChan(PJSIP/b-\${EXTEN:2},p)
`
/** The same in FreeSWITCH's words: what rings several telephones at once is the dialplan itself; mod_callcenter is no part of every FreeSWITCH. */
const FREESWITCH = {
  'from-customer': [
    flowExtension('55', act('answer'), dial('b', 'c')),
    flowExtension('56', act('hash', 'insert/rings/b-$1/${uuid}'), PASSABLE, dial('b')),
  ].join('\n'),
  'from-agent': [
    flowExtension('99', act('answer'), act('conference', '$1@default')),
    flowExtension('\\*8', act('intercept', '${hash(select/rings/b-$1)}')),
  ].join('\n'),
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** What a telephone got: the customer's, where there is one. */
  readonly heard: Lane
  readonly told: string
}

interface Played {
  readonly pbx: FlowPbx
  readonly open: (context: Context, settings: Readonly<Record<string, unknown>>) => Promise<FlowBench & AsyncDisposable>
}

function fullTime({ pbx, open }: Played): void {
  describe(`a telephone that is recorded full-time without a word in any route, on a real ${pbx}`, () => {
    let directory: string
    const since = new Date()
    let bench: FlowBench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>
    let ledger: FlowLedger

    before(async function () {
      directory = await mkdtemp(join(tmpdir(), 'holdfast-full-time-'))
      const policyFile = join(directory, 'policy.yaml')
      await writeFile(policyFile, POLICY)
      bench = await open(this, { policyFile, attachedData: {} })
      outcomes = await FlowOutcomes.run(new Map<string, () => Promise<Outcome>>([
        ['called', called], ['calls', calls], ['colleagues', colleagues], ['conference', conference], ['asked', asked], ['picked up', pickedUp],
        ['queue b', () => queue('b')], ['queue c', () => queue('c')], ['unnamed', unnamed],
        ...RTP_ORDERS.map((rtp) => [`passed on ${rtp}`, () => passedOn(rtp)] as const),
      ]), { atOnce: AT_ONCE })
      ledger = await FlowLedger.read(bench.lab, { since, least: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    })

    /** What is to be looked at once a call is over. */
    async function outcome(flow: FlowCall, listener: PhoneCall, count: number): Promise<Outcome> {
      const recordings = await recordingsOf(flow, count)
      return { recordings, heard: new Lane(listener.received.toSamples()), told: recordings.map(describeRecording).join('\n') }
    }

    async function called(): Promise<Outcome> {
      await using flow = await bench.flow()
      const { customer, a } = await flow.begin('unrecorded')
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer, 2)
    }

    async function calls(): Promise<Outcome> {
      await using flow = await bench.flow()
      const a = await flow.dial('a', 'customer')
      const customer = await flow.answer('customer')
      await flow.talk(customer, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer, 2)
    }

    async function colleagues(): Promise<Outcome> {
      await using flow = await bench.flow()
      const a = await flow.dial('a', 'c')
      const c = await flow.answer('c')
      await flow.talk(c, TALK_MS)
      await c.hangUp()
      await a.ended()
      return await outcome(flow, c, 2)
    }

    async function conference(): Promise<Outcome> {
      await using flow = await bench.flow()
      const a = await flow.phone('a').call(`99${flow.line}`)
      await a.answered()
      const b = await flow.phone('b').call(`99${flow.line}`)
      await b.answered()
      await flow.talk(b, TALK_MS)
      await a.hangUp()
      await b.hangUp()
      return await outcome(flow, a, 1)
    }

    /** The route asks for the customer's side. */
    async function asked(): Promise<Outcome> {
      await using flow = await bench.flow()
      const { customer, a } = await flow.begin('source')
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer, 2)
    }

    /** It rings at B, whom no rule names; A picks it up. */
    async function pickedUp(): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`56${flow.line}`)
      const ringing = await flow.phone('b').incoming()
      const a = await flow.phone('a').call(`*8${flow.line}`)
      await Promise.all([a.answered(), customer.answered()])
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      await ringing.ended()
      // What it began alone, before it was known whose call it takes, is superseded.
      return await outcome(flow, customer, 3)
    }

    async function queue(taker: 'b' | 'c'): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`55${flow.line}`)
      const other = await flow.phone(taker === 'b' ? 'c' : 'b').incoming()
      const call = await flow.answer(taker, { afterMs: 500 })
      await flow.talk(call, TALK_MS)
      await other.ended()
      await customer.hangUp()
      await call.ended()
      return await outcome(flow, customer, 2)
    }

    /** Nobody here is named. */
    async function unnamed(): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`56${flow.line}`)
      const b = await flow.answer('b')
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return await outcome(flow, customer, 0)
    }

    async function passedOn(rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin('unrecorded')
      await flow.talk(a, TALK_MS)
      void a.transferBlind(flow.number('b')).catch(() => undefined)
      const b = await flow.answer('b')
      await a.ended()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return await outcome(flow, customer, 2)
    }

    function bySide(name: string): { readonly source: FlowRecording; readonly destination: FlowRecording; readonly heard: Lane; readonly told: string } {
      const { recordings, heard, told } = outcomes.of(name)
      const [source, destination] = (['SOURCE', 'DESTINATION'] as const).map((side) => recordings.find((recording) => recording.side === side))
      if (source === undefined || destination === undefined) throw new Error(`not both sides\n${told}`)
      return { source, destination, heard, told }
    }

    const orders = ({ recorded, other }: FlowRecording): readonly string[] => [recorded.order, other.order]

    it('full-time, inbound: both sides, from the first word', () => {
      const { source, destination, heard, told } = bySide('called')
      for (const recording of [source, destination]) {
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expectPartiesAsHeard(recording)
      }
      expect([orders(source), orders(destination)], told).to.deep.equal([['customer', 'a'], ['a', 'customer']])
      expectNothingLost(source, { lane: source.other, heard, changes: 0, toldMs: ledger.missingMs(source) })
      expectNothingLost(destination, { lane: destination.recorded, heard, changes: 0, toldMs: ledger.missingMs(destination) })
      expect(source.decision, told).to.include({ rule: 'desks' })
    })

    it('full-time, outbound: both sides, and the customer is the callee', () => {
      const { source, destination, heard, told } = bySide('calls')
      expect([orders(source), orders(destination)], told).to.deep.equal([['customer', 'a'], ['a', 'customer']])
      expectNothingLost(source, { lane: source.other, heard, changes: 0, toldMs: ledger.missingMs(source) })
      expect(source.agent, told).to.equal(endpointOf(source, 'a'))
    })

    it('full-time, among colleagues who are both named: one recording of each', () => {
      const { source, destination, told } = bySide('colleagues')
      expect([orders(source), orders(destination)], told).to.deep.equal([['a', 'c'], ['c', 'a']])
    })

    it('full-time, an application of the PBX: the telephone\'s own side, with all that it hears', () => {
      const { recordings: [recording], told } = outcomes.of('conference')
      if (recording === undefined) throw new Error('nothing recorded')
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP' })
      expect(orders(recording), told).to.deep.equal(['a', 'b'])
    })

    it('full-time, and the route asks as well: no leg is recorded twice', () => {
      const { source, destination, told } = bySide('asked')
      expect([orders(source), orders(destination)], told).to.deep.equal([['customer', 'a'], ['a', 'customer']])
    })

    it('full-time, picked up from a telephone that is not named: both sides', () => {
      const { recordings, told } = outcomes.of('picked up')
      const kept = recordings.filter(({ state }) => state === 'STORED').map(({ side, recorded, other }) => [side, recorded.order, other.order])
      expect(kept, told).to.have.deep.members([['SOURCE', 'customer', 'a'], ['DESTINATION', 'a', 'customer']])
      expect(recordings.filter(({ state }) => state !== 'STORED').map(({ reason }) => reason), told).to.deep.equal(['SUPERSEDED'])
    })

    it('full-time, in a queue whose named member takes the call: both sides', () => {
      const { source, destination, told } = bySide('queue c')
      expect([source.state, destination.state], told).to.deep.equal(['STORED', 'STORED'])
      expect([source.recorded.order, destination.recorded.order, destination.other.order], told).to.deep.equal(['customer', 'c', 'customer'])
      expect(source.other.order, `the music, as far as the telephones rang, and the agent\n${told}`).to.match(/^(music )?c$/)
    })

    it('full-time, in a queue whose named member rings and another takes the call: nothing is kept', () => {
      const { source, destination, told } = bySide('queue b')
      expect([source.state, source.reason, destination.state, destination.reason], told).to.deep.equal(['NOT_RECORDED', 'NOT_WANTED', 'NOT_RECORDED', 'NEVER_ANSWERED'])
    })

    it('full-time: a call in which nobody is named leaves nothing', () => {
      expect(outcomes.of('unnamed').recordings).to.deep.equal([])
    })

    for (const rtp of RTP_ORDERS) {
      it(`full-time, passed on to a telephone that is not named: the customer's side goes on, the agent's ends (RTP numbers ${rtp})`, () => {
        const { source, destination, heard, told } = bySide(`passed on ${rtp}`)
        expect([source.state, destination.state, destination.reason], told).to.deep.equal(['STORED', 'STORED', 'AGENT_LEFT'])
        expect(source.recorded.order, told).to.equal('customer')
        expect(source.other.order, told).to.match(/^a (music )?(ring )?b$/)
        expect(orders(destination), told).to.deep.equal(['a', 'customer'])
        expectNothingLost(source, { lane: source.other, heard, changes: 1, toldMs: ledger.missingMs(source) })
        expectPartiesAsHeard(source)
      })
    }

    it('full-time, and Holdfast was away when the call began: it is recorded from its middle on, and the ledger has the rest', async () => {
      await using flow = await bench.flow()
      await bench.lab.holdfast.kill()
      const { customer, a } = await flow.begin('unrecorded')
      await flow.talk(a, TALK_MS)
      await bench.lab.start()
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      const { recordings, heard, told: lines } = await outcome(flow, customer, 2)
      expect(recordings.map(({ state, reason }) => [state, reason]), lines).to.deep.equal([['STORED', 'HANGUP'], ['STORED', 'HANGUP']])
      // When a leg began that is found in its middle is known to the second: it may be told as older than this flow.
      const told = await FlowLedger.read(bench.lab, { since, least: AT_ONCE })
      for (const recording of recordings) {
        const recordedMs = recording.other.ms('a') + recording.recorded.ms('a')
        expect(recordedMs, `from its beginning on nothing is missing\n${lines}`).to.be.at.least((recording.media?.durationMs ?? 0) - WINDOWS_MS)
        expect(recordedMs, lines).to.be.within(1, heard.ms('a') - TALK_MS)
        const [leg, ...more] = told.legsOf(recording)
        const [gap] = leg?.gaps ?? []
        expect([leg?.evidence, gap?.cause, more], `${told.toString()}\n${lines}`).to.deep.equal(['RESYNC', 'RESTART', []])
        expect(gap?.endedAt, `the gap ends where the recorder begins\n${lines}`).to.equal(runsOf(recording)[0]?.startedAt)
      }
    })
  })
}

fullTime({ pbx: 'Asterisk', open: (_context, settings) => AsteriskFlowBench.open({ extensions: ASTERISK, settings }) })
fullTime({ pbx: 'FreeSWITCH', open: (context, settings) => FreeSwitchFlowBench.open(context, { extensions: FREESWITCH, settings }) })
