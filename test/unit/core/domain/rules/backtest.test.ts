import { expect } from 'chai'
import { describe, it } from 'mocha'
import { backtest, MAX_EXAMPLES_PER_CHANGE, type PastCall } from '../../../../../core/domain/rules/backtest.ts'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import type { DecisionInput } from '../../../../../core/domain/rules/decision-input.ts'
import type { Policy } from '../../../../../core/domain/rules/policy.ts'
import { AT, inputWith, keyIs, policyWith } from './rule-samples.ts'

const MINUTE_MS = 60_000
const BEFORE = policyWith({ rules: [{ name: 'gold', when: keyIs('T', 'gold') }, { name: 'rest', record: 'no' }] })

/** A call of ten minutes that was decided by a policy; a recorded side has 1000 bytes a minute. */
function pastCall(input: DecisionInput, { policy = BEFORE, later = [] }: { policy?: Policy; later?: readonly DecisionInput[] } = {}): PastCall {
  const decision = decide(policy, input)
  return { decision, later, endedAt: new Date(input.at.getTime() + 10 * MINUTE_MS), sizeBytes: decision.sides.length * 10_000 }
}

const gold = inputWith({ interactionId: 'gold', attached: { T: 'gold' } })
const plain = inputWith({ interactionId: 'plain' })

describe('backtest', () => {
  it('changes nothing when the draft is what was in force', () => {
    const report = backtest(BEFORE, [pastCall(gold), pastCall(plain)])
    expect(report).to.deep.include({ calls: 2, policyVersion: BEFORE.version, before: { calls: 1, durationMs: 10 * MINUTE_MS, sizeBytes: 10_000 }, examples: [] })
    expect(report.after).to.deep.equal(report.before)
    expect(report.changes).to.deep.equal({ 'recorded-now': 0, 'not-recorded-now': 0, 'sides-differ': 0, 'partitions-differ': 0, 'rule-differs': 0, same: 2 })
  })

  it('tells calls, hours and bytes of the draft, and what changes', () => {
    const draft = policyWith({ rules: [{ name: 'new', when: { type: 'not', of: keyIs('T', 'gold') }, record: 'both' }, { name: 'rest', record: 'no' }] })
    const report = backtest(draft, [pastCall(gold), pastCall(plain)])
    expect(report.after).to.deep.equal({ calls: 1, durationMs: 20 * MINUTE_MS, sizeBytes: 20_000 })
    expect(report.changes).to.deep.include({ 'recorded-now': 1, 'not-recorded-now': 1, same: 0 })
    expect(report.rules).to.deep.equal([{ rule: 'gold', before: 1, after: 0 }, { rule: 'new', before: 0, after: 1 }, { rule: 'rest', before: 1, after: 1 }])
    expect(report.examples).to.deep.equal([
      { interactionId: 'gold', change: 'not-recorded-now', before: 'gold', after: 'rest' },
      { interactionId: 'plain', change: 'recorded-now', before: 'rest', after: 'new' },
    ])
  })

  it('names the first difference: sides, partitions, rule', () => {
    const changed = (given: { readonly name: string; readonly record?: 'both'; readonly partitions?: readonly string[] }): unknown =>
      backtest(policyWith({ rules: [{ when: keyIs('T', 'gold'), ...given }] }), [pastCall(gold)]).examples.map(({ change }) => change)
    expect(changed({ name: 'gold', record: 'both', partitions: ['/x'] })).to.deep.equal(['sides-differ'])
    expect(changed({ name: 'gold', partitions: ['/x'] })).to.deep.equal(['partitions-differ'])
    expect(changed({ name: 'golden' })).to.deep.equal(['rule-differs'])
  })

  it('counts quotas along, in the order of the calls', () => {
    const draft = policyWith({ rules: [{ name: 'sample', atMost: { calls: 2, per: 'agent', period: 'week' } }] })
    const calls = ['17', '17', '18', '17'].map((agent, index) => pastCall(inputWith({ interactionId: `c${index}`, agent })))
    expect(backtest(draft, calls).after.calls).to.equal(3)
    const nextWeek = pastCall(inputWith({ agent: '17', at: new Date('2026-11-23T08:00:00Z') }))
    expect(backtest(draft, [...calls, nextWeek]).after.calls).to.equal(4)
  })

  it('follows the data that came during a call: a late start is shorter', () => {
    const late = { ...gold, at: new Date(AT.getTime() + 4 * MINUTE_MS) }
    const report = backtest(BEFORE, [pastCall(inputWith(), { later: [late] })])
    expect(report.after).to.deep.include({ calls: 1, durationMs: 6 * MINUTE_MS })
    const counted = policyWith({ rules: [{ name: 'sample', atMost: { calls: 1, per: 'everyone', period: 'day' } }] })
    expect(backtest(counted, [pastCall(inputWith(), { later: [late] }), pastCall(plain)]).after.calls, 'a call counts once').to.equal(1)
  })

  it('estimates bytes from the format when nothing was recorded before', () => {
    const all = policyWith({ rules: [{ name: 'all' }] })
    expect(backtest(all, [pastCall(plain)]).after.sizeBytes).to.equal(600 * 32_000)
    expect(backtest(all, [])).to.deep.include({ calls: 0, after: { calls: 0, durationMs: 0, sizeBytes: 0 } })
  })

  it('keeps a few examples of each change, however many calls there are', () => {
    const report = backtest(policyWith({ rules: [{ name: 'all' }] }), Array.from({ length: 100 }, (_, index) => pastCall(inputWith({ interactionId: `c${index}` }))))
    expect(report.changes['recorded-now']).to.equal(100)
    expect(report.examples).to.have.lengthOf(MAX_EXAMPLES_PER_CHANGE)
  })
})
