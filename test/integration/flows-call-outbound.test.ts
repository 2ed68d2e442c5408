import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf } from '../support/flow-evidence.ts'
import { EXTENSIONS, type FlowPbx, RTP_ORDERS, type RtpOrder, telephoneOf } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { act, ask, dial, flowDialString, flowExtension, PASSABLE } from '../support/freeswitch-flow-plan.ts'

const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]
const TALK_MS = 1500
/** So long a customer lets it ring at least: a service that stood still meanwhile has the time to go on. */
const RINGS_MS = 1000
/** What the desk's program lets the PBX show, before the digits of the line. */
const SHOWN = '70'
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
/** Agents dial 1 or 2 for the recorded side, and 1 for the customer, 2 for B; customers who are called first come in by 33 and 34. */
const ASTERISK = `
[from-agent]
exten => _11XX,1,Set(record=source)
 same => n,Goto(out,\${EXTEN:2},1)
exten => _21XX,1,Set(record=destination)
 same => n,Goto(out,\${EXTEN:2},1)
exten => _12XX,1,Set(record=source)
 same => n,Goto(among-us,\${EXTEN:2},1)
exten => _22XX,1,Set(record=destination)
 same => n,Goto(among-us,\${EXTEN:2},1)
[out]
exten => _XX,1,Gosub(holdfast-record,s,1(direction=outbound))
 same => n,Dial(PJSIP/customer-\${EXTEN},20,tT)
 same => n,Hangup()
[among-us]
exten => _XX,1,Gosub(holdfast-record,s,1(direction=internal))
 same => n,Dial(PJSIP/b-\${EXTEN},20,tT)
 same => n,Hangup()
`
/** The same in FreeSWITCH's words. A pair within FreeSWITCH that nobody called speaks no telephone's language, and offers none. */
const PLAIN = act('export', 'nolocal:absolute_codec_string=PCMU')
const FREESWITCH = [flowExtension(EXTENSIONS.a, PLAIN, dial('a')), ...SIDES.flatMap((side) => {
  const [out, amongUs] = side === 'source' ? ['11', '12'] : ['21', '22']
  return [flowExtension(out, PLAIN, PASSABLE, ask(side, 'outbound'), dial('customer')), flowExtension(amongUs, ask(side, 'internal'), dial('b'))]
})].join('\n')

/** What a program asks the PBX to ring first, and where that leg goes when it is answered. */
interface Originated {
  readonly by: 'telephone' | 'Local'
  readonly first: 'a' | 'customer'
  readonly context: 'from-agent' | 'from-customer'
  readonly number: string
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** What the customer's, or B's, telephone got. */
  readonly heard: Lane
  readonly told: string
}

interface Played<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly originate: (flow: FlowCall<Bench>, what: Originated) => Promise<void>
  /** The number of the route that asks, for the customer's side, of what a program has rung. */
  readonly clickedNumber: (line: string) => string
}

function callsFromTheHouse<Bench extends FlowBench>({ pbx, open, originate, clickedNumber }: Played<Bench>): void {
  describe(`a call that begins in the house, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>
    let late: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      // While the service stands still for one, nobody else calls.
      late = await FlowOutcomes.run(new Map((['telephone', 'Local'] as const).map((by) => [by, () => clickedLate(by)])), { atOnce: 1 })
      const flows = new Map<string, () => Promise<Outcome>>()
      for (const side of SIDES) {
        flows.set(`dialled ${side}`, () => dialled(side))
        flows.set(`internal ${side}`, () => internal(side))
        flows.set(`click ${side}`, () => clicked(side, 'telephone'))
        flows.set(`click over Local ${side}`, () => clicked(side, 'Local'))
        flows.set(`customer first ${side}`, () => customerFirst(side))
        for (const rtp of RTP_ORDERS) flows.set(`passed on ${side} ${rtp}`, () => passedOn(side, rtp))
      }
      outcomes = await FlowOutcomes.run(flows, { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    /** What is to be looked at once a call is over. */
    async function outcome(flow: FlowCall, listener: PhoneCall, { caller }: { readonly caller: string | null } = { caller: null }): Promise<Outcome> {
      const recordings = await recordingsOf(flow, 1, { caller })
      return { recordings, heard: new Lane(listener.received.toSamples()), told: recordings.map(describeRecording).join('\n') }
    }

    async function dialled(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const a = await flow.phone('a').call(`${side === 'source' ? '11' : '21'}${flow.line}`)
      const customer = await flow.answer('customer')
      await a.answered()
      await flow.talk(customer, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer)
    }

    /** A calls the customer, hands her over to B, and leaves. */
    async function passedOn(side: Side, rtp: RtpOrder): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const a = await flow.phone('a').call(`${side === 'source' ? '11' : '21'}${flow.line}`)
      const customer = await flow.answer('customer')
      await a.answered()
      await flow.talk(customer, TALK_MS)
      void a.transferBlind(flow.number('b')).catch(() => undefined)
      const b = await flow.answer('b')
      await a.ended()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return await outcome(flow, customer)
    }

    async function internal(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const a = await flow.phone('a').call(`${side === 'source' ? '12' : '22'}${flow.line}`)
      const b = await flow.answer('b')
      await a.answered()
      await flow.talk(b, TALK_MS)
      await a.hangUp()
      await b.ended()
      return await outcome(flow, b)
    }

    /** The desk's program makes A's telephone ring, by its name or through the dialplan; when she answers, the customer's does. */
    async function clicked(side: Side, by: 'telephone' | 'Local'): Promise<Outcome> {
      await using flow = await bench.flow()
      await originate(flow, { by, first: 'a', context: 'from-agent', number: `${side === 'source' ? '11' : '21'}${flow.line}` })
      const a = await flow.answer('a')
      const customer = await flow.answer('customer')
      await flow.talk(customer, TALK_MS)
      await customer.hangUp()
      await a.ended()
      // The PBX shows the desk's leg by the number that rang at the agent's telephone.
      return await outcome(flow, customer, { caller: by === 'Local' ? flow.number('a') : `${SHOWN}${flow.line}` })
    }

    /** The service stands still until the route has gone on without its answer, and the customer's telephone rings. */
    async function clickedLate(by: 'telephone' | 'Local'): Promise<Outcome> {
      await using flow = await bench.flow()
      const { holdfast } = bench.lab
      process.kill(holdfast.pid, 'SIGSTOP')
      let a: PhoneCall
      let ringing: IncomingCall
      try {
        await originate(flow, { by, first: 'a', context: 'from-agent', number: `11${flow.line}` })
        a = await flow.answer('a')
        ringing = await flow.phone('customer').incoming()
      } finally {
        process.kill(holdfast.pid, 'SIGCONT')
      }
      await ringing.answer({ afterMs: RINGS_MS })
      await flow.talk(ringing, TALK_MS)
      await ringing.hangUp()
      await a.ended()
      return await outcome(flow, ringing, { caller: by === 'Local' ? flow.number('a') : `${SHOWN}${flow.line}` })
    }

    /** The other way round: the customer's telephone rings first, and her leg goes through the route of those who call in. */
    async function customerFirst(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      await originate(flow, { by: 'telephone', first: 'customer', context: 'from-customer', number: `${side === 'source' ? '1' : '2'}${flow.line}` })
      const customer = await flow.answer('customer')
      const a = await flow.answer('a')
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer, { caller: `${SHOWN}${flow.line}` })
    }

    function only(name: string, of = outcomes): FlowRecording & { readonly told: string; readonly heard: Lane } {
      const { told, heard, recordings: [recording] } = of.of(name)
      if (recording === undefined) throw new Error(`nothing of ${name}`)
      return { ...recording, told, heard }
    }

    for (const [title, name] of [
      ['outbound, source: it follows the customer, who is the callee', 'dialled'],
      ['click-to-call, source: it follows the customer, who is the callee', 'click'],
      ['click-to-call through a Local channel, source: it follows the customer, who is the callee', 'click over Local'],
      ['click-to-call that rings the customer first, source: it follows the customer, who is the caller', 'customer first'],
    ] as const) {
      it(title, () => {
        const { told, heard, ...recording } = only(`${name} source`)
        expect(recording, told).to.include({ side: 'SOURCE', state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect(recording.recorded.order, told).to.equal('customer')
        expect(recording.other.order, `she may hear it ring, and then the agent\n${told}`).to.match(/^(ring )?a$/)
        if (name.startsWith('click')) expect(recording.callee.number, 'what the route has dialled').to.equal(clickedNumber(recording.line))
        expect(recording.parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`), told).to.have.members([`CUSTOMER ${endpointOf(recording, 'customer')}`, `AGENT ${endpointOf(recording, 'a')}`])
        expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
        expectPartiesAsHeard(recording)
      })
    }

    for (const [title, by] of [['click-to-call', 'telephone'], ['click-to-call through a Local channel', 'Local']] as const) {
      it(`${title} whose route was answered too late, source: it follows the customer all the same, and nothing is recorded beside it`, () => {
        const { told, heard, ...recording } = only(by, late)
        expect(recording, told).to.include({ side: 'SOURCE', state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect(recording.recorded.order, told).to.equal('customer')
        expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
        expect(recording.parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`), told).to.have.members([`CUSTOMER ${endpointOf(recording, 'customer')}`, `AGENT ${endpointOf(recording, 'a')}`])
      })
    }

    for (const [title, name] of [
      ['outbound, destination: it follows the agent, who is the caller', 'dialled'],
      ['click-to-call, destination: it follows the agent, who is the caller', 'click'],
      ['click-to-call through a Local channel, destination: it follows the agent, behind it', 'click over Local'],
      ['click-to-call that rings the customer first, destination: it follows the agent, who is the callee', 'customer first'],
    ] as const) {
      it(title, () => {
        const { told, heard, ...recording } = only(`${name} destination`)
        expect(recording, told).to.include({ side: 'DESTINATION', state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect(recording.recorded.order, told).to.equal('a')
        expect(recording.other.order, `she may hear it ring, and then the customer\n${told}`).to.match(/^(ring )?customer$/)
        expect(recording.parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`), told).to.have.members([`CUSTOMER ${endpointOf(recording, 'customer')}`, `AGENT ${endpointOf(recording, 'a')}`])
        expectNothingLost(recording, { lane: recording.recorded, heard, changes: 0 })
        expectPartiesAsHeard(recording)
      })
    }

    for (const rtp of RTP_ORDERS) {
      it(`outbound and passed on, source: the agent leaves, and the customer's side goes on (RTP numbers ${rtp})`, () => {
        const { told, heard, ...recording } = only(`passed on source ${rtp}`)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        expect(recording.recorded.order, told).to.equal('customer')
        expect(recording.other.order, told).to.match(/^a (music )?(ring )?b$/)
        expect(recording.transfers.map(({ kind, by }) => [kind, by.endpoint]), told).to.deep.equal([['BLIND', endpointOf(recording, 'a')]])
        expectNothingLost(recording, { lane: recording.other, heard, changes: 1 })
        expectPartiesAsHeard(recording)
      })

      it(`outbound and passed on, destination: it ends when the agent passes the call on (RTP numbers ${rtp})`, () => {
        const { told, heard: _, ...recording } = only(`passed on destination ${rtp}`)
        expect(recording, told).to.include({ state: 'STORED', reason: 'AGENT_LEFT', agent: endpointOf(recording, 'a') })
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['a', 'customer'])
        expectPartiesAsHeard(recording)
      })
    }

    it('agent to agent, source: it is of the one who calls', () => {
      const { told, heard, ...recording } = only('internal source')
      expect(recording, told).to.include({ side: 'SOURCE', state: 'STORED', reason: 'HANGUP' })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['a', 'b'])
      expectNothingLost(recording, { lane: recording.recorded, heard, changes: 0 })
      expectPartiesAsHeard(recording)
    })

    it('agent to agent, destination: it is of the one who is called', () => {
      const { told, heard, ...recording } = only('internal destination')
      expect(recording, told).to.include({ side: 'DESTINATION', state: 'STORED', reason: 'HANGUP' })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['b', 'a'])
      expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
      expectPartiesAsHeard(recording)
    })
  })
}

callsFromTheHouse<AsteriskFlowBench>({
  pbx: 'Asterisk',
  open: () => AsteriskFlowBench.open({ extensions: ASTERISK }),
  originate: async (flow, { by, first, context, number }) => {
    const channel = by === 'telephone' ? `PJSIP/${telephoneOf(first, flow.line)}` : `Local/${flow.number(first)}@${context}`
    await flow.bench.ami.request({ name: 'Originate', fields: { Channel: channel, Context: context, Exten: number, CallerID: `<${SHOWN}${flow.line}>`, Priority: '1', Async: 'true' } })
  },
  clickedNumber: (line) => line,
})
callsFromTheHouse<FreeSwitchFlowBench>({
  pbx: 'FreeSWITCH',
  open: (context) => FreeSwitchFlowBench.open(context, { extensions: { 'from-agent': FREESWITCH } }),
  originate: async (flow, { by, first, context, number }) => {
    const leg = by === 'telephone' ? flowDialString(first, flow.line) : `loopback/${flow.number(first)}/${context}`
    const contact = await flow.bench.api(`eval ${leg}`)
    await flow.bench.api(`bgapi originate {origination_caller_id_number=${SHOWN}${flow.line},force_transfer_context=from-agent}${contact.trim()} ${number} XML ${context}`)
  },
  clickedNumber: (line) => `11${line}`,
})
