import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'mocha'
import { isHoldfastError } from '../../../../../core/domain/errors.ts'
import { type Condition, MAX_CONDITION_DEPTH } from '../../../../../core/domain/rules/condition.ts'
import { canonicalJson, sha256Hex } from '../../../../../core/domain/rules/canonical-json.ts'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import type { PolicyContent } from '../../../../../core/domain/rules/policy-content.ts'
import { canonicalPolicy, makePolicy, restorePolicy } from '../../../../../core/domain/rules/policy.ts'
import { faultsOfContent, MAX_LISTED, MAX_RULES } from '../../../../../core/domain/rules/policy-faults.ts'
import { attached, contentWith, inputWith, keyIs, ruleWith, SAMPLING_KEY } from './rule-samples.ts'

const OTHER_KEY = createSecretKey(Buffer.from('another key that is for tests alone'))
const version = (content: PolicyContent, key = SAMPLING_KEY): string => makePolicy(content, key).version
const GOLD = ruleWith({ name: 'gold', when: { type: 'all', of: [keyIs('T', 'gold'), { type: 'prefix', field: { type: 'caller' }, prefixes: ['+49'] }] }, percent: 10 })

describe('a policy', () => {
  it('has a version that follows what it says, whatever the order of its keys', () => {
    const first = version(contentWith({ rules: [GOLD] }))
    expect(first).to.match(/^[0-9a-f]{64}$/)
    const { when, ...rest } = GOLD
    expect(version(contentWith({ rules: [{ when, ...rest }] }))).to.equal(first)
    const others = [
      contentWith({ rules: [{ ...GOLD, name: 'other' }] }),
      contentWith({ rules: [{ ...GOLD, selection: { ...GOLD.selection, percent: 11 } }] }),
      contentWith({ rules: [{ ...GOLD, terms: { ...GOLD.terms, retention: 'long' } }] }),
      contentWith({ rules: [{ ...GOLD, terms: { ...GOLD.terms, mediaFormat: 'g711' } }] }),
      contentWith({ rules: [GOLD, ruleWith({ name: 'second' })] }),
      contentWith({ rules: [ruleWith({ name: 'second' }), GOLD] }),
      contentWith({ rules: [GOLD], timeZone: 'UTC' }),
      contentWith({ rules: [GOLD], never: [{ name: 'n', when: keyIs('A', 'b') }] }),
    ].map((content) => version(content))
    expect(new Set([first, ...others]).size).to.equal(others.length + 1)
    expect(version(contentWith({ rules: [GOLD] }), OTHER_KEY), 'other draws are another policy').not.to.equal(first)
  })

  it('is kept without its key, and restored with it', () => {
    const content = contentWith({ rules: [GOLD], never: [{ name: 'n', when: keyIs('A', 'b') }] })
    const policy = makePolicy(content, SAMPLING_KEY)
    const canonical = canonicalPolicy(content, policy.samplingKeyId)
    expect(canonical).not.to.include('a sampling key that is')
    const restored = restorePolicy({ version: policy.version, canonical }, SAMPLING_KEY)
    const input = inputWith({ attached: { T: 'gold', record: 'source' } })
    expect(decide(restored, input)).to.deep.equal(decide(policy, input))
    for (const [kept, key] of [[{ version: policy.version, canonical: canonical.replace('gold', 'lead') }, SAMPLING_KEY], [{ version: policy.version, canonical }, OTHER_KEY]] as const) {
      expect(() => restorePolicy(kept, key)).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'POLICY_INVALID'))
    }
  })

  it('of before rules could name a format has the version that it had, and is restored', () => {
    const content = contentWith({ rules: [GOLD] })
    const { mediaFormat, ...terms } = GOLD.terms
    const before = canonicalJson({ format: 1, samplingKeyId: makePolicy(content, SAMPLING_KEY).samplingKeyId, ...content, rules: [{ ...GOLD, terms }] })
    expect(mediaFormat).to.equal(null)
    expect(version(content)).to.equal(sha256Hex(before))
    expect(restorePolicy({ version: sha256Hex(before), canonical: before }, SAMPLING_KEY).rules).to.deep.equal([GOLD])
    const named = makePolicy(contentWith({ rules: [{ ...GOLD, terms: { ...GOLD.terms, mediaFormat: 'g711' } }] }), SAMPLING_KEY)
    expect(restorePolicy({ version: named.version, canonical: canonicalPolicy(named, named.samplingKeyId) }, SAMPLING_KEY).rules).to.deep.equal(named.rules)
  })

  it('holds conditions that no one can see through only up to a depth', () => {
    const nested = (depth: number): Condition => (depth === 1 ? keyIs('A', 'b') : { type: 'not', of: nested(depth - 1) })
    expect(faultsOfContent(contentWith({ rules: [ruleWith({ name: 'r', when: nested(MAX_CONDITION_DEPTH) })] }))).to.deep.equal([])
    expect(faultsOfContent(contentWith({ rules: [ruleWith({ name: 'r', when: nested(MAX_CONDITION_DEPTH + 1) })] }))).to.deep.equal([{ rule: 'r', message: 'its conditions lie more than 16 deep' }])
    expect(faultsOfContent(contentWith({ rules: [ruleWith({ name: 'r', when: nested(2000) })] }))).to.have.lengthOf(1)
  })

  const field = attached('K')
  const faulty: readonly (readonly [string, Condition])[] = [
    ['empty list', { type: 'in', field, values: [] }],
    ['entries', { type: 'in', field, values: Array.from({ length: MAX_LISTED + 1 }, (_, index) => String(index)) }],
    ['empty list', { type: 'prefix', field, prefixes: [] }],
    ['more than 255 characters', { type: 'glob', field, patterns: ['a'.repeat(256)] }],
    ['malformed', keyIs('9lives', 'x')],
    ['numbers is empty', { type: 'number', field, atLeast: 2, atMost: 1 }],
    ['numbers is empty', { type: 'number', field, atLeast: null, atMost: null }],
    ['numbers is empty', { type: 'number', field, atLeast: Number.NaN, atMost: 1 }],
    ['no date', { type: 'date', field, notBefore: 'yesterday', before: null }],
    ['dates is empty', { type: 'date', field, notBefore: '2026-01-01', before: '2026-01-01' }],
    ['time zone', { type: 'time', zone: 'Mars/Olympus', days: ['mon'], fromMinute: 0, untilMinute: 1 }],
    ['span', { type: 'time', zone: 'UTC', days: [], fromMinute: 0, untilMinute: 1 }],
    ['span', { type: 'time', zone: 'UTC', days: ['mon'], fromMinute: 60, untilMinute: 60 }],
    ['span', { type: 'time', zone: 'UTC', days: ['mon'], fromMinute: 0, untilMinute: 1441 }],
    ['more than 256 conditions', { type: 'any', of: Array.from({ length: 256 }, () => keyIs('A', 'b')) }],
  ]
  it('refuses conditions that would decide wrongly', () => {
    for (const [words, when] of faulty) {
      const faults = faultsOfContent(contentWith({ rules: [ruleWith({ name: 'r', when: { type: 'not', of: when } })] }))
      expect(faults, JSON.stringify(when).slice(0, 80)).to.have.lengthOf(1)
      expect(faults[0]?.message).to.include(words)
      expect(() => makePolicy(contentWith({ never: [{ name: 'n', when }] }), SAMPLING_KEY)).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'POLICY_INVALID'))
    }
  })

  it('refuses rules that would decide wrongly', () => {
    const faultsOf = (...rules: readonly Parameters<typeof ruleWith>[0][]): readonly string[] => faultsOfContent(contentWith({ rules: rules.map(ruleWith) })).map(({ message }) => message)
    const quota = { calls: 1, per: 'agent', period: 'day' } as const
    expect(faultsOf({ name: 'a' }, { name: 'a' })).to.deep.equal(['its name is taken already'])
    expect(faultsOf({ name: 'dialplan-request' })).to.deep.equal(['its name is taken already'])
    expect(faultsOf({ name: 'a', percent: 100.1 })).to.deep.equal(['percent is not between 0 and 100'])
    expect(faultsOf({ name: 'a', percent: Number.NaN })).to.deep.equal(['percent is not between 0 and 100'])
    expect(faultsOf({ name: 'a', atMost: { ...quota, calls: -1 } })).to.deep.equal(['a quota is no whole number'])
    expect(faultsOf({ name: 'a', atLeast: quota })).to.have.lengthOf(1)
    expect(faultsOf({ name: 'a', atLeast: quota, percent: 5 })).to.deep.equal([])
    expect(faultsOf(...Array.from({ length: MAX_RULES + 1 }, (_, index) => ({ name: `r${index}` })))).to.have.lengthOf(1)
    expect(faultsOfContent(contentWith({ timeZone: '+02:00' }))).to.have.lengthOf(1)
    expect(faultsOfContent(contentWith({ never: [{ name: 'a', when: keyIs('A', 'b') }], rules: [ruleWith({ name: 'a' })] }))).to.have.lengthOf(1)
  })
})
