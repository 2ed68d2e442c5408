import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { policyJsonSchema } from '../../../../config/policy/policy-json-schema.ts'
import { checkPolicyText } from '../../../../config/policy/read-policy.ts'
import { parseInteractionId, parsePbxId } from '../../../../core/domain/ids.ts'
import { DIALPLAN_WORDS } from '../../../../core/domain/rules/decision.ts'
import { decide } from '../../../../core/domain/rules/decide.ts'
import type { DecisionInput } from '../../../../core/domain/rules/decision-input.ts'
import { explain } from '../../../../core/domain/rules/explain.ts'
import { explanationLines } from '../../../../core/domain/rules/explain-text.ts'
import type { Policy } from '../../../../core/domain/rules/policy.ts'

const TEXT = readFileSync(new URL('../../../../docs/policy.md', import.meta.url), 'utf8')
const EXAMPLES = [...TEXT.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example]) => example ?? '')
const KEY = createSecretKey(Buffer.from('a sampling key that is for tests alone'))

const CALL: DecisionInput = {
  interactionId: parseInteractionId('pbx1-1'), occasion: 'route', at: new Date('2026-11-22T09:05:00Z'), attached: {}, caller: '+4930111', callee: '100', dialled: '100', extensions: [],
  direction: 'inbound', queue: null, agent: null, businessUnit: null, customerType: null, language: null, pbx: parsePbxId('pbx1'), site: null,
}

function policyOf(text: string): Policy {
  const result = checkPolicyText(text, { type: 'given', key: KEY })
  expect(result.outcome === 'invalid' ? result.problems : [], text).to.deep.equal([])
  if (result.outcome === 'invalid') throw new Error('an example of the document is not valid')
  return result.policy
}

describe('the document of policies', () => {
  it('has examples that are policies', () => {
    expect(EXAMPLES).to.have.length.above(4)
    for (const example of EXAMPLES) policyOf(example)
  })

  it('names every key that a file can have', () => {
    const names = new Set<string>()
    JSON.parse(policyJsonSchema(), (key: string, value: unknown) => {
      if (key === 'properties' && typeof value === 'object' && value !== null) Object.keys(value).forEach((name) => names.add(name))
      return value
    })
    expect(names.size).to.be.above(50)
    expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(TEXT))).to.deep.equal([])
  })

  it('tells rightly whose word counts', () => {
    const row = (word: string): readonly string[] => (TEXT.split('\n').find((line) => line.startsWith(`| ${word} |`)) ?? '').split('|').slice(2, 5).map((cell) => cell.trim())
    const policies = ['record: both', 'record: both, mandatory: true', 'record: as-asked'].map((says) => policyOf(`rules: [{ name: r, ${says} }]`))
    const rows: Record<(typeof DIALPLAN_WORDS)[number], readonly [label: string, attached: Readonly<Record<string, string>>]> = {
      source: ['`source`', { record: 'source' }], destination: ['`destination`', { record: 'destination' }], no: ['`no`', { record: 'no' }], nothing: ['nothing', {}], unreadable: ['anything else', { record: 'Yes' }],
    }
    for (const word of DIALPLAN_WORDS) {
      const [label, attached] = rows[word]
      const sides = policies.map((policy) => decide(policy, { ...CALL, attached }).sides)
      expect(row(label).map((cell) => cell.split(',')[0]), label).to.deep.equal(sides.map((those) => (those.length === 2 ? 'both' : those[0] ?? 'nothing')))
    }
  })

  it('shows what explain says', () => {
    const example = EXAMPLES.find((text) => text.includes('tenth')) ?? ''
    const shown = (/```\n(not recorded: [\s\S]*?)```/.exec(TEXT)?.[1] ?? '').trimEnd().split('\n')
    const lines = explanationLines(explain(policyOf(example), { ...CALL, attached: { TYPE: 'gold', BU: 'sales' } }), () => true)
    // The version follows the sampling key, which is another one for each house.
    expect(shown.slice(0, -1)).to.deep.equal(lines.slice(0, -1))
  })
})
