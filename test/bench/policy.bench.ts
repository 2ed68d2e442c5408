import { createSecretKey } from 'node:crypto'
import { parseInteractionId, parsePbxId } from '../../core/domain/ids.ts'
import type { Condition } from '../../core/domain/rules/condition.ts'
import { countsNeeded, decide } from '../../core/domain/rules/decide.ts'
import { DEFAULT_FACT_KEYS, type DecisionInput } from '../../core/domain/rules/decision-input.ts'
import { explain } from '../../core/domain/rules/explain.ts'
import { makePolicy, type Policy } from '../../core/domain/rules/policy.ts'
import { NO_RULE, type Rule } from '../../core/domain/rules/rule.ts'
import { type Bench, type BenchForm, quantile, ratio } from './bench.ts'

const RULES = 200
const KEYS = 30
/** `warmUp`: calls before anything is measured, until the engine has compiled what it is going to. */
const FORMS: Readonly<Record<BenchForm, { readonly warmUp: number; readonly count: number }>> = { full: { warmUp: 2000, count: 20_000 }, quick: { warmUp: 0, count: 50 } }

/** What the rules cost a call, beside reading the same attached data from JSON. */
export const bench: Bench = async (_folder, form) => {
  const { warmUp, count } = FORMS[form]
  const [last, sample, time] = [policyOf(plainRule), policyOf(sampleRule), policyOf(timeRule)]
  const calls = Array.from({ length: 1000 }, (_, index) => callOf(index))
  const texts = calls.map(({ attached }) => JSON.stringify(attached))
  const parse = measured(form, (index) => JSON.parse(texts[index % texts.length] ?? ''))
  const of = (work: (input: DecisionInput) => unknown): readonly number[] => measured(form, (index) => work(calls[index % calls.length] ?? callOf(0)))
  const cases: readonly (readonly [string, readonly number[]])[] = [
    [`JSON.parse of ${KEYS} keys`, parse],
    ['decide: no rule takes the call', of((input) => decide(last, input))],
    ['decide: every rule draws and passes on', of((input) => decide(sample, input))],
    ['decide: time of day in five zones', of((input) => decide(time, input))],
    ['explain: no rule takes the call', of((input) => explain(last, input))],
    ['accounts of quotas (rules without quotas)', of((input) => countsNeeded(last, input))],
  ]
  return {
    title: `A decision with ${RULES} rules and ${KEYS} attached keys`,
    columns: ['', 'p50, µs', 'p99, µs', 'p50 to JSON.parse'],
    rows: cases.map(([name, values]) => [name, us(quantile(values, 0.5)), us(quantile(values, 0.99)), ratio(quantile(values, 0.5), quantile(parse, 0.5))]),
    notes: [
      `${count} calls each, after ${warmUp} for warming up; all ${RULES} rules are asked, which is the worst case: a call that the tenth rule takes costs a twentieth.`,
      'A rule has four conditions: equality, a list of eight, a prefix or glob, a range of numbers; the first of them holds for every second rule.',
      'A draw is one HMAC-SHA-256: a policy in which every rule draws is there to show its price.',
    ],
  }
}

function measured(form: BenchForm, work: (index: number) => unknown): readonly number[] {
  const { warmUp, count } = FORMS[form]
  for (let index = 0; index < warmUp; index += 1) work(index)
  return Array.from({ length: count }, (_, index) => {
    const began = performance.now()
    work(index)
    return (performance.now() - began) * 1000
  })
}

function policyOf(ruleAt: (index: number) => Rule): Policy {
  const content = { timeZone: 'Europe/Berlin', factKeys: DEFAULT_FACT_KEYS, never: [], rules: Array.from({ length: RULES }, (_, index) => ruleAt(index)) }
  return makePolicy(content, createSecretKey(Buffer.from('a sampling key that is for benches alone')))
}

function plainRule(index: number): Rule {
  const key = (number: number): { readonly type: 'attached'; readonly key: string } => ({ type: 'attached', key: `KEY_${number % KEYS}` })
  const of: readonly Condition[] = [
    { type: 'equals', field: key(index), value: index % 2 === 0 ? `value ${index % KEYS}` : 'another' },
    { type: 'in', field: { type: 'queue' }, values: Array.from({ length: 8 }, (_, queue) => `queue-${index + queue}`).concat('sales') },
    index % 4 === 0 ? { type: 'glob', field: { type: 'caller' }, patterns: ['+49*11'] } : { type: 'prefix', field: { type: 'caller' }, prefixes: ['+49'] },
    { type: 'number', field: key(index + 1), atLeast: 1000, atMost: 2000 },
  ]
  return { ...NO_RULE, name: `rule ${index}`, record: 'source', when: { type: 'all', of } }
}

function sampleRule(index: number): Rule {
  return { ...NO_RULE, name: `rule ${index}`, record: 'source', selection: { percent: 0, atMost: null, atLeast: null } }
}

function timeRule(index: number): Rule {
  const zone = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney', 'UTC'][index % 5] ?? 'UTC'
  // A minute that no call of the bench falls into.
  return { ...NO_RULE, name: `rule ${index}`, record: 'source', when: { type: 'time', zone, days: ['sun'], fromMinute: 0, untilMinute: 1 } }
}

function callOf(index: number): DecisionInput {
  const attached = Object.fromEntries(Array.from({ length: KEYS }, (_, key) => [`KEY_${key}`, `value ${key}`]))
  return {
    interactionId: parseInteractionId(`pbx1-1763802300.${index}`),
    occasion: 'route',
    at: new Date(Date.UTC(2026, 10, 23, 9, 30) + index),
    attached: { ...attached, record: 'source', GRECORD_PARTITIONS: '/sales,/support/gold' },
    caller: '+493011111',
    callee: '2001',
    dialled: '100',
    extensions: ['2001'],
    direction: 'inbound',
    queue: 'sales',
    agent: '17',
    businessUnit: null,
    customerType: null,
    language: null,
    pbx: parsePbxId('pbx1'),
    site: null,
  }
}

function us(value: number): string {
  return value.toFixed(1)
}
