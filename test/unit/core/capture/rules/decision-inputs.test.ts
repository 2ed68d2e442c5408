import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Direction } from '../../../../../core/domain/call.ts'
import type { DecisionInput } from '../../../../../core/domain/rules/decision-input.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

/** What the rules were asked with when a leg asked for a recording. */
async function asked(direction: Direction, attached: Readonly<Record<string, string>> = {}): Promise<DecisionInput> {
  const bench = await CaptureBench.open()
  bench.pbx.asks(bench.pbx.call('customer', { dialled: '2001' }), attached, direction)
  await bench.settled()
  return bench.only().decision.input
}

describe('what the rules are asked with', () => {
  it('is the call as the PBX told it, at the PBX\'s time', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({}) })
    const customer = bench.pbx.call('customer')
    bench.pbx.after(1500).asks(customer, { record: 'source', QUEUE: 'orders', agent: '17' })
    await bench.settled()
    const { input } = bench.only().decision
    expect(input).to.deep.include({ at: bench.pbx.now, interactionId: bench.only().interactionId, pbx: 'fake', site: null, direction: 'inbound', caller: customer.caller.number, dialled: customer.dialled, callee: customer.dialled })
    expect(input, 'facts that only attached data tells').to.include({ queue: 'orders', agent: '17', businessUnit: null })
    expect(bench.only()).to.include({ queue: 'orders', agent: '17' })
  })

  it('names telephones of ours: none yet of a call from outside, the caller\'s of one to the outside, both of one among us', async () => {
    const inbound = await asked('inbound')
    expect(inbound.extensions).to.deep.equal([])
    expect((await asked('outbound')).extensions).to.include(inbound.caller)
    expect((await asked('internal')).extensions).to.include.members([inbound.caller, inbound.dialled])
  })

  it('holds the one telephone that rings, and none of several', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    const first = bench.pbx.dials(customer, 'agentA')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    const alone = bench.only().decision.input
    expect(alone.extensions).to.include('agentA')
    expect(alone.callee).to.equal(first.caller.number)
    const crowded = await CaptureBench.open()
    const other = crowded.pbx.call('customer')
    crowded.pbx.dials(other, 'agentA')
    crowded.pbx.dials(other, 'agentB')
    crowded.pbx.asks(other, { record: 'source' })
    await crowded.settled()
    expect(crowded.only().decision.input).to.deep.include({ extensions: [], callee: other.dialled })
  })
})
