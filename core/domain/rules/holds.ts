import type { Condition, Field, TimeWindow } from './condition.ts'
import { type DecisionInput, someValue } from './decision-input.ts'
import { compileGlob, type Glob } from './glob.ts'
import { dayBefore, type LocalTime, localTime } from './local-time.ts'
import { instantOf, numberOf } from './value-text.ts'

/** What conditions ask: of a call that is decided, or of a recording that was made. */
export interface Lookup {
  /** Whether a field has a value that passes the test. */
  readonly some: (field: Field, test: (value: string) => boolean) => boolean
  /** The instant of which times of day are asked, on the clock of a zone; worked out once per zone. */
  readonly local: (zone: string) => LocalTime
}

/** One call under one look of the rules. */
export interface Scene extends Lookup {
  readonly input: DecisionInput
}

export function sceneOf(input: DecisionInput): Scene {
  return { input, some: (field, test) => someValue(input, field, test), local: clockAt(input.at) }
}

/** An instant on the clocks of places. */
export function clockAt(at: Date): Lookup['local'] {
  const known = new Map<string, LocalTime>()
  return (zone) => {
    const local = known.get(zone) ?? localTime(at, zone)
    known.set(zone, local)
    return local
  }
}

type Test<T extends Condition['type']> = (condition: Extract<Condition, { type: T }>, scene: Lookup) => boolean

/** Whether a condition holds. Never throws, whatever the values: they are strangers' words. */
export function holds(condition: Condition, scene: Lookup): boolean {
  const test = TESTS[condition.type] as Test<Condition['type']>
  return test(condition, scene)
}

const TESTS: { readonly [T in Condition['type']]: Test<T> } = {
  equals: ({ field, value: wanted }, { some }) => some(field, (value) => value === wanted),
  in: ({ field, values }, { some }) => some(field, (value) => values.includes(value)),
  prefix: ({ field, prefixes }, { some }) => some(field, (value) => prefixes.some((prefix) => value.startsWith(prefix))),
  glob: (condition, { some }) => some(condition.field, (value) => globsOf(condition).some((glob) => glob.matches(value))),
  exists: ({ field }, { some }) => some(field, (value) => value !== ''),
  number: ({ field, atLeast, atMost }, { some }) => some(field, (value) => within(numberOf(value), { least: atLeast, most: atMost })),
  date: ({ field, notBefore, before }, { some }) => some(field, (value) => {
    const instant = instantOf(value)
    return instant !== null && (notBefore === null || instant >= bound(notBefore)) && (before === null || instant < bound(before))
  }),
  time: (window, scene) => inWindow(window, scene.local(window.zone)),
  all: ({ of }, scene) => of.every((inner) => holds(inner, scene)),
  any: ({ of }, scene) => of.some((inner) => holds(inner, scene)),
  not: ({ of }, scene) => !holds(of, scene),
}

function within(value: number | null, { least, most }: { readonly least: number | null; readonly most: number | null }): boolean {
  return value !== null && (least === null || value >= least) && (most === null || value <= most)
}

function inWindow({ days, fromMinute, untilMinute }: TimeWindow, { weekday, minuteOfDay }: LocalTime): boolean {
  if (fromMinute < untilMinute) return days.includes(weekday) && minuteOfDay >= fromMinute && minuteOfDay < untilMinute
  const sinceYesterday = minuteOfDay < untilMinute && days.includes(dayBefore(weekday))
  return sinceYesterday || (minuteOfDay >= fromMinute && days.includes(weekday))
}

/** A bound that is no date, which no checked policy has, is never reached. */
function bound(text: string): number {
  return instantOf(text) ?? Number.NaN
}

/** Patterns are prepared once, and forgotten with their policy. */
const prepared = new WeakMap<Condition, readonly Glob[]>()

function globsOf(condition: Extract<Condition, { type: 'glob' }>): readonly Glob[] {
  const known = prepared.get(condition)
  if (known !== undefined) return known
  const globs = condition.patterns.map(compileGlob)
  prepared.set(condition, globs)
  return globs
}
