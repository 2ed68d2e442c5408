import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import type { DecisionInput } from '../../../../../core/domain/rules/decision-input.ts'
import { reevaluate, type Reevaluation } from '../../../../../core/domain/rules/reevaluate.ts'
import type { Policy } from '../../../../../core/domain/rules/policy.ts'
import type { QuotaCounts } from '../../../../../core/domain/rules/quota.ts'
import { anyInput, anyRule } from './rule-arbitraries.ts'
import { inputWith, keyIs, policyWith } from './rule-samples.ts'
import { runs } from '../../../../support/property-runs.ts'

const POLICY = policyWith({
  never: [{ name: 'card', when: keyIs('STEP', 'card') }],
  rules: [
    { name: 'both', when: keyIs('T', 'vip'), record: 'both', partitions: ['/vip'], labels: ['vip'], terms: { retention: 'long' } },
    { name: 'gold', when: keyIs('T', 'gold'), record: 'source', partitions: ['/gold'], labels: ['gold'] },
    { name: 'rest', record: 'no', partitions: ['/rest'] },
  ],
})

function again(before: DecisionInput, after: DecisionInput, { policy = POLICY, counts = new Map<string, number>() }: { policy?: Policy; counts?: QuotaCounts } = {}): Reevaluation {
  return reevaluate(decide(policy, before, counts), policy, { input: after, counts })
}

describe('reevaluate', () => {
  it('starts a recording late, under the rule that now wants it', () => {
    const { decision, anew, starts, wouldStop } = again(inputWith(), inputWith({ attached: { T: 'gold' } }))
    expect(starts).to.deep.equal(['source'])
    expect(wouldStop).to.deep.equal([])
    expect(anew).to.deep.include({ rule: 'gold', sides: ['source'] })
    expect(decision).to.deep.include({ rule: 'gold', outcome: 'record', partitions: ['/rest', '/gold'], labels: ['gold'] })
  })

  it('adds a side, partitions and labels to what runs, and keeps what was promised to it', () => {
    const { decision, anew, starts, partitionsGained, labelsGained } = again(inputWith({ attached: { T: 'gold' } }), inputWith({ attached: { T: 'vip' } }))
    expect({ starts, partitionsGained, labelsGained }).to.deep.equal({ starts: ['destination'], partitionsGained: ['/vip'], labelsGained: ['vip'] })
    expect(decision).to.deep.include({ rule: 'gold', sides: ['source', 'destination'], partitions: ['/gold', '/vip'], labels: ['gold', 'vip'] })
    expect(decision.terms.retention).to.equal(null)
    expect(anew).to.deep.include({ rule: 'both' })
    expect(anew.terms.retention).to.equal('long')
  })

  it('never stops what runs, and tells that the rules would', () => {
    for (const data of [{ T: 'none' }, { T: 'gold', STEP: 'card' }] as const) {
      const before = decide(POLICY, inputWith({ attached: { T: 'gold' } }))
      const { decision, anew, wouldStop } = reevaluate(before, POLICY, { input: inputWith({ attached: data }), counts: new Map() })
      expect(wouldStop).to.deep.equal(['source'])
      expect(decision.sides).to.deep.equal(['source'])
      expect(anew.decider).to.equal('STEP' in data ? 'never' : 'rule')
    }
  })

  it('gives back the very same decision when nothing changes', () => {
    const before = decide(POLICY, inputWith({ attached: { T: 'gold' } }))
    expect(reevaluate(before, POLICY, { input: inputWith({ attached: { T: 'gold', OTHER: 'x' } }), counts: new Map() }).decision).to.equal(before)
    const declined = decide(POLICY, inputWith())
    expect(reevaluate(declined, POLICY, { input: inputWith({ attached: { OTHER: 'x' } }), counts: new Map() }).decision).to.equal(declined)
  })

  it('draws with the id of the first decision, also after a merge', () => {
    const policy = policyWith({ rules: [{ name: 'sample', percent: 50 }, { name: 'rest', record: 'no' }] })
    for (let call = 0; call < 50; call += 1) {
      const before = inputWith({ interactionId: `pbx1-${call}` })
      const { anew, starts, wouldStop } = again(before, inputWith({ interactionId: `pbx1-${call + 1000}`, attached: { A: 'b' } }), { policy })
      expect(anew.draws[0]?.hashedId).to.equal(before.interactionId)
      expect([starts, wouldStop]).to.deep.equal([[], []])
    }
  })

  it('does not count the call against its own quota', () => {
    const policy = policyWith({ rules: [{ name: 'sample', atMost: { calls: 5, per: 'agent', period: 'week' }, partitions: ['/s'] }, { name: 'rest', record: 'no', partitions: ['/rest'] }] })
    const key = '["sample","agent","17","2026-W47"]'
    const before = decide(policy, inputWith({ agent: '17' }), new Map([[key, 4]]))
    const renewed = (count: number): Reevaluation => reevaluate(before, policy, { input: inputWith({ agent: '17', attached: { A: 'b' } }), counts: new Map([[key, count]]) })
    expect(renewed(5)).to.deep.include({ decision: before, wouldStop: [], partitionsGained: [] })
    expect(renewed(6).wouldStop).to.deep.equal(['source'])
  })

  it('only ever adds, whatever the rules and the data', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 5 }), anyInput, anyInput, (rules, first, second) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `r${index}` })) })
      const before = decide(policy, first)
      const { decision, starts, wouldStop } = reevaluate(before, policy, { input: second, counts: new Map() })
      for (const member of ['sides', 'partitions', 'labels'] as const) expect(decision[member]).to.include.members([...before[member]])
      expect(decision.sides).to.have.lengthOf(before.sides.length + starts.length)
      expect(starts.filter((side) => before.sides.includes(side) || wouldStop.includes(side))).to.deep.equal([])
      const settled = reevaluate(decision, policy, { input: second, counts: new Map() })
      expect({ starts: settled.starts, gained: settled.partitionsGained, labels: settled.labelsGained }).to.deep.equal({ starts: [], gained: [], labels: [] })
    }), runs(300))
  })
})
