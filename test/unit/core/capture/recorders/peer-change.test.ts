import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

async function bridged(peerChange: 'segment' | 'continue'): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const bench = await CaptureBench.open({ peerChange })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: 'source' })
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.after(1000).bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(5000)
  return { bench, customer, agent }
}

const left = (bench: CaptureBench, channel: Channel): void => bench.pbx.emit({ type: 'bridge-left', ...bench.pbx.of(channel), bridgeId: 'first' })

describe('segment at a change of the peer', () => {
  it('begins another segment of the same recording when the agent leaves, once for both legs', async () => {
    const { bench, customer, agent } = await bridged('segment')
    left(bench, agent)
    left(bench, customer)
    await bench.settled()
    expect(bench.only().segments.map(({ index, endedAt }) => [index, endedAt === null])).to.deep.equal([[0, false], [1, true]])
    expect(bench.pbx.recorders.size).to.equal(1)
    expect(bench.only().state).to.equal('recording')
  })

  it('keeps a pause over the cut', async () => {
    const { bench, agent } = await bridged('segment')
    await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' }, AbortSignal.timeout(60_000))
    left(bench, agent)
    await bench.settled()
    expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true])
    expect(bench.only().state).to.equal('paused')
  })

  it('begins nothing anew when the call is over', async () => {
    const { bench, customer, agent } = await bridged('segment')
    left(bench, agent)
    left(bench, customer)
    bench.pbx.hangsUp(agent)
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
    expect(bench.only().segments).to.have.length(1)
  })

  it('cuts once at an attended transfer, where the customer leaves, meets the newcomer, and the old agent leaves last', async () => {
    const { bench, customer, agent } = await bridged('segment')
    left(bench, customer)
    const newcomer = bench.pbx.call('agentB')
    for (const channel of [newcomer, customer]) bench.pbx.emit({ type: 'bridge-entered', ...bench.pbx.of(channel), bridgeId: 'second', kind: 'talk' })
    left(bench, agent)
    await bench.settled()
    expect(bench.only().segments).to.have.length(2)
  })

  it('cuts nothing in a conference, whoever leaves it', async () => {
    const bench = await CaptureBench.open({ peerChange: 'segment' })
    bench.pbx.bridgeKind = 'conference'
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    const [agent, other] = ['agentA', 'agentB'].map((name) => bench.pbx.call(name))
    if (agent === undefined || other === undefined) throw new Error('two agents')
    bench.pbx.bridges(customer, agent, other)
    await bench.settled()
    left(bench, agent)
    await bench.settled()
    expect(bench.only().segments).to.have.length(1)
    expect(bench.only().parties.filter(({ toAt }) => toAt === null).map(({ endpoint }) => endpoint)).to.have.members(['PJSIP/customer', 'PJSIP/agentB'])
  })

  it('is gone on with by a service that was killed within the cut', async () => {
    const { bench, agent } = await bridged('segment')
    left(bench, agent)
    await bench.settled()
    const closed = bench.journal.facts.findIndex(({ fact }) => fact.type === 'segment-closed')
    bench.journal.facts.splice(closed + 1)
    bench.pbx.recorders.clear()
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool, peerChange: 'segment' })
    expect(after.only()).to.include({ state: 'recording' })
    expect(after.pbx.recorders.size, 'a recorder runs again').to.equal(1)
  })

  it('begins the next segment though the end of the old one was never confirmed', async () => {
    const { bench, agent } = await bridged('segment')
    bench.pbx.failures.set('stop', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    left(bench, agent)
    await bench.settled()
    expect(bench.only().segments.map(({ endedAt }) => endedAt === null)).to.deep.equal([false, true])
  })

  it('keeps what was recorded before when the next recorder is refused', async () => {
    const { bench, agent } = await bridged('segment')
    bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'no'))
    left(bench, agent)
    await bench.settled()
    expect(bench.only(), 'stopped: it is ingested').to.include({ state: 'stopped', reason: 'start-refused' })
  })

  it('begins another recorder when somebody else stopped ours on the PBX, and not for a stop of our own', async () => {
    const { bench, customer } = await bridged('segment')
    bench.pbx.recorders.clear()
    bench.pbx.emit({ type: 'recorder-stopped', ...bench.pbx.of(customer) })
    await bench.settled()
    expect(bench.only().segments).to.have.length(2)
    bench.pbx.emit({ type: 'recorder-stopped', ...bench.pbx.of(customer), at: new Date(bench.pbx.now.getTime() - 1000) })
    await bench.settled()
    expect(bench.only().segments).to.have.length(2)
  })

  it('cuts once where a busy PBX tells the end of the old recorder as if it were later than the beginning of the new one', async () => {
    const { bench, customer, agent } = await bridged('segment')
    left(bench, agent)
    await bench.settled()
    bench.pbx.after(300).emit({ type: 'recorder-stopped', ...bench.pbx.of(customer) })
    await bench.settled()
    expect(bench.only().segments).to.have.length(2)
  })

  it('leaves the recorder alone where the PBX has no such fault', async () => {
    const { bench, customer, agent } = await bridged('continue')
    left(bench, agent)
    left(bench, customer)
    await bench.settled()
    expect(bench.only().segments).to.have.length(1)
  })
})
