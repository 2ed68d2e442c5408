import type { z } from 'zod'
import { MAX_RETENTION_DAYS } from '../../core/domain/retention/retention-rules.ts'
import { MAX_RULES } from '../../core/domain/rules/policy-faults.ts'
import { across, isMap, list, type Loose, section, type Tell, text, wholeNumber } from '../leaves.ts'
import { conditionSchema, test, timeZone } from '../policy/condition-schema.ts'

const whenSchema = conditionSchema({
  retentionClass: test.optional().describe('The retention class that the rule of the policy gave the recording.'),
  rule: test.optional().describe('The rule of the policy that decided the recording.'),
  partition: test.optional().describe('One of its partitions, or one above: /support covers /support/gold.'),
  label: test.optional().describe('One of the labels that rules of the policy gave it; what people put on or take off is not asked.'),
  side: test.optional().describe('source or destination: which side of the conversation it follows.'),
  origin: test.optional().describe('controlled or native: whether Holdfast or the dialplan alone recorded it.'),
  durationSeconds: test.optional().describe('How long its sound lasts: `atLeast`, `atMost`.'),
})

const days = wholeNumber('days', 0, MAX_RETENTION_DAYS)

const name = text.describe('Names the rule in plans, receipts and the audit; unique.')
const terms = {
  minimumDays: days.default(0).describe('Days since the end of the recording in which nobody can destroy it, not even an administrator. Stamped on each recording; a shorter one later does not count for it. 0: none.'),
  archiveAfterDays: days.nullable().default(null).describe('Days after which it goes to the archive; null: never.'),
  purgeAfterDays: days.nullable().default(null).describe('Days after which it is destroyed; null: never. Where `archiveAfterDays` is set, only what is archived is purged.'),
}

const ruleSchema = section({
  name,
  when: whenSchema.describe('All of these must hold. Times of day are those of the start of the recording.'),
  ...terms,
})

/** Everything that a retention file may say. */
export const retentionFileSchema = section({
  timeZone: timeZone.default('UTC').describe('Whose clock, for times of day where no zone is named.'),
  rules: list(ruleSchema, 'a list of rules').max(MAX_RULES).describe('In order of precedence: the first whose conditions hold speaks for a recording.'),
  default: section({ name: name.default('default'), ...terms }).describe('Speaks for recordings for which no rule does.'),
}).check(across(checkAcross))
export type RetentionFile = z.output<typeof retentionFileSchema>

/** What must hold between the parts; expects anything, or nothing, in every place. */
function checkAcross(file: Loose, tell: Tell): void {
  const rules: readonly unknown[] = Array.isArray(file['rules']) ? file['rules'] : []
  const seen = new Set<unknown>()
  const last = isMap(file['default']) ? { name: 'default', ...file['default'] } : null
  for (const { path, rule } of [...rules.map((each, index) => ({ path: ['rules', index], rule: each })), { path: ['default'], rule: last }]) {
    if (!isMap(rule)) continue
    if (typeof rule['name'] === 'string' && seen.has(rule['name'])) tell([...path, 'name'], `"${rule['name']}" is taken already: each rule has a name of its own`)
    seen.add(rule['name'])
    if (path[0] === 'rules' && isMap(rule['when']) && Object.keys(rule['when']).length === 0) tell([...path, 'when'], 'is empty, and would mean every recording: that is what `default` is for')
    checkTerms(rule, (key, message) => tell([...path, key], message))
  }
}

function checkTerms({ minimumDays, archiveAfterDays, purgeAfterDays }: Loose, tell: (key: string, message: string) => void): void {
  if (typeof purgeAfterDays !== 'number') return
  if (typeof minimumDays === 'number' && purgeAfterDays < minimumDays) tell('purgeAfterDays', `is less than \`minimumDays\` (${minimumDays}): nothing could be purged then`)
  if (typeof archiveAfterDays === 'number' && archiveAfterDays >= purgeAfterDays) tell('archiveAfterDays', `is not less than \`purgeAfterDays\` (${purgeAfterDays}): there would be no time in the archive`)
}
