import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, runsOf } from '../support/flow-evidence.ts'
import { ENTRIES, type FlowPbx, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { act, ask, flowExtension } from '../support/freeswitch-flow-plan.ts'

const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]
const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 5
/** Customers dial a side and a way: into the conference of their line, or to whom a Local channel leads. Agents join it, asked for or not. */
const ASTERISK = `
[from-customer]
exten => _1199XX,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,ConfBridge(\${EXTEN:4})
exten => _1188XX,1,Set(record=source)
 same => n,Goto(local,\${EXTEN:4},1)
exten => _2288XX,1,Set(record=destination)
 same => n,Goto(local,\${EXTEN:4},1)
[local]
exten => _XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(Local/2\${EXTEN}@from-agent,30)
 same => n,Hangup()
[from-agent]
exten => _2299XX,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=outbound))
 same => n,ConfBridge(\${EXTEN:4})
exten => _99XX,1,ConfBridge(\${EXTEN:2})
`
/** The same in FreeSWITCH's words. */
const CONFERENCE = [act('answer'), act('conference', '$1@default')].join('')
const LOOPBACK = act('bridge', 'loopback/2$1/from-agent/XML')
const FREESWITCH = {
  'from-customer': [
    flowExtension('1199', ask('source', 'inbound'), CONFERENCE),
    flowExtension('1188', ask('source', 'inbound'), LOOPBACK),
    flowExtension('2288', ask('destination', 'inbound'), LOOPBACK),
  ].join('\n'),
  'from-agent': [flowExtension('2299', ask('destination', 'outbound'), CONFERENCE), flowExtension('99', CONFERENCE)].join('\n'),
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** What the customer's telephone got. */
  readonly heard: Lane
  readonly told: string
}

interface Played<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  /** Moves the customer and A, who talk, into the conference of their line. */
  readonly moveBoth: (flow: FlowCall<Bench>) => Promise<void>
}

function meetings<Bench extends FlowBench>({ pbx, open, moveBoth }: Played<Bench>): void {
  describe(`a call that meets others, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      const flows = new Map<string, () => Promise<Outcome>>()
      for (const rtp of RTP_ORDERS) {
        flows.set(`conference ${rtp}`, () => conference(rtp))
        for (const side of SIDES) {
          flows.set(`moved ${side} ${rtp}`, () => moved(side, rtp))
          flows.set(`redirected ${side} ${rtp}`, () => redirected(side, rtp))
          flows.set(`behind ${side} ${rtp}`, () => behind(side, rtp))
        }
      }
      outcomes = await FlowOutcomes.run(flows, { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    /** What is to be looked at once a call is over. */
    async function outcome(flow: FlowCall, customer: OutgoingCall, count: number | readonly number[]): Promise<Outcome> {
      const recordings = await recordingsOf(flow, count)
      return { recordings, heard: new Lane(customer.received.toSamples()), told: recordings.map(describeRecording).join('\n') }
    }

    /** The customer waits; A joins, then B; A leaves first. */
    async function conference(rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const customer = await flow.phone('customer').call(`1199${flow.line}`)
      await customer.answered()
      const a = await flow.phone('a').call(`2299${flow.line}`)
      await a.answered()
      await flow.talk(a, TALK_MS)
      const b = await flow.phone('b').call(`99${flow.line}`)
      await b.answered()
      await flow.talk(b, TALK_MS)
      await a.hangUp()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.hangUp()
      return await outcome(flow, customer, 2)
    }

    /** Customer and A, who talk, are moved into a conference; B joins; the customer leaves first. */
    async function moved(side: Side, rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      await moveBoth(flow)
      await flow.talk(a, TALK_MS)
      const b = await flow.phone('b').call(`99${flow.line}`)
      await b.answered()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await flow.talk(b, TALK_MS)
      await a.hangUp()
      await b.hangUp()
      return await outcome(flow, customer, 1)
    }

    /** A's telephone answers 302: to B. */
    async function redirected(side: Side, rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const customer = await flow.phone('customer').call(`${ENTRIES[side]}${flow.line}`)
      const ringing = await flow.phone('a').incoming()
      ringing.redirect(flow.number('b'))
      // A busy machine hears of A's telephone when that is gone: then there is nothing of it that was to be recorded.
      return await talkToB(flow, customer, side === 'source' ? 1 : [1, 2])
    }

    async function behind(side: Side, rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const customer = await flow.phone('customer').call(`${side === 'source' ? '1188' : '2288'}${flow.line}`)
      return await talkToB(flow, customer, 1)
    }

    async function talkToB(flow: FlowCall, customer: OutgoingCall, count: number | readonly number[]): Promise<Outcome> {
      const b = await flow.answer('b')
      await customer.answered()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return await outcome(flow, customer, count)
    }

    for (const rtp of RTP_ORDERS) {
      it(`a conference, source: it hears everybody, alone and together (RTP numbers ${rtp})`, () => {
        const { told, heard, recordings: [recording] } = outcomes.of(`conference ${rtp}`)
        if (recording === undefined) throw new Error(told)
        expect(recording, told).to.include({ side: 'SOURCE', state: 'STORED', reason: 'HANGUP' })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'a a+b b'])
        expect(runsOf(recording), `who leaves a conference changes nothing for those who stay\n${told}`).to.have.length(1)
        expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
        expectPartiesAsHeard(recording)
      })

      it(`a conference, destination: it has the agent who asked for it, and everybody whom she hears (RTP numbers ${rtp})`, () => {
        const { told, recordings: [, recording] } = outcomes.of(`conference ${rtp}`)
        if (recording === undefined) throw new Error(told)
        expect(recording, told).to.include({ side: 'DESTINATION', state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['a', 'customer customer+b'])
        expectPartiesAsHeard(recording)
      })

      it(`a call that becomes a conference, source: it goes on until the customer leaves (RTP numbers ${rtp})`, () => {
        const { told, heard, recordings: [recording] } = outcomes.of(`moved source ${rtp}`)
        if (recording === undefined) throw new Error(told)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'a a+b'])
        expectNothingLost(recording, { lane: recording.other, heard, changes: 1 })
        expectPartiesAsHeard(recording)
      })

      it(`a call that becomes a conference, destination: it goes on until the agent leaves (RTP numbers ${rtp})`, () => {
        const { told, recordings: [recording] } = outcomes.of(`moved destination ${rtp}`)
        if (recording === undefined) throw new Error(told)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['a', 'customer customer+b b'])
        expectPartiesAsHeard(recording)
      })

      it(`forwarded by the telephone, source: it has whoever answers in the end (RTP numbers ${rtp})`, () => {
        const { told, heard, recordings: [recording] } = outcomes.of(`redirected source ${rtp}`)
        if (recording === undefined) throw new Error(told)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'b') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'b'])
        expect(runsOf(recording), `the legs between them are taken out, and nothing is lost by it\n${told}`).to.have.length(1)
        expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
        expectPartiesAsHeard(recording)
      })

      it(`forwarded by the telephone, destination: it is of whoever answers; the telephone that forwarded is told as never answered (RTP numbers ${rtp})`, () => {
        const { told, recordings } = outcomes.of(`redirected destination ${rtp}`)
        const [recording, ...unanswered] = recordings.toSorted((one, other) => Number(other.state === 'STORED') - Number(one.state === 'STORED'))
        if (recording === undefined) throw new Error(told)
        for (const one of unanswered) expect(one, told).to.include({ state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED' })
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'b') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['b', 'customer'])
        expectPartiesAsHeard(recording)
      })

      for (const side of SIDES) {
        it(`forwarded by the dialplan through a Local channel: ${side} is that of the telephone behind it (RTP numbers ${rtp})`, () => {
          const { told, heard, recordings: [recording] } = outcomes.of(`behind ${side} ${rtp}`)
          if (recording === undefined) throw new Error(told)
          expect(recording, told).to.include({ side: side.toUpperCase(), state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'b') })
          expect([recording.recorded.order, recording.other.order], told).to.deep.equal(side === 'source' ? ['customer', 'b'] : ['b', 'customer'])
          expect(runsOf(recording), told).to.have.length(1)
          if (side === 'source') expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
          expectPartiesAsHeard(recording)
        })
      }
    }
  })
}

meetings<AsteriskFlowBench>({
  pbx: 'Asterisk',
  open: () => AsteriskFlowBench.open({ extensions: ASTERISK }),
  moveBoth: async (flow) => {
    const to = { Context: 'from-agent', Exten: `99${flow.line}`, Priority: '1' }
    await flow.bench.manage(await flow.channel('customer'), 'Redirect', { ...to, ExtraChannel: await flow.channel('a'), ExtraContext: to.Context, ExtraExten: to.Exten, ExtraPriority: to.Priority })
  },
})
meetings<FreeSwitchFlowBench>({
  pbx: 'FreeSWITCH',
  open: (context) => FreeSwitchFlowBench.open(context, { extensions: FREESWITCH }),
  moveBoth: async (flow) => void await flow.bench.api(`uuid_transfer ${await flow.channel('customer')} -both 99${flow.line} XML from-agent`),
})
