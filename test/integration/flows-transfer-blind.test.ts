import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf } from '../support/flow-evidence.ts'
import { RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { BLIND_WAYS } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
const SIDES = ['source', 'destination'] as const

interface Row {
  readonly name: string
  readonly by: keyof typeof BLIND_WAYS
  readonly side: (typeof SIDES)[number]
  readonly again: 'asked again' | 'not asked again'
  readonly rtp: RtpOrder
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  readonly heard: Lane
}

const WAYS = Object.keys(BLIND_WAYS) as readonly (keyof typeof BLIND_WAYS)[]
const ROWS: readonly Row[] = WAYS.flatMap((by) => SIDES.flatMap((side) => (['not asked again', 'asked again'] as const).flatMap((again) => RTP_ORDERS.map((rtp) => (
  { name: `${side}, by ${by}, ${again} on the new route, RTP numbers ${rtp}`, by, side, again, rtp }
)))))

describe('a call that an agent passes on blindly, on a real Asterisk', () => {
  let bench: FlowBench
  let outcomes: FlowOutcomes<Outcome>

  before(async () => {
    bench = await FlowBench.open()
    outcomes = await FlowOutcomes.run(new Map(ROWS.map((row) => [row.name, () => played(row)])), { atOnce: AT_ONCE })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  async function played({ by, side, again, rtp }: Row): Promise<Outcome> {
    await using flow = await bench.flow({ rtp })
    const { customer, a } = await flow.begin(side)
    await flow.talk(a, TALK_MS)
    await BLIND_WAYS[by](flow, a, again === 'asked again' ? 'again' : 'b')
    const b = await flow.answer('b')
    await flow.talk(b, TALK_MS)
    await customer.hangUp()
    await b.ended()
    return { recordings: await recordingsOf(flow, again === 'asked again' ? 2 : 1), heard: new Lane(customer.received.toSamples()) }
  }

  for (const row of ROWS) {
    it(row.name, () => {
      const { recordings, heard } = outcomes.of(row.name)
      const told = recordings.map(describeRecording).join('\n')
      for (const recording of recordings) expectPartiesAsHeard(recording)
      const [first, second] = recordings
      if (first === undefined) throw new Error('one at least was asked for')
      expect(first, told).to.include({ side: row.side.toUpperCase(), state: 'STORED', reason: row.side === 'source' ? 'HANGUP' : 'AGENT_LEFT', agent: endpointOf(first, 'a') })
      expect(first.transfers.map(({ kind, by, to }) => [kind, by.endpoint, to.identity.number]), told)
        .to.deep.equal([['BLIND', endpointOf(first, 'a'), `${row.again === 'asked again' ? '5' : '2'}${first.line}`]])
      if (row.side === 'source') {
        expect(first.recorded.order, told).to.equal('customer')
        expect(first.other.order, told).to.match(/^a (music )?(ring )?b$/)
        expectNothingLost(first, { lane: first.other, heard, changes: 1 })
      } else {
        expect(first.recorded.order, told).to.equal('a')
        expect(first.other.order, told).to.equal('customer')
      }
      if (second === undefined) return
      expect(second, told).to.include({ side: 'DESTINATION', state: 'STORED', reason: 'HANGUP', agent: endpointOf(second, 'b'), interactionId: first.interactionId })
      expect(second.transfers, told).to.deep.equal([])
      expect([second.recorded.order, second.other.order], told).to.deep.equal(['b', 'customer'])
    })
  }
})
