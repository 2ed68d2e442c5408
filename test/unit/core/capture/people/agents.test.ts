import { expect } from 'chai'
import { describe, it } from 'mocha'
import { agentAt } from '../../../../../core/capture/people/agents.ts'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import { DeskBench } from '../../../../support/desk-bench.ts'

const SOMEBODY = { type: 'token', id: 'somebody' } as const

function who(bench: DeskBench, leg: Channel): string | null {
  const { context } = bench.capture.service
  const tracked = context.tracker.find(leg.channelId)
  return tracked === null ? null : agentAt(context, tracked)
}

/** Who is told in the customer's recording, and whom it names as its agent. */
function told(bench: DeskBench): { readonly agent: string | null; readonly heard: readonly (string | null)[] } {
  const source = bench.capture.recordings().find(({ side }) => side === 'source') as Recording
  return { agent: source.agent, heard: source.parties.filter(({ side }) => side === 'agent').map(({ agent }) => agent) }
}

function says(bench: DeskBench, leg: Channel, agent: string): void {
  const { pbx } = bench.capture
  pbx.emit({ type: 'attached-changed', ...pbx.of(leg), change: { key: 'agent', value: agent, source: 'dialplan', at: pbx.now } })
}

describe('the person at a telephone', () => {
  it('is whom the attached data of the call name, for the telephone that answers', async () => {
    const bench = await DeskBench.open()
    const { agent } = await bench.talk('customer', '200', { agent: 'anna' })
    expect(who(bench, agent)).to.equal('anna')
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna'] })
  })

  it('is nobody whom the call named before its transfer: the next telephone has its own sitter', async () => {
    const bench = await DeskBench.open()
    await bench.capture.seating.signIn('bert', bench.desk('201'), SOMEBODY)
    const { customer, agent } = await bench.talk('customer', '200', { agent: 'anna' })
    bench.capture.pbx.hangsUp(agent)
    const next = await bench.connect(customer, '201')
    // As an inherited variable comes with the new leg.
    says(bench, next, 'anna')
    await bench.capture.settled()
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna', 'bert'] })
  })

  it('is nobody whom a new leg inherited by name before it is known who dials it', async () => {
    const bench = await DeskBench.open()
    const { pbx } = bench.capture
    const { customer, agent } = await bench.talk('customer', '200', { agent: 'anna' })
    pbx.hangsUp(agent)
    const next = pbx.call('201', { callId: customer.callId })
    says(bench, next, 'anna')
    pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: next })
    pbx.answers(next)
    pbx.enters('bridge-2', customer, next)
    await bench.capture.settled()
    expect(told(bench).heard).to.deep.equal(['anna', null])
  })

  it('is not renamed by what is told to a leg that is about to ring', async () => {
    const bench = await DeskBench.open()
    const { customer, agent } = await bench.talk('customer', '200', { agent: 'anna' })
    const next = bench.capture.pbx.call('201', { callId: customer.callId })
    says(bench, next, 'bert')
    await bench.capture.settled()
    expect(who(bench, agent)).to.equal('anna')
  })

  it('is whom the route names anew for the next telephone', async () => {
    const bench = await DeskBench.open()
    const { customer, agent } = await bench.talk('customer', '200', { agent: 'anna' })
    bench.capture.pbx.hangsUp(agent)
    says(bench, customer, 'clara')
    await bench.connect(customer, '201')
    expect(told(bench).heard).to.deep.equal(['anna', 'clara'])
  })

  it('is told in the middle of a call, too', async () => {
    const bench = await DeskBench.open()
    const { customer, agent } = await bench.talk('customer', '200')
    expect(told(bench)).to.deep.equal({ agent: 'PJSIP/200', heard: [null] })
    says(bench, customer, 'anna')
    await bench.capture.settled()
    expect(who(bench, agent)).to.equal('anna')
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna'] })
  })

  it('is the one who asked, on a call that she made', async () => {
    const bench = await DeskBench.open()
    const { pbx } = bench.capture
    const agent = pbx.call('200')
    says(bench, agent, 'anna')
    pbx.asks(agent, { agent: 'anna' }, 'outbound')
    await bench.capture.settled()
    expect(who(bench, agent)).to.equal('anna')
    const customer = pbx.dials(agent, 'trunk')
    pbx.answers(customer)
    pbx.bridges(agent, customer)
    await bench.capture.settled()
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna'] })
    expect(bench.capture.recordings()[0]?.decision.input.agent).to.equal('anna')
  })

  it('is who sits there, where the call names nobody, and the telephone itself where nobody is known', async () => {
    const bench = await DeskBench.open()
    await bench.capture.seating.signIn('anna', bench.desk('200'), SOMEBODY)
    const { customer, agent } = await bench.talk('customer', '200')
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna'] })
    bench.capture.pbx.hangsUp(agent)
    await bench.connect(customer, '201')
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna', null] })
  })

  it('is learnt from the PBX while she is heard', async () => {
    const bench = await DeskBench.open()
    const { pbx } = bench.capture
    await bench.talk('customer', '200')
    pbx.emit({ type: 'agent-logged-in', login: { agent: 'anna', endpoint: 'PJSIP/200' }, at: pbx.now })
    await bench.capture.settled()
    expect(told(bench)).to.deep.equal({ agent: 'anna', heard: ['anna'] })
  })

  it('is believed of no SIP header', async () => {
    const bench = await DeskBench.open()
    const { pbx } = bench.capture
    const customer = pbx.call('customer')
    pbx.emit({ type: 'attached-changed', ...pbx.of(customer), change: { key: 'agent', value: 'mallory', source: 'sip-header', at: pbx.now } })
    pbx.asks(customer)
    const agent = await bench.connect(customer, '200')
    expect(who(bench, agent)).to.equal(null)
  })
})

describe('rules about an agent', () => {
  const ofAnna = { type: 'equals', field: { type: 'agent' }, value: 'anna' } as const

  it('hold for whoever sits at the telephone that answers: then the recording begins late', async () => {
    const bench = await DeskBench.open({ rules: [{ name: 'trainee', when: ofAnna, record: 'source', dialplan: 'overruled' }, { name: 'nobody', record: 'no', dialplan: 'overruled' }] })
    await bench.capture.seating.signIn('anna', bench.desk('201'), SOMEBODY)
    await bench.talk('first', '200')
    await bench.talk('second', '201')
    expect(bench.capture.recordings().map(({ callId, decision, state }) => [callId, decision.rule, state])).to.deep.equal([['first', 'nobody', 'not-recorded'], ['second', 'nobody', 'not-recorded'], ['second', 'trainee', 'recording']])
    expect(bench.capture.recordings().at(-1)?.decision.input.agent).to.equal('anna')
  })

  it('count her calls on her quota, at whatever desk she took them', async () => {
    const bench = await DeskBench.open({ rules: [{ name: 'two', record: 'source', dialplan: 'overruled', atMost: { calls: 2, per: 'agent', period: 'week' } }, { name: 'nobody', record: 'no', dialplan: 'overruled' }] })
    for (const [customer, phone] of [['one', '200'], ['two', '201'], ['three', '200']] as const) {
      await bench.capture.seating.signIn('anna', bench.desk(phone), SOMEBODY)
      const { customer: leg } = await bench.talk(customer, phone)
      bench.capture.pbx.hangsUp(leg)
      await bench.capture.settled()
    }
    const recorded = bench.capture.recordings().filter(({ decision }) => decision.rule === 'two')
    expect(recorded.map(({ callId, agent }) => [callId, agent])).to.deep.equal([['one', 'anna'], ['two', 'anna']])
  })
})

describe('what a PBX knows of its agents', () => {
  it('seats the members of queues by their names, and leaves those who have none', async () => {
    const bench = await DeskBench.open()
    const { pbx, seating } = bench.capture
    const member = { queue: 'sales', agent: 'anna', endpoint: 'PJSIP/200' }
    pbx.emit({ type: 'queue-member-added', at: pbx.now, member })
    await bench.capture.settled()
    expect(seating.sitterAt(bench.desk('200'))).to.equal('anna')
    pbx.emit({ type: 'queue-member-removed', at: pbx.now, member })
    await bench.capture.settled()
    expect(seating.sitterAt(bench.desk('200'))).to.equal(null)
  })

  it('seats whom a queue connected, by the name that it told', async () => {
    const bench = await DeskBench.open()
    const { customer, agent } = await bench.talk('customer', '200')
    const { pbx, seating } = bench.capture
    for (const member of ['PJSIP/200', 'anna', null]) {
      pbx.emit({ type: 'queue-connected', ...pbx.of(customer), queue: 'sales', agentChannelId: agent.channelId, member })
      await bench.capture.settled()
    }
    expect(seating.sitterAt(bench.desk('200'))).to.equal('anna')
  })

  it('seats who logs in at a telephone, until she logs out or the link comes back without her call', async () => {
    const bench = await DeskBench.open()
    const { pbx, seating } = bench.capture
    const login = { agent: 'anna', endpoint: 'PJSIP/200' }
    const heard = async (type: 'agent-logged-in' | 'agent-logged-out'): Promise<string | null> => {
      pbx.emit({ type, at: pbx.now, login })
      await bench.capture.settled()
      return seating.sitterAt(bench.desk('200'))
    }
    expect([await heard('agent-logged-in'), await heard('agent-logged-out'), await heard('agent-logged-in')]).to.deep.equal(['anna', null, 'anna'])
    pbx.disconnect()
    pbx.connect()
    await bench.capture.settled()
    expect(seating.sitterAt(bench.desk('200'))).to.equal(null)
  })

  it('puts queues right when the link comes up', async () => {
    const bench = await DeskBench.open()
    const { pbx, seating } = bench.capture
    pbx.members = [{ queue: 'sales', agent: 'anna', endpoint: 'PJSIP/200' }]
    pbx.connect()
    await bench.capture.settled()
    expect(seating.sitterAt(bench.desk('200'))).to.equal('anna')
  })
})
