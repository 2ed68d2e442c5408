import { z } from 'zod'
import { path, section, wholeNumber } from './leaves.ts'
import { timeZone } from './policy/condition-schema.ts'

const CLOCK = 'a time of day from 00:00 to 23:59, in quotes'

/** How long recordings are kept. */
export const retentionSchema = section({
  rulesFile: path.nullable().default(null).describe('The rules by which recordings are archived and destroyed (docs/retention.md), read at a start and again at SIGHUP. A file with faults changes nothing but an alarm: the last good one stays in force. null: everything is kept.'),
  nightlyAt: z.string({ error: CLOCK }).regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/).meta({ allowed: CLOCK }).nullable().default(null).describe('When the service carries the rules out by itself, each day. null: never; `holdfast retention run` does.'),
  timeZone: timeZone.default('UTC').describe('Whose clock `nightlyAt` is.'),
  perSecond: wholeNumber(null, 1, 10_000).default(20).describe('No more recordings in a second: whoever listens and records goes first.'),
})

export type RetentionSettings = z.output<typeof retentionSchema>
