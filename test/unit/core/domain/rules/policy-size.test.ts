import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'mocha'
import { checkPolicyText } from '../../../../../config/policy/read-policy.ts'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import { MAX_CONDITION_DEPTH, MAX_CONDITIONS_PER_RULE } from '../../../../../core/domain/rules/condition.ts'
import { faultsOfContent, MAX_LISTED } from '../../../../../core/domain/rules/policy-faults.ts'
import { MAX_CONDITIONS, MAX_GLOB_WEIGHT, MAX_WORD_CHARACTERS, MAX_WORDS } from '../../../../../core/domain/rules/policy-size.ts'
import { attached, contentWith, keyIs, ruleWith } from './rule-samples.ts'

const KEY = createSecretKey(Buffer.from('k'.repeat(32)))
const field = attached('K')
const listed = (text: string, count = MAX_LISTED): readonly string[] => Array.from({ length: count }, () => text)

function faultsOf(when: Condition, rules: number, labels: readonly string[] = []): ReturnType<typeof faultsOfContent> {
  return faultsOfContent(contentWith({ rules: Array.from({ length: rules }, (_, index) => ruleWith({ name: `r${index}`, when, labels })) }))
}

describe('the size of a policy', () => {
  const tables: Readonly<Record<string, { readonly when: Condition; readonly fit: number }>> = {
    [`${MAX_WORDS} texts`]: { when: { type: 'in', field, values: listed('1') }, fit: MAX_WORDS / MAX_LISTED },
    [`${MAX_WORD_CHARACTERS} characters in these texts`]: { when: { type: 'prefix', field, prefixes: listed('x'.repeat(8000), 50) }, fit: MAX_WORD_CHARACTERS / 8000 / 50 },
    [`${MAX_GLOB_WEIGHT} characters in globs`]: { when: { type: 'glob', field, patterns: listed('*123456789', 100) }, fit: MAX_GLOB_WEIGHT / 20 / 100 },
    [`${MAX_CONDITIONS} conditions`]: { when: { type: 'any', of: Array.from({ length: MAX_CONDITIONS_PER_RULE - 7 }, () => ({ type: 'exists', field })) }, fit: MAX_CONDITIONS / 250 },
  }
  for (const [what, { when, fit }] of Object.entries(tables)) {
    it(`is bounded to ${what} in all rules together, and the rule that is too much is named`, () => {
      expect(faultsOf(when, fit)).to.deep.equal([])
      const faults = faultsOf(when, fit + 1)
      expect(faults).to.have.lengthOf(1)
      expect(faults[0]?.rule).to.equal(`r${fit}`)
      expect(faults[0]?.message).to.include(`more than ${what}`)
    })
  }

  it('counts labels and partitions', () => {
    expect(faultsOf(keyIs('A', 'b'), 11, listed('label', MAX_WORDS / 10))[0]?.message).to.include(`more than ${MAX_WORDS} texts`)
  })

  it('is looked at before anything that walks into conditions', () => {
    const nested = (depth: number): Condition => {
      let condition: Condition = keyIs('A', 'b')
      for (let level = 0; level < depth; level += 1) condition = { type: 'not', of: condition }
      return condition
    }
    expect(faultsOf(nested(MAX_CONDITIONS * 10), 1)[0]?.message).to.include('conditions')
    expect(faultsOf(nested(MAX_CONDITION_DEPTH), 1)[0]?.message).to.include('deep')
  })

  it('is that of the rules after references are followed, and told with the line of the rule', () => {
    const globs = Array.from({ length: 400 }, (_, index) => `"*0${index}"`).join(',')
    const rules = Array.from({ length: 50 }, (_, index) => `  - { name: r${index}, record: no, when: { caller: { glob: ${index === 0 ? `&g [${globs}]` : '*g'} } } }`)
    const check = checkPolicyText(`rules:\n${rules.join('\n')}\n`, { type: 'given', key: KEY })
    expect(check).to.have.nested.property('problems.length', 1)
    expect(check).to.have.nested.property('problems[0].path', 'rules[3].when')
    expect(check).to.have.nested.property('problems[0].position.line', 5)
  })
})
