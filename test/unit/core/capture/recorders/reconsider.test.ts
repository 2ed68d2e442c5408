import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { keyIs, policyWith, type RuleGiven } from '../../domain/rules/rule-samples.ts'

const signal = AbortSignal.timeout(60_000)
const COMPLAINT: RuleGiven = { name: 'complaint', when: keyIs('CASE', 'complaint'), record: 'both', partitions: ['/complaints'], labels: ['complaint'], dialplan: 'overruled' }
const GOLD: RuleGiven = { name: 'gold', when: keyIs('CUSTOMER_TYPE', 'gold'), record: 'source', partitions: ['/gold'], labels: ['gold'], dialplan: 'overruled' }

function says(bench: CaptureBench, channel: Channel, [key, value]: readonly [string, string]): void {
  bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(channel), change: { key, value, source: 'dialplan', at: bench.pbx.now } })
}

/** A customer whose dialplan has asked, and an agent to whom she talks. */
async function talking(bench: CaptureBench, attached: Readonly<Record<string, string>> = {}): Promise<{ readonly customer: Channel; readonly agent: Channel }> {
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, attached)
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  return { customer, agent }
}

const factsOf = (bench: CaptureBench, type: string): readonly unknown[] => bench.journal.facts.filter(({ fact }) => fact.type === type)

describe('a call about which something changes', () => {
  it('is recorded from the middle on when a rule now wants it, on both legs', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [COMPLAINT] }) })
    const { customer, agent } = await talking(bench)
    expect(bench.only().state).to.equal('not-recorded')
    says(bench, customer, ['CASE', 'complaint'])
    await bench.settled()
    const late = bench.recordings().filter(({ state }) => state === 'recording')
    expect(late.map(({ side, labels, decision }) => [side, labels, decision.rule])).to.deep.equal([['source', ['complaint'], 'complaint'], ['destination', ['complaint'], 'complaint']])
    expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.have.members([customer.channelId, agent.channelId])
    says(bench, customer, ['CASE', 'complaint'])
    await bench.settled()
    expect(bench.pbx.recorders.size, 'told again, nothing more').to.equal(2)
  })

  it('is asked about also when the agent\'s leg learns it', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [COMPLAINT] }) })
    const { agent } = await talking(bench)
    says(bench, agent, ['CASE', 'complaint'])
    await bench.settled()
    expect(bench.pbx.recorders.size).to.equal(2)
  })

  it('gains partitions and labels, and loses none', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ ...COMPLAINT, record: 'source' }, GOLD] }) })
    const { customer } = await talking(bench, { CUSTOMER_TYPE: 'gold' })
    says(bench, customer, ['CASE', 'complaint'])
    await bench.settled()
    says(bench, customer, ['CASE', 'none'])
    await bench.settled()
    expect(bench.only()).to.deep.include({ partitions: ['/gold', '/complaints'], labels: ['gold', 'complaint'] })
    expect(bench.only().decision.rule, 'what it began under stays').to.equal('gold')
    expect(factsOf(bench, 'partitions-gained')).to.have.length(1)
  })

  it('goes on when the rules would no longer begin it, and that is told once', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ never: [{ name: 'doctor', when: keyIs('CASE', 'doctor') }], rules: [GOLD] }) })
    const { customer } = await talking(bench, { CUSTOMER_TYPE: 'gold' })
    says(bench, customer, ['CASE', 'doctor'])
    says(bench, customer, ['NOTE', 'x'])
    says(bench, customer, ['case', 'x'])
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
    expect(bench.pbx.recorders.size).to.equal(1)
    expect(factsOf(bench, 'would-stop')).to.have.length(1)
  })

  it('starts nothing while it is paused', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [COMPLAINT, GOLD] }) })
    const { customer } = await talking(bench, { CUSTOMER_TYPE: 'gold' })
    const command = { target: { recordingId: bench.only().id }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' } as const
    await bench.control.control({ ...command, action: 'pause' }, signal)
    says(bench, customer, ['CASE', 'complaint'])
    await bench.settled()
    expect(bench.recordings()).to.have.length(1)
    expect(bench.only().labels).to.include('complaint')
    await bench.control.control({ ...command, action: 'resume' }, signal)
    await bench.settled()
    expect(bench.recordings().map(({ side, state }) => [side, state])).to.deep.equal([['source', 'recording'], ['destination', 'recording']])
  })

  it('is decided by the rules of now when they have changed, also after a restart', async () => {
    const before = await CaptureBench.open({ policy: policyWith({ rules: [GOLD] }) })
    const { customer } = await talking(before, { CUSTOMER_TYPE: 'gold', CASE: 'complaint' })
    const after = await CaptureBench.open({ policy: policyWith({ rules: [{ ...COMPLAINT, record: 'source' }] }), journal: before.journal, pbx: before.pbx.forNextService() })
    says(after, customer, ['NOTE', 'x'])
    says(after, customer, ['GOOD', 'x'])
    await after.settled()
    expect(after.only().labels).to.deep.equal(['gold', 'complaint'])
  })

  it('is recorded once more by no second request of its dialplan', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ ...COMPLAINT, record: 'destination' }] }) })
    const { customer } = await talking(bench)
    says(bench, customer, ['CASE', 'complaint'])
    bench.pbx.asks(customer, { CASE: 'complaint' })
    await bench.settled()
    expect(bench.recordings().filter(({ state }) => state === 'recording')).to.have.length(1)
  })
})

describe('a recording between two people alone', () => {
  for (const [record, leg] of [['source', 'customer'], ['destination', 'agent']] as const) {
    it(`of the ${record} begins when they are connected, and its dialplan does not wait`, async () => {
      const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'talk', record, terms: { from: 'bridge' } }] }) })
      const customer = bench.pbx.call('customer')
      const request = bench.pbx.asks(customer)
      const agent = bench.pbx.dials(customer, 'agentA')
      bench.pbx.answers(agent)
      await bench.settled()
      expect(bench.pbx.acknowledged.get(request)).to.equal(bench.only().id)
      expect(bench.only()).to.include({ state: 'requested' })
      bench.pbx.bridges(customer, agent)
      await bench.settled()
      expect(bench.only()).to.include({ state: 'recording' })
      expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.deep.equal([(leg === 'customer' ? customer : agent).channelId])
    })
  }

  it('that never are connected is told as never answered', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'talk', terms: { from: 'bridge' } }] }) })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer)
    bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'not-recorded', reason: 'never-answered' })
  })
})

describe('new rules', () => {
  it('are asked about every call that runs, recorded or not', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({}) })
    bench.pbx.asks(bench.pbx.call('one'), { record: 'source' })
    bench.pbx.asks(bench.pbx.call('two'))
    await bench.settled()
    bench.rules.replace({ policy: policyWith({ rules: [{ name: 'all', labels: ['new'] }] }), attached: bench.rules.attached })
    bench.service.rulesChanged()
    await bench.settled()
    expect(bench.recordings().map(({ state, labels }) => [state, labels])).to.deep.equal([['recording', ['new']], ['not-recorded', []], ['recording', ['new']]])
  })

  it('begin what they want at the time of the PBX, however far our clock is away', async () => {
    for (const aheadMs of [3_600_000, -3_600_000]) {
      const bench = await CaptureBench.open({ aheadMs, policy: policyWith({}) })
      bench.pbx.asks(bench.pbx.call('customer'))
      await bench.settled()
      bench.pbx.after(5000)
      bench.rules.replace({ policy: policyWith({ rules: [{ name: 'all' }] }), attached: bench.rules.attached })
      bench.service.rulesChanged()
      await bench.settled()
      expect(bench.recordings().at(-1), `${aheadMs}`).to.deep.include({ state: 'recording', requestedAt: bench.pbx.now, startedAt: bench.pbx.now })
    }
  })
})
