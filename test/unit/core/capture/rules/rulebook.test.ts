import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

const TWICE_A_WEEK = policyWith({ rules: [{ name: 'sample', atMost: { calls: 2, per: 'agent', period: 'week' } }] })

/** The states of so many calls of one agent, one after the other. */
async function callsOf(bench: CaptureBench, agent: string, { count, name = agent }: { readonly count: number; readonly name?: string }): Promise<readonly string[]> {
  const before = bench.recordings().length
  for (let call = 0; call < count; call += 1) {
    bench.pbx.after(1000).asks(bench.pbx.call(`${name}-${call}`), { agent })
    await bench.settled()
  }
  return bench.recordings().slice(before).map(({ state }) => state)
}

describe('the rulebook', () => {
  it('keeps the text of each policy before its first decision, once', async () => {
    const policy = policyWith({ rules: [{ name: 'all' }] })
    const bench = await CaptureBench.open({ policy })
    await callsOf(bench, 'a', { count: 2 })
    const next = policyWith({ rules: [{ name: 'other' }] })
    bench.rules.replace({ policy: next, attached: bench.rules.attached })
    await callsOf(bench, 'b', { count: 2 })
    const kept = bench.journal.facts.flatMap(({ fact }) => (fact.type === 'policy-used' ? [fact] : []))
    expect(kept.map(({ version }) => version)).to.deep.equal([policy.version, next.version])
    for (const { version, canonical } of kept) expect(createHash('sha256').update(canonical).digest('hex')).to.equal(version)
    expect(bench.journal.facts.findIndex(({ fact }) => fact.type === 'policy-used')).to.be.below(bench.journal.facts.findIndex(({ fact }) => fact.type === 'recording-requested'))
    expect(bench.recordings().map(({ decision }) => decision.rule)).to.deep.equal(['all', 'all', 'other', 'other'])
  })

  it('counts calls on their quota, for each agent by herself, also after a restart', async () => {
    const bench = await CaptureBench.open({ policy: TWICE_A_WEEK })
    expect(await callsOf(bench, 'a', { count: 3 })).to.deep.equal(['recording', 'recording', 'not-recorded'])
    expect(await callsOf(bench, 'b', { count: 1 })).to.deep.equal(['recording'])
    const restarted = await CaptureBench.open({ policy: TWICE_A_WEEK, journal: bench.journal, pbx: bench.pbx.forNextService() })
    expect(await callsOf(restarted, 'a', { count: 1, name: 'later' })).to.deep.equal(['not-recorded'])
  })

  it('gives the last place of a quota to one of two calls that ask at once', async () => {
    const bench = await CaptureBench.open({ policy: TWICE_A_WEEK })
    for (const name of ['one', 'two', 'three', 'four']) bench.pbx.asks(bench.pbx.call(name), { agent: 'a' })
    await bench.settled()
    expect(bench.recordings().filter(({ state }) => state === 'recording')).to.have.length(2)
  })

  it('does not count a call against itself when its dialplan asks again', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'one', record: 'destination', atMost: { calls: 1, per: 'agent', period: 'day' } }] }) })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { agent: 'a' })
    await bench.settled()
    bench.pbx.asks(customer, { agent: 'a' })
    await bench.settled()
    expect(bench.recordings().map(({ decision }) => decision.outcome)).not.to.include('do-not-record')
  })

  it('records rather than not when nothing can be counted', async () => {
    const bench = await CaptureBench.open({ policy: TWICE_A_WEEK })
    bench.journal.quotaFailure = new Error('the disk is away')
    expect(await callsOf(bench, 'a', { count: 3 })).to.deep.equal(['recording', 'recording', 'recording'])
    expect(bench.recordings()[0]?.decision.quotas[0]).to.include({ counted: null })
  })
})
