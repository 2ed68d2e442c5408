import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { countsNeeded, decide } from '../../../../../core/domain/rules/decide.ts'
import { DIALPLAN_WORDS, type DialplanWord } from '../../../../../core/domain/rules/decision.ts'
import { bucketOf, drawHolds } from '../../../../../core/domain/rules/draw.ts'
import type { Quota } from '../../../../../core/domain/rules/quota.ts'
import { anyInput, anyRule } from './rule-arbitraries.ts'
import { inputWith, keyIs, policyWith, type RuleGiven, SAMPLING_KEY } from './rule-samples.ts'
import { runs } from '../../../../support/property-runs.ts'

const WEEKLY: Quota = { calls: 2, per: 'agent', period: 'week' }
const WEEKLY_KEY = '["sample","agent","17","2026-W47"]'

describe('decide', () => {
  it('obeys the dialplan when no rule takes the call, and names that', () => {
    const decision = decide(policyWith({}), inputWith({ attached: { record: 'source', GRECORD_PARTITIONS: '/sales,bad' } }))
    expect(decision).to.deep.include({ outcome: 'record', sides: ['source'], rule: 'dialplan-request', decider: 'no-rule', asked: 'source', sidesBy: 'dialplan', partitions: ['/sales'], partitionsRefused: 1, pause: 'allowed' })
    expect(decide(policyWith({}), inputWith())).to.deep.include({ outcome: 'do-not-record', sides: [], asked: 'nothing' })
  })

  it('lets the first rule that takes the call decide', () => {
    const policy = policyWith({ rules: [{ name: 'gold', when: keyIs('T', 'gold'), record: 'both' }, { name: 'rest', record: 'no' }] })
    expect(decide(policy, inputWith({ attached: { T: 'gold' } }))).to.deep.include({ rule: 'gold', sides: ['source', 'destination'], decider: 'rule', policyVersion: policy.version })
    expect(decide(policy, inputWith({ attached: { T: 'silver' } }))).to.deep.include({ rule: 'rest', outcome: 'do-not-record', sides: [] })
  })

  it('asks the never rules before all others, and overrules even the dialplan', () => {
    const policy = policyWith({ never: [{ name: 'doctor', when: keyIs('Q', 'health') }], rules: [{ name: 'all', record: 'both', dialplan: 'overruled' }] })
    expect(decide(policy, inputWith({ attached: { Q: 'health', record: 'source' } }))).to.deep.include({ rule: 'doctor', decider: 'never', outcome: 'do-not-record', sides: [], pause: 'forbidden', labels: [] })
    expect(decide(policy, inputWith()).rule).to.equal('all')
  })

  const ASKED: Record<DialplanWord, { readonly value: string | null; readonly obeyed: readonly string[]; readonly asAsked: readonly string[]; readonly by: 'rule' | 'dialplan' }> = {
    source: { value: 'source', obeyed: ['source'], asAsked: ['source'], by: 'dialplan' },
    destination: { value: 'destination', obeyed: ['destination'], asAsked: ['destination'], by: 'dialplan' },
    no: { value: 'no', obeyed: [], asAsked: [], by: 'dialplan' },
    nothing: { value: null, obeyed: ['source', 'destination'], asAsked: [], by: 'rule' },
    unreadable: { value: 'Source', obeyed: ['source', 'destination'], asAsked: [], by: 'rule' },
  }
  for (const word of DIALPLAN_WORDS) {
    it(`takes the dialplan's word "${word}" before a rule's, unless the rule is mandatory`, () => {
      const { value, obeyed, asAsked, by } = ASKED[word]
      const input = inputWith({ attached: value === null ? {} : { record: value } })
      const of = (given: RuleGiven): ReturnType<typeof decide> => decide(policyWith({ rules: [given] }), input)
      expect(of({ name: 'r', record: 'both' })).to.deep.include({ asked: word, sides: obeyed, sidesBy: by, rule: 'r' })
      expect(of({ name: 'r', record: 'both', dialplan: 'overruled' })).to.deep.include({ asked: word, sides: ['source', 'destination'], sidesBy: 'rule' })
      expect(of({ name: 'r', record: 'as-asked', dialplan: 'overruled' })).to.deep.include({ sides: asAsked, sidesBy: 'dialplan' })
    })
  }

  it('gives the call what the rule says of its recordings', () => {
    const terms = { from: 'bridge', announcement: { type: 'demanded', prompt: 'recorded' }, pause: { type: 'forbidden' }, onDemand: ['stop'], retention: 'ten-years', mediaFormat: 'g711' } as const
    const decision = decide(policyWith({ rules: [{ name: 'r', partitions: ['/all', '/sales'], labels: ['complaint'], terms }] }), inputWith({ attached: { GRECORD_PARTITIONS: '/sales' } }))
    expect(decision).to.deep.include({ partitions: ['/sales', '/all'], labels: ['complaint'], terms, pause: 'forbidden' })
  })

  it('takes facts that the PBX did not tell from the attached data, and stores them', () => {
    const policy = policyWith({ rules: [{ name: 'north', when: { type: 'all', of: [{ type: 'equals', field: { type: 'businessUnit' }, value: 'north' }, { type: 'equals', field: { type: 'queue' }, value: 'told' }] } }] })
    const decision = decide(policy, inputWith({ attached: { BUSINESS_UNIT: 'north', QUEUE: 'other', agent: '' }, queue: 'told' }))
    expect(decision.rule).to.equal('north')
    expect(decision.input).to.deep.include({ businessUnit: 'north', queue: 'told', agent: null })
  })

  it('names the fields that were looked at until it was decided', () => {
    const policy = policyWith({ never: [{ name: 'n', when: keyIs('A', 'x') }], rules: [{ name: 'r', when: keyIs('B', 'x') }, { name: 's', when: keyIs('C', 'x'), atMost: WEEKLY }] })
    const always = ['attached.GRECORD_PARTITIONS', 'attached.record']
    expect(decide(policy, inputWith({ attached: { A: 'x' } })).lookedAt).to.have.members(['attached.A', ...always])
    expect(decide(policy, inputWith({ attached: { B: 'x' } })).lookedAt).to.have.members(['attached.A', 'attached.B', ...always])
    expect(decide(policy, inputWith()).lookedAt).to.have.members(['agent', 'attached.A', 'attached.B', 'attached.C', 'time', ...always])
  })

  it('draws lots, and passes on to the next rule those that are not drawn', () => {
    const policy = policyWith({ rules: [{ name: 'sample', percent: 10 }, { name: 'rest', record: 'no' }] })
    const outcomes = Array.from({ length: 200 }, (_, index) => decide(policy, inputWith({ interactionId: `pbx1-${index}` })))
    for (const { rule, draws: [draw], input } of outcomes) {
      expect(draw).to.deep.equal({ rule: 'sample', hashedId: input.interactionId, keyId: policy.samplingKeyId, bucket: bucketOf(SAMPLING_KEY, input.interactionId, 'sample'), percent: 10 })
      expect(rule).to.equal((draw?.bucket ?? 1) < 0.1 ? 'sample' : 'rest')
    }
    expect(outcomes.filter(({ rule }) => rule === 'sample').length).to.be.within(5, 40)
  })

  it('does not draw for rules whose conditions do not hold, nor for those that take every call', () => {
    expect(decide(policyWith({ rules: [{ name: 'a', percent: 50, when: keyIs('A', 'x') }, { name: 'b' }] }), inputWith()).draws).to.deep.equal([])
  })

  it('stops taking calls when a quota is reached, and tells its account', () => {
    const policy = policyWith({ rules: [{ name: 'sample', atMost: WEEKLY }, { name: 'rest', record: 'no' }] })
    const input = inputWith({ agent: '17' })
    expect(countsNeeded(policy, input)).to.deep.equal([WEEKLY_KEY])
    for (const [counted, rule] of [[0, 'sample'], [1, 'sample'], [2, 'rest'], [3, 'rest']] as const) {
      const decision = decide(policy, input, new Map([[WEEKLY_KEY, counted]]))
      expect(decision.rule, String(counted)).to.equal(rule)
      expect(decision.quotas).to.deep.equal([{ rule: 'sample', key: WEEKLY_KEY, kind: 'at-most', quota: WEEKLY, counted }])
      expect(decision.accounts).to.deep.equal(rule === 'sample' ? [WEEKLY_KEY] : [])
    }
  })

  it('takes what nobody counted for none, and says so', () => {
    const decision = decide(policyWith({ rules: [{ name: 'sample', atMost: WEEKLY }] }), inputWith({ agent: '17' }))
    expect(decision).to.deep.include({ rule: 'sample' })
    expect(decision.quotas[0]?.counted).to.equal(null)
  })

  it('passes over a quota of somebody who is not known yet', () => {
    const policy = policyWith({ rules: [{ name: 'sample', atMost: WEEKLY }] })
    expect(decide(policy, inputWith()).rule).to.equal('dialplan-request')
    expect(countsNeeded(policy, inputWith())).to.deep.equal([])
  })

  it('counts by the calendar of the policy, not of Greenwich', () => {
    const policy = policyWith({ rules: [{ name: 'd', atMost: { calls: 1, per: 'everyone', period: 'day' } }] })
    expect(countsNeeded(policy, inputWith({ at: new Date('2026-11-22T23:30:00Z') }))).to.deep.equal(['["d","everyone","","2026-11-23"]'])
  })

  it('takes calls without drawing until the least number is reached', () => {
    const policy = policyWith({ rules: [{ name: 'sample', percent: 0, atLeast: WEEKLY }] })
    const of = (counted: number): string => decide(policy, inputWith({ agent: '17' }), new Map([[WEEKLY_KEY, counted]])).rule
    expect([of(0), of(1), of(2)]).to.deep.equal(['sample', 'sample', 'dialplan-request'])
    expect(decide(policy, inputWith()).rule, 'without an agent only lots count').to.equal('dialplan-request')
  })

  it('gives the same answer for the same call, and never throws', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 6 }), fc.array(anyRule, { maxLength: 2 }), anyInput, (rules, never, input) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `r${index}` })), never: never.map(({ when }, index) => ({ name: `n${index}`, ...(when === undefined ? {} : { when }) })) })
      const first = decide(policy, input)
      expect(decide(policy, structuredClone(input))).to.deep.equal(first)
      expect(decide(policy, first.input), 'made again from what it holds').to.deep.equal(first)
      expect(first.outcome).to.equal(first.sides.length > 0 ? 'record' : 'do-not-record')
      expect(first.draws.every((draw) => drawHolds(draw, SAMPLING_KEY))).to.equal(true)
      expect(first.partitions).to.have.lengthOf(new Set(first.partitions).size)
    }), runs(300))
  })

  it('is not changed by what stands below the rule that decides', () => {
    fc.assert(fc.property(fc.array(anyRule, { minLength: 1, maxLength: 5 }), fc.array(anyRule, { maxLength: 3 }), anyInput, (rules, more, input) => {
      const named = rules.map((rule, index) => ({ ...rule, name: `r${index}` }))
      const { policyVersion: _, ...short } = decide(policyWith({ rules: named }), input)
      fc.pre(short.decider === 'rule')
      const { policyVersion: __, ...long } = decide(policyWith({ rules: [...named, ...more.map((rule, index) => ({ ...rule, name: `m${index}` }))] }), input)
      expect(long).to.deep.equal(short)
    }), runs(200))
  })

  it('records nothing that a never rule meets, whatever stands below', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 5 }), anyInput, (rules, input) => {
      const policy = policyWith({ never: [{ name: 'n' }], rules: rules.map((rule, index) => ({ ...rule, name: `r${index}` })) })
      expect(decide(policy, input)).to.deep.include({ outcome: 'do-not-record', rule: 'n' })
    }))
  })
})
