import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import { explain } from '../../../../../core/domain/rules/explain.ts'
import { concernsTelephone, hasTelephoneRules, isNamed, needsTelephone } from '../../../../../core/domain/rules/telephone-rules.ts'
import { inputWith, keyIs, policyWith } from './rule-samples.ts'

const DESK: Condition = { type: 'in', field: { type: 'extension' }, values: ['2001'] }
const OTHER = keyIs('CASE', 'x')

describe('a rule that records telephones', () => {
  const NEEDS: readonly (readonly [string, Condition, boolean])[] = [
    ['an extension', DESK, true],
    ['an extension that exists', { type: 'exists', field: { type: 'extension' } }, true],
    ['anything else', OTHER, false],
    ['every call', { type: 'all', of: [] }, false],
    ['an extension and something else', { type: 'all', of: [OTHER, DESK] }, true],
    ['an extension or something else', { type: 'any', of: [OTHER, DESK] }, false],
    ['one extension or another', { type: 'any', of: [DESK, { type: 'all', of: [DESK, OTHER] }] }, true],
    ['none of them', { type: 'any', of: [] }, false],
    ['not an extension', { type: 'not', of: DESK }, false],
  ]
  for (const [name, condition, needs] of NEEDS) {
    it(`${needs ? 'is' : 'is not'} one that asks for ${name}`, () => {
      expect(needsTelephone(condition)).to.equal(needs)
    })
  }

  it('alone is asked about a call whose route did not ask; those of `never` always are', () => {
    const policy = policyWith({ never: [{ name: 'doctor', when: keyIs('CASE', 'doctor') }], rules: [{ name: 'all', record: 'both' }, { name: 'desk', when: DESK }] })
    expect(decide(policy, inputWith()).rule).to.equal('all')
    expect(decide(policy, inputWith({ occasion: 'telephone' })).rule).to.equal('desk')
    expect(decide(policy, inputWith({ occasion: 'telephone', attached: { CASE: 'doctor' } })).rule).to.equal('doctor')
    expect(decide(policy, inputWith({ occasion: 'telephone', extensions: [] }))).to.include({ decider: 'no-rule', outcome: 'do-not-record' })
    expect(explain(policy, inputWith({ occasion: 'telephone' })).rules.map(({ rule, verdict }) => `${rule} ${verdict.type}`)).to.include('all not-asked-for')
  })

  it('concerns the calls on which its conditions hold, whatever the lot says', () => {
    const policy = policyWith({ rules: [{ name: 'some', when: { type: 'all', of: [DESK, keyIs('CUSTOMER_TYPE', 'gold')] }, percent: 0 }] })
    expect([hasTelephoneRules(policy), hasTelephoneRules(policyWith({ rules: [{ name: 'all' }] }))]).to.deep.equal([true, false])
    expect(concernsTelephone(policy, inputWith({ attached: { CUSTOMER_TYPE: 'gold' } }))).to.equal(true)
    expect(concernsTelephone(policy, inputWith())).to.equal(false)
  })

  it('names telephones by every test of an extension that it has', () => {
    const policy = policyWith({ never: [{ name: 'council', when: { type: 'any', of: [OTHER, { type: 'glob', field: { type: 'extension' }, patterns: ['29??'] }] } }], rules: [{ name: 'desk', when: DESK }] })
    expect(isNamed(policy, ['x', '2001'], 'rules')).to.equal(true)
    expect([isNamed(policy, ['2900'], 'rules'), isNamed(policy, ['2900'], 'rules-and-never')]).to.deep.equal([false, true])
    expect(isNamed(policy, [], 'rules-and-never')).to.equal(false)
  })
})
