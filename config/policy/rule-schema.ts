import { z } from 'zod'
import { WANTED_FORMATS } from '../../core/domain/media.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import { RECORD_ACTIONS } from '../../core/domain/policy.ts'
import { PAUSE_ACTORS, PAUSE_ENDS, PAUSE_MEANS } from '../../core/domain/rules/pause-terms.ts'
import { QUOTA_PERIODS, QUOTA_SUBJECTS, type Quota } from '../../core/domain/rules/quota.ts'
import { ON_DEMAND, RECORD_FROM } from '../../core/domain/rules/rule.ts'
import { list, oneOf, parsed, section, text, wholeNumber, yesOrNo } from '../leaves.ts'
import { whenSchema } from './condition-schema.ts'

const QUOTA = `such as "5 per agent per week": a number per ${QUOTA_SUBJECTS.join(', ')} per ${QUOTA_PERIODS.join(', ')}`
const QUOTA_TEXT = /^(0|[1-9][0-9]{0,8}) per ([A-Za-z]+) per ([a-z]+)$/

/** "5 per agent per week", or `null`. */
export function quotaOf(words: string): Quota | null {
  const [, calls, subject, period] = QUOTA_TEXT.exec(words) ?? []
  const per = QUOTA_SUBJECTS.find((known) => known === subject)
  const every = QUOTA_PERIODS.find((known) => known === period)
  return per === undefined || every === undefined ? null : { calls: Number(calls), per, period: every }
}

const quota = z.string({ error: QUOTA }).refine((words) => quotaOf(words) !== null).meta({ allowed: QUOTA })
const PERCENT = 'a number from 0 to 100'
const percent = z.number({ error: PERCENT }).min(0).max(100).meta({ allowed: PERCENT })
const LABEL = 'a label of 1 to 64 letters, digits, blanks, . _ -, beginning with a letter or digit'
const label = z.string({ error: LABEL }).regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u).meta({ allowed: LABEL })
const CLASS = 'the name of a retention class: 1 to 64 of a-z 0-9 -, beginning with a letter or digit'
const retentionClass = z.string({ error: CLASS }).regex(/^[a-z0-9][a-z0-9-]{0,63}$/).meta({ allowed: CLASS })

const pauseTerms = section({
  by: list(oneOf(PAUSE_ACTORS), `a list of ${PAUSE_ACTORS.join(', ')}`).default([...PAUSE_ACTORS]).describe('Who may pause.'),
  ways: list(oneOf(PAUSE_MEANS), `a list of ${PAUSE_MEANS.join(', ')}`).default([...PAUSE_MEANS]).describe('By which way. The settings may shut a way for all.'),
  maxDurationMs: wholeNumber('milliseconds', 1000, 86_400_000).nullable().default(null).describe('A pause that nobody ends is ended after this time; null: after that of the settings.'),
  endsWith: list(oneOf(PAUSE_ENDS), `a list of ${PAUSE_ENDS.join(', ')}`).default([]).describe('What ends a pause besides a resume and the time.'),
})
const PAUSE = 'allowed, forbidden, or a map of by, ways, maxDurationMs, endsWith'
const pause = z.union([oneOf(['allowed', 'forbidden']), pauseTerms], { error: PAUSE }).meta({ allowed: PAUSE })

const ANNOUNCEMENT = 'none, any, or a map with the prompt\'s name'
const announcement = z.union([oneOf(['none', 'any']), section({ prompt: text.describe('The prompt that must have been played.') })], { error: ANNOUNCEMENT }).meta({ allowed: ANNOUNCEMENT })

const name = text.describe('Names the rule in every decision and in the audit; unique. Part of the draw: a renamed rule with `percent` draws other calls.')

export const neverSchema = section({
  name,
  when: whenSchema.describe('Calls that are not recorded, whatever rules and dialplan say.'),
})

export const ruleSchema = section({
  name,
  when: whenSchema.prefault({}).describe('All of these must hold. Empty: every call.'),
  percent: percent.default(100).describe('The share of these calls that is taken, by a lot that can be proved; the others go on to the next rule.'),
  atMost: quota.nullable().default(null).describe('Calls are taken until so many are; the others go on to the next rule. While it is not known for whom to count, the rule takes none.'),
  atLeast: quota.nullable().default(null).describe('Beside `percent`: until so many are taken, no lot is drawn.'),
  record: oneOf(RECORD_ACTIONS).describe('source follows the customer until she leaves; destination follows the agent; both; no; as-asked obeys the dialplan\'s own `record`.'),
  mandatory: yesOrNo.default(false).describe('Whether `record` goes before what the dialplan asks for; false: the dialplan\'s own `record`, if it has one, goes first.'),
  from: oneOf(RECORD_FROM).default('route').describe('route: from the decision on, with prompts and ringing; bridge: only while people are connected.'),
  partitions: list(parsed('a path such as /support/gold', parsePartition), 'a list of partitions').default([]).describe('Added to those that GRECORD_PARTITIONS names.'),
  announcement: announcement.default('none').describe('Whether the caller must have been told, and by which prompt. A recording without it is kept, and marked.'),
  pause: pause.default('allowed').describe('Whether, by whom, how and how long recordings made under this rule may be paused.'),
  onDemand: list(oneOf(ON_DEMAND), `a list of ${ON_DEMAND.join(', ')}`).default([]).describe('Whether agents and integrators may start or stop recording by hand.'),
  retention: retentionClass.nullable().default(null).describe('The retention class of these recordings.'),
  mediaFormat: oneOf(WANTED_FORMATS).nullable().default(null).describe('What these recordings are stored as (docs/formats.md); null: what the settings of their PBX say.'),
  labels: list(label, 'a list of labels').default([]).describe('Labels of these recordings.'),
})
export type RuleFile = z.output<typeof ruleSchema>
export type NeverFile = z.output<typeof neverSchema>
