import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, runsOf } from '../support/flow-evidence.ts'
import { ENTRIES, type FlowPbx, FLOW_TONES, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FlowLedger } from '../support/flow-ledger.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { act, ask, dial, flowExtension, PASSABLE } from '../support/freeswitch-flow-plan.ts'
import { until } from '../support/hooks.ts'

const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]
const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 5
/** A telephone that is put down in one second is not picked up in its first. */
const RINGS_MS = 500
/** Parking tells the agent where the call is before her telephone is let go. */
const PARKED_WITHIN_MS = 15_000
/** A telephone's frames come to the customer and to the recorder by different ways; a busy machine adds some. */
const PLACED_WITHIN_MS = 400
const PARKING_LOT = `
[desks]
parkext = 7000
parkext_exclusive = yes
parkpos = 7001-7060
context = parked
`
/** `*8` and a line picks up what rings at A; `8` before a parking space asks for a recording of who retrieves the call. */
const ASTERISK = `
[from-agent]
include => parked
exten => _*8XX,1,PickupChan(PJSIP/a-\${EXTEN:2},p)
exten => _8XXXX,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=outbound))
 same => n,ParkedCall(desks,\${EXTEN:1})
`
/** The same in FreeSWITCH's words; who calls is remembered by the telephone that rings for her. */
const PARKED = act('valet_park', 'desks $1')
const FREESWITCH = {
  'from-customer': SIDES.map((side) => flowExtension(ENTRIES[side], act('hash', 'insert/rings/a-$1/${uuid}'), PASSABLE, ask(side, 'inbound'), dial('a'))).join('\n'),
  'from-agent': [
    flowExtension('\\*8', act('intercept', '${hash(select/rings/a-$1)}')),
    `<extension name="park"><condition field="destination_number" expression="^7000$">${act('set', 'valet_announce_slot=false')}${act('valet_park', 'desks auto in 7001 7060')}</condition></extension>`,
    `<extension name="retrieve"><condition field="destination_number" expression="^(70\\d\\d)$">${PARKED}</condition></extension>`,
    `<extension name="retrieve-asked"><condition field="destination_number" expression="^8(70\\d\\d)$">${ask('destination', 'outbound')}${PARKED}</condition></extension>`,
  ].join('\n'),
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** What the customer's telephone got. */
  readonly heard: Lane
  readonly told: string
}

type Retriever = 'a' | 'b' | 'b, asked again'

interface Played<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  /** Where the customer of a flow is parked; throws while she is not. */
  readonly spaceOf: (flow: FlowCall<Bench>) => Promise<string>
  /** What becomes of the agent's side while she holds. */
  readonly whileHeld: 'goes on' | 'stands still'
  /** Of a recording in which one other party takes the place of another. */
  readonly segmentsOfTwo: number
}

function waitingCalls<Bench extends FlowBench>({ pbx, open, spaceOf, whileHeld, segmentsOfTwo }: Played<Bench>): void {
  describe(`a call that waits, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      const flows = new Map<string, () => Promise<Outcome>>()
      for (const side of SIDES) {
        flows.set(`held ${side}`, () => held(side))
        flows.set(`two calls ${side}`, () => twoCalls(side))
        for (const rtp of RTP_ORDERS) {
          for (const by of ['a', 'b', 'b, asked again'] as const) flows.set(`parked ${side} ${by} ${rtp}`, () => parked({ side, by, rtp }))
          for (const afterMs of [0, RINGS_MS]) flows.set(`picked up ${side} ${rtp} ${afterMs}`, () => pickedUp({ side, rtp, afterMs }))
        }
      }
      outcomes = await FlowOutcomes.run(flows, { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    /** What is to be looked at once a call is over. */
    async function outcome(flow: FlowCall, customer: { readonly received: { toSamples(): Int16Array } }, count: number): Promise<Outcome> {
      const recordings = await recordingsOf(flow, count)
      return { recordings, heard: new Lane(customer.received.toSamples()), told: recordings.map(describeRecording).join('\n') }
    }

    /** While she holds, the agent's telephone sends on: what she says to a colleague in the room. */
    async function held(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      await a.hold()
      a.play(tone(FLOW_TONES.b))
      a.startSending()
      await flow.talk(customer, TALK_MS)
      a.play(tone(FLOW_TONES.a))
      await a.unhold()
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      return await outcome(flow, customer, 1)
    }

    async function parked({ side, by, rtp }: { readonly side: Side; readonly by: Retriever; readonly rtp: RtpOrder }): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      void a.transferBlind('7000').catch(() => undefined)
      const space = await until(async () => await spaceOf(flow), { withinMs: PARKED_WITHIN_MS })
      await a.ended()
      await flow.talk(customer, TALK_MS)
      const retrieved = await flow.phone(by === 'a' ? 'a' : 'b').call(by === 'b, asked again' ? `8${space}` : space)
      await retrieved.answered()
      await flow.talk(retrieved, TALK_MS)
      await customer.hangUp()
      await retrieved.ended()
      return await outcome(flow, customer, by === 'b, asked again' ? 2 : 1)
    }

    async function pickedUp({ side, rtp, afterMs }: { readonly side: Side; readonly rtp: RtpOrder; readonly afterMs: number }): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const customer = await flow.phone('customer').call(`${ENTRIES[side]}${flow.line}`)
      const ringing = await flow.phone('a').incoming()
      if (afterMs > 0) await until(() => expect(Date.now()).to.be.above(flow.since.getTime() + afterMs))
      const b = await flow.phone('b').call(`*8${flow.line}`)
      await Promise.all([b.answered(), customer.answered()])
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      await ringing.ended()
      return await outcome(flow, customer, 1)
    }

    /** A second customer, who sounds as C, calls the agent who is talking: she holds the first, and goes back to her. */
    async function twoCalls(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      await using other = await bench.flow()
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      const second = await other.phone('customer').call(`${ENTRIES[side]}${flow.line}`, { source: tone(FLOW_TONES.c) })
      const knocking = await flow.phone('a').incoming()
      await a.hold()
      knocking.play(tone(FLOW_TONES.b))
      await knocking.answer({ afterMs: RINGS_MS })
      await flow.talk(knocking, TALK_MS)
      await second.hangUp()
      await knocking.ended()
      await a.unhold()
      await flow.talk(a, TALK_MS)
      await customer.hangUp()
      await a.ended()
      const first = await outcome(flow, customer, 1)
      const { recordings, told } = await outcome(other, second, 1)
      return { ...first, recordings: [...first.recordings, ...recordings], told: `${first.told}\n${told}` }
    }

    function theFirst({ recordings }: Outcome): FlowRecording {
      const [first] = recordings
      if (first === undefined) throw new Error('one was recorded')
      return first
    }

    it('held, source: what she hears is in it, the music, and not what the agent says meanwhile', () => {
      const { told, heard, ...rest } = outcomes.of('held source')
      const recording = theFirst({ told, heard, ...rest })
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP' })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'a music a'])
      expect(runsOf(recording), told).to.have.length(1)
      expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
      expectPartiesAsHeard(recording)
    })

    it('held, destination: it goes on, with the customer who waits and with what the agent\'s telephone sends', async () => {
      const { told, ...rest } = outcomes.of('held destination')
      const recording = theFirst({ told, ...rest })
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal([whileHeld === 'goes on' ? 'a b a' : 'a', 'customer'])
      if (whileHeld === 'goes on') expect(recording.other.ms('customer'), told).to.be.above(2.5 * TALK_MS)
      else await expectSilentMeanwhile(recording, told, rest.heard)
    })

    /** The hold is a gap that the ledger names, and what is said after it stands where the customer heard it. */
    async function expectSilentMeanwhile(recording: FlowRecording, told: string, heard: Lane): Promise<void> {
      expect(recording.findings.map(({ code }) => code), told).to.include('GAP').and.to.not.include.members(['SHORTER_THAN_CALL'])
      expect(runsOf(recording), told).to.have.length(2)
      expect(apartMs(recording.recorded), `${told}\nheard: ${heard.toString()}`).to.be.closeTo(apartMs(heard), PLACED_WITHIN_MS).and.to.be.above(2 * TALK_MS)
      const ledger = await FlowLedger.read(bench.lab, { since: new Date(recording.startedAt), least: 1 })
      expect(ledger.legsOf(recording), ledger.toString()).to.deep.equal([])
      expect(ledger.excusedMs('HOLD'), ledger.toString()).to.be.above(TALK_MS)
    }

    /** From her first word to the first one after the hold. */
    function apartMs({ spans }: Lane): number {
      const [first, ...later] = spans.filter(({ startMs, endMs, content }) => content === 'a' && endMs - startMs > TALK_MS / 2)
      // A frame that is lost in mid-sentence begins no new word.
      const after = later.find(({ startMs }) => first !== undefined && startMs > first.endMs + TALK_MS)
      return (after?.startMs ?? 0) - (first?.startMs ?? 0)
    }

    for (const rtp of RTP_ORDERS) {
      it(`parked, source: it goes on with the music, and with whoever retrieves the call (RTP numbers ${rtp})`, () => {
        for (const by of ['a', 'b', 'b, asked again'] as const) {
          const { told, heard, recordings } = outcomes.of(`parked source ${by} ${rtp}`)
          const recording = recordings.find(({ side }) => side === 'SOURCE')
          if (recording === undefined) throw new Error(told)
          expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
          expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', `a music ${by === 'a' ? 'a' : 'b'}`])
          expect(runsOf(recording), `parked calls beside it change nothing\n${told}`).to.have.length(segmentsOfTwo)
          expectNothingLost(recording, { lane: recording.other, heard, changes: 1 })
          expectPartiesAsHeard(recording)
        }
      })

      it(`parked, destination: it ends with the parking, and begins with the retrieval where that route asks (RTP numbers ${rtp})`, () => {
        for (const by of ['a', 'b', 'b, asked again'] as const) {
          const { told, recordings: [first, second] } = outcomes.of(`parked destination ${by} ${rtp}`)
          if (first === undefined) throw new Error(told)
          expect(first, told).to.include({ state: 'STORED', reason: 'AGENT_LEFT', agent: endpointOf(first, 'a') })
          expect([first.recorded.order, first.other.order], told).to.deep.equal(['a', 'customer'])
          expectPartiesAsHeard(first)
          if (by !== 'b, asked again') continue
          if (second === undefined) throw new Error(told)
          expect(second, told).to.include({ side: 'DESTINATION', state: 'STORED', reason: 'HANGUP', agent: endpointOf(second, 'b') })
          expect([second.recorded.order, second.other.order], told).to.deep.equal(['b', 'customer'])
          expectPartiesAsHeard(second)
        }
      })

      it(`picked up, source: it has the voice of whoever picked up (RTP numbers ${rtp})`, () => {
        for (const afterMs of [0, RINGS_MS]) {
          const { told, heard, ...rest } = outcomes.of(`picked up source ${rtp} ${afterMs}`)
          const recording = theFirst({ told, heard, ...rest })
          expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'b') })
          expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'b'])
          expectNothingLost(recording, { lane: recording.other, heard, changes: 0 })
          expectPartiesAsHeard(recording)
        }
      })

      it(`picked up, destination: it follows to the telephone that picks up, from its first word (RTP numbers ${rtp})`, () => {
        for (const afterMs of [0, RINGS_MS]) {
          const { told, heard, ...rest } = outcomes.of(`picked up destination ${rtp} ${afterMs}`)
          const recording = theFirst({ told, heard, ...rest })
          expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'b') })
          expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['b', 'customer'])
          expectNothingLost(recording, { lane: recording.recorded, heard, changes: 0 })
          expectPartiesAsHeard(recording)
        }
      })
    }

    it('two calls of one agent, source: each has its own customer, and the agent while she speaks with her', () => {
      const { told, recordings: [first, second] } = outcomes.of('two calls source')
      expect([first?.recorded.order, first?.other.order, second?.recorded.order, second?.other.order], told).to.deep.equal(['customer', 'a music a', 'c', 'b'])
      expect([first?.state, second?.state]).to.deep.equal(['STORED', 'STORED'])
    })

    it('two calls of one agent, destination: each has its own customer, and of the agent what she says to her', () => {
      const { told, recordings: [first, second] } = outcomes.of('two calls destination')
      expect([first?.recorded.order, first?.other.order, second?.recorded.order, second?.other.order], told).to.deep.equal(['a', 'customer', 'b', 'c'])
      expect([first?.agent, second?.agent], told).to.deep.equal([first === undefined ? '' : endpointOf(first, 'a'), first === undefined ? '' : endpointOf(first, 'a')])
    })
  })
}

waitingCalls<AsteriskFlowBench>({
  pbx: 'Asterisk',
  open: () => AsteriskFlowBench.open({ extensions: ASTERISK, append: { 'res_parking.conf': PARKING_LOT } }),
  spaceOf: async ({ bench, line }) => {
    const event = bench.heard.find((message) => message.get('Event') === 'ParkedCall' && (message.get('ParkeeChannel') ?? '').startsWith(`PJSIP/customer-${line}-`))
    if (event === undefined) throw new Error('the call is not parked')
    return await Promise.resolve(event.get('ParkingSpace') ?? '')
  },
  whileHeld: 'goes on',
  segmentsOfTwo: 2,
})
waitingCalls<FreeSwitchFlowBench>({
  pbx: 'FreeSWITCH',
  open: (context) => FreeSwitchFlowBench.open(context, { extensions: FREESWITCH }),
  spaceOf: async (flow) => {
    const [, space] = new RegExp(`${await flow.channel('customer')}"[^>]*>(\\d+)<`).exec(await flow.bench.api('valet_info desks')) ?? []
    if (space === undefined) throw new Error('the call is not parked')
    return space
  },
  // It reads nothing of a leg that holds, and its recorders are given nothing: what the leg sends reaches nobody.
  // Source: FreeSWITCH 1.10 switch_core_io.c, `CF_HOLD`
  whileHeld: 'stands still',
  // It writes both sides into one file, and loses nothing when they change: decision 0009 is about Asterisk.
  segmentsOfTwo: 1,
})
