import { HoldfastError } from '../errors.ts'
import { canonicalJson, sha256Hex } from '../rules/canonical-json.ts'
import type { Condition } from '../rules/condition.ts'
import { faultsOfCondition, MAX_RULES } from '../rules/policy-faults.ts'
import { tooMuch } from '../rules/policy-size.ts'

/** Days since the end of the recording; `null`: never. */
export interface RetentionTerms {
  /** Nobody may destroy it before, not even an administrator. Once stamped on a recording it is never shortened. 0: no minimum. */
  readonly minimumDays: number
  readonly archiveAfterDays: number | null
  readonly purgeAfterDays: number | null
}

/** One rule: the first whose condition holds speaks for a recording. */
export interface RetentionRule extends RetentionTerms {
  /** Shown in plan, receipt and audit; unique. */
  readonly name: string
  readonly when: Condition
}

/** What a retention file says: plain data. */
export interface RetentionContent {
  /** In order of precedence. */
  readonly rules: readonly RetentionRule[]
  /** Speaks where no rule does. */
  readonly otherwise: Omit<RetentionRule, 'when'>
}

/** Retention rules ready to be asked. Made by {@link makeRetentionRules} and by nothing else. */
export interface RetentionRules extends RetentionContent {
  /** SHA-256 of {@link canonicalRetention}, hexadecimal. */
  readonly version: string
}

/** A century and a half: more than any law, and far within what dates can hold. */
export const MAX_RETENTION_DAYS = 55_000

/** What holds where no file is named: everything is kept, and nothing is forbidden. */
export const KEEP_EVERYTHING: RetentionContent = { rules: [], otherwise: { name: 'keep-everything', minimumDays: 0, archiveAfterDays: null, purgeAfterDays: null } }

/** @throws HoldfastError `RETENTION_INVALID` with the first fault; the file's reader (config/retention) tells all, with their places */
export function makeRetentionRules(content: RetentionContent): RetentionRules {
  const [fault] = faultsOfRetention(content)
  if (fault !== undefined) throw new HoldfastError('RETENTION_INVALID', `${fault.rule}: ${fault.message}`, { rule: fault.rule })
  return { ...content, version: sha256Hex(canonicalRetention(content)) }
}

/** What is hashed, and what is kept of every version that was in force. */
export function canonicalRetention({ rules, otherwise }: RetentionContent): string {
  return canonicalJson({ format: 1, rules, otherwise })
}

/**
 * Rules of before, from the text that was kept.
 * @throws HoldfastError `RETENTION_INVALID` when the text is not what the version names
 */
export function restoreRetention(kept: { readonly version: string; readonly canonical: string }): RetentionRules {
  if (sha256Hex(kept.canonical) !== kept.version) throw new HoldfastError('RETENTION_INVALID', 'the kept text is not that of this version', { version: kept.version })
  // The hash says that the text is what makeRetentionRules once wrote.
  const { rules, otherwise } = JSON.parse(kept.canonical) as RetentionContent
  return makeRetentionRules({ rules, otherwise })
}

/** Everything that is wrong with rules whose types are right. */
export function faultsOfRetention({ rules, otherwise }: RetentionContent): readonly { readonly rule: string; readonly message: string }[] {
  const beyond = tooMuch(rules)
  // Alone: to look for others would be the work that is refused.
  if (beyond !== null) return [beyond]
  const names = [...rules, otherwise].map(({ name }) => name)
  return [
    ...(rules.length > MAX_RULES ? [{ rule: 'retention', message: `has more than ${MAX_RULES} rules` }] : []),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((rule) => ({ rule, message: 'its name is taken already' })),
    ...rules.flatMap(({ name, when }) => faultsOfCondition(when).map((message) => ({ rule: name, message }))),
    ...[...rules, otherwise].flatMap(({ name, ...terms }) => faultsOfTerms(terms).map((message) => ({ rule: name, message }))),
  ]
}

function faultsOfTerms({ minimumDays, archiveAfterDays, purgeAfterDays }: RetentionTerms): readonly string[] {
  const days = [minimumDays, archiveAfterDays, purgeAfterDays].filter((each) => each !== null)
  return [
    ...(days.every((each) => Number.isInteger(each) && each >= 0 && each <= MAX_RETENTION_DAYS) ? [] : [`days are whole numbers, 0 to ${MAX_RETENTION_DAYS}`]),
    ...(purgeAfterDays !== null && purgeAfterDays < minimumDays ? ['it purges before its own minimum is over'] : []),
    ...(purgeAfterDays !== null && archiveAfterDays !== null && archiveAfterDays >= purgeAfterDays ? ['it archives when it purges, or later'] : []),
  ]
}
