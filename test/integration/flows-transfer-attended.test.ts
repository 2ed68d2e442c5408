import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { FlowOutcomes } from '../support/flow-bench.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, sidesOf, staysOf } from '../support/flow-evidence.ts'
import { RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { ATTENDED_WAYS } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** So long at least the customer waits. */
const WAITS_MS = 500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
const SIDES = ['source', 'destination'] as const
const BY_TELEPHONE = 'a REFER with Replaces'

/** How the consultation ends: the colleague takes the call, or the customer returns to A. */
const ENDS = ['joined', 'busy', 'no answer'] as const

interface Row {
  readonly name: string
  readonly by: keyof typeof ATTENDED_WAYS
  readonly side: (typeof SIDES)[number]
  readonly end: (typeof ENDS)[number]
  readonly rtp: RtpOrder
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  readonly said: Lane
  readonly heard: Lane
}

const WAYS = Object.keys(ATTENDED_WAYS) as readonly (keyof typeof ATTENDED_WAYS)[]
const ROWS: readonly Row[] = ENDS.flatMap((end) => WAYS.flatMap((by) => SIDES.flatMap((side) => RTP_ORDERS.map((rtp) => (
  { name: `${side}, by ${by}, ${end}, RTP numbers ${rtp}`, by, side, end, rtp }
)))))

describe('an agent who asks a colleague before she passes her customer on, on a real Asterisk', () => {
  let bench: AsteriskFlowBench
  let outcomes: FlowOutcomes<Outcome>

  before(async () => {
    // A colleague who does not answer is given up after 3 s instead of 15.
    bench = await AsteriskFlowBench.open({ append: { 'features.conf': '[general](+)\natxfernoanswertimeout = 3\n' } })
    outcomes = await FlowOutcomes.run(new Map(ROWS.map((row) => [row.name, () => played(row)])), { atOnce: AT_ONCE })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  async function played({ by, side, end, rtp }: Row): Promise<Outcome> {
    await using flow = await bench.flow({ rtp })
    const { customer, a } = await flow.begin(side)
    await flow.talk(a, TALK_MS)
    const consultation = await ATTENDED_WAYS[by](flow, a, 'b')
    const ringing = await flow.phone('b').incoming()
    await flow.hears(customer, 'music', WAITS_MS)
    if (end === 'joined') {
      await ringing.answer({ afterMs: 100 })
      await flow.talk(ringing, TALK_MS)
      await consultation.join()
      await flow.talk(ringing, TALK_MS)
    } else {
      if (end === 'busy') ringing.reject()
      else if (by !== BY_TELEPHONE) await ringing.ended()
      await consultation.giveUp()
      await flow.hears(customer, 'a', TALK_MS)
    }
    await customer.hangUp()
    await (end === 'joined' ? ringing : a).ended()
    return { recordings: await recordingsOf(flow, 1), said: new Lane(customer.sent.toSamples()), heard: new Lane(customer.received.toSamples()) }
  }

  for (const row of ROWS) {
    it(row.name, () => {
      const { recordings: [recording], said, heard } = outcomes.of(row.name)
      if (recording === undefined) throw new Error('one was asked for')
      const told = `${describeRecording(recording)}\n  heard:    ${heard.toString()}`
      expectPartiesAsHeard(recording)
      expect(recording, told).to.include({ side: row.side.toUpperCase(), state: 'STORED', agent: endpointOf(recording, 'a') })
      expect(recording.reason, told).to.equal(row.side === 'destination' && row.end === 'joined' ? 'AGENT_LEFT' : 'HANGUP')
      expect(recording.transfers.map(({ kind, by }) => [kind, by.endpoint]), told).to.deep.equal(row.end === 'joined' ? [['ATTENDED', endpointOf(recording, 'a')]] : [])
      if (row.side === 'source') expectCustomersSide(row, recording, { said, heard, told })
      else expectAgentsSide(row, recording, told)
    })
  }
})

/** What the customer said and heard, and nothing of the consultation. */
function expectCustomersSide({ end }: Row, recording: FlowRecording, { said, heard, told }: { readonly said: Lane; readonly heard: Lane; readonly told: string }): void {
  expect(recording.recorded.order, told).to.equal('customer')
  expect(recording.other.order, told).to.equal(end === 'joined' ? 'a music b' : 'a music a')
  expect(sidesOf(recording, 'customer'), told).to.deep.equal(['CUSTOMER'])
  expect(sidesOf(recording, 'b'), told).to.deep.equal(end === 'joined' ? ['AGENT'] : [])
  expectNothingLost(recording, { lane: recording.other, heard, changes: end === 'joined' ? 1 : 2 })
  expectNothingLost(recording, { lane: recording.recorded, heard: said, changes: 2 })
  if (end !== 'joined') return
  const [left, joined] = [staysOf(recording, 'a')[0], staysOf(recording, 'b')[0]]
  expect(joined?.fromMs, told).to.be.at.least(left?.toMs ?? Number.POSITIVE_INFINITY)
}

/**
 * What A said and heard on the leg on which her customer reached her: with the PBX's own transfer also the consultation, in which her
 * colleague is an agent; with a telephone of two lines only the customer, who waits.
 */
function expectAgentsSide({ by, end }: Row, recording: FlowRecording, told: string): void {
  expect(recording.recorded.order, told).to.equal('a')
  // A busy tone has the pitch of the music in it.
  const consulted = by === BY_TELEPHONE ? '' : '( ring| other| music)*( b)?'
  expect(recording.other.order, told).to.match(new RegExp(`^customer${consulted}${end === 'joined' ? '' : '( customer)?'}$`))
  expect(recording.other.ms('b') > 0, told).to.equal(end === 'joined' && by !== BY_TELEPHONE)
  expect(sidesOf(recording, 'customer'), told).to.satisfy((sides: readonly string[]) => sides.length > 0 && sides.every((side) => side === 'CUSTOMER'))
  expect(sidesOf(recording, 'b'), told).to.deep.equal(end === 'joined' && by !== BY_TELEPHONE ? ['AGENT'] : [])
}
