import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import { describeRecording, endpointOf, expectNothingLost, expectPartiesAsHeard, type FlowRecording, Lane, recordingsOf, sidesOf, staysOf } from '../support/flow-evidence.ts'
import { type FlowPbx, RTP_ORDERS, type RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_ATTENDED_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { ATTENDED_WAYS, type AttendedWay } from '../support/transfer-ways.ts'

const TALK_MS = 1500
/** So long at least the customer waits. */
const WAITS_MS = 500
/** Telephones of so many flows send and receive in one process beside Asterisk and Holdfast. */
const AT_ONCE = 6
const SIDES = ['source', 'destination'] as const
/** How the consultation ends: the colleague takes the call, or the customer returns to A. */
const ENDS = ['joined', 'busy', 'no answer'] as const

/** What one way is like on one PBX. */
interface WayFacts {
  readonly ends: readonly (typeof ENDS)[number][]
  readonly rtp: readonly RtpOrder[]
  /** What the customer hears while she waits. */
  readonly waits: 'music' | 'nothing'
  /** Whether A speaks with her colleague on the leg on which her customer reached her. */
  readonly consultsOn: 'the same leg' | 'another leg'
  /** Whether the PBX tells who passed the customer on. */
  readonly told: 'as a transfer' | 'as a hang-up'
}

interface Way<Bench extends FlowBench> extends WayFacts {
  readonly begin: AttendedWay<Bench>
}

interface Row {
  readonly name: string
  readonly way: WayFacts
  readonly side: (typeof SIDES)[number]
  readonly end: (typeof ENDS)[number]
  readonly rtp: RtpOrder
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  readonly said: Lane
  readonly heard: Lane
}

interface Matrix<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly ways: Readonly<Record<string, Way<Bench>>>
}

function attendedTransfers<Bench extends FlowBench>({ pbx, open, ways }: Matrix<Bench>): void {
  const rows: readonly (Row & { readonly way: Way<Bench> })[] = ENDS.flatMap((end) => Object.entries(ways).filter(([, { ends }]) => ends.includes(end)).flatMap(([by, way]) => SIDES.flatMap((side) => way.rtp.map((rtp) => (
    { name: `${side}, by ${by}, ${end}, RTP numbers ${rtp}`, way, side, end, rtp }
  )))))

  describe(`an agent who asks a colleague before she passes her customer on, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      outcomes = await FlowOutcomes.run(new Map(rows.map((row) => [row.name, () => played(row)])), { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    async function played({ way, side, end, rtp }: (typeof rows)[number]): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin(side)
      await flow.talk(a, TALK_MS)
      const consultation = await way.begin(flow, a, 'b')
      const ringing = await flow.phone('b').incoming()
      if (way.waits === 'music') await flow.hears(customer, 'music', WAITS_MS)
        else await flow.talk(customer, WAITS_MS)
      if (end === 'joined') {
        await ringing.answer({ afterMs: 100 })
        await flow.talk(ringing, TALK_MS)
        await consultation.join()
        await flow.talk(ringing, TALK_MS)
      } else {
        if (end === 'busy') ringing.reject()
        else if (way.consultsOn === 'the same leg') await ringing.ended()
        await consultation.giveUp()
        await flow.hears(customer, 'a', TALK_MS)
      }
      await customer.hangUp()
      await (end === 'joined' ? ringing : a).ended()
      return { recordings: await recordingsOf(flow, 1), said: new Lane(customer.sent.toSamples()), heard: new Lane(customer.received.toSamples()) }
    }

    for (const row of rows) {
      it(row.name, () => {
        const { recordings: [recording], said, heard } = outcomes.of(row.name)
        if (recording === undefined) throw new Error('one was asked for')
        const told = `${describeRecording(recording)}\n  heard:    ${heard.toString()}`
        expectPartiesAsHeard(recording)
        expect(recording, told).to.include({ side: row.side.toUpperCase(), state: 'STORED', agent: endpointOf(recording, 'a') })
        expect(recording.reason, told).to.equal(row.side === 'destination' && row.end === 'joined' && row.way.told === 'as a transfer' ? 'AGENT_LEFT' : 'HANGUP')
        expect(recording.transfers.map(({ kind, by }) => [kind, by.endpoint]), told).to.deep.equal(row.end === 'joined' && row.way.told === 'as a transfer' ? [['ATTENDED', endpointOf(recording, 'a')]] : [])
        if (row.side === 'source') expectCustomersSide(row, recording, { said, heard, told })
        else expectAgentsSide(row, recording, told)
      })
    }
  })
}

/** What the customer said and heard, and nothing of the consultation. */
function expectCustomersSide({ way, end }: Row, recording: FlowRecording, { said, heard, told }: { readonly said: Lane; readonly heard: Lane; readonly told: string }): void {
  expect(recording.recorded.order, told).to.equal('customer')
  expect(recording.other.order, told).to.equal(['a', ...way.waits === 'music' ? ['music'] : [], ...end === 'joined' ? ['b'] : way.waits === 'music' ? ['a'] : []].join(' '))
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
function expectAgentsSide({ way, end }: Row, recording: FlowRecording, told: string): void {
  expect(recording.recorded.order, told).to.equal('a')
  // A busy tone has the pitch of the music in it.
  const consulted = way.consultsOn === 'another leg' ? '' : '( ring| other| music)*( b)?'
  expect(recording.other.order, told).to.match(new RegExp(`^customer${consulted}${end === 'joined' ? '' : '( customer)?'}$`))
  expect(recording.other.ms('b') > 0, told).to.equal(end === 'joined' && way.consultsOn === 'the same leg')
  expect(sidesOf(recording, 'customer'), told).to.satisfy((sides: readonly string[]) => sides.length > 0 && sides.every((side) => side === 'CUSTOMER'))
  expect(sidesOf(recording, 'b'), told).to.deep.equal(end === 'joined' && way.consultsOn === 'the same leg' ? ['AGENT'] : [])
}

const ON_ASTERISK = { ends: ENDS, rtp: RTP_ORDERS, waits: 'music', told: 'as a transfer' } as const
attendedTransfers({
  pbx: 'Asterisk',
  // A colleague who does not answer is given up after 3 s instead of 15.
  open: () => AsteriskFlowBench.open({ append: { 'features.conf': '[general](+)\natxfernoanswertimeout = 3\n' } }),
  ways: {
    'the manager': { ...ON_ASTERISK, begin: ATTENDED_WAYS['the manager'], consultsOn: 'the same leg' },
    'a REFER with Replaces': { ...ON_ASTERISK, begin: ATTENDED_WAYS['a REFER with Replaces'], consultsOn: 'another leg' },
    'a feature code': { ...ON_ASTERISK, begin: ATTENDED_WAYS['a feature code'], consultsOn: 'the same leg' },
  },
})

const ON_FREESWITCH = { ends: ENDS, rtp: ['ahead'], told: 'as a transfer' } as const
attendedTransfers({
  pbx: 'FreeSWITCH',
  open: (context) => FreeSwitchFlowBench.open(context),
  ways: {
    // `att_xfer` plays nothing to the customer; a code that runs it does. When A leaves, FreeSWITCH ends a customer's call whose wait a program began.
    'the manager': { ...ON_FREESWITCH, begin: FREESWITCH_ATTENDED_WAYS['the manager'], ends: ['busy', 'no answer'], waits: 'nothing', consultsOn: 'the same leg' },
    // What the RTP numbers are for is a fault of Asterisk: one way shows that it is none of FreeSWITCH's.
    'a REFER with Replaces': { ...ON_FREESWITCH, begin: FREESWITCH_ATTENDED_WAYS['a REFER with Replaces'], rtp: RTP_ORDERS, waits: 'music', consultsOn: 'another leg' },
    'a feature code': { ...ON_FREESWITCH, begin: FREESWITCH_ATTENDED_WAYS['a feature code'], waits: 'music', consultsOn: 'the same leg' },
    // Two calls are joined by a program: FreeSWITCH does not say for whom.
    uuid_bridge: { ...ON_FREESWITCH, begin: FREESWITCH_ATTENDED_WAYS.uuid_bridge, ends: ['joined'], waits: 'music', consultsOn: 'another leg', told: 'as a hang-up' },
  },
})
