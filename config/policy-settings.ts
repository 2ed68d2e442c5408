import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isAttachedKey, PARTITIONS_KEY, RECORD_KEY } from '../core/domain/attached-data.ts'
import { parsePartition } from '../core/domain/partition.ts'
import { type Condition, DIALPLAN_RULE, type Field, PAUSE_RIGHTS, type Policy, RECORD_ACTIONS, type Rule } from '../core/domain/policy.ts'
import { didYouMean } from './did-you-mean.ts'
import { isMap, list, type Loose, oneOf, parsed, section, type Tell, text } from './leaves.ts'

const KEY_ALLOWED = 'a letter, then up to 63 of A-Z a-z 0-9 _ . -'
export const attachedKey = z.string({ error: KEY_ALLOWED }).refine(isAttachedKey).meta({ allowed: KEY_ALLOWED })

const ONE_OR_MORE = 'a text, or a list of texts of which one must match'
const wanted = z.union([z.string().max(8192), z.array(z.string().max(8192)).min(1)], { error: ONE_OR_MORE }).meta({ allowed: ONE_OR_MORE })

const ruleSchema = section({
  name: text.describe('Names the rule in every decision and in the audit; unique.'),
  when: section({
    attached: z.record(attachedKey, wanted, { error: 'a map of attached-data keys and what they must be' }).default({}).describe('Attached data: key, and the value or values that match, compared exactly.'),
    caller: wanted.optional().describe('The calling number, compared exactly.'),
    callee: wanted.optional().describe('The dialled number, compared exactly.'),
  }).prefault({}).describe('All of these must hold. Empty: every call.'),
  record: oneOf(RECORD_ACTIONS).describe('source follows the customer until she leaves; destination follows the agent; both; no; as-asked obeys the dialplan\'s own `record`.'),
  partitions: list(parsed('a path such as /support/gold', parsePartition), 'a list of partitions').default([]).describe('Added to those that GRECORD_PARTITIONS names.'),
  pause: oneOf(PAUSE_RIGHTS).default('allowed').describe('Whether recordings made under this rule may be paused.'),
})

export const policySchema = section({
  rules: list(ruleSchema, 'a list of rules').default([]).describe('In order of precedence: the first that matches decides. Without a match the dialplan\'s own request is obeyed.'),
})
export type PolicyFile = z.output<typeof policySchema>

/** The keys of attached data that are kept: the listed ones and those that Holdfast itself reads. */
export function allowedKeys(listed: readonly string[]): readonly string[] {
  return [...new Set([RECORD_KEY, PARTITIONS_KEY, ...listed])]
}

/** Rules must have names of their own, and may look only at attached data that is let in: others would never match. */
export function checkRules(settings: Loose, tell: Tell): void {
  const rules = isMap(settings['policy']) && Array.isArray(settings['policy']['rules']) ? (settings['policy']['rules'] as readonly unknown[]) : []
  const names = new Set<unknown>([DIALPLAN_RULE.name])
  for (const [index, rule] of rules.entries()) {
    if (!isMap(rule)) continue
    if (typeof rule['name'] === 'string' && names.has(rule['name'])) tell(['policy', 'rules', index, 'name'], `"${rule['name']}" is taken already: each rule has a name of its own`)
    names.add(rule['name'])
    const attached = isMap(rule['when']) ? rule['when']['attached'] : undefined
    if (isMap(attached)) checkKeys(Object.keys(attached), allowedKeys(listedKeys(settings)), (key, message) => tell(['policy', 'rules', index, 'when', 'attached', key], message))
  }
}

function checkKeys(keys: readonly string[], allowed: readonly string[], tell: (key: string, message: string) => void): void {
  for (const key of keys) {
    if (allowed.includes(key)) continue
    const guess = didYouMean(key, allowed)
    tell(key, `is not let in by \`attachedData.keys\`, so the rule would never match${guess === null ? ': add it there' : `; did you mean \`${guess}\`?`}`)
  }
}

function listedKeys(settings: Loose): readonly string[] {
  const attachedData = settings['attachedData']
  const keys = isMap(attachedData) ? attachedData['keys'] : undefined
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []
}

/** The domain's policy. Its version is the hash of what it says, whatever the order in which keys were written. */
export function policyOf(file: PolicyFile): Policy {
  const rules = file.rules.map(({ name, when, record, partitions, pause }): Rule => ({
    name,
    when: [
      ...Object.entries(when.attached).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => condition({ type: 'attached', key }, value)),
      ...(when.caller === undefined ? [] : [condition({ type: 'caller' }, when.caller)]),
      ...(when.callee === undefined ? [] : [condition({ type: 'callee' }, when.callee)]),
    ],
    record,
    partitions,
    pause,
  }))
  return { version: createHash('sha256').update(JSON.stringify(rules)).digest('hex'), rules }
}

function condition(field: Field, value: string | readonly string[]): Condition {
  return typeof value === 'string' ? { type: 'equals', field, value } : { type: 'in', field, values: value }
}
