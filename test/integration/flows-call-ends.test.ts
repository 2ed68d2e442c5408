import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import { heardMs } from '../support/audio/describe-audio.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf } from '../support/flow-evidence.ts'
import { ENTRIES, type FlowPbx } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { act, ask, dial, flowExtension } from '../support/freeswitch-flow-plan.ts'
import { writePrompt } from '../support/freeswitch-prompt.ts'
import { until } from '../support/hooks.ts'

const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]
/** Longer than a telephone needs to ring. */
const RINGS_MS = 400
const SHORT_MS = 200
const UNDER_A_SECOND_MS = 600
const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
/** What a machine without a free core adds to, or keeps from, a call that is measured in milliseconds. */
const SLACK_MS = 160
const ASTERISK_PROMPT = 'demo-congrats'
const PROMPT_HZ = 880
const PROMPT_MS = 5000
/**
 * By the first two digits: 11 and 22 ring A for a second and give up; 13 and 23 the same, after the PBX has answered and while it plays
 * music; 14 asks and then announces, 15 announces and then asks; 16 and 26 ring A in vain and come again, to B.
 */
const ASTERISK = `
[from-customer]
exten => _11XX,1,Set(record=source)
 same => n,Goto(in-vain,\${EXTEN:2},1)
exten => _22XX,1,Set(record=destination)
 same => n,Goto(in-vain,\${EXTEN:2},1)
exten => _13XX,1,Set(record=source)
 same => n,Goto(music-in-vain,\${EXTEN:2},1)
exten => _23XX,1,Set(record=destination)
 same => n,Goto(music-in-vain,\${EXTEN:2},1)
exten => _14XX,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Gosub(holdfast-announce,s,1(prompt=${ASTERISK_PROMPT}))
 same => n,Dial(PJSIP/a-\${EXTEN:2},20)
exten => _15XX,1,Set(record=source)
 same => n,Gosub(holdfast-announce,s,1(prompt=${ASTERISK_PROMPT}))
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/a-\${EXTEN:2},20)
exten => _16XX,1,Set(record=source)
 same => n,Goto(twice,\${EXTEN:2},1)
exten => _26XX,1,Set(record=destination)
 same => n,Goto(twice,\${EXTEN:2},1)
[in-vain]
exten => _XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/a-\${EXTEN},1)
 same => n,Hangup()
[music-in-vain]
exten => _XX,1,Answer()
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/a-\${EXTEN},2,m)
 same => n,Hangup()
[twice]
exten => _XX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,ExecIf($["\${TURN}" = ""]?Dial(PJSIP/a-\${EXTEN},20,g):Dial(PJSIP/b-\${EXTEN},20,g))
 same => n,GotoIf($["\${TURN}" != ""]?over)
 same => n,Set(TURN=second)
 same => n,Goto(1)
 same => n(over),Hangup()
`
/** The same numbers in FreeSWITCH's words. */
const FREESWITCH = [
  ...SIDES.flatMap((side) => {
    const [inVain, music, again] = side === 'source' ? ['11', '13', '16'] : ['22', '23', '26']
    const asked = ask(side, 'inbound')
    return [
      flowExtension(inVain, asked, act('set', 'call_timeout=1'), dial('a')),
      flowExtension(music, act('answer'), asked, act('set', 'transfer_ringback=${hold_music}'), act('set', 'call_timeout=2'), dial('a')),
      flowExtension(again, act('set', 'hangup_after_bridge=false'), asked, dial('a'), asked, dial('b')),
    ]
  }),
  flowExtension('14', ask('source', 'inbound'), act('execute_extension', 'announce:prompt=${flow_prompt} XML holdfast'), dial('a')),
  flowExtension('15', act('set', 'record=source'), act('execute_extension', 'announce:prompt=${flow_prompt} XML holdfast'), ask('source', 'inbound'), dial('a')),
].join('\n')

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** What the customer's telephone got, and how long she talked. */
  readonly heard: Lane
  readonly sentMs: number
  readonly told: string
  /** What there is by now: for calls of which nothing is expected. */
  readonly byNow: () => Promise<readonly FlowRecording[]>
}

interface Played {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<{ readonly bench: FlowBench & AsyncDisposable; readonly prompt: string }>
}

function earlyEnds({ pbx, open }: Played): void {
  describe(`a call that ends early, or begins again, on a real ${pbx}`, () => {
    let bench: FlowBench & AsyncDisposable
    let prompt: string
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      ({ bench, prompt } = await open(this))
      const flows = new Map<string, () => Promise<Outcome>>()
      for (const side of SIDES) {
        flows.set(`ringing ${side}`, () => whileRinging(side))
        flows.set(`refused ${side}`, () => refused(side))
        flows.set(`in vain ${side}`, () => inVain(side))
        flows.set(`music ${side}`, () => musicInVain(side))
        flows.set(`short ${side}`, () => talked(side, { ms: SHORT_MS, by: 'customer' }))
        flows.set(`agent ${side}`, () => talked(side, { ms: SHORT_MS, by: 'agent' }))
        flows.set(`second ${side}`, () => talked(side, { ms: UNDER_A_SECOND_MS, by: 'customer' }))
        flows.set(`again ${side}`, () => again(side))
      }
      flows.set('asked, then announced', () => announced('14', 1))
      flows.set('announced, then asked', () => announced('15', 0))
      outcomes = await FlowOutcomes.run(flows, { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    /** What is to be looked at once a call is over. */
    async function outcome(flow: FlowCall, customer: OutgoingCall, count: number): Promise<Outcome> {
      const recordings = await recordingsOf(flow, count)
      return { recordings, heard: new Lane(customer.received.toSamples()), sentMs: customer.sentSamples / 8, told: recordings.map(describeRecording).join('\n'), byNow: () => recordingsOf(flow, count) }
    }

    async function whileRinging(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`${ENTRIES[side]}${flow.line}`)
      const ringing = await flow.phone('a').incoming()
      await until(() => expect(Date.now()).to.be.above(flow.since.getTime() + RINGS_MS))
      await customer.hangUp()
      await ringing.ended()
      return await outcome(flow, customer, 1)
    }

    async function refused(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`${ENTRIES[side]}${flow.line}`)
      const ringing = await flow.phone('a').incoming()
      ringing.reject()
      await customer.ended()
      return await outcome(flow, customer, 1)
    }

    async function inVain(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`${side === 'source' ? '11' : '22'}${flow.line}`)
      await customer.ended()
      return await outcome(flow, customer, 1)
    }

    async function musicInVain(side: Side): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`${side === 'source' ? '13' : '23'}${flow.line}`)
      await customer.answered()
      await customer.ended()
      return await outcome(flow, customer, 1)
    }

    async function talked(side: Side, { ms, by }: { readonly ms: number; readonly by: 'customer' | 'agent' }): Promise<Outcome> {
      await using flow = await bench.flow()
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, ms)
      await (by === 'customer' ? customer : a).hangUp()
      await (by === 'customer' ? a : customer).ended()
      return await outcome(flow, customer, 1)
    }

    async function announced(digits: string, count: number): Promise<Outcome> {
      await using flow = await bench.flow()
      const customer = await flow.phone('customer').call(`${digits}${flow.line}`)
      await customer.answered()
      await flow.talk(customer, UNDER_A_SECOND_MS)
      await customer.hangUp()
      return await outcome(flow, customer, count)
    }

    /** A hangs up; the route asks for a recording again, and rings B. */
    async function again(side: Side): Promise<Outcome> {
      await using flow = await bench.flow({ rtp: 'behind' })
      const customer = await flow.phone('customer').call(`${side === 'source' ? '16' : '26'}${flow.line}`)
      const a = await flow.answer('a')
      await flow.talk(a, TALK_MS)
      await a.hangUp()
      const b = await flow.answer('b')
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return await outcome(flow, customer, side === 'source' ? 1 : 2)
    }

    function only(name: string): FlowRecording & { readonly told: string } {
      const { told, recordings: [recording] } = outcomes.of(name)
      if (recording === undefined) throw new Error(`nothing of ${name}`)
      return { ...recording, told }
    }

    for (const side of SIDES) {
      it(`before the answer, ${side}: the customer leaves while it rings; a row says that nobody answered`, () => {
        const { told, ...recording } = only(`ringing ${side}`)
        expect(recording, told).to.include({ side: side.toUpperCase(), state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED', agent: null })
      })

      it(`before the answer, ${side}: the agent refuses the call; a row says that nobody answered`, () => {
        const { told, ...recording } = only(`refused ${side}`)
        expect(recording, told).to.include({ side: side.toUpperCase(), state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED', agent: null })
      })

      it(`before the answer, ${side}: the agent never answers; a row says so`, () => {
        const { told, ...recording } = only(`in vain ${side}`)
        expect(recording, told).to.include({ side: side.toUpperCase(), state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED', agent: null })
      })

      it(`after 200 ms, ${side}: what was said is kept`, () => {
        const { told, ...recording } = only(`short ${side}`)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        for (const lane of [recording.recorded, recording.other]) expect(lane.ms('customer') + lane.ms('a'), told).to.be.at.least(SHORT_MS - SLACK_MS)
      })

      it(`after 200 ms, ${side}: the agent hangs up, and what was said is kept`, () => {
        const { told, ...recording } = only(`agent ${side}`)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        for (const lane of [recording.recorded, recording.other]) expect(lane.ms('customer') + lane.ms('a'), told).to.be.at.least(SHORT_MS - SLACK_MS)
      })

      it(`under a second, ${side}: it is whole`, () => {
        const { told, ...recording } = only(`second ${side}`)
        const { sentMs } = outcomes.of(`second ${side}`)
        expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
        const customers = side === 'source' ? recording.recorded : recording.other
        expect(customers.ms('customer'), told).to.be.at.least(sentMs - SLACK_MS).and.below(1000)
      })
    }

    it('answered by the PBX and never by an agent, source: what the customer heard and said is kept', () => {
      const { told, ...recording } = only('music source')
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: null })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['customer', 'music'])
    })

    it('answered by the PBX and never by an agent, destination: a row says that nobody answered', () => {
      const { told, ...recording } = only('music destination')
      expect(recording, told).to.include({ state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED', agent: null })
    })

    it('the customer leaves in the announcement, asked before: it is recorded, and that she heard a part of it is a fact', () => {
      const { told, ...recording } = only('asked, then announced')
      expect(recording, told).to.include({ side: 'SOURCE', state: 'STORED', reason: 'HANGUP' })
      expect(recording.announcement, told).to.include({ prompt, outcome: 'CUT' })
      expect(recording.recorded.order, told).to.equal('customer')
      expect(heardMs(recording.other.spans, 'zeros'), `the prompt is heard\n${told}`).to.be.below(UNDER_A_SECOND_MS / 2)
    })

    it('the customer leaves in the announcement, asked after: nothing has asked for a recording yet, and nothing is there', async () => {
      expect(await outcomes.of('announced, then asked').byNow()).to.deep.equal([])
    })

    it('again through the dialplan, source: one recording, with both agents', () => {
      const { told, ...recording } = only('again source')
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
      expect(recording.recorded.order, told).to.equal('customer')
      expect(recording.other.order, told).to.match(/^a (ring )?b$/)
      expectNothingLost(recording, { lane: recording.other, heard: outcomes.of('again source').heard, changes: 1 })
      expectPartiesAsHeard(recording)
    })

    it('again through the dialplan, destination: the request begins the agent\'s side anew', () => {
      const { told, recordings: [first, second] } = outcomes.of('again destination')
      if (first === undefined || second === undefined) throw new Error(told)
      expect([first, second].map(({ state, reason, agent, recorded, other }) => [state, reason, agent, recorded.order, other.order]), told).to.deep.equal([
        ['STORED', 'HANGUP', endpointOf(first, 'a'), 'a', 'customer'], ['STORED', 'HANGUP', endpointOf(first, 'b'), 'b', 'customer'],
      ])
      expect(second.interactionId).to.equal(first.interactionId)
    })
  })
}

earlyEnds({ pbx: 'Asterisk', open: async () => ({ bench: await AsteriskFlowBench.open({ extensions: ASTERISK }), prompt: ASTERISK_PROMPT }) })
earlyEnds({
  pbx: 'FreeSWITCH',
  open: async (context) => {
    const bench = await FreeSwitchFlowBench.open(context, { extensions: { 'from-customer': FREESWITCH } })
    const prompt = await writePrompt(bench.lab.directory, { frequencyHz: PROMPT_HZ, ms: PROMPT_MS })
    await bench.api(`global_setvar flow_prompt=${prompt}`)
    return { bench, prompt }
  },
})
