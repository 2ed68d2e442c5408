import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { type DecisionInput, decide, type Policy, type Rule } from '../../../../core/domain/policy.ts'

const rule = (given: Partial<Rule> & Pick<Rule, 'name'>): Rule => ({ when: [], record: 'no', partitions: [], pause: 'allowed', ...given })
const policy = (...rules: readonly Rule[]): Policy => ({ version: 'v1', rules })
const input = (attached: Readonly<Record<string, string>>, call: Partial<DecisionInput> = {}): DecisionInput => ({ attached, caller: null, callee: null, ...call })

describe('policy', () => {
  it('obeys the dialplan when no rule matches, and names that rule', () => {
    expect(decide(policy(), input({ record: 'source' }))).to.deep.include({ outcome: 'record', sides: ['source'], rule: 'dialplan-request', policyVersion: 'v1' })
    expect(decide(policy(), input({ record: 'destination' })).sides).to.deep.equal(['destination'])
    for (const asked of ['', 'Source', 'both', 'yes']) expect(decide(policy(), input({ record: asked })).outcome, asked).to.equal('do-not-record')
  })

  it('lets the first matching rule win', () => {
    const rules = policy(rule({ name: 'gold', when: [{ type: 'equals', field: { type: 'attached', key: 'CUSTOMER_TYPE' }, value: 'gold' }], record: 'both' }), rule({ name: 'rest', record: 'no' }))
    expect(decide(rules, input({ CUSTOMER_TYPE: 'gold' }))).to.deep.include({ rule: 'gold', sides: ['source', 'destination'] })
    expect(decide(rules, input({ CUSTOMER_TYPE: 'Gold' }))).to.deep.include({ rule: 'rest', outcome: 'do-not-record' })
  })

  it('asks all conditions of a rule, and knows caller and callee', () => {
    const rules = policy(rule({ name: 'trunk', record: 'source', when: [
      { type: 'in', field: { type: 'caller' }, values: ['0301', '0302'] },
      { type: 'equals', field: { type: 'callee' }, value: '100' },
    ] }))
    expect(decide(rules, input({}, { caller: '0302', callee: '100' })).rule).to.equal('trunk')
    expect(decide(rules, input({}, { caller: '0302', callee: '200' })).rule).to.equal('dialplan-request')
    expect(decide(rules, input({}, { callee: '100' })).rule).to.equal('dialplan-request')
  })

  it('joins the partitions of the call and of the rule, without bad ones', () => {
    const rules = policy(rule({ name: 'all', record: 'source', partitions: ['/all', '/sales'] }))
    expect(decide(rules, input({ GRECORD_PARTITIONS: '/sales, /support/gold,../etc,sales' })).partitions).to.deep.equal(['/sales', '/support/gold', '/all'])
  })

  it('never throws, whatever the attached data, and gives the same answer twice', () => {
    const rules = policy(rule({ name: 'odd', record: 'source', when: [{ type: 'equals', field: { type: 'attached', key: 'constructor' }, value: 'x' }] }))
    fc.assert(fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'record', 'GRECORD_PARTITIONS')), fc.string()), (attached) => {
      const first = decide(rules, input(attached))
      expect(decide(rules, input(attached))).to.deep.equal(first)
      expect(first.rule).to.equal(Object.hasOwn(attached, 'constructor') && attached['constructor'] === 'x' ? 'odd' : 'dialplan-request')
    }))
  })
})
