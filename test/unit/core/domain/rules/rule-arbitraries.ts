import fc from 'fast-check'
import { isAttachedKey } from '../../../../../core/domain/attached-data.ts'
import { CALL_FACTS, type Condition, type Field } from '../../../../../core/domain/rules/condition.ts'
import type { DecisionInput } from '../../../../../core/domain/rules/decision-input.ts'
import { WEEKDAYS } from '../../../../../core/domain/rules/local-time.ts'
import { QUOTA_PERIODS, QUOTA_SUBJECTS } from '../../../../../core/domain/rules/quota.ts'
import { inputWith, type RuleGiven } from './rule-samples.ts'

const KEYS = ['record', 'GRECORD_PARTITIONS', 'agent', 'QUEUE', 'constructor', '__proto__', 'K', 'N'] as const
/** Everything that a stranger can put into a variable, and things that rules look for. */
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'source', 'destination', 'no', 'both', '/sales,/support/gold,bad', '42', '-1.5', '2026-02-29', '2026-03-01T10:00Z', 'a'.repeat(8192), '\0\r\n', '\ud800', '*', '\\'),
)
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.constantFrom(...KEYS).map((key) => ({ type: 'attached' as const, key })),
  fc.constantFrom(...CALL_FACTS).map((type) => ({ type })),
)
const words = fc.array(word, { minLength: 1, maxLength: 4 })
const bound = fc.option(fc.double({ min: -100, max: 100, noNaN: true }))
const minute = fc.integer({ min: 0, max: 1439 })

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ type: fc.constant('equals' as const), field, value: word }),
  fc.record({ type: fc.constant('in' as const), field, values: words }),
  fc.record({ type: fc.constant('prefix' as const), field, prefixes: words }),
  fc.record({ type: fc.constant('glob' as const), field, patterns: fc.array(fc.string({ maxLength: 20 }).map((text) => text.replace(/[x-z]/g, '*')), { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('exists' as const), field }),
  fc.record({ type: fc.constant('number' as const), field, atLeast: bound, atMost: bound }),
  fc.record({ type: fc.constant('date' as const), field, notBefore: fc.option(fc.constant('2026-01-01')), before: fc.option(fc.constant('2027-01-01T00:00Z')) }),
  fc.record({ type: fc.constant('time' as const), zone: fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'UTC'), days: fc.subarray([...WEEKDAYS], { minLength: 1 }), fromMinute: minute, untilMinute: minute.map((at) => at + 1) })
    .filter(({ fromMinute, untilMinute }) => fromMinute !== untilMinute),
)

/** Any condition, nested as deep as a policy allows. */
export const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof({ maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.record({ type: fc.constant('all' as const), of: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('any' as const), of: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ type: fc.constant('not' as const), of: tie('condition') }),
  ),
})).condition

const maybeWord = fc.option(word)

/** Any call, with any data. */
export const anyInput: fc.Arbitrary<DecisionInput> = fc.record({
  attached: fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), word),
  interactionId: fc.stringMatching(/^[0-9a-z][0-9a-z.-]{0,20}$/),
  at: fc.date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2089-01-01') }),
  caller: maybeWord, callee: maybeWord, dialled: maybeWord, queue: maybeWord, agent: maybeWord, businessUnit: maybeWord, customerType: maybeWord, language: maybeWord, site: maybeWord,
  extensions: fc.array(word, { maxLength: 3 }),
  direction: fc.constantFrom('inbound' as const, 'outbound' as const, 'internal' as const),
}).map(inputWith)

const quota = fc.option(fc.record({ calls: fc.integer({ min: 0, max: 5 }), per: fc.constantFrom(...QUOTA_SUBJECTS), period: fc.constantFrom(...QUOTA_PERIODS) }))

/** Any rule but for its name, whose conditions are checked. */
export const anyRule: fc.Arbitrary<Omit<RuleGiven, 'name'>> = fc.record({
  when: soundCondition(),
  percent: fc.oneof(fc.constant(100), fc.double({ min: 0, max: 99, noNaN: true })),
  atMost: quota,
  record: fc.constantFrom('source' as const, 'destination' as const, 'both' as const, 'no' as const, 'as-asked' as const),
  dialplan: fc.constantFrom('obeyed' as const, 'overruled' as const),
  partitions: fc.subarray(['/sales', '/support', '/support/gold']),
  labels: fc.subarray(['a', 'b']),
})

/** Only conditions that a policy may have: keys are keys, ranges are not empty. */
function soundCondition(): fc.Arbitrary<Condition> {
  return fc.oneof(fc.constant<Condition>({ type: 'all', of: [] }), anyCondition).filter(isSound)
}

function isSound(condition: Condition): boolean {
  if (condition.type === 'not') return isSound(condition.of)
  if (condition.type === 'all' || condition.type === 'any') return condition.of.every(isSound)
  if (condition.type !== 'time' && condition.field.type === 'attached' && !isAttachedKey(condition.field.key)) return false
  if (condition.type === 'number') return (condition.atLeast !== null || condition.atMost !== null) && (condition.atLeast ?? -Infinity) <= (condition.atMost ?? Infinity)
  return condition.type !== 'date' || condition.notBefore !== null || condition.before !== null
}
