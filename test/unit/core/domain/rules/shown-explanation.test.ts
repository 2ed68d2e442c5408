import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { CALL_FACTS } from '../../../../../core/domain/rules/condition.ts'
import { explain } from '../../../../../core/domain/rules/explain.ts'
import { type ShownCondition, shownExplanation } from '../../../../../core/domain/rules/shown-explanation.ts'
import { anyInput, anyRule } from './rule-arbitraries.ts'
import { policyWith } from './rule-samples.ts'

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
      for (const { conditions } of shownExplanation(explain(policy, input), maySee).rules) {
        for (const [index, { field, wanted, saw, holds }] of conditions.entries()) {
          if (field !== null && !maySee(field)) expect({ wanted, saw, holds }).to.deep.equal({ wanted: null, saw: [], holds: null })
          else expect(holds === null).to.equal(within(conditions, index).some((inner) => inner.wanted === null))
        }
      }
    }))
  })

  it('is everything for whoever may see everything', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 4 }), anyInput, (rules, input) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `rule ${index}` })) })
      const explained = explain(policy, input)
      const shown = shownExplanation(explained, () => true)
      expect(shown.rules.flatMap(({ conditions }) => conditions).every(({ wanted, holds }) => wanted !== null && holds !== null)).to.equal(true)
      expect(shown.rules.map(({ conditions }) => conditions[0]?.holds)).to.deep.equal(explained.rules.map(({ when }) => when.holds))
    }))
  })
})
