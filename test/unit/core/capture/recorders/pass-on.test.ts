import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

interface Call {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
}

async function talking(side: 'source' | 'destination'): Promise<Call> {
  const bench = await CaptureBench.open({ peerChange: 'segment' })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: side })
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  await bench.settled()
  bench.pbx.after(1000).bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(5000)
  return { bench, customer, agent }
}

/** As Asterisk tells a blind transfer by the manager: first that it happened, then who leaves. */
function passesOn({ bench: { pbx }, customer, agent }: Call): void {
  pbx.transfers(customer, agent, { kind: 'blind', number: '200' })
  for (const leg of [agent, customer]) pbx.leaves(leg)
}

describe('a call that is passed on', () => {
  it('tells its recording by whom, to whom and when, once however often it is told', async () => {
    const call = await talking('source')
    const { bench, customer, agent } = call
    passesOn(call)
    bench.pbx.transfers(customer, agent, { kind: 'blind', number: '200' })
    await bench.settled()
    expect(bench.only().transfers).to.deep.equal([{
      kind: 'blind', at: bench.pbx.now,
      by: { channelId: agent.channelId, identity: agent.caller, endpoint: 'PJSIP/agentA' },
      to: { channelId: null, identity: { number: '200', name: null }, endpoint: null },
    }])
  })

  it('goes on being recorded on the customer\'s side, with each agent as long as she was heard', async () => {
    const call = await talking('source')
    const { bench, customer, agent } = call
    passesOn(call)
    bench.pbx.hangsUp(agent)
    await bench.settled()
    const next = bench.pbx.after(2000).dials(customer, 'agentB')
    bench.pbx.bridges(customer, next)
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
    expect(bench.only().parties.map(({ side, endpoint, fromAt, toAt }) => [side, endpoint, fromAt.toISOString().slice(17, 19), toAt?.toISOString().slice(17, 19)])).to.deep.equal([
      ['customer', 'PJSIP/customer', '01', undefined], ['agent', 'PJSIP/agentA', '01', '06'], ['agent', 'PJSIP/agentB', '08', undefined],
    ])
  })

  it('ends the recording of the agent who passes it on, though her leg lives on', async () => {
    const call = await talking('destination')
    passesOn(call)
    await call.bench.settled()
    expect(call.bench.only()).to.include({ state: 'stopped', reason: 'agent-left' })
    expect(call.bench.pbx.recorders.size).to.equal(0)
  })

  it('ends it by her leg alone when the PBX does not stop the recorder', async () => {
    const call = await talking('destination')
    call.bench.pbx.failures.set('stop', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    passesOn(call)
    await call.bench.settled()
    expect(call.bench.only()).to.include({ state: 'stopped', reason: 'agent-left' })
  })

  it('ends it also when the service died before it had said so', async () => {
    const call = await talking('destination')
    passesOn(call)
    await call.bench.settled()
    const told = call.bench.journal.facts.findIndex(({ fact }) => fact.type === 'transferred')
    call.bench.journal.facts.splice(told + 1)
    const after = await CaptureBench.open({ pbx: call.bench.pbx.forNextService(), journal: call.bench.journal, spool: call.bench.spool })
    expect(after.only()).to.include({ state: 'stopped', reason: 'agent-left' })
  })

  it('is not recorded on the side of the next agent unless the new route asks for it', async () => {
    const call = await talking('destination')
    const { bench, customer } = call
    passesOn(call)
    await bench.settled()
    bench.pbx.dials(customer, 'agentB')
    await bench.settled()
    expect(bench.recordings()).to.have.length(1)
  })

  it('is recorded anew on the side of the next agent when the new route asks for it', async () => {
    const call = await talking('destination')
    const { bench, customer } = call
    passesOn(call)
    await bench.settled()
    const request = bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    const next = bench.pbx.dials(customer, 'agentB')
    await bench.settled()
    const [first, second] = bench.recordings()
    expect([first?.reason, second?.state, second?.segments[0]?.channelId]).to.deep.equal(['agent-left', 'recording', next.channelId])
    expect(second?.interactionId).to.equal(first?.interactionId)
    expect(bench.pbx.acknowledged.get(request)).to.equal(second?.id)
  })

  it('gains the agent\'s side when the new route asks for it beside the customer\'s, which goes on', async () => {
    const call = await talking('source')
    const { bench, customer } = call
    passesOn(call)
    await bench.settled()
    // As Asterisk tells it: the variable is set before the route asks.
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change: { key: 'record', value: 'destination', source: 'dialplan', at: bench.pbx.now } })
    bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    bench.pbx.bridges(customer, bench.pbx.dials(customer, 'agentB'))
    await bench.settled()
    expect(bench.recordings().map(({ side, state, agent }) => `${side} ${state} ${agent ?? ''}`))
      .to.deep.equal(['source recording PJSIP/agentA', 'destination recording PJSIP/agentB'])
  })

  it('still has the wish of its route after an attended transfer: what the route dials later is recorded', async () => {
    const call = await talking('destination')
    const { bench, customer, agent } = call
    bench.pbx.transfers(customer, agent, { kind: 'attended', number: '200' })
    bench.pbx.hangsUp(agent)
    await bench.settled()
    bench.pbx.dials(customer, 'agentC')
    await bench.settled()
    expect(bench.recordings().map(({ state, reason }) => `${state} ${reason ?? ''}`)).to.deep.equal(['stopped agent-left', 'recording '])
  })
})

describe('a colleague whom the agent asks by the PBX\'s own attended transfer', () => {
  it('is heard by the agent through a pair of the PBX\'s own legs, and not by the customer', async () => {
    const { bench, customer, agent } = await talking('destination')
    const [near, far] = bench.pbx.pair('200@route', customer.callId)
    const colleague = bench.pbx.dials(far, 'agentB')
    bench.pbx.leaves(agent)
    bench.pbx.enters('consultation', near, agent)
    bench.pbx.enters('far', far, colleague)
    await bench.settled()
    const present = bench.only().parties.filter(({ toAt }) => toAt === null)
    expect(present.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`)).to.deep.equal(['agent PJSIP/agentA', 'agent PJSIP/agentB'])
  })

  it('is a party of the customer\'s recording from the moment in which they are joined, and stays it when the pair is taken out', async () => {
    const { bench, customer, agent } = await talking('source')
    const [near, far] = bench.pbx.pair('200@route', customer.callId)
    const colleague = bench.pbx.dials(far, 'agentB')
    bench.pbx.leaves(agent)
    bench.pbx.enters('consultation', near, agent)
    bench.pbx.enters('far', far, colleague)
    await bench.settled()
    expect(bench.only().parties.map(({ endpoint }) => endpoint)).to.deep.equal(['PJSIP/customer', 'PJSIP/agentA'])
    bench.pbx.after(1000).leaves(agent)
    bench.pbx.leaves(near)
    bench.pbx.enters(`bridge-${customer.channelId}`, near)
    bench.pbx.transfers(customer, agent, { kind: 'attended', number: '200' })
    bench.pbx.hangsUp(agent)
    await bench.settled()
    const segments = bench.only().segments.length
    bench.pbx.after(500).emit({ type: 'shortcut-began', ...bench.pbx.of(near), otherHalfId: far.channelId })
    for (const leg of [customer, far]) bench.pbx.leaves(leg)
    await bench.settled()
    bench.pbx.enters('far', customer)
    bench.pbx.emit({ type: 'shortcut-ended', ...bench.pbx.of(near) })
    for (const leg of [near, far]) bench.pbx.hangsUp(leg)
    await bench.settled()
    const joined = bench.only().parties.filter(({ endpoint }) => endpoint === 'PJSIP/agentB')
    expect(joined.map(({ fromAt, toAt }) => [fromAt.toISOString().slice(17, 23), toAt])).to.deep.equal([['07.000', null]])
    expect(bench.only().segments, 'nobody left: no cut').to.have.length(segments)
  })
})
