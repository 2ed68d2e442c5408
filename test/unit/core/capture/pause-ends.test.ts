import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../core/domain/call.ts'
import { ALWAYS } from '../../../../core/domain/rules/condition.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { PAUSABLE, policyWith } from '../domain/rules/rule-samples.ts'
import { bothSides, masks, pause, states } from './paused-calls.ts'

describe('a pause whose agent leaves', () => {
  async function pausedUntil(...endsWith: ('transfer' | 'agent-hangup')[]): Promise<Awaited<ReturnType<typeof bothSides>>> {
    const both = await bothSides({ policy: policyWith({ rules: [{ name: 'source', when: ALWAYS, record: 'source', terms: { pause: { ...PAUSABLE, endsWith } } }] }) })
    await pause(both.bench)
    return both
  }
  const transferred = (bench: CaptureBench, customer: Channel, agent: Channel): void => bench.pbx.transfers(customer, agent, { kind: 'blind', number: '200' })

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
