import { type AttachedKey, type AttachedSchema, builtInKeys, defaultKey, makeAttachedSchema, withHeaderSource } from '../../core/domain/rules/attached-schema.ts'
import { CALL_FACTS, type Condition, type Field, RECORDING_FACTS, type TimeWindow } from '../../core/domain/rules/condition.ts'
import { WEEKDAYS } from '../../core/domain/rules/local-time.ts'
import type { PauseTerms } from '../../core/domain/rules/pause-terms.ts'
import type { PolicyContent } from '../../core/domain/rules/policy-content.ts'
import { type AnnouncementDemand, NO_RULE, type Rule } from '../../core/domain/rules/rule.ts'
import type { AttachedKeyFile } from './attached-key-schema.ts'
import type { OperatorsFile, TestFile, TimeFile, WhenFile } from './condition-schema.ts'
import type { PolicyFile } from './policy-file-schema.ts'
import { quotaOf, type RuleFile } from './rule-schema.ts'

/** The domain's policy of a checked file. */
export function contentOf({ timeZone, attachedData, never, rules }: PolicyFile): PolicyContent {
  return {
    timeZone,
    factKeys: attachedData.facts,
    never: never.map(({ name, when }) => ({ name, when: conditionOf(when, timeZone) })),
    rules: rules.map((rule) => ruleOf(rule, timeZone)),
  }
}

/** The schema of attached data of a checked file. */
export function attachedSchemaOf({ attachedData: { keys, facts, sipHeaders } }: PolicyFile): AttachedSchema {
  const filled = new Set(Object.values(sipHeaders))
  const standardOf = (key: string): AttachedKey => {
    const standard = defaultKey(key, facts)
    return filled.has(key) ? { ...standard, sources: withHeaderSource(standard.sources) } : standard
  }
  const listed = Object.entries(keys).map(([key, given]) => keyOf(given, standardOf(key)))
  const told = builtInKeys(facts).filter((key) => filled.has(key) && !Object.hasOwn(keys, key)).map(standardOf)
  return makeAttachedSchema([...listed, ...told], facts, new Map(Object.entries(sipHeaders)))
}

function keyOf({ type, visibility, store, maxBytes, cardNumbers, sources }: AttachedKeyFile, standard: AttachedKey): AttachedKey {
  return {
    key: standard.key,
    type,
    visibility,
    store,
    maxBytes: maxBytes ?? standard.maxBytes,
    cardNumbers: cardNumbers ?? standard.cardNumbers,
    sources: sources ?? standard.sources,
  }
}

function ruleOf(rule: RuleFile, zone: string): Rule {
  const { name, when, percent, atMost, atLeast, record, mandatory, partitions, labels, from, onDemand, retention, mediaFormat } = rule
  return {
    name,
    when: conditionOf(when, zone),
    selection: { percent, atMost: atMost === null ? null : quotaOf(atMost), atLeast: atLeast === null ? null : quotaOf(atLeast) },
    record,
    dialplan: mandatory ? 'overruled' : 'obeyed',
    partitions,
    labels,
    terms: { from, announcement: announcementOf(rule.announcement), pause: pauseOf(rule.pause), onDemand, retention, mediaFormat },
  }
}

function announcementOf(announcement: RuleFile['announcement']): AnnouncementDemand {
  if (announcement === 'none') return { type: 'none' }
  return { type: 'demanded', prompt: announcement === 'any' ? null : announcement.prompt }
}

function pauseOf(pause: RuleFile['pause']): PauseTerms {
  if (pause === 'forbidden') return { type: 'forbidden' }
  return pause === 'allowed' ? NO_RULE.terms.pause : { type: 'allowed', ...pause }
}

/** All tests of a map; one alone stands for itself, so that two ways to write the same have the same version. */
export function conditionOf(when: WhenFile, zone: string): Condition {
  const times = when.time === undefined ? [] : [oneOfMany([when.time].flat().map((span) => windowOf(span, zone)))]
  return allOf([
    ...Object.entries(when.attached ?? {}).sort(byKey).flatMap(([key, test]) => testsOf({ type: 'attached', key }, test)),
    ...[...CALL_FACTS, ...RECORDING_FACTS].flatMap((type) => {
      const test = when[type]
      return test === undefined ? [] : testsOf({ type }, test)
    }),
    ...times,
    ...(when.all ?? []).map((inner) => conditionOf(inner, zone)),
    ...(when.any === undefined ? [] : [oneOfMany(when.any.map((inner) => conditionOf(inner, zone)))]),
    ...(when.not === undefined ? [] : [{ type: 'not' as const, of: conditionOf(when.not, zone) }]),
  ])
}

function testsOf(field: Field, test: TestFile | readonly string[]): readonly Condition[] {
  if (typeof test === 'string') return [{ type: 'equals', field, value: normal(test) }]
  return isList(test) ? [{ type: 'in', field, values: test.map(normal) }] : operatorsOf(field, test)
}

function operatorsOf(field: Field, test: OperatorsFile): readonly Condition[] {
  const { equals, in: values, prefix, glob, exists, atLeast, atMost, notBefore, before } = test
  const there: Condition = { type: 'exists', field }
  return [
    ...(equals === undefined ? [] : [{ type: 'equals' as const, field, value: normal(equals) }]),
    ...(values === undefined ? [] : [{ type: 'in' as const, field, values: values.map(normal) }]),
    ...(prefix === undefined ? [] : [{ type: 'prefix' as const, field, prefixes: [prefix].flat().map(normal) }]),
    ...(glob === undefined ? [] : [{ type: 'glob' as const, field, patterns: [glob].flat().map(normal) }]),
    ...(exists === undefined ? [] : [exists ? there : { type: 'not' as const, of: there }]),
    ...(atLeast === undefined && atMost === undefined ? [] : [{ type: 'number' as const, field, atLeast: atLeast ?? null, atMost: atMost ?? null }]),
    ...(notBefore === undefined && before === undefined ? [] : [{ type: 'date' as const, field, notBefore: notBefore ?? null, before: before ?? null }]),
  ]
}

function windowOf({ days, from, until, zone }: TimeFile, ofPolicy: string): TimeWindow {
  // In the week's order, each once: the order in which they were written means nothing.
  const on = WEEKDAYS.filter((day) => days === undefined || days.includes(day))
  return { type: 'time', zone: zone ?? ofPolicy, days: on, fromMinute: minuteOf(from), untilMinute: minuteOf(until) }
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

function allOf(of: readonly Condition[]): Condition {
  const [only] = of
  return only !== undefined && of.length === 1 ? only : { type: 'all', of }
}

function oneOfMany(of: readonly Condition[]): Condition {
  const [only] = of
  return only !== undefined && of.length === 1 ? only : { type: 'any', of }
}

/** As admitted values are (admit.ts): else a rule's é would not be the caller's. */
function normal(word: string): string {
  return word.normalize('NFC')
}

function isList(test: TestFile | readonly string[]): test is readonly string[] {
  return Array.isArray(test)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
