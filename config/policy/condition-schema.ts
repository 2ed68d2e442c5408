import { z } from 'zod'
import { DIRECTIONS } from '../../core/domain/call.ts'
import type { RecordingFact } from '../../core/domain/rules/condition.ts'
import { isTimeZone, WEEKDAYS } from '../../core/domain/rules/local-time.ts'
import { compileGlob, MAX_GLOB_SYMBOLS } from '../../core/domain/rules/glob.ts'
import { MAX_LISTED } from '../../core/domain/rules/policy-faults.ts'
import { instantOf } from '../../core/domain/rules/value-text.ts'
import { across, list, oneOf, section, yesOrNo } from '../leaves.ts'

/** The longest value that attached data may have. */
const MAX_WORD = 8192

const WORD = `text of up to ${MAX_WORD} characters; numbers in quotes`
const word = z.string({ error: WORD }).max(MAX_WORD).meta({ allowed: WORD })
const GLOB = `a glob of up to ${MAX_GLOB_SYMBOLS} characters: * any run, ? one character, \\ before either takes it as it is`
const glob = z.string({ error: GLOB }).max(MAX_WORD).refine((pattern) => compileGlob(pattern).symbols <= MAX_GLOB_SYMBOLS).meta({ allowed: GLOB })
const DATE = 'a date such as 2026-03-01, or a time with its offset such as 2026-03-01T18:00+01:00'
const date = z.string({ error: DATE }).refine((text) => instantOf(text) !== null).meta({ allowed: DATE })
const bound = z.number({ error: 'a number' }).meta({ allowed: 'a number' })

/** One, or a list of which one must match. */
function oneOrMore<Item extends z.ZodType>(item: Item, allowed: string): z.ZodUnion<readonly [Item, z.ZodArray<Item>]> {
  return z.union([item, list(item, `a list of ${allowed}`).min(1).max(MAX_LISTED)], { error: `${allowed}, or a list of which one must match` }).meta({ allowed: `${allowed}, or a list of which one must match` })
}

const operators = section({
  equals: word.optional().describe('Exactly this.'),
  in: list(word, `a list of 1 to ${MAX_LISTED} texts`).min(1).max(MAX_LISTED).optional().describe('Exactly one of these.'),
  prefix: oneOrMore(word, 'text').optional().describe('Begins with this, or with one of these.'),
  glob: oneOrMore(glob, 'a glob').optional().describe('Is like this pattern, or like one of these: * any run of characters, ? one.'),
  exists: yesOrNo.optional().describe('There and not empty; false: missing or empty.'),
  atLeast: bound.optional().describe('A number, this or more.'),
  atMost: bound.optional().describe('A number, this or less.'),
  notBefore: date.optional().describe('A date, this or later.'),
  before: date.optional().describe('A date, earlier than this.'),
}).check(across((value, tell) => {
  if (Object.keys(value).length === 0) tell([], 'is empty: name at least one operator (equals, in, prefix, glob, exists, atLeast, atMost, notBefore, before)')
  if (typeof value['atLeast'] === 'number' && typeof value['atMost'] === 'number' && value['atLeast'] > value['atMost']) tell(['atMost'], 'is less than `atLeast`: no number lies between')
  const [from, to] = [value['notBefore'], value['before']].map((text) => (typeof text === 'string' ? instantOf(text) : null))
  if (typeof from === 'number' && typeof to === 'number' && from >= to) tell(['before'], 'is not after `notBefore`: no date lies between')
}))
export type OperatorsFile = z.output<typeof operators>

const TEST = 'text, a list of texts of which one must match, or a map of operators (equals, in, prefix, glob, exists, atLeast, atMost, notBefore, before)'
export const test = z.union([word, list(word, 'a list of texts').min(1).max(MAX_LISTED), operators], { error: TEST }).meta({ allowed: TEST })
export type TestFile = z.output<typeof test>

const CLOCK = 'a time of day from 00:00 to 24:00, in quotes'
const clock = z.string({ error: CLOCK }).regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/).meta({ allowed: CLOCK })
const ZONE = 'a time zone of the IANA data base, such as Europe/Berlin'
export const timeZone = z.string({ error: ZONE }).refine(isTimeZone).meta({ allowed: ZONE })

const time = section({
  days: list(oneOf(WEEKDAYS), `a list of days: ${WEEKDAYS.join(', ')}`).min(1).optional().describe('Days of the week; every day when left out. Past midnight: those on which the span begins.'),
  from: clock.default('00:00').describe('The first minute.'),
  until: clock.default('24:00').describe('The minute after the last. At or before `from`: on the next day.'),
  zone: timeZone.optional().describe('Whose clock; that of the policy when left out.'),
}).check(across((value, tell) => {
  if (value['from'] === '24:00') tell(['from'], '24:00 is the end of a day: a span begins at 00:00')
  else if (typeof value['from'] === 'string' && value['from'] === value['until']) tell(['until'], 'is the same as `from`: leave both out for the whole day')
}))
export type TimeFile = z.output<typeof time>

const KEY = 'a map of attached-data keys and what they must be'
const attached = z.record(z.string(), test, { error: KEY }).meta({ allowed: KEY })

/** What files of rules may also ask that look at recordings once they are made; a policy's own schema lets none of it in. */
export type RecordingTestsFile = { readonly [Fact in RecordingFact]?: TestFile | undefined }

/** The tests of one call: all that are named must pass. Written out, because a type that contains itself cannot be inferred. */
export interface WhenFile extends RecordingTestsFile {
  readonly attached?: Readonly<Record<string, TestFile>> | undefined
  readonly caller?: TestFile | undefined
  readonly callee?: TestFile | undefined
  readonly dialled?: TestFile | undefined
  readonly extension?: TestFile | undefined
  readonly direction?: (typeof DIRECTIONS)[number] | readonly (typeof DIRECTIONS)[number][] | undefined
  readonly queue?: TestFile | undefined
  readonly agent?: TestFile | undefined
  readonly businessUnit?: TestFile | undefined
  readonly customerType?: TestFile | undefined
  readonly language?: TestFile | undefined
  readonly pbx?: TestFile | undefined
  readonly site?: TestFile | undefined
  readonly time?: TimeFile | readonly TimeFile[] | undefined
  readonly all?: readonly WhenFile[] | undefined
  readonly any?: readonly WhenFile[] | undefined
  readonly not?: WhenFile | undefined
}

const TIME = 'a map of days, from, until and zone, or a list of such maps of which one must hold'

export const WHEN = 'a map of conditions, all of which must hold'

/** Tests that mean the same of a call that is decided and of a recording that was made. */
export const TESTS_OF_EVERY_CALL = {
  attached: attached.optional().describe('Attached data: key, and what it must be.'),
  caller: test.optional().describe('The calling number.'),
  callee: test.optional().describe('The number that is called; before anybody is, the dialled one.'),
  direction: oneOrMore(oneOf(DIRECTIONS), DIRECTIONS.join(', ')).optional().describe('Who called whom, seen from the company.'),
  queue: test.optional().describe('The queue.'),
  agent: test.optional().describe('The agent: a person, not a telephone.'),
  pbx: test.optional().describe('The switch, by its id.'),
  site: test.optional().describe('The site of the switch.'),
  time: z.union([time, list(time, 'a list of spans').min(1)], { error: TIME }).meta({ allowed: TIME }).optional().describe('When the call is decided: days of the week, time of day.'),
}

const optionalTest = test.optional()
type OwnTest = Exclude<keyof WhenFile, keyof typeof TESTS_OF_EVERY_CALL | 'all' | 'any' | 'not'>

/** Conditions of one kind of file: the tests of every call, its own, and all, any and not of such conditions. */
export function conditionSchema<Name extends OwnTest>(own: Readonly<Record<Name, typeof optionalTest>>): z.ZodType<WhenFile> {
  const tests: Readonly<Record<string, typeof optionalTest>> = own
  const schema: z.ZodType<WhenFile> = z.strictObject({
    ...TESTS_OF_EVERY_CALL,
    ...tests,
    get all() {
      return list(schema, 'a list of conditions').min(1).optional().describe('All of these must hold.')
    },
    get any() {
      return list(schema, 'a list of conditions').min(1).optional().describe('At least one of these must hold.')
    },
    get not() {
      return schema.optional().describe('This must not hold. A field without a value fails every test, so that `not` of it holds.')
    },
  }, { error: WHEN }).meta({ allowed: WHEN })
  return schema
}

export const whenSchema = conditionSchema({
  dialled: test.optional().describe('The number that was dialled to reach the route.'),
  extension: test.optional().describe('The DN of one of our telephones in the call: full-time recording of chosen extensions.'),
  businessUnit: test.optional().describe('The business unit, from the key that `facts` names.'),
  customerType: test.optional().describe('The type of customer, from the key that `facts` names.'),
  language: test.optional().describe('The language, from the key that `facts` names.'),
})
