import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { CALL_FACTS } from '../../../../../core/domain/rules/condition.ts'
import { explain } from '../../../../../core/domain/rules/explain.ts'
import { type ShownCondition, shownExplanation } from '../../../../../core/domain/rules/shown-explanation.ts'
import { anyInput, anyRule } from './rule-arbitraries.ts'
import { inputWith, keyIs, policyWith } from './rule-samples.ts'

/** What lies within a condition, at any depth: what follows it and lies deeper. */
function within(conditions: readonly ShownCondition[], index: number): readonly ShownCondition[] {
  const depth = conditions[index]?.depth ?? 0
  const rest = conditions.slice(index + 1)
  const end = rest.findIndex((other) => other.depth <= depth)
  return end < 0 ? rest : rest.slice(0, end)
}

describe('what is shown of an explanation', () => {
  it('has nothing of a hidden field, and of nothing that holds because of one, whatever the rules and the call', () => {
    fc.assert(fc.property(fc.array(anyRule, { minLength: 1, maxLength: 4 }), anyInput, fc.subarray([...CALL_FACTS]), (rules, input, hidden) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `rule ${index}` })) })
      const maySee = (field: string): boolean => !field.startsWith('attached.') && !hidden.some((each) => each === field)
      for (const { part, verdict, words, conditions } of shownExplanation(explain(policy, input), maySee).rules) {
        if (part !== 'decided' && conditions.some(({ wanted }) => wanted === null)) expect({ verdict, words }).to.deep.equal({ verdict: null, words: null })
        for (const [index, { field, wanted, saw, holds }] of conditions.entries()) {
          if (field !== null && !maySee(field)) expect({ wanted, saw, holds }).to.deep.equal({ wanted: null, saw: [], holds: null })
          else expect(holds === null).to.equal(within(conditions, index).some((inner) => inner.wanted === null))
        }
      }
    }))
  })

  it('says the same of every value of a hidden field, as long as the same rule decides', () => {
    const gates = fc.record({ percent: fc.constantFrom(0, 100), atMost: fc.constantFrom(null, { calls: 0, per: 'everyone', period: 'day' } as const), secret: fc.constantFrom('a', 'b'), isNegative: fc.boolean() })
    fc.assert(fc.property(fc.array(gates, { minLength: 1, maxLength: 4 }), anyInput, (given, input) => {
      const rules = given.map(({ percent, atMost, secret, isNegative }, index) => {
        const when = keyIs('SECRET', secret)
        return { name: `rule ${index}`, percent, atMost, when: isNegative ? { type: 'not', of: when } as const : when }
      })
      const [one, other] = ['a', 'b'].map((value) => shownExplanation(explain(policyWith({ rules }), { ...input, attached: { ...input.attached, SECRET: value } }), (field) => field !== 'attached.SECRET'))
      if (one?.summary === other?.summary) expect(one).to.deep.equal(other)
    }))
  })

  it('tells neither count nor verdict of a quota per somebody who is hidden', () => {
    const perUnit = { calls: 0, per: 'businessUnit', period: 'day' } as const
    const policy = policyWith({ rules: [{ name: 'passed', atMost: perUnit }, { name: 'decides', percent: 0, atLeast: { ...perUnit, calls: 9 } }] })
    const shown = shownExplanation(explain(policy, inputWith({ businessUnit: 'works-council' })), (field) => field !== 'businessUnit')
    expect(shown.rules.slice(0, 2).map(({ part, verdict, words }) => [part, verdict, words])).to.deep.equal([['passed', null, null], ['decided', 'takes', 'decides']])
  })

  it('is everything for whoever may see everything', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 4 }), anyInput, (rules, input) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `rule ${index}` })) })
      const explained = explain(policy, input)
      const shown = shownExplanation(explained, () => true)
      expect(shown.rules.flatMap(({ conditions }) => conditions).every(({ wanted, holds }) => wanted !== null && holds !== null)).to.equal(true)
      expect(shown.rules.map(({ verdict }) => verdict)).to.deep.equal(explained.rules.map(({ verdict }) => verdict.type))
      expect(shown.rules.map(({ conditions }) => conditions[0]?.holds)).to.deep.equal(explained.rules.map(({ when }) => when.holds))
    }))
  })
})
