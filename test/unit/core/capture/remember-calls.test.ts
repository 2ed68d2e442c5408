import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../core/domain/call.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { NO_RULE, type OnDemand } from '../../../../core/domain/rules/rule.ts'
import { policyWith } from '../domain/rules/rule-samples.ts'
import type { RecordAction } from '../../../../core/domain/policy.ts'

const signal = AbortSignal.timeout(60_000)

function policy(record: RecordAction, onDemand: readonly OnDemand[] = ['start', 'stop']): ReturnType<typeof policyWith> {
  return policyWith({ rules: [{ name: 'by-hand', record, dialplan: 'overruled', terms: { ...NO_RULE.terms, onDemand } }] })
}

async function talking(record: RecordAction): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const bench = await CaptureBench.open({ policy: policy(record) })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer)
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.enters('bridge', customer, agent)
  await bench.settled()
  return { bench, customer, agent }
}

/** The service is killed, and the next one comes over the same journal and PBX. */
async function restarted(bench: CaptureBench, record: RecordAction): Promise<CaptureBench> {
  const next = await CaptureBench.open({ policy: policy(record), journal: bench.journal, pbx: bench.pbx.forNextService() })
  await next.settled()
  return next
}

describe('calls that go on after a restart', () => {
  const owner = { agent: null, desks: [{ pbxId: 'fake' as never, endpoint: 'PJSIP/agentA' }] }
  const by = { type: 'token', id: 'anna' } as const

  it('may be started by hand where the rules said no before', async () => {
    const { bench } = await talking('no')
    const next = await restarted(bench, 'no')
    const [call] = await next.control.calls({ owner })
    expect(call?.decision).to.include({ rule: 'by-hand', outcome: 'do-not-record' })
    const [result] = await next.control.control({ action: 'start', target: { owner }, by, person: 'agent', how: 'api' }, signal)
    expect(result?.outcome).to.equal('done')
    expect(next.pbx.recorders.size).to.equal(1)
  })

  it('are stopped where the service died between the wish and the word of the PBX', async () => {
    const { bench } = await talking('source')
    const { id: recordingId } = bench.only()
    bench.pbx.disconnect()
    await bench.live.record({ type: 'stop-asked', recordingId, by: 'anna', how: 'api', at: bench.pbx.now })
    const next = await restarted(bench, 'source')
    expect(next.only()).to.include({ state: 'stopped', reason: 'stopped-on-demand' })
    expect(next.pbx.recorders.size).to.equal(0)
  })

  it('know whom attached data named for a telephone, unless she sits elsewhere by now', async () => {
    const { bench, agent } = await talking('source')
    const { id: recordingId } = bench.only()
    await bench.live.record({ type: 'party-named', recordingId, channelId: agent.channelId, agent: 'anna', at: bench.pbx.now })
    const anna = { owner: { agent: 'anna', desks: [] } }
    const next = await restarted(bench, 'source')
    expect(await next.control.calls(anna)).to.have.length(1)
    await next.seating.signIn('anna', { pbxId: next.pbx.pbxId, endpoint: 'PJSIP/agentB' }, by)
    const later = await restarted(next, 'source')
    expect(await later.control.calls(anna)).to.have.length(0)
  })

  it('belong to nobody who signed in at their telephone while they went on', async () => {
    const { bench, agent } = await talking('source')
    bench.pbx.after(1000)
    await bench.seating.signIn('mallory', { pbxId: bench.pbx.pbxId, endpoint: agent.endpoint ?? '' }, by)
    const mallory = { owner: { agent: 'mallory', desks: [] } }
    expect(await bench.control.calls(mallory)).to.have.length(0)
    const next = await restarted(bench, 'source')
    expect(await next.control.calls(mallory)).to.have.length(0)
  })

  it('stay stopped where somebody stopped them, whatever is heard of them next', async () => {
    const { bench, customer } = await talking('both')
    await bench.control.control({ action: 'stop', target: { owner }, by, person: 'agent', how: 'api' }, signal)
    expect(bench.pbx.recorders.size).to.equal(0)
    const next = await restarted(bench, 'both')
    next.pbx.emit({ type: 'attached-changed', ...next.pbx.of(customer), change: { key: 'case', value: '7', source: 'dialplan', at: next.pbx.now } })
    next.service.rulesChanged()
    await next.settled()
    expect(next.pbx.recorders.size).to.equal(0)
    const [call] = await next.control.calls({ owner })
    expect(call?.stopped.map(({ side, reason }) => [side, reason])).to.have.deep.members([['source', 'stopped-on-demand'], ['destination', 'stopped-on-demand']])
    next.pbx.hangsUp(customer)
    await next.settled()
    expect(next.live.stoppedByHand(next.pbx.pbxId)).to.deep.equal([])
  })
})
