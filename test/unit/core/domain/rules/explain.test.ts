import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import { wantedWords } from '../../../../../core/domain/rules/condition-words.ts'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import { explain } from '../../../../../core/domain/rules/explain.ts'
import { explanationLines, shownLines } from '../../../../../core/domain/rules/explain-text.ts'
import { shownExplanation } from '../../../../../core/domain/rules/shown-explanation.ts'
import { anyInput, anyRule } from './rule-arbitraries.ts'
import { attached, inputWith, keyIs, policyWith, type RuleGiven } from './rule-samples.ts'
import { runs } from '../../../../support/property-runs.ts'

const WEEKLY = { calls: 1, per: 'agent', period: 'week' } as const
const POLICY = policyWith({
  never: [{ name: 'doctor', when: keyIs('QUEUE', 'health') }],
  rules: [
    { name: 'gold', when: { type: 'all', of: [keyIs('T', 'gold'), { type: 'not', of: { type: 'exists', field: { type: 'queue' } } }] } },
    { name: 'per agent', atMost: WEEKLY },
    { name: 'sample', percent: 1 },
    { name: 'night', when: { type: 'time', zone: 'Europe/Berlin', days: ['sun'], fromMinute: 600, untilMinute: 660 }, record: 'both' },
    { name: 'rest', record: 'no' },
  ],
})

describe('explain', () => {
  it('tells of every rule what it said and why', () => {
    const { decision, rules } = explain(POLICY, inputWith({ attached: { T: 'gold', QUEUE: 'sales' } }))
    expect(decision.rule).to.equal('night')
    expect(rules.map(({ rule, part, verdict }) => [rule, part, verdict.type])).to.deep.equal([
      ['doctor', 'passed', 'conditions-unmet'],
      ['gold', 'passed', 'conditions-unmet'],
      ['per agent', 'passed', 'subject-unknown'],
      ['sample', 'passed', 'not-drawn'],
      ['night', 'decided', 'takes'],
      ['rest', 'not-asked', 'takes'],
      ['dialplan-request', 'not-asked', 'takes'],
    ])
    expect(rules[1]?.when).to.deep.equal({
      field: null, wanted: 'all of these hold', saw: [], holds: false,
      within: [
        { field: 'attached.T', wanted: 'is "gold"', saw: ['gold'], holds: true, within: [] },
        { field: null, wanted: 'this does not hold', saw: [], holds: false, within: [{ field: 'queue', wanted: 'is there', saw: ['sales'], holds: true, within: [] }] },
      ],
    })
    expect(rules[4]?.when).to.deep.include({ field: 'time', saw: ['sun 10:05'], holds: true })
  })

  it('tells what a rule wants the recording stored as, where it says so and there is one', () => {
    const summary = (given: Omit<RuleGiven, 'name'>): string | undefined => explanationLines(explain(policyWith({ rules: [{ name: 'r', ...given }] }), inputWith()), () => true)[0]
    expect(summary({ record: 'source', terms: { mediaFormat: 'g711' } })).to.equal('recorded, source: rule r; to be stored as G.711 where that loses nothing')
    expect(summary({ record: 'source', terms: { mediaFormat: 'wav' } })).to.equal('recorded, source: rule r; to be stored as 16-bit PCM')
    expect(summary({ record: 'source' })).to.equal('recorded, source: rule r')
    expect(summary({ record: 'no', terms: { mediaFormat: 'g711' } })).to.equal('not recorded: rule r')
  })

  it('tells beside the rules\' word what somebody asked for by hand', () => {
    const shown = shownExplanation(explain(policyWith({ rules: [{ name: 'none', record: 'no' }] }), inputWith()), () => true)
    const demand = { index: 0, action: 'start', by: 'token-1', how: 'api', askedAt: new Date('2026-11-22T09:06:00Z'), failedAt: null } as const
    const lines = shownLines(shown, [demand, { ...demand, index: 1, action: 'stop', how: 'dtmf', failedAt: new Date('2026-11-22T09:07:00Z') }])
    expect(lines.slice(0, 3)).to.deep.equal([
      'not recorded: rule none',
      '  by hand: start asked for at 2026-11-22T09:06:00.000Z by token-1 (api)',
      '  by hand: stop asked for at 2026-11-22T09:06:00.000Z by token-1 (dtmf); the PBX did not confirm it',
    ])
    expect(shownLines(shown).join()).not.to.include('by hand')
  })

  it('decides as decide does, and no rule before the deciding one took the call', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 5 }), anyInput, (rules, input) => {
      const policy = policyWith({ rules: rules.map((rule, index) => ({ ...rule, name: `r${index}` })) })
      const explanation = explain(policy, input)
      expect(explanation.decision).to.deep.equal(decide(policy, input))
      const asked = explanation.rules.filter(({ part }) => part !== 'not-asked')
      expect(asked.map(({ part }) => part)).to.deep.equal([...asked.slice(1).map(() => 'passed'), 'decided'])
      expect(asked.at(-1)?.rule).to.equal(explanation.decision.rule)
      for (const { verdict, when } of explanation.rules) expect(verdict.type === 'conditions-unmet').to.equal(!when.holds)
      expect(explanationLines(explanation, () => true).length).to.be.above(asked.length)
    }), runs(200))
  })

  it('reads as a text', () => {
    const lines = explanationLines(explain(POLICY, inputWith({ attached: { T: 'gold', QUEUE: 'sales', record: 'yes please' }, agent: '17' }), new Map([['["per agent","agent","17","2026-W47"]', 1]])), () => true)
    expect(lines.slice(0, -1)).to.deep.equal([
      'recorded, source and destination: rule night, over the dialplan, which asks for something unreadable',
      '  – never doctor: its conditions do not hold',
      '    - attached.QUEUE is "health"; it is "sales"',
      '  – gold: its conditions do not hold',
      '    - all of these hold',
      '      + attached.T is "gold"; it is "gold"',
      '      - this does not hold',
      '        + queue is there; it is "sales"',
      '  – per agent: at most 1 per agent per week: 1 so far',
      '    + every call',
      lines[10],
      '    + every call',
      '  ✓ night: decides',
      '    + time is sun 10:00 to 11:00, Europe/Berlin; it is "sun 10:05"',
      '  not asked any more: rest',
    ])
    expect(lines[10]).to.match(/^ {2}– sample: not drawn: \d+\.\d{3} % is not below 1 %$/)
    expect(lines.at(-1)).to.equal(`  policy ${POLICY.version}`)
  })

  it('says in one line who decided', () => {
    const first = (record: string | null, rules: readonly RuleGiven[]): unknown => explanationLines(explain(policyWith({ rules }), inputWith({ attached: record === null ? {} : { record } })), () => true)[0]
    expect(first('source', [])).to.equal('recorded, source: no rule takes the call, and the dialplan asks for source')
    expect(first(null, [])).to.equal('not recorded: no rule takes the call, and the dialplan asks for nothing')
    expect(first('no', [{ name: 'r', record: 'both' }])).to.equal('not recorded: rule r, and by it what the dialplan asks for: no')
    expect(first(null, [{ name: 'r', record: 'destination' }])).to.equal('recorded, destination: rule r')
    expect(first('no', [{ name: 'r', record: 'source', dialplan: 'overruled' }])).to.equal('recorded, source: rule r, over the dialplan, which asks for no')
  })

  it('hides what the reader may not see, also whether it fits', () => {
    const text = (value: string): string => explanationLines(explain(POLICY, inputWith({ attached: { T: value } })), (field) => field !== 'attached.T').join('\n')
    expect(text('gold')).to.include('? attached.T (hidden)').and.not.to.include('"gold"')
    expect(text('silver').split('\n').filter((line) => line.includes('attached.T'))).to.deep.equal(text('gold').split('\n').filter((line) => line.includes('attached.T')))
  })

  it('has words for every operator', () => {
    const field = attached('K')
    const expected: Record<Condition['type'], readonly [Condition, string]> = {
      equals: [keyIs('K', 'a"b'), 'is "a\\"b"'],
      in: [{ type: 'in', field, values: Array.from({ length: 10 }, (_, index) => String(index)) }, 'is one of "0", "1", "2", "3", "4", "5", "6", "7" and 2 more'],
      prefix: [{ type: 'prefix', field, prefixes: ['+49'] }, 'begins with "+49"'],
      glob: [{ type: 'glob', field, patterns: ['2*'] }, 'is like "2*"'],
      exists: [{ type: 'exists', field }, 'is there'],
      number: [{ type: 'number', field, atLeast: 1, atMost: 2.5 }, 'is a number, at least 1, at most 2.5'],
      date: [{ type: 'date', field, notBefore: null, before: '2026-01-01' }, 'is a date, before 2026-01-01'],
      time: [{ type: 'time', zone: 'UTC', days: ['mon', 'tue'], fromMinute: 1320, untilMinute: 360 }, 'is mon, tue 22:00 to 06:00 of the next day, UTC'],
      all: [{ type: 'all', of: [] }, 'every call'],
      any: [{ type: 'any', of: [] }, 'one of these holds'],
      not: [{ type: 'not', of: keyIs('K', 'a') }, 'this does not hold'],
    }
    for (const [condition, words] of Object.values(expected)) expect(wantedWords(condition)).to.equal(words)
  })
})
