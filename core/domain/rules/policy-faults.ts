import { isAttachedKey } from '../attached-data.ts'
import { type Condition, conditionsWithin, fieldOf, MAX_CONDITION_DEPTH, MAX_CONDITIONS_PER_RULE } from './condition.ts'
import { compileGlob, MAX_GLOB_SYMBOLS } from './glob.ts'
import { isTimeZone } from './local-time.ts'
import type { PolicyContent } from './policy-content.ts'
import { tooMuch } from './policy-size.ts'
import { type NeverRule, NO_RULE, type Rule, type Selection } from './rule.ts'
import { instantOf } from './value-text.ts'

/** More rules than an administrator can read; 200 cost a call 40 µs, or 0.4 ms when every one draws (measured: test/bench/policy.bench.ts). */
export const MAX_RULES = 1000
/** Longest list behind one operator: the DNs of a large house. */
export const MAX_LISTED = 5000

/** Something in a policy that would decide wrongly, or not at all. */
export interface PolicyFault {
  readonly rule: string
  readonly message: string
}

/** Everything that is wrong with a policy whose types are right: whoever makes one, from a file or from a request. */
export function faultsOfContent({ timeZone, never, rules }: PolicyContent): readonly PolicyFault[] {
  const beyond = tooMuch([...never, ...rules])
  // Alone: to look for others would be the work that is refused.
  if (beyond !== null) return [beyond]
  return [
    ...(isTimeZone(timeZone) ? [] : [{ rule: 'policy', message: 'its time zone is not known' }]),
    ...(never.length + rules.length > MAX_RULES ? [{ rule: 'policy', message: `has more than ${MAX_RULES} rules` }] : []),
    ...takenNames([...never, ...rules]),
    ...[...never, ...rules].flatMap(({ name, when }) => faultsOfCondition(when).map((message) => ({ rule: name, message }))),
    ...rules.flatMap(({ name, selection }) => faultsOfSelection(selection).map((message) => ({ rule: name, message }))),
  ]
}

function takenNames(rules: readonly (NeverRule | Rule)[]): readonly PolicyFault[] {
  const seen = new Set([NO_RULE.name])
  return rules.flatMap(({ name }) => {
    const taken = seen.has(name)
    seen.add(name)
    return taken ? [{ rule: name, message: 'its name is taken already' }] : []
  })
}

/** Depth and number first: the rest walks the tree. */
export function faultsOfCondition(condition: Condition): readonly string[] {
  if (isDeeperThan(condition, MAX_CONDITION_DEPTH)) return [`its conditions lie more than ${MAX_CONDITION_DEPTH} deep`]
  const all = flattened(condition)
  if (all.length > MAX_CONDITIONS_PER_RULE) return [`it has more than ${MAX_CONDITIONS_PER_RULE} conditions`]
  return all.flatMap((each) => {
    const fault = faultOf(each)
    return fault === null ? [] : [fault]
  })
}

/** Whether conditions lie within conditions further than this; does not go deeper itself. */
export function isDeeperThan(condition: Condition, depth: number): boolean {
  return depth === 0 || conditionsWithin(condition).some((inner) => isDeeperThan(inner, depth - 1))
}

function flattened(condition: Condition): readonly Condition[] {
  return [condition, ...conditionsWithin(condition).flatMap(flattened)]
}

function faultOf(condition: Condition): string | null {
  const field = fieldOf(condition)
  if (field?.type === 'attached' && !isAttachedKey(field.key)) return 'a key of attached data is malformed'
  const check = FAULTS[condition.type] as ((condition: Condition) => string | null) | undefined
  return check?.(condition) ?? null
}

const FAULTS: { readonly [T in Condition['type']]?: (condition: Extract<Condition, { type: T }>) => string | null } = {
  in: ({ values }) => listFault(values),
  prefix: ({ prefixes }) => listFault(prefixes),
  glob: ({ patterns }) => listFault(patterns) ?? (patterns.some((pattern) => compileGlob(pattern).symbols > MAX_GLOB_SYMBOLS) ? `a glob has more than ${MAX_GLOB_SYMBOLS} characters` : null),
  number: ({ atLeast, atMost }) => (emptyRange(atLeast, atMost) ? 'a range of numbers is empty' : null),
  date: ({ notBefore, before }) => dateFault(notBefore, before),
  time: ({ zone, days, fromMinute, untilMinute }) => {
    if (!isTimeZone(zone)) return 'a time zone is not known'
    const wrong = days.length === 0 || !isMinute(fromMinute) || !isMinute(untilMinute - 1) || fromMinute === untilMinute
    return wrong ? 'a span of the day is empty or out of bounds' : null
  },
}

function listFault(listed: readonly string[]): string | null {
  if (listed.length === 0) return 'an empty list matches nothing'
  return listed.length > MAX_LISTED ? `a list has more than ${MAX_LISTED} entries` : null
}

function dateFault(notBefore: string | null, before: string | null): string | null {
  const [from, to] = [notBefore, before].map((text) => (text === null ? null : instantOf(text) ?? Number.NaN))
  if (Number.isNaN(from) || Number.isNaN(to)) return 'a bound of a range of dates is no date'
  return emptyRange(from ?? null, to ?? null) || (from !== null && from === to) ? 'a range of dates is empty' : null
}

function emptyRange(least: number | null, most: number | null): boolean {
  if (least === null && most === null) return true
  return least !== null && most !== null && !(least <= most)
}

function isMinute(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 24 * 60
}

function faultsOfSelection({ percent, atMost, atLeast }: Selection): readonly string[] {
  const counts = [atMost, atLeast].filter((quota) => quota !== null).map(({ calls }) => calls)
  return [
    ...(percent >= 0 && percent <= 100 ? [] : ['percent is not between 0 and 100']),
    ...(counts.every((calls) => Number.isSafeInteger(calls) && calls >= 0) ? [] : ['a quota is no whole number']),
    ...(atLeast !== null && percent === 100 ? ['atLeast adds nothing to a rule that takes every call: give it a percent'] : []),
  ]
}
