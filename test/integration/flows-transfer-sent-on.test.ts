import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { FlowOutcomes } from '../support/flow-bench.ts'
import { describeRecording, endpointOf, expectPartiesAsHeard, type FlowRecording, recordingsOf, sidesOf } from '../support/flow-evidence.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'

const TALK_MS = 1500
const SIDES = ['source', 'destination'] as const
type Side = (typeof SIDES)[number]

// The third form of the command; no command of Asterisk does the same.
describe('an agent who is sent on by `uuid_transfer -bleg` on her customer\'s leg, which ends, on a real FreeSWITCH', () => {
  let bench: FreeSwitchFlowBench
  let outcomes: FlowOutcomes<readonly FlowRecording[]>

  before(async function () {
    bench = await FreeSwitchFlowBench.open(this)
    outcomes = await FlowOutcomes.run(new Map(SIDES.map((side) => [side, () => played(side)])), { atOnce: SIDES.length })
  })

  after(async () => {
    await bench?.[Symbol.asyncDispose]()
  })

  async function played(side: Side): Promise<readonly FlowRecording[]> {
    await using flow = await bench.flow()
    const { customer, a } = await flow.begin(side)
    await flow.talk(a, TALK_MS)
    await bench.api(`uuid_transfer ${await flow.channel('customer')} -bleg ${flow.number('b')} XML from-agent`)
    const b = await flow.answer('b')
    await customer.ended()
    await flow.talk(b, TALK_MS)
    await a.hangUp()
    await b.ended()
    return await recordingsOf(flow, 1)
  }

  for (const side of SIDES) {
    it(`${side}: ${side === 'source' ? 'ends with the customer' : 'goes on with whom the agent speaks'}`, () => {
      const [recording] = outcomes.of(side)
      if (recording === undefined) throw new Error('one was asked for')
      const told = describeRecording(recording)
      expectPartiesAsHeard(recording)
      expect(recording, told).to.include({ side: side.toUpperCase(), state: 'STORED', reason: 'HANGUP', agent: endpointOf(recording, 'a') })
      expect([recording.recorded.order, recording.other.order.replace(' ring', '')], told).to.deep.equal(side === 'source' ? ['customer', 'a'] : ['a', 'customer b'])
      expect(sidesOf(recording, 'b'), told).to.deep.equal(side === 'source' ? [] : ['AGENT'])
    })
  }
})
