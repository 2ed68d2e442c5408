import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf } from '../support/flow-evidence.ts'
import { type FlowPbx, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_BLIND_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { BLIND_WAYS, type BlindWay } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
const SIDES = ['source', 'destination'] as const

const AGAIN = ['not asked again', 'asked again'] as const

interface Row {
  readonly name: string
  readonly by: string
  readonly side: (typeof SIDES)[number]
  readonly again: (typeof AGAIN)[number]
  readonly rtp: RtpOrder
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  readonly heard: Lane
}

/** What of a PBX is played. */
interface Matrix<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly ways: Readonly<Record<string, BlindWay<Bench>>>
  readonly rtp: (row: Pick<Row, 'by'>) => readonly RtpOrder[]
}

function blindTransfers<Bench extends FlowBench>({ pbx, open, ways, rtp }: Matrix<Bench>): void {
  const rows: readonly (Row & { readonly pass: BlindWay<Bench> })[] = Object.entries(ways).flatMap(([by, pass]) => SIDES.flatMap((side) => AGAIN.flatMap((again) => rtp({ by }).map((order) => (
    { name: `${side}, by ${by}, ${again} on the new route, RTP numbers ${order}`, by, pass, side, again, rtp: order }
  )))))

  describe(`a call that an agent passes on blindly, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      outcomes = await FlowOutcomes.run(new Map(rows.map((row) => [row.name, () => played(row)])), { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    async function played({ pass, side, again, rtp: order }: (typeof rows)[number]): Promise<Outcome> {
      await using flow = await bench.flow({ rtp: order })
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      await pass(flow, a, again === 'asked again' ? 'again' : 'b')
      const b = await flow.answer('b')
      await flow.talk(b, TALK_MS)
      await customer.hangUp()
      await b.ended()
      return { recordings: await recordingsOf(flow, again === 'asked again' ? 2 : 1), heard: new Lane(customer.received.toSamples()) }
    }

    for (const row of rows) {
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
}

blindTransfers({ pbx: 'Asterisk', open: () => AsteriskFlowBench.open(), ways: BLIND_WAYS, rtp: () => RTP_ORDERS })
// What the RTP numbers are for is a fault of Asterisk: one way shows that it is none of FreeSWITCH's.
blindTransfers({ pbx: 'FreeSWITCH', open: (context) => FreeSwitchFlowBench.open(context), ways: FREESWITCH_BLIND_WAYS, rtp: ({ by }) => (by === 'the manager' ? RTP_ORDERS : ['ahead']) })
