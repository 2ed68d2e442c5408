import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { keyIs, policyWith, type RuleGiven } from '../../domain/rules/rule-samples.ts'

const isTelephone = (...values: readonly string[]): Condition => ({ type: 'in', field: { type: 'extension' }, values })
const DESK: RuleGiven = { name: 'desk', when: isTelephone('2001', '2002'), record: 'both', dialplan: 'overruled' }

async function benchWith(rules: readonly RuleGiven[] = [DESK], more: Omit<NonNullable<Parameters<typeof CaptureBench.open>[0]>, 'policy'> = {}): Promise<CaptureBench> {
  return await CaptureBench.open({ policy: policyWith({ rules }), ...more })
}

/** What is recorded: side, the leg under the recorder, direction. */
function armed(bench: CaptureBench): readonly string[] {
  return bench.recordings().filter(({ state }) => state === 'recording')
    .map(({ side, direction, segments }) => `${side} on ${segments[0]?.channelId.replace(/\.\d+$/, '') ?? 'nothing'}, ${direction}`)
}

function connect(bench: CaptureBench, caller: Channel, callee: Channel): void {
  bench.pbx.answers(callee)
  bench.pbx.answers(caller)
  bench.pbx.bridges(caller, callee)
}

describe('a telephone that is recorded full-time', () => {
  it('is armed while it rings, and with it the customer who calls; no route has asked', async () => {
    const bench = await benchWith()
    bench.pbx.dials(bench.pbx.call('trunk', { number: '0301' }), '2001')
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
    expect(bench.recordings().map(({ decision: { rule, input: { occasion, extensions } } }) => [rule, occasion, extensions])).to.deep.equal([['desk', 'telephone', ['2001']], ['desk', 'telephone', ['2001']]])
    expect(bench.recordings()[0]?.caller.number).to.equal('0301')
  })

  it('is armed though the journal refuses each leg at first', async () => {
    const bench = await benchWith()
    bench.journal.refusals.set('recording-requested', 2)
    bench.pbx.dials(bench.pbx.call('trunk', { number: '0301' }), '2001')
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
  })

  it('is armed when it calls out: the customer is the one who is called', async () => {
    const bench = await benchWith()
    bench.pbx.dials(bench.pbx.call('2001', { dialled: '0301' }), 'trunk')
    await bench.settled()
    expect(armed(bench)).to.have.members(['destination on 2001, outbound', 'source on trunk, outbound'])
  })

  it('is recorded among colleagues, whichever of the two the rule names', async () => {
    const bench = await benchWith([{ ...DESK, record: 'source' }])
    bench.pbx.dials(bench.pbx.call('2001', { dialled: '2002' }), '2002')
    await bench.settled()
    expect(armed(bench)).to.deep.equal(['source on 2001, internal'])
  })

  it('is left alone, as all others are, when no rule names it', async () => {
    const bench = await benchWith([{ name: 'everything', record: 'both', dialplan: 'overruled' }, DESK])
    connect(bench, bench.pbx.call('trunk'), bench.pbx.dials(bench.pbx.call('trunk'), '2009'))
    await bench.settled()
    expect(bench.recordings(), 'rules without a telephone wait to be asked by a route').to.deep.equal([])
  })

  it('is not recorded because a rule names it under `not`', async () => {
    const bench = await benchWith([{ ...DESK, when: { type: 'not', of: isTelephone('2009') } }])
    bench.pbx.dials(bench.pbx.call('trunk'), '2001')
    await bench.settled()
    expect(bench.recordings()).to.deep.equal([])
  })

  it('is recorded once, though its route asks as well, before or after', async () => {
    const bench = await benchWith()
    const first = bench.pbx.call('trunk')
    bench.pbx.asks(first, { record: 'source' })
    const rung = bench.pbx.dials(first, '2001')
    connect(bench, first, rung)
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
    const caller = bench.pbx.call('2002', { dialled: '0301' })
    bench.pbx.answers(caller)
    await bench.settled()
    const request = bench.pbx.asks(caller, { record: 'destination', GRECORD_PARTITIONS: '/sales' }, 'outbound')
    connect(bench, caller, bench.pbx.dials(caller, 'trunk'))
    await bench.settled()
    const own = bench.recordings().filter(({ callId }) => callId === caller.callId)
    expect(own.map(({ segments }) => segments.map(({ channelId }) => channelId.replace(/\.\d+$/, '')))).to.deep.equal([['2002'], ['trunk']])
    expect(bench.pbx.acknowledged.get(request)).to.equal(own[0]?.id)
    expect(own[0]?.partitions, 'what the route says is gained').to.deep.equal(['/sales'])
  })

  it('is recorded from its answer when it calls an application: a conference, a parked call', async () => {
    const bench = await benchWith([{ ...DESK, record: 'destination' }])
    const caller = bench.pbx.call('2001', { dialled: '700' })
    await bench.settled()
    expect(bench.recordings()).to.deep.equal([])
    bench.pbx.answers(caller)
    await bench.settled()
    expect(armed(bench)).to.deep.equal(['source on 2001, internal'])
  })

  it('is recorded with whom it is connected without ringing', async () => {
    const bench = await benchWith()
    const customer = bench.pbx.call('trunk')
    bench.pbx.answers(customer)
    const picker = bench.pbx.after(1000).call('2001', { callId: customer.callId })
    bench.pbx.bridges(customer, picker)
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
  })

  it('that picks up what rang at another is recorded with the customer; what it began alone is superseded', async () => {
    const bench = await benchWith()
    const ringing = bench.pbx.dials(bench.pbx.call('trunk'), '2009')
    const picker = bench.pbx.call('2001', { dialled: '*8' })
    bench.pbx.answers(picker)
    bench.pbx.picksUp(ringing, picker)
    bench.pbx.hangsUp(ringing)
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
    expect(bench.recordings().filter(({ state }) => state === 'not-recorded').map(({ reason }) => reason)).to.deep.equal(['superseded'])
  })

  it('rings behind Local channels, and its customer is found', async () => {
    const bench = await benchWith()
    const customer = bench.pbx.call('trunk')
    const first = { ...bench.pbx.channel('local-1', { callId: customer.callId }), name: 'Local/2001@q-01;1', endpoint: null }
    const second = { ...bench.pbx.channel('local-2', { callId: customer.callId }), name: 'Local/2001@q-01;2', endpoint: null }
    bench.pbx.emit({ type: 'dial-began', ...bench.pbx.of(customer), callee: first })
    bench.pbx.emit({ type: 'channel-created', ...bench.pbx.of(second), channel: second })
    bench.pbx.dials(second, '2001')
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
  })

  it('that rang beside another one which was answered leaves nothing of the customer', async () => {
    const bench = await benchWith()
    const customer = bench.pbx.call('trunk')
    const named = bench.pbx.dials(customer, '2001')
    const other = bench.pbx.dials(customer, '2009')
    await bench.settled()
    expect(armed(bench)).to.have.length(2)
    bench.pbx.answers(other)
    bench.pbx.hangsUp(named)
    bench.pbx.answers(customer)
    bench.pbx.bridges(customer, other)
    await bench.settled()
    expect(armed(bench)).to.deep.equal([])
    expect(bench.recordings().map(({ side, state, reason }) => [side, state, reason])).to.deep.equal([['source', 'not-recorded', 'not-wanted'], ['destination', 'stopped', 'hangup']])
    expect(bench.pbx.recorders.size).to.equal(0)
  })

  it('that passes the call on to one which is not, is followed on the customer\'s side alone', async () => {
    const bench = await benchWith()
    const customer = bench.pbx.call('trunk')
    const named = bench.pbx.dials(customer, '2001')
    connect(bench, customer, named)
    await bench.settled()
    bench.pbx.hangsUp(named)
    const other = bench.pbx.dials(customer, '2009')
    connect(bench, customer, other)
    await bench.settled()
    expect(armed(bench)).to.deep.equal(['source on trunk, inbound'])
    expect(bench.journal.facts.filter(({ fact }) => fact.type === 'would-stop'), 'nothing speaks against it').to.deep.equal([])
    bench.pbx.hangsUp(other)
    bench.pbx.dials(customer, '2002')
    await bench.settled()
    expect(armed(bench), 'another one that is named begins').to.have.members(['source on trunk, inbound', 'destination on 2002, inbound'])
  })

  it('is not begun again when somebody has stopped it by hand', async () => {
    const bench = await benchWith([{ ...DESK, record: 'source', terms: { onDemand: ['stop'] } }])
    const customer = bench.pbx.call('trunk')
    const rung = bench.pbx.dials(customer, '2001')
    connect(bench, customer, rung)
    await bench.settled()
    await bench.control.control({ action: 'stop', target: { recordingId: bench.only().id }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' }, AbortSignal.timeout(60_000))
    bench.pbx.bridges(customer, rung)
    await bench.settled()
    expect(bench.recordings().map(({ state, reason }) => [state, reason])).to.deep.equal([['stopped', 'stopped-on-demand']])
  })

  it('is decided by all that a rule asks, and a call that no lot falls on leaves a row', async () => {
    const bench = await benchWith([{ ...DESK, when: { type: 'all', of: [isTelephone('2001'), keyIs('CASE', 'x')] }, percent: 0 }])
    const customer = bench.pbx.call('trunk')
    bench.pbx.dials(customer, '2001')
    await bench.settled()
    expect(bench.recordings(), 'its conditions do not hold: not looked at').to.deep.equal([])
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change: { key: 'CASE', value: 'x', source: 'dialplan', at: bench.pbx.now } })
    const rung = bench.pbx.dials(customer, '2001')
    connect(bench, customer, rung)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'not-recorded', reason: 'not-wanted' })
    expect(bench.only().decision.draws).to.have.length(1)
  })

  it('gains a side when the call\'s data changes; who rings later is not recorded by that', async () => {
    const bench = await benchWith([
      { ...DESK, name: 'case', when: { type: 'all', of: [isTelephone('2001'), keyIs('CASE', 'x')] } }, { ...DESK, record: 'source' },
    ])
    const customer = bench.pbx.call('trunk')
    const named = bench.pbx.dials(customer, '2001')
    connect(bench, customer, named)
    await bench.settled()
    expect(armed(bench)).to.deep.equal(['source on trunk, inbound'])
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change: { key: 'CASE', value: 'x', source: 'dialplan', at: bench.pbx.now } })
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
    bench.pbx.hangsUp(named)
    connect(bench, customer, bench.pbx.dials(customer, '2009'))
    await bench.settled()
    expect(armed(bench)).to.deep.equal(['source on trunk, inbound'])
  })

  it('is never recorded with somebody whom `never` names', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ never: [{ name: 'council', when: isTelephone('2900') }], rules: [DESK] }) })
    bench.pbx.dials(bench.pbx.call('2001', { dialled: '2900' }), '2900')
    await bench.settled()
    expect(bench.only()).to.include({ state: 'not-recorded', direction: 'internal' })
    expect(bench.only().decision.rule).to.equal('council')
  })

  it('waits for the conversation where the rule says so', async () => {
    const bench = await benchWith([{ ...DESK, terms: { from: 'bridge' } }])
    const customer = bench.pbx.call('trunk')
    const rung = bench.pbx.dials(customer, '2001')
    await bench.settled()
    expect(armed(bench)).to.deep.equal([])
    connect(bench, customer, rung)
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
  })

  it('in a call that began while nobody was there is recorded from now on', async () => {
    const before = await benchWith([])
    const customer = before.pbx.call('trunk')
    const rung = before.pbx.after(1000).dials(customer, '2001')
    connect(before, customer, rung)
    await before.settled()
    before.pbx.after(5000)
    const after = await benchWith([DESK], { journal: before.journal, pbx: before.pbx.forNextService() })
    expect(armed(after)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound'])
    const opened = after.journal.facts.flatMap(({ fact }) => fact.type === 'expectation-opened' ? [`${fact.side} ${fact.evidence} ${after.pbx.now.getTime() - fact.fromAt.getTime()}`] : [])
    expect(opened, 'the ledger misses what nobody recorded').to.have.members(['source resync 6000', 'destination resync 5000'])
  })
})

describe('telephones of ours', () => {
  it('are all that come over no trunk, where the trunks are told', async () => {
    const bench = await benchWith([DESK], { trunks: ['PJSIP/trunk*'] })
    bench.pbx.dials(bench.pbx.call('2009'), '2001')
    bench.pbx.dials(bench.pbx.call('trunk-b', { number: '2002' }), '2001')
    bench.pbx.dials(bench.pbx.call('trunk-c', { number: '2002' }), '2009')
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on 2009, internal', 'destination on 2001, internal', 'source on trunk-b, inbound', 'destination on 2001, inbound'])
  })

  it('are agents wherever they are heard, and who comes over a trunk is a customer', async () => {
    const bench = await benchWith([], { trunks: ['PJSIP/trunk*'] })
    bench.pbx.bridgeKind = 'conference'
    const agent = bench.pbx.call('2001')
    bench.pbx.asks(agent, { record: 'destination' }, 'outbound')
    bench.pbx.bridges(agent, bench.pbx.call('2009'), bench.pbx.call('trunk-a'), bench.pbx.call('trunk-b'))
    await bench.settled()
    expect(bench.only().parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`)).to.have.members(['agent PJSIP/2001', 'agent PJSIP/2009', 'customer PJSIP/trunk-a', 'customer PJSIP/trunk-b'])
  })

  it('are those that rules name, where no trunks are told: any number of a caller may be recorded, and none of it forbids', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ never: [{ name: 'council', when: isTelephone('2900') }], rules: [DESK] }) })
    bench.pbx.dials(bench.pbx.call('trunk', { number: '2900' }), '2001')
    bench.pbx.dials(bench.pbx.call('mac-a1b2', { number: '2002' }), 'trunk')
    await bench.settled()
    expect(armed(bench)).to.have.members(['source on trunk, inbound', 'destination on 2001, inbound', 'destination on mac-a1b2, outbound', 'source on trunk, outbound'])
  })
})
