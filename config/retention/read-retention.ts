import { readFileSync, statSync } from 'node:fs'
import { HoldfastError } from '../../core/domain/errors.ts'
import { faultsOfRetention, makeRetentionRules, type RetentionContent, type RetentionRules } from '../../core/domain/retention/retention-rules.ts'
import { whyUnreadable } from '../named-files.ts'
import { conditionOf } from '../policy/policy-content.ts'
import { plainFaults } from '../policy/plain-faults.ts'
import { MAX_FILE_BYTES, MAX_PROBLEMS } from '../policy/read-policy.ts'
import { deepIssues } from '../policy/union-issues.ts'
import { pathText, type Problem, problemLines, problemsOfIssues } from '../problem.ts'
import { readYaml } from '../yaml-source.ts'
import { type RetentionFile, retentionFileSchema } from './retention-file-schema.ts'

export type RetentionCheck =
  | { readonly outcome: 'valid'; readonly rules: RetentionRules }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }

/** @throws HoldfastError `RETENTION_INVALID` whose message tells everything that is wrong: place, path, value, what is allowed */
export function loadRetention(file: string): RetentionRules {
  const check = checkRetentionFile(file)
  if (check.outcome === 'valid') return check.rules
  const message = [`${file} is not valid`, ...problemLines(check.problems)].join('\n  ')
  throw new HoldfastError('RETENTION_INVALID', message, { file, problems: check.problems.length })
}

/** As {@link loadRetention}, with the problems apart; never throws for them. */
export function checkRetentionFile(file: string): RetentionCheck {
  const reason = whyUnreadable(file)
  if (reason !== null) return invalid([ofFile(`cannot be read: ${reason}`)])
  if (statSync(file).size > MAX_FILE_BYTES) return invalid([ofFile(`is larger than ${MAX_FILE_BYTES} bytes: not a retention file`)])
  return checkRetentionText(readFileSync(file, 'utf8'))
}

/** What a retention file's text says, or everything that is wrong with it. */
export function checkRetentionText(text: string): RetentionCheck {
  const source = readYaml(text)
  if (source.faults.length > 0) return invalid(source.faults.map(({ message, position }) => ({ path: '', message, position })))
  const value = source.value ?? {}
  const early = plainFaults(value)
  if (early.length > 0) return invalid(early.map(({ path, message }) => ({ path: pathText(path), message, position: source.positionOfKey(path) })))
  const parsed = retentionFileSchema.safeParse(value)
  if (!parsed.success) return invalid(problemsOfIssues(deepIssues(parsed.error.issues), retentionFileSchema, { ...source, value }))
  const content = contentOf(parsed.data)
  const faults = faultsOfRetention(content).map(({ rule, message }) => {
    const path = placeOf(rule, content)
    return { path: pathText(path), message, position: source.positionOf(path) }
  })
  return faults.length > 0 ? invalid(faults) : { outcome: 'valid', rules: makeRetentionRules(content) }
}

function contentOf({ timeZone, rules, default: otherwise }: RetentionFile): RetentionContent {
  return { rules: rules.map(({ when, ...rule }) => ({ ...rule, when: conditionOf(when, timeZone) })), otherwise }
}

function placeOf(rule: string, { rules, otherwise }: RetentionContent): readonly (string | number)[] {
  const index = rules.findIndex(({ name }) => name === rule)
  if (index >= 0) return ['rules', index, 'when']
  return rule === otherwise.name ? ['default'] : []
}

function ofFile(message: string): Problem {
  return { path: '', message, position: { line: 1, column: 1 } }
}

function invalid(problems: readonly Problem[]): RetentionCheck {
  const sorted = [...problems].sort((a, b) => (a.position?.line ?? Infinity) - (b.position?.line ?? Infinity) || (a.position?.column ?? 0) - (b.position?.column ?? 0))
  const more = sorted.length - MAX_PROBLEMS
  return { outcome: 'invalid', problems: more <= 0 ? sorted : [...sorted.slice(0, MAX_PROBLEMS), { path: '', message: `and ${more} more`, position: null }] }
}
