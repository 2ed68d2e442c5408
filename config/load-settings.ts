import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isAttachedKey } from '../core/domain/attached-data.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { isMap } from './leaves.ts'
import { faultsOfFiles, whyUnreadable } from './named-files.ts'
import { faultOfRecordingDirectory } from './pbx-settings.ts'
import { keptPolicy } from './policy/kept-policy.ts'
import { checkPolicyFile, type LoadedPolicy, type PolicyCheck, policyWithoutFile } from './policy/read-policy.ts'
import { type Problem, pathText, problemLines, problemsOfIssues } from './problem.ts'
import { resolveSettings } from './resolve-settings.ts'
import { type Environment, strayVariables, withSecretsOf } from './secrets.ts'
import type { Settings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

/** Beyond this it is something else. */
const MAX_FILE_BYTES = 1024 * 1024

/**
 * Reads a settings file.
 * @throws HoldfastError `CONFIG_INVALID` whose message tells every wrong setting: place, path, value (no secrets), what is allowed
 */
export function loadSettings(file: string, environment: Environment = process.env): Settings {
  const result = checkSettings(file, environment)
  if (result.outcome === 'valid') return result.settings
  const count = result.problems.length === 1 ? 'one problem' : `${result.problems.length} problems`
  const message = [`${file}: ${count}`, ...problemLines(result.problems).map((line) => `  ${line}`), 'Every setting is described in docs/settings.md.'].join('\n')
  throw new HoldfastError('CONFIG_INVALID', message, { file, problems: result.problems.length })
}

/**
 * As {@link loadSettings}, for the service: where nothing is wrong but the policy file, the last one that was in force stays so. Calls
 * are recorded by rules a day old rather than by none.
 */
export function loadServiceSettings(file: string, environment: Environment = process.env): Settings {
  const { check, withKept } = examine(file, environment)
  return check.outcome === 'valid' ? check.settings : withKept() ?? loadSettings(file, environment)
}

/**
 * As {@link loadSettings}, for commands that ask nothing of the rules: a policy file that is wrong stands in `policyProblems`, and
 * keeps nobody from taking a token back. The rules are then those that were kept, or none: decide nothing with them.
 */
export function loadSettingsDespitePolicy(file: string, environment: Environment = process.env): Settings {
  const { check, withKept, withoutRules } = examine(file, environment)
  return check.outcome === 'valid' ? check.settings : withKept() ?? withoutRules() ?? loadSettings(file, environment)
}

/** What a settings file says, or everything that is wrong with it. */
export type SettingsCheck =
  | { readonly outcome: 'valid'; readonly settings: Settings }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }

interface Examined {
  readonly check: SettingsCheck
  /** With the policy that was kept; `null` when something else is wrong, too, or none is kept that can be used. */
  readonly withKept: () => Settings | null
  /** Without rules; `null` when something else is wrong, too. */
  readonly withoutRules: () => Settings | null
}

/** As {@link loadSettings}, with the problems apart. Reads the file and those that it names; never throws for them. */
export function checkSettings(file: string, environment: Environment = process.env): SettingsCheck {
  return examine(file, environment).check
}

function examine(file: string, environment: Environment): Examined {
  const read = readText(file)
  if ('problem' in read) return hopeless([read.problem])
  const source = readYaml(read.text)
  if (source.faults.length > 0) {
    return hopeless(source.faults.map(({ message, position }) => ({ path: '', message, position })))
  }
  const value = withSecretsOf(environment, source.value ?? {})
  const base = dirname(resolve(file))
  const parsed = settingsSchema.safeParse(value)
  const rules = rulesOf(value, base)
  const problems = [
    ...(parsed.success ? [] : problemsOfIssues(parsed.error.issues, settingsSchema, { ...source, value })),
    ...faultsOfFiles(settingsSchema, value, base).map(({ path, message }) => ({ path: pathText(path), message, position: source.positionOf(path) })),
    ...(rules.outcome === 'valid' ? [] : problemLines(rules.problems).map((line) => ({ path: 'policyFile', message: line, position: source.positionOf(['policyFile']) }))),
    ...strayVariables(environment, value).map((name) => ({ path: `environment variable ${name}`, message: 'overrides no setting of this file', position: null })),
  ]
  problems.sort(byPlace)
  if (!parsed.success || problems.some(({ path }) => path !== 'policyFile')) return hopeless(problems)
  const { data } = parsed
  const resolved = (loaded: LoadedPolicy, policyProblems: readonly Problem[]): SettingsCheck => withDirectories(resolveSettings(data, base, { ...loaded, problems: policyProblems }), source)
  if (rules.outcome === 'valid' && problems.length === 0) return { check: resolved(rules, []), withKept: () => null, withoutRules: () => null }
  return {
    check: { outcome: 'invalid', problems },
    withKept: () => keptSettings(rules, resolved, resolve(base, data.dataDirectory)),
    withoutRules: () => settingsOf(resolved(policyWithoutFile([]), problemsOfRules(rules))),
  }
}

function hopeless(problems: readonly Problem[]): Examined {
  return { check: { outcome: 'invalid', problems }, withKept: () => null, withoutRules: () => null }
}

/** What must hold of folders, once relative paths are absolute. */
function withDirectories(settings: Settings, source: YamlSource): SettingsCheck {
  const odd = settings.pbxs.flatMap(({ recordingDirectory }, index) => {
    const message = faultOfRecordingDirectory(recordingDirectory)
    return message === null ? [] : [{ path: `pbxs[${index}].recordingDirectory`, message, position: source.positionOf(['pbxs', index]) }]
  })
  return odd.length === 0 ? { outcome: 'valid', settings } : { outcome: 'invalid', problems: odd }
}

function keptSettings(rules: PolicyCheck, resolved: (loaded: LoadedPolicy, problems: readonly Problem[]) => SettingsCheck, dataDirectory: string): Settings | null {
  const kept = keptPolicy(dataDirectory)
  return kept === null ? null : settingsOf(resolved(kept, problemsOfRules(rules)))
}

/** A file that is not there has no problems of its own. */
function problemsOfRules(rules: PolicyCheck): readonly Problem[] {
  return rules.outcome === 'invalid' ? rules.problems : [{ path: '', message: 'cannot be read', position: null }]
}

function settingsOf(check: SettingsCheck): Settings | null {
  return check.outcome === 'valid' ? check.settings : null
}

/** The rules of the file that is named, or those that hold without one; of one that cannot be read the settings' own check tells. */
function rulesOf(value: unknown, base: string): PolicyCheck {
  const { policyFile, attachedData } = isMap(value) ? value : {}
  const file = typeof policyFile === 'string' ? resolve(base, policyFile) : null
  if (file !== null && whyUnreadable(file) === null) return checkPolicyFile(file)
  const keys = isMap(attachedData) && Array.isArray(attachedData['keys']) ? (attachedData['keys'] as readonly unknown[]) : []
  return { outcome: 'valid', ...policyWithoutFile(keys.filter((key) => typeof key === 'string' && isAttachedKey(key)).map(String)) }
}

function readText(file: string): { readonly text: string } | { readonly problem: Problem } {
  const problem = (message: string): { readonly problem: Problem } => ({ problem: { path: '', message, position: null } })
  const reason = whyUnreadable(file)
  if (reason !== null) return problem(`cannot be read: ${reason}. Name the file with --config or HOLDFAST_CONFIG; a first one is a copy of config/holdfast.example.yaml`)
  if (statSync(file).size > MAX_FILE_BYTES) return problem(`is larger than ${MAX_FILE_BYTES} bytes: not a settings file`)
  return { text: readFileSync(file, 'utf8') }
}

function byPlace(a: Problem, b: Problem): number {
  return (a.position?.line ?? Infinity) - (b.position?.line ?? Infinity) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
}
