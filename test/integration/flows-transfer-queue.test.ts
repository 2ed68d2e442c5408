import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, sidesOf } from '../support/flow-evidence.ts'
import { ENTRIES, type Extension, type Party, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_BLIND_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { BLIND_WAYS, type BlindWay } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** Longer than the shortest piece of music that is heard as such. */
const RINGS_MS = 400
/** So long at least the customer waits in the queue. */
const WAITS_MS = 600
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 4
const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  readonly heard: Lane
}

interface Row {
  readonly name: string
  readonly side: Side
  readonly rtp: RtpOrder
  readonly flow: 'passed on' | 'passed on and asked again' | 'called'
}

const FLOWS = ['passed on', 'passed on and asked again', 'called'] as const
/** How many recordings each leaves: of those who rang in vain, too. */
const COUNTS: Readonly<Record<Row['flow'], Readonly<Record<Side, number>>>> = {
  'passed on': { source: 1, destination: 1 },
  'passed on and asked again': { source: 3, destination: 3 },
  called: { source: 1, destination: 2 },
}

/** What of a PBX is played. */
interface Matrix<Bench extends FlowBench> {
  readonly what: string
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly pass: BlindWay<Bench>
  /** Whether both agents talk when the customer comes to the queue: a hunt group rings them all the same. */
  readonly waitsFor: 'a free agent' | 'nobody'
  /** What the recordings say of the queue. */
  readonly queueOf: (line: string) => string | null
  readonly rtp: readonly RtpOrder[]
}

function queues<Bench extends FlowBench>({ what, open, pass, waitsFor, queueOf, rtp: orders }: Matrix<Bench>): void {
  const rows: readonly Row[] = FLOWS.flatMap((flow) => SIDES.flatMap((side) => orders.map((rtp) => ({ name: `${side}, ${flow}, RTP numbers ${rtp}`, side, rtp, flow }))))

  describe(what, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      outcomes = await FlowOutcomes.run(new Map(rows.map((row) => [row.name, () => row.flow === 'called' ? called(row) : passedOn(row)])), { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    /** A passes her customer into the queue while both of its agents talk with each other; when they are done, both ring, and B answers. */
    async function passedOn({ side, rtp, flow: name }: Row): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const among = waitsFor === 'nobody' ? null : await amongThemselves(flow)
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      const queue: Extension = name === 'passed on' ? 'queue' : 'queueAgain'
      await pass(flow, a, queue)
      await flow.hears(customer, 'music', WAITS_MS)
      await among?.hangUp()
      return await taken(flow, customer, COUNTS[name][side])
    }

    async function amongThemselves(flow: FlowCall<Bench>): Promise<Awaited<ReturnType<FlowCall['dial']>>> {
      const among = await flow.dial('b', 'c')
      await (await flow.phone('c').incoming()).answer()
      await among.answered()
      return among
    }

    /** The customer calls the queue herself. */
    async function called({ side, rtp }: Row): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const customer = await flow.phone('customer').call(`${side === 'source' ? ENTRIES.queueSource : ENTRIES.queueDestination}${flow.line}`)
      return await taken(flow, customer, COUNTS.called[side])
    }

    /** Both ring; B answers, and C's telephone is silent again. */
    async function taken(flow: FlowCall, customer: Awaited<ReturnType<FlowCall['dial']>>, count: number): Promise<Outcome> {
      const other = await flow.phone('c').incoming()
      const b = await flow.answer('b', { afterMs: RINGS_MS })
      await other.ended()
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return { recordings: await recordingsOf(flow, count), heard: new Lane(customer.received.toSamples()) }
    }

    for (const row of rows) {
      it(row.name, () => {
        const { recordings, heard } = outcomes.of(row.name)
        const told = `${recordings.map(describeRecording).join('\n')}\nheard: ${heard.toString()}`
        for (const recording of recordings) expectPartiesAsHeard(recording)
        const stored = recordings.filter(({ state }) => state === 'STORED')
        const unanswered = recordings.filter(({ state }) => state === 'NOT_RECORDED')
        expect(unanswered.map(({ reason, side }) => `${side} ${reason ?? ''}`), told).to.deep.equal(recordings.length - stored.length === 0 ? [] : ['DESTINATION NEVER_ANSWERED'])
        const source = stored.find(({ side }) => side === 'SOURCE')
        if (source !== undefined) {
          expect(source.reason, told).to.equal('HANGUP')
          expect(source.recorded.order, told).to.equal('customer')
          expect(source.other.order, told).to.equal(row.flow === 'called' ? 'music b' : 'a music b')
          expect(sidesOf(source, 'c'), told).to.deep.equal([])
          expect(source.queue, told).to.equal(queueOf(source.line))
          expectNothingLost(source, { lane: source.other, heard, changes: 1 })
        }
        for (const recording of stored.filter(({ side }) => side === 'DESTINATION')) {
          const party: Party = recording.agent === endpointOf(recording, 'a') ? 'a' : 'b'
          expect([recording.agent, recording.reason], told).to.deep.equal([endpointOf(recording, party), party === 'a' ? 'AGENT_LEFT' : 'HANGUP'])
          expect([recording.recorded.order, recording.other.order], told).to.deep.equal([party, 'customer'])
          expect(recording.queue, told).to.equal(party === 'a' ? null : queueOf(recording.line))
        }
      })
    }
  })
}

queues({
  what: 'a queue with two agents, on a real Asterisk',
  open: () => AsteriskFlowBench.open(), pass: BLIND_WAYS['the manager'], waitsFor: 'a free agent', queueOf: (line) => `team-${line}`, rtp: RTP_ORDERS,
})
// `mod_callcenter` is in no build that could be tried: several telephones ring together without a queue.
queues({
  what: 'a hunt group of two agents, on a real FreeSWITCH',
  open: (context) => FreeSwitchFlowBench.open(context), pass: FREESWITCH_BLIND_WAYS['the manager'], waitsFor: 'nobody', queueOf: () => null, rtp: ['ahead'],
})
