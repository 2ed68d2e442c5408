import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { CALL_FACTS, type Condition, type Field } from '../../../../../core/domain/rules/condition.ts'
import { WEEKDAYS } from '../../../../../core/domain/rules/local-time.ts'
import { attached, holdsOf, inputWith, keyIs } from './rule-samples.ts'
import { anyCondition, anyInput } from './rule-arbitraries.ts'
import { holds, sceneOf } from '../../../../../core/domain/rules/holds.ts'
import { runs } from '../../../../support/property-runs.ts'

const K = attached('K')
/** Values of the key `K`; `null`: there is none. */
type Case = { readonly condition: Condition; readonly yes: readonly (string | null)[]; readonly no: readonly (string | null)[] }

const CASES: Record<Exclude<Condition['type'], 'time'>, readonly Case[]> = {
  equals: [{ condition: keyIs('K', 'gold'), yes: ['gold'], no: ['Gold', 'gold ', 'golden', '', null] }, { condition: keyIs('K', ''), yes: [''], no: [null, ' '] }],
  in: [{ condition: { type: 'in', field: K, values: ['a', 'b'] }, yes: ['a', 'b'], no: ['ab', 'A', '', null] }],
  prefix: [{ condition: { type: 'prefix', field: K, prefixes: ['+49', '0049'] }, yes: ['+49', '+4930', '0049 30'], no: ['+4', '49', ' +49', null] }],
  glob: [{ condition: { type: 'glob', field: K, patterns: ['2???', 'vip-*'] }, yes: ['2001', 'vip-', 'vip-x'], no: ['200', '20011', 'VIP-x', '', null] }],
  exists: [{ condition: { type: 'exists', field: K }, yes: ['x', '0', ' '], no: ['', null] }],
  number: [
    { condition: { type: 'number', field: K, atLeast: 10, atMost: 20 }, yes: ['10', '20', '15.5', '+12', '0012'], no: ['9.999', '20.001', '', ' 15', '1e1', '0x0f', '١٥', 'NaN', 'Infinity', '15,5', null] },
    { condition: { type: 'number', field: K, atLeast: null, atMost: -1 }, yes: ['-1', '-2'], no: ['0', '-0.5', null] },
    { condition: { type: 'number', field: K, atLeast: 0, atMost: null }, yes: ['0', '-0', '999999999999999'], no: ['9999999999999999', '-1'] },
  ],
  date: [
    { condition: { type: 'date', field: K, notBefore: '2026-03-01', before: '2026-04-01' }, yes: ['2026-03-01', '2026-03-31', '2026-03-31T23:59:59Z', '2026-04-01T01:00+02:00'], no: ['2026-02-28', '2026-04-01', '2026-03-01T00:00', '2026-02-30', '2026-13-01', '1.3.2026', '', null] },
    { condition: { type: 'date', field: K, notBefore: null, before: '2026-03-01T12:00Z' }, yes: ['2026-03-01', '2026-03-01T11:59:59.999Z'], no: ['2026-03-01T12:00Z'] },
  ],
  all: [{ condition: { type: 'all', of: [] }, yes: ['x', null], no: [] }, { condition: { type: 'all', of: [{ type: 'exists', field: K }, keyIs('K', 'a')] }, yes: ['a'], no: ['b', null] }],
  any: [{ condition: { type: 'any', of: [] }, yes: [], no: ['x', null] }, { condition: { type: 'any', of: [keyIs('K', 'a'), keyIs('K', 'b')] }, yes: ['a', 'b'], no: ['c', null] }],
  not: [{ condition: { type: 'not', of: keyIs('K', 'a') }, yes: ['b', '', null], no: ['a'] }],
}

describe('conditions', () => {
  for (const [operator, cases] of Object.entries(CASES)) {
    it(`of type ${operator} hold of the right values`, () => {
      const of = (value: string | null): Parameters<typeof holdsOf>[1] => ({ attached: value === null ? {} : { K: value } })
      for (const { condition, yes, no } of cases) {
        for (const value of yes) expect(holdsOf(condition, of(value)), `${JSON.stringify(condition)} of ${JSON.stringify(value)}`).to.equal(true)
        for (const value of no) expect(holdsOf(condition, of(value)), `${JSON.stringify(condition)} of ${JSON.stringify(value)}`).to.equal(false)
      }
    })
  }

  it('look at every fact of a call', () => {
    const facts = { caller: '1', callee: '2', dialled: '3', extensions: ['4', '5'], direction: 'outbound', queue: '6', agent: '7', businessUnit: '8', customerType: '9', language: '10', site: '11' } as const
    const expected: Record<(typeof CALL_FACTS)[number], string> = { caller: '1', callee: '2', dialled: '3', extension: '5', direction: 'outbound', queue: '6', agent: '7', businessUnit: '8', customerType: '9', language: '10', pbx: 'pbx1', site: '11' }
    for (const type of CALL_FACTS) {
      expect(holdsOf({ type: 'equals', field: { type }, value: expected[type] }, facts), type).to.equal(true)
      expect(holdsOf({ type: 'equals', field: { type }, value: 'other' }, facts), type).to.equal(false)
    }
  })

  it('hold of an extension when one of the telephones has it, and not of it when none has', () => {
    const full: Field = { type: 'extension' }
    expect(holdsOf({ type: 'equals', field: full, value: '2002' }, { extensions: ['2001', '2002'] })).to.equal(true)
    expect(holdsOf({ type: 'not', of: { type: 'equals', field: full, value: '2002' } }, { extensions: ['2001', '2002'] })).to.equal(false)
    expect(holdsOf({ type: 'exists', field: full }, { extensions: [] })).to.equal(false)
  })

  it('do not see what a prototype has', () => {
    for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(holdsOf({ type: 'exists', field: attached(key) }), key).to.equal(false)
      expect(holdsOf({ type: 'exists', field: attached(key) }, { attached: JSON.parse(`{"${key}":"x"}`) as Record<string, string> }), key).to.equal(true)
    }
  })

  it('never throw and never change their mind, whatever the attached data', () => {
    fc.assert(fc.property(anyCondition, anyInput, (condition, input) => {
      const first = holds(condition, sceneOf(input))
      expect(first).to.be.a('boolean')
      expect(holds(condition, sceneOf(structuredClone(input)))).to.equal(first)
    }), runs(500))
  })

  it('obey De Morgan', () => {
    fc.assert(fc.property(fc.array(anyCondition, { maxLength: 3 }), anyInput, (of, input) => {
      const scene = sceneOf(input)
      expect(holds({ type: 'not', of: { type: 'all', of } }, scene)).to.equal(holds({ type: 'any', of: of.map((inner) => ({ type: 'not', of: inner })) }, scene))
    }))
  })
})

describe('times of day', () => {
  const window = (given: Partial<Extract<Condition, { type: 'time' }>>): Condition => ({ type: 'time', zone: 'Europe/Berlin', days: WEEKDAYS, fromMinute: 8 * 60, untilMinute: 18 * 60, ...given })
  const at = (iso: string): { at: Date } => ({ at: new Date(iso) })

  it('begin with their first minute and end before their last', () => {
    for (const [iso, expected] of [['2026-11-23T06:59:59Z', false], ['2026-11-23T07:00:00Z', true], ['2026-11-23T16:59:59Z', true], ['2026-11-23T17:00:00Z', false]] as const) {
      expect(holdsOf(window({}), at(iso)), iso).to.equal(expected)
    }
    expect(holdsOf(window({ fromMinute: 0, untilMinute: 1440 }), at('2026-11-22T23:00:00Z'))).to.equal(true)
  })

  it('follow the clock on the wall through summer and winter', () => {
    expect(holdsOf(window({}), at('2026-07-01T06:00:00Z')), 'eight o\'clock in summer').to.equal(true)
    expect(holdsOf(window({}), at('2026-12-01T06:00:00Z')), 'seven in winter').to.equal(false)
    expect(holdsOf(window({ zone: 'America/New_York' }), at('2026-12-01T14:00:00Z'))).to.equal(true)
    const twice = window({ fromMinute: 120, untilMinute: 180 })
    expect([holdsOf(twice, at('2026-10-25T00:30:00Z')), holdsOf(twice, at('2026-10-25T01:30:00Z'))], 'the hour that comes twice').to.deep.equal([true, true])
    expect([holdsOf(twice, at('2026-03-29T00:59:00Z')), holdsOf(twice, at('2026-03-29T01:00:00Z'))], 'the hour that never comes').to.deep.equal([false, false])
  })

  it('belong to the day on which they begin when they go past midnight', () => {
    const fridayNight = window({ days: ['fri'], fromMinute: 22 * 60, untilMinute: 6 * 60 })
    for (const [iso, expected] of [['2026-11-20T20:59:00Z', false], ['2026-11-20T21:00:00Z', true], ['2026-11-21T04:59:00Z', true], ['2026-11-21T05:00:00Z', false], ['2026-11-20T04:00:00Z', false], ['2026-11-21T21:30:00Z', false]] as const) {
      expect(holdsOf(fridayNight, at(iso)), iso).to.equal(expected)
    }
  })

  it('know the day of the place, not that of Greenwich', () => {
    expect(holdsOf(window({ zone: 'Pacific/Auckland', days: ['mon'], fromMinute: 0, untilMinute: 60 }), at('2026-11-22T11:30:00Z'))).to.equal(true)
    expect(inputWith().at.getUTCDay()).to.equal(0)
  })
})
