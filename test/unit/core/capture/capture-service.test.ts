import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'

describe('capture service', () => {
  it('journals the request and its files before the PBX is asked, and acknowledges with the id', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer', { dialled: '100' })
    const request = bench.pbx.asks(customer, { record: 'source', GRECORD_PARTITIONS: '/sales,/support/gold' })
    await bench.settled()
    const recording = bench.only()
    expect(bench.journal.facts.map(({ fact }) => fact.type).slice(0, 5)).to.deep.equal(['policy-used', 'interaction-opened', 'recording-requested', 'segment-opened', 'segment-started'])
    expect(recording).to.include({ state: 'recording', side: 'source', interactionId: 'fake-customer' })
    expect(recording.partitions).to.deep.equal(['/sales', '/support/gold'])
    expect(recording.callee.number).to.equal('100')
    expect(bench.pbx.acknowledged.get(request)).to.equal(recording.id)
    expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.deep.equal([customer.channelId])
  })

  it('answers no, and keeps a row, when the rules do not want the call', async () => {
    const bench = await CaptureBench.open()
    const request = bench.pbx.asks(bench.pbx.call('customer'), { record: '' })
    await bench.settled()
    expect(bench.pbx.acknowledged.get(request)).to.equal('no')
    expect(bench.only()).to.include({ state: 'not-recorded', reason: 'not-wanted' })
    expect(bench.only().decision).to.include({ outcome: 'do-not-record', rule: 'dialplan-request' })
    expect(bench.pbx.recorders.size).to.equal(0)
  })

  it('arms the agent\'s leg of a destination recording when it begins to ring', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    expect(bench.only()).to.include({ state: 'requested' })
    const agent = bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    expect(bench.only()).to.include({ state: 'recording', side: 'destination' })
    expect(bench.only().segments[0]?.channelId).to.equal(agent.channelId)
  })

  it('leaves a request alone of which the dialplan has despaired, takes its recording over, and answers the next', async () => {
    const bench = await CaptureBench.open()
    const { pbx } = bench
    const customer = pbx.call('customer', { dialled: '100' })
    const request = pbx.asks(customer, { record: 'source' })
    const files = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
    for (const name of [files.received, files.transmitted]) bench.spool.set(name, { name, sizeBytes: 1, modifiedAt: pbx.now })
    pbx.emit({ type: 'native-recording', ...pbx.of(customer), because: 'no-answer', began: 'yes', files, recorderId: 'native', direction: 'inbound', caller: customer.caller, dialled: '100', attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null })
    const next = pbx.call('another', { dialled: '100' })
    const answered = pbx.asks(next, { record: 'source' })
    await bench.settled()
    expect([pbx.acknowledged.has(request), pbx.acknowledged.has(answered)]).to.deep.equal([false, true])
    expect(bench.recordings().map(({ channelId, origin, state }) => [channelId, origin, state])).to.have.deep.members([[customer.channelId, 'native', 'recording'], [next.channelId, 'controlled', 'recording']])
    expect(bench.recordings().flatMap(({ segments }) => segments).map(({ channelId }) => channelId), 'one recorder each').to.have.members([customer.channelId, next.channelId])
  })

  it('records the callee of an outbound call as its source', async () => {
    const bench = await CaptureBench.open()
    const agent = bench.pbx.call('agentA', { dialled: '0049301234' })
    bench.pbx.asks(agent, { record: 'source' }, 'outbound')
    const customer = bench.pbx.dials(agent, 'trunk')
    await bench.settled()
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.only().state, 'the customer stays, so does the recording').to.equal('recording')
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
  })

  it('gives each ringing telephone of a queue a recording of its own', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    const first = bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    const second = bench.pbx.dials(customer, 'agentB')
    await bench.settled()
    expect(bench.recordings().map((recording) => recording.segments[0]?.channelId)).to.have.members([first.channelId, second.channelId])
  })

  it('arms the telephone behind legs of the PBX itself, and not those', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const first = { ...bench.pbx.channel('local-1', { callId: customer.callId }), name: 'Local/200@route-01;1', endpoint: null }
    const second = { ...bench.pbx.channel('local-2', { callId: customer.callId }), name: 'Local/200@route-01;2', endpoint: null }
    bench.pbx.emit({ type: 'dial-began', ...bench.pbx.of(customer), callee: first })
    bench.pbx.emit({ type: 'channel-created', ...bench.pbx.of(second), channel: second })
    const agent = bench.pbx.dials(second, 'agentA')
    await bench.settled()
    expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.deep.equal([agent.channelId])
    expect(bench.only().state).to.equal('recording')
  })

  it('records the telephone behind the leg of the PBX that asks, and what its route dialled', async () => {
    const bench = await CaptureBench.open()
    const asking = { ...bench.pbx.channel('local-1', { callId: 'click', dialled: '17' }), name: 'Local/17@route-01;1', endpoint: null }
    const half = { ...bench.pbx.channel('local-2', { callId: 'click' }), name: 'Local/17@route-01;2', endpoint: null }
    for (const channel of [asking, half]) bench.pbx.emit({ type: 'channel-created', ...bench.pbx.of(channel), channel })
    const agent = bench.pbx.dials(half, 'agentA')
    bench.pbx.answers(agent)
    bench.pbx.emit({ type: 'identity-changed', ...bench.pbx.of(asking), identity: { number: '17', name: 'A' } })
    bench.pbx.emit({ type: 'recording-asked', ...bench.pbx.of(asking), requestId: 'r', direction: 'outbound', dialled: '0301', attached: { record: 'destination' }, headers: {}, interactionId: null })
    await bench.settled()
    expect(bench.only()).to.deep.include({ state: 'recording', channelId: agent.channelId, caller: { number: '17', name: 'A' }, callee: { number: '0301', name: null } })
    expect(bench.pbx.acknowledged.get('r')).to.equal(bench.only().id)
    const customer = bench.pbx.dials(asking, 'trunk')
    bench.pbx.hangsUp(asking)
    bench.pbx.hangsUp(half)
    bench.pbx.bridges(agent, customer)
    await bench.settled()
    expect(bench.only().parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`)).to.have.members(['agent PJSIP/agentA', 'customer PJSIP/trunk'])
  })

  it('follows a recorder to the telephone that picks up what rang at another', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const ringing = bench.pbx.dials(customer, 'agentA')
    const picker = bench.pbx.call('agentB')
    await bench.settled()
    bench.pbx.after(1000).picksUp(ringing, picker)
    bench.pbx.hangsUp(ringing)
    bench.pbx.bridges(customer, picker)
    await bench.settled()
    expect(bench.only()).to.deep.include({ state: 'recording', agent: 'PJSIP/agentB', answeredAt: bench.pbx.now })
    expect(bench.only().segments.map(({ channelId, endedAt }) => [channelId, endedAt])).to.deep.equal([[picker.channelId, null]])
    bench.pbx.hangsUp(picker)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
  })

  it('begins anew what the telephone that picks up had of its own', async () => {
    const bench = await CaptureBench.open()
    const ringing = bench.pbx.dials(bench.pbx.call('customer'), 'agentA')
    const picker = bench.pbx.call('agentB')
    bench.pbx.asks(picker, { record: 'destination' }, 'outbound')
    await bench.settled()
    bench.pbx.after(1000).picksUp(ringing, picker)
    await bench.settled()
    expect(bench.only().segments.map(({ channelId, endedAt }) => [channelId, endedAt === null])).to.deep.equal([[picker.channelId, false], [picker.channelId, true]])
  })

  it('begins anew on the telephone that picks up in the moment in which the recorder is armed', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const ringing = bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    const picker = bench.pbx.call('agentB')
    bench.pbx.emit({ type: 'picked-up', ...bench.pbx.of(ringing), byChannelId: picker.channelId, byCallId: picker.callId })
    await bench.settled()
    expect(bench.only().segments.map(({ channelId, endedAt }) => [channelId, endedAt === null])).to.deep.equal([[ringing.channelId, false], [picker.channelId, true]])
    expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.include(picker.channelId)
  })

  it('tells who was heard, from when to when', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer', { number: '0301' })
    bench.pbx.asks(customer, { record: 'source' })
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.after(1000).answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    bench.pbx.after(2000).hangsUp(agent)
    bench.pbx.emit({ type: 'bridge-left', ...bench.pbx.of(agent), bridgeId: 'any' })
    await bench.settled()
    const [own, other] = bench.only().parties
    expect(own).to.include({ side: 'customer', toAt: null })
    expect(other).to.deep.include({ side: 'agent', endpoint: 'PJSIP/agentA', fromAt: new Date('2026-11-22T08:00:01Z'), toAt: new Date('2026-11-22T08:00:03Z') })
    expect(bench.only().agent).to.equal('PJSIP/agentA')
  })

  it('tells of the recorded party from her answer on, also while she waits for an agent', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    expect(bench.only().parties).to.deep.equal([])
    bench.pbx.after(500).answers(customer)
    await bench.settled()
    bench.pbx.after(4000).bridges(customer, bench.pbx.dials(customer, 'agentA'))
    await bench.settled()
    expect(bench.only().parties.map(({ side, fromAt }) => [side, fromAt.toISOString().slice(17, 23)])).to.deep.equal([['customer', '00.500'], ['agent', '04.500']])
  })

  it('follows attached data during the call', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source', case: '1' })
    await bench.settled()
    const change = { key: 'case', value: '2', source: 'dialplan', at: bench.pbx.now } as const
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change })
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change })
    await bench.settled()
    expect(bench.only().attached).to.include({ case: '2' })
    expect(bench.only().attachedChanges.map(({ key, value }) => `${key}=${value}`), 'the same value twice is no change').to.deep.equal(['record=source', 'case=1', 'case=2'])
  })

  it('gives no answer when the recorder is refused, so that the dialplan records by itself', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'Could not start monitoring channel'))
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    expect(bench.pbx.acknowledged.size).to.equal(0)
    expect(bench.only()).to.include({ state: 'failed', reason: 'start-refused' })
  })

  it('answers a second request of the same leg with the recording that runs', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    const request = bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.acknowledged.clear()
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    expect(bench.pbx.acknowledged.get(request)).to.equal(bench.only().id)
    expect(bench.pbx.recorders.size).to.equal(1)
  })

  it('notes a hang-up that the journal refused at first', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.journal.failure = new HoldfastError('STORE_FAILED', 'disk full')
    bench.pbx.hangsUp(customer)
    setTimeout(() => {
      bench.journal.failure = null
    }, 50)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
  })

  it('goes on with the next call when the journal refuses one', async () => {
    const bench = await CaptureBench.open()
    bench.journal.failure = new HoldfastError('STORE_FAILED', 'disk full')
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    expect(bench.pbx.recorders.size, 'nothing is asked of the PBX that is not journalled').to.equal(0)
    bench.journal.failure = null
    bench.pbx.asks(bench.pbx.call('other'), { record: 'source' })
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
  })
})
