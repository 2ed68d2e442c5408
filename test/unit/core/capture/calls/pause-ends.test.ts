import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { ALWAYS, type Condition } from '../../../../../core/domain/rules/condition.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { attached, PAUSABLE, policyWith } from '../../domain/rules/rule-samples.ts'
import { bothSides, masks, pause, states } from '../paused-calls.ts'

describe('a pause whose agent leaves', () => {
  async function pausedUntil(...endsWith: ('transfer' | 'agent-hangup')[]): Promise<Awaited<ReturnType<typeof bothSides>>> {
    const both = await bothSides({ policy: policyWith({ rules: [{ name: 'source', when: ALWAYS, record: 'source', terms: { pause: { ...PAUSABLE, endsWith } } }] }) })
    await pause(both.bench)
    return both
  }

  it('by a transfer ends, where the rule says so', async () => {
    const { bench, customer, agent } = await pausedUntil('transfer')
    transferred(bench, customer, agent)
    await bench.settled()
    expect(states(bench)).to.deep.equal(['recording'])
    expect(bench.only().pauses[0]).to.include({ resumeBy: 'agent-transfer' })
    expect(masks(bench)).to.deep.equal([false])
  })

  it('by a hang-up ends, where the rule says so', async () => {
    const { bench, agent } = await pausedUntil('agent-hangup')
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'recording' })
    expect(bench.only().pauses[0]).to.include({ resumeBy: 'agent-hangup' })
  })

  it('goes on with the next agent, where the rule says nothing, or means the other way', async () => {
    for (const endsWith of [[], ['agent-hangup']] as const) {
      const { bench, customer, agent } = await pausedUntil(...endsWith)
      transferred(bench, customer, agent)
      bench.pbx.hangsUp(agent)
      await bench.settled()
      expect(bench.only(), 'who hands over hangs up, too').to.include({ state: 'paused' })
    }
  })

  it('goes on while another agent, who stands behind it, too, is there', async () => {
    const { bench, customer, agent } = await bothSides({ policy: policyWith({ rules: [{ name: 'source', when: ALWAYS, record: 'source', terms: { pause: { ...PAUSABLE, endsWith: ['agent-hangup'] } } }] }) })
    const second = bench.pbx.call('agentB', { callId: customer.callId })
    bench.pbx.emit({ type: 'bridge-entered', ...bench.pbx.of(second), bridgeId: `bridge-${customer.channelId}`, kind: 'talk' })
    await bench.settled()
    await pause(bench)
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.only().state).to.equal('paused')
    bench.pbx.hangsUp(second)
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
  })

  it('while Holdfast is away ends when it is back', async () => {
    const { bench, agent } = await pausedUntil('agent-hangup')
    bench.pbx.vanishes(agent)
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    await after.settled()
    expect(after.only().state).to.equal('recording')
  })

  it('is forgotten when the PBX was restarted: its conversation is over', async () => {
    const { bench, customer, agent } = await pausedUntil()
    bench.pbx.disconnect()
    for (const channel of [customer, agent]) bench.pbx.vanishes(channel)
    bench.pbx.after(1000).connect([], bench.pbx.now)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'pbx-restarted' })
    expect(bench.pauses.all()).to.deep.equal([])
  })

  it('is forgotten when the conversation is over', async () => {
    const { bench, customer, agent } = await pausedUntil()
    bench.pbx.hangsUp(agent)
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.pauses.all()).to.deep.equal([])
    expect(await bench.journal.openPauses()).to.deep.equal([])
  })
})

describe('a pause to whose conversation comes what may not be paused', () => {
  const caseIs = (value: string): Condition => ({ type: 'equals', field: attached('case'), value })
  const LAW = { terms: { pause: { type: 'forbidden' } }, dialplan: 'overruled' } as const
  const endedBy = (bench: CaptureBench, rule: string): readonly (string | null | undefined)[] => bench.recordings().filter(({ decision }) => decision.rule === rule).map(({ pauses }) => pauses.at(-1)?.resumeBy)

  it('ends for all when a consultation that was paused is joined, and the other recording never was silent', async () => {
    const policy = policyWith({ rules: [{ name: 'house', when: caseIs('house'), record: 'destination', dialplan: 'overruled' }, { name: 'law', record: 'source', ...LAW }] })
    const bench = await CaptureBench.open({ peerChange: 'segment', policy })
    const { pbx } = bench
    const customer = pbx.call('customer')
    pbx.asks(customer)
    const agent = pbx.dials(customer, 'agentA')
    pbx.after(1000).bridges(customer, agent)
    await bench.settled()
    const asking = pbx.after(4000).call('agentA', { callId: 'second-line' })
    pbx.asks(asking, { case: 'house' }, 'internal')
    await bench.settled()
    const colleague = pbx.dials(asking, 'agentB')
    await bench.settled()
    pbx.after(1000).bridges(colleague, asking)
    await bench.settled()
    const requestId = pbx.presses(asking, 'pause')
    await bench.settled()
    expect(pbx.codeAnswers.get(requestId)).to.equal('paused')
    pbx.after(1000).leaves(customer)
    pbx.leaves(asking)
    pbx.enters(`bridge-${colleague.channelId}`, customer)
    pbx.transfers(customer, agent, { kind: 'attended', number: '200', consultation: asking })
    pbx.leaves(agent)
    for (const leg of [agent, asking]) pbx.hangsUp(leg)
    await bench.settled()
    expect(bench.recordings().filter(({ decision }) => decision.rule === 'law').map(({ state, pauses }) => [state, pauses])).to.deep.equal([['recording', []]])
    expect(endedBy(bench, 'house')).to.deep.equal(['pause-forbidden'])
    expect(bench.pauses.all()).to.deep.equal([])
    expect(masks(bench).every((masked) => !masked)).to.equal(true)
  })

  it('ends for all when such a recording begins, and it begins with sound', async () => {
    const policy = policyWith({ rules: [{ name: 'law', when: caseIs('law'), record: 'both', ...LAW }, { name: 'lenient', record: 'source', dialplan: 'overruled' }] })
    const { bench, customer, agent } = await bothSides({ policy, peerChange: 'segment' })
    const { pbx } = bench
    await pause(bench)
    expect(states(bench)).to.deep.equal(['paused'])
    pbx.leaves(customer)
    transferred(bench, customer, agent)
    pbx.hangsUp(agent)
    await bench.settled()
    pbx.asks(customer, { case: 'law' })
    await bench.settled()
    const next = pbx.dials(customer, 'agentB')
    pbx.answers(next)
    pbx.after(500).enters('bridge-b', customer, next)
    await bench.settled()
    expect(endedBy(bench, 'lenient')).to.deep.equal(['pause-forbidden'])
    expect(bench.recordings().filter(({ decision }) => decision.rule === 'law').map(({ state, pauses }) => [state, pauses])).to.deep.equal([['recording', []]])
    expect(states(bench)).to.deep.equal(['recording', 'recording'])
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('ends at the next look when the PBX was not to be reached in that moment', async () => {
    const policy = policyWith({ rules: [{ name: 'law', when: caseIs('law'), record: 'both', ...LAW }, { name: 'lenient', record: 'source', dialplan: 'overruled' }] })
    const { bench, customer } = await bothSides({ policy })
    await pause(bench)
    bench.pbx.failures.set('unmask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    bench.pbx.asks(customer, { case: 'law' })
    await bench.settled()
    expect(masks(bench)).to.include(true)
    bench.pbx.failures.clear()
    await bench.pauseLimit.check()
    expect(masks(bench).every((masked) => !masked)).to.equal(true)
    expect(endedBy(bench, 'lenient')).to.deep.equal(['pause-forbidden'])
  })
})

function transferred(bench: CaptureBench, customer: Channel, agent: Channel): void {
  bench.pbx.transfers(customer, agent, { kind: 'blind', number: '200' })
}
