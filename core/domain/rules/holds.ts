import type { Condition, TimeWindow } from './condition.ts'
import { type DecisionInput, someValue } from './decision-input.ts'
import { compileGlob, type Glob } from './glob.ts'
import { dayBefore, type LocalTime, localTime } from './local-time.ts'
import { instantOf, numberOf } from './value-text.ts'

/** One call under one look of the rules. */
export interface Scene {
  readonly input: DecisionInput
  /** The input's instant on the clock of a zone; worked out once per zone. */
  readonly local: (zone: string) => LocalTime
}

export function sceneOf(input: DecisionInput): Scene {
  const known = new Map<string, LocalTime>()
  return {
    input,
    local: (zone) => {
      const local = known.get(zone) ?? localTime(input.at, zone)
      known.set(zone, local)
      return local
    },
  }
}

type Test<T extends Condition['type']> = (condition: Extract<Condition, { type: T }>, scene: Scene) => boolean

/** Whether a condition holds. Never throws, whatever the values: they are strangers' words. */
export function holds(condition: Condition, scene: Scene): boolean {
  const test = TESTS[condition.type] as Test<Condition['type']>
  return test(condition, scene)
}

const TESTS: { readonly [T in Condition['type']]: Test<T> } = {
  equals: ({ field, value: wanted }, { input }) => someValue(input, field, (value) => value === wanted),
  in: ({ field, values }, { input }) => someValue(input, field, (value) => values.includes(value)),
  prefix: ({ field, prefixes }, { input }) => someValue(input, field, (value) => prefixes.some((prefix) => value.startsWith(prefix))),
  glob: (condition, { input }) => someValue(input, condition.field, (value) => globsOf(condition).some((glob) => glob.matches(value))),
  exists: ({ field }, { input }) => someValue(input, field, (value) => value !== ''),
  number: ({ field, atLeast, atMost }, { input }) => someValue(input, field, (value) => within(numberOf(value), { least: atLeast, most: atMost })),
  date: ({ field, notBefore, before }, { input }) => someValue(input, field, (value) => {
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
