import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkRetentionFile, checkRetentionText } from '../../../../config/retention/read-retention.ts'
import { retentionFileSchema } from '../../../../config/retention/retention-file-schema.ts'
import { settingsJsonSchema } from '../../../../config/settings-docs.ts'

const at = (name: string): URL => new URL(`../../../../${name}`, import.meta.url)

describe('a retention file', () => {
  it('is valid as the example stands', () => {
    expect(checkRetentionFile(at('config/retention.example.yaml').pathname)).to.have.nested.property('rules.rules').with.length(3)
  })

  it('has its schema for editors, fresh (else run `node config/retention/write-schema.ts`)', () => {
    expect(readFileSync(at('docs/retention.schema.json'), 'utf8')).to.equal(settingsJsonSchema(retentionFileSchema))
  })

  it('tells every fault with its line and column', () => {
    const text = 'rules:\n  - name: a\n    when: { labl: x }\n    minimumDays: 3\n    purgeAfterDays: 2\n  - name: a\n    when: {}\n'
    const check = checkRetentionText(text)
    expect(check.outcome === 'invalid' && check.problems.map(({ path, position }) => [path, position?.line, position?.column])).to.deep.equal([
      ['default', 1, 1], ['rules[0].when', 3, 11], ['rules[0].when.labl', 3, 13], ['rules[0].purgeAfterDays', 5, 21], ['rules[1].name', 6, 11], ['rules[1].when', 7, 11],
    ])
  })

  it('means the same however it is spelled, and something else where a rule is', () => {
    const version = (text: string): string => {
      const check = checkRetentionText(text)
      return check.outcome === 'valid' ? check.rules.version : 'invalid'
    }
    expect(version('rules: []\ndefault: { purgeAfterDays: 30 }')).to.equal(version('# a comment\ndefault:\n  name: default\n  purgeAfterDays: 30\n  minimumDays: 0\nrules: []\n'))
    expect(version('rules: []\ndefault: { purgeAfterDays: 30 }')).to.not.equal(version('rules: []\ndefault: { purgeAfterDays: 31 }'))
  })

  it('lets a policy ask nothing that only a recording has', async () => {
    const { policyFileSchema } = await import('../../../../config/policy/policy-file-schema.ts')
    expect(policyFileSchema.safeParse({ rules: [{ name: 'a', record: 'both', when: { label: 'x' } }] }).success).to.equal(false)
  })
})
