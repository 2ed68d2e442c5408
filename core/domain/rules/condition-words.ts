import type { Condition, TimeWindow } from './condition.ts'
import { clockText, WEEKDAYS } from './local-time.ts'

/** Words of a list that are shown; the rest is counted. */
const MAX_LISTED_WORDS = 8

type Say<T extends Condition['type']> = (condition: Extract<Condition, { type: T }>) => string

/** What a condition asks for, without the field and without what lies within it: `is one of "sales", "vip"`. */
export function wantedWords(condition: Condition): string {
  const say = WORDS[condition.type] as Say<Condition['type']>
  return say(condition)
}

const WORDS: { readonly [T in Condition['type']]: Say<T> } = {
  equals: ({ value }) => `is ${JSON.stringify(value)}`,
  in: ({ values }) => `is one of ${listed(values)}`,
  prefix: ({ prefixes }) => `begins with ${listed(prefixes)}`,
  glob: ({ patterns }) => `is like ${listed(patterns)}`,
  exists: () => 'is there',
  number: ({ atLeast, atMost }) => `is a number${bounds(['at least', atLeast], ['at most', atMost])}`,
  date: ({ notBefore, before }) => `is a date${bounds(['not before', notBefore], ['before', before])}`,
  time: (window) => windowWords(window),
  all: ({ of }) => (of.length === 0 ? 'every call' : 'all of these hold'),
  any: () => 'one of these holds',
  not: () => 'this does not hold',
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, MAX_LISTED_WORDS).map((word) => JSON.stringify(word)).join(', ')
  return words.length > MAX_LISTED_WORDS ? `${shown} and ${words.length - MAX_LISTED_WORDS} more` : shown
}

function bounds(...named: readonly (readonly [string, string | number | null])[]): string {
  return named.filter(([, value]) => value !== null).map(([name, value]) => `, ${name} ${value}`).join('')
}

function windowWords({ days, fromMinute, untilMinute, zone }: TimeWindow): string {
  const on = days.length === WEEKDAYS.length ? 'every day' : days.join(', ')
  return `is ${on} ${clockText(fromMinute)} to ${clockText(untilMinute)}${untilMinute <= fromMinute ? ' of the next day' : ''}, ${zone}`
}
