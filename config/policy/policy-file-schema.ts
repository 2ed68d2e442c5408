import type { z } from 'zod'
import { MAX_RULES } from '../../core/domain/rules/policy-faults.ts'
import { across, list, secretFile, section } from '../leaves.ts'
import { attachedDataSchema } from './attached-key-schema.ts'
import { checkAcross } from './policy-checks.ts'
import { timeZone } from './condition-schema.ts'
import { neverSchema, ruleSchema } from './rule-schema.ts'

/** Everything that a policy file may say. */
export const policyFileSchema = section({
  timeZone: timeZone.default('UTC').describe('Whose clock and calendar: times of day where no zone is named, and the days, weeks and months of quotas.'),
  sampling: section({
    keyFile: secretFile.nullable().default(null).describe('A file with the secret that `percent` draws with: one line of at least 32 characters, the same on every node. null: a published one, with which anybody who may choose interaction ids can choose the calls.'),
  }).prefault({}).describe('How lots are drawn.'),
  attachedData: attachedDataSchema.prefault({}).describe('What is taken from the calls, and who may see it.'),
  never: list(neverSchema, 'a list of rules').max(MAX_RULES).default([]).describe('Calls that are never recorded. Asked before all rules.'),
  rules: list(ruleSchema, 'a list of rules').max(MAX_RULES).default([]).describe('In order of precedence: the first that takes a call decides. Without one the dialplan\'s own request is obeyed.'),
}).check(across(checkAcross))
export type PolicyFile = z.output<typeof policyFileSchema>
