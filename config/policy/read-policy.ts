import { createSecretKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { type AttachedSchema, defaultKey, makeAttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../core/domain/rules/decision-input.ts'
import type { PolicyContent } from '../../core/domain/rules/policy-content.ts'
import { emptyContent, makePolicy, type Policy } from '../../core/domain/rules/policy.ts'
import { faultsOfContent } from '../../core/domain/rules/policy-faults.ts'
import { isMap } from '../leaves.ts'
import { faultsOfFiles, whyUnreadable } from '../named-files.ts'
import { pathText, type Problem, problemLines, problemsOfIssues } from '../problem.ts'
import { secretOf } from '../secrets.ts'
import { readYaml, type YamlSource } from '../yaml-source.ts'
import { plainFaults } from './plain-faults.ts'
import { attachedSchemaOf, contentOf } from './policy-content.ts'
import { type PolicyFile, policyFileSchema } from './policy-file-schema.ts'
import { deepIssues } from './union-issues.ts'

/** A policy file as the program uses it. */
export interface LoadedPolicy {
  readonly policy: Policy
  readonly attached: AttachedSchema
  /** As it was read; `null` where there is no file. */
  readonly text: string | null
}

export type PolicyCheck =
  | ({ readonly outcome: 'valid' } & LoadedPolicy)
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }

/**
 * Where the key of `percent` comes from: the file that the policy names, below `base`; or it is given. A draft that came over the
 * network is checked with the key in force: it must not make this process open files.
 */
export type SamplingKeySource = { readonly type: 'files'; readonly base: string } | { readonly type: 'given'; readonly key: KeyObject }

/** A policy file grows with its lists of numbers; beyond this it is something else. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024
/** More are not read by anybody: they are counted. */
export const MAX_PROBLEMS = 100
/** Half as many as its hash has bytes, for a key that somebody types. */
const MIN_KEY_CHARACTERS = 32
/** Known to everybody: it keeps draws apart from chance, not from somebody who may choose interaction ids. */
const PUBLISHED_KEY = createSecretKey(Buffer.from('holdfast draws with this key where none is given'))

/**
 * Reads a policy file.
 * @throws HoldfastError `POLICY_INVALID` whose message tells everything that is wrong: place, path, value, what is allowed
 */
export function loadPolicy(file: string): LoadedPolicy {
  const result = checkPolicyFile(file)
  if (result.outcome === 'valid') return { policy: result.policy, attached: result.attached, text: result.text }
  const count = result.problems.length === 1 ? 'one problem' : `${result.problems.length} problems`
  const message = [`${file}: ${count}`, ...problemLines(result.problems).map((line) => `  ${line}`)].join('\n')
  throw new HoldfastError('POLICY_INVALID', message, { file, problems: result.problems.length })
}

/** What holds without a policy file: the dialplan alone decides, and of these keys nothing is said but that they are let in. */
export function policyWithoutFile(keys: readonly string[]): LoadedPolicy {
  return {
    policy: makePolicy(emptyContent('UTC', DEFAULT_FACT_KEYS), PUBLISHED_KEY),
    attached: makeAttachedSchema(keys.map((key) => defaultKey(key, DEFAULT_FACT_KEYS)), DEFAULT_FACT_KEYS),
    text: null,
  }
}

/** As {@link loadPolicy}, with the problems apart. Reads the file and the key that it names; never throws for them. */
export function checkPolicyFile(file: string): PolicyCheck {
  const reason = whyUnreadable(file)
  if (reason !== null) return invalid([ofFile(`cannot be read: ${reason}`)])
  if (statSync(file).size > MAX_FILE_BYTES) return invalid([ofFile(`is larger than ${MAX_FILE_BYTES} bytes: not a policy file`)])
  return checkPolicyText(readFileSync(file, 'utf8'), { type: 'files', base: dirname(resolve(file)) })
}

/** What a policy's text says, or everything that is wrong with it. */
export function checkPolicyText(text: string, keySource: SamplingKeySource): PolicyCheck {
  const source = readYaml(text)
  if (source.faults.length > 0) return invalid(source.faults.map(({ message, position }) => ({ path: '', message, position })))
  const value = source.value ?? {}
  const early = plainFaults(value)
  if (early.length > 0) return invalid(early.map(({ path, message }) => ({ path: pathText(path), message, position: source.positionOfKey(path) })))
  const parsed = policyFileSchema.safeParse(value)
  const files = keySource.type === 'files' ? faultsOfFiles(policyFileSchema, value, keySource.base) : []
  const problems = [
    ...(parsed.success ? [] : problemsOfIssues(deepIssues(parsed.error.issues), policyFileSchema, { ...source, value })),
    ...files.map(({ path, message }) => ({ path: pathText(path), message, position: source.positionOf(path) })),
  ]
  if (problems.length === 0 && saysNoRules(value)) return invalid([ofFile('has neither `never` nor `rules`: was it cut off? Where the dialplan alone is to decide, write `rules: []`')])
  return parsed.success && problems.length === 0 ? resolved(parsed.data, { source, keySource, text }) : invalid(problems)
}

/** Lists that are left out are empty ones: a file cut off while it was written would take every rule away, and nobody would be told. */
function saysNoRules(value: unknown): boolean {
  return isMap(value) && value['never'] === undefined && value['rules'] === undefined
}

function resolved(file: PolicyFile, { source, keySource, text }: { readonly source: YamlSource; readonly keySource: SamplingKeySource; readonly text: string }): PolicyCheck {
  const content = contentOf(file)
  const faults = faultsOfContent(content).map(({ rule, message }) => {
    const path = placeOf(rule, content)
    return { path: pathText(path), message, position: source.positionOf(path) }
  })
  const key = keySource.type === 'given' ? keySource.key : keyOf(file.sampling.keyFile, keySource.base)
  const problems = key === null ? [...faults, shortKey(source)] : faults
  if (key === null || problems.length > 0) return invalid(problems)
  return { outcome: 'valid', policy: makePolicy(content, key), attached: attachedSchemaOf(file), text }
}

/** The key that a file holds, the published one for none, `null` for one that is too short. */
function keyOf(keyFile: string | null, base: string): KeyObject | null {
  if (keyFile === null) return PUBLISHED_KEY
  const secret = secretOf(undefined, resolve(base, keyFile))
  return secret.length < MIN_KEY_CHARACTERS ? null : createSecretKey(Buffer.from(secret))
}

function shortKey(source: YamlSource): Problem {
  const path = ['sampling', 'keyFile']
  return { path: pathText(path), message: `holds less than ${MIN_KEY_CHARACTERS} characters: a key that can be guessed proves nothing`, position: source.positionOf(path) }
}

/** Where the conditions of a rule stand: what only the domain finds is about them. */
function placeOf(rule: string, { never, rules }: PolicyContent): readonly (string | number)[] {
  const lists = [['never', never], ['rules', rules]] as const
  for (const [list, those] of lists) {
    const index = those.findIndex(({ name }) => name === rule)
    if (index >= 0) return [list, index, 'when']
  }
  return []
}

function ofFile(message: string): Problem {
  return { path: '', message, position: { line: 1, column: 1 } }
}

function invalid(problems: readonly Problem[]): PolicyCheck {
  const sorted = [...problems].sort(byPlace)
  const more = sorted.length - MAX_PROBLEMS
  if (more <= 0) return { outcome: 'invalid', problems: sorted }
  return { outcome: 'invalid', problems: [...sorted.slice(0, MAX_PROBLEMS), { path: '', message: `and ${more} more`, position: null }] }
}

function byPlace(a: Problem, b: Problem): number {
  return (a.position?.line ?? Infinity) - (b.position?.line ?? Infinity) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
}
