import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, sidesOf } from '../support/flow-evidence.ts'
import { ENTRIES, type Extension, type Party, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { BLIND_WAYS } from '../support/transfer-ways.ts'

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
const ROWS: readonly Row[] = FLOWS.flatMap((flow) => SIDES.flatMap((side) => RTP_ORDERS.map((rtp) => ({ name: `${side}, ${flow}, RTP numbers ${rtp}`, side, rtp, flow }))))
/** How many recordings each leaves: of those who rang in vain, too. */
const COUNTS: Readonly<Record<Row['flow'], Readonly<Record<Side, number>>>> = {
  'passed on': { source: 1, destination: 1 },
  'passed on and asked again': { source: 3, destination: 3 },
  called: { source: 1, destination: 2 },
}

describe('a queue with two agents, on a real Asterisk', () => {
  let bench: AsteriskFlowBench
  let outcomes: FlowOutcomes<Outcome>

  before(async () => {
    bench = await AsteriskFlowBench.open()
    outcomes = await FlowOutcomes.run(new Map(ROWS.map((row) => [row.name, () => row.flow === 'called' ? called(row) : passedOn(row)])), { atOnce: AT_ONCE })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  /** A passes her customer into the queue while both of its agents talk with each other; when they are done, both ring, and B answers. */
  async function passedOn({ side, rtp, flow: name }: Row): Promise<Outcome> {
    await using flow = await bench.flow({ rtp })
    const among = await flow.dial('b', 'c')
    await (await flow.phone('c').incoming()).answer()
    await among.answered()
    const { customer, a } = await flow.begin(side)
    await flow.talk(a, TALK_MS)
    const queue: Extension = name === 'passed on' ? 'queue' : 'queueAgain'
    await BLIND_WAYS['the manager'](flow, a, queue)
    await flow.hears(customer, 'music', WAITS_MS)
    await among.hangUp()
    return await taken(flow, customer, COUNTS[name][side])
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

  for (const row of ROWS) {
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
        expect(source.queue, told).to.equal(`team-${source.line}`)
        expectNothingLost(source, { lane: source.other, heard, changes: 1 })
      }
      for (const recording of stored.filter(({ side }) => side === 'DESTINATION')) {
        const party: Party = recording.agent === endpointOf(recording, 'a') ? 'a' : 'b'
        expect([recording.agent, recording.reason], told).to.deep.equal([endpointOf(recording, party), party === 'a' ? 'AGENT_LEFT' : 'HANGUP'])
        expect([recording.recorded.order, recording.other.order], told).to.deep.equal([party, 'customer'])
        expect(recording.queue, told).to.equal(party === 'a' ? null : `team-${recording.line}`)
      }
    })
  }
})
