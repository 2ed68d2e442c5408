import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { knownKeys, schemaAt, type SettingPath, unwrap, valueAt } from './schema-walk.ts'
import type { Position, YamlSource } from './yaml-source.ts'

/** One wrong setting: where, what, and what would be right. */
export interface Problem {
  /** As one would write it: `pbxs[0].ami.port`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  /** `null`: it has no place in the file: the file itself, or the environment. */
  readonly position: Position | null
}

/** Looks like something that must not be repeated, wherever it stands: an age identity, a password within a URL. */
const LEAK = /AGE-SECRET-KEY-|\/\/[^/]*@/i
const IDENTITY = /^\s*AGE-SECRET-KEY-/i
const MAX_SHOWN = 60

/** `['pbxs', 0, 'ami']` → `pbxs[0].ami`. */
export function pathText(path: SettingPath): string {
  return path.reduce<string>((text, part) => typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${part}`, '')
}

/** Problems as an operator reads them, one a line. */
export function problemLines(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ path, message, position }) => {
    const place = position === null ? [] : [`line ${position.line}, column ${position.column}`]
    return [...place, ...(path === '' ? [] : [path]), message].join(': ')
  })
}

/** As they stand in the file, from its first line to its last. */
export function problemsInOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(({ position: one }, { position: other }) => (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0))
}

/** What zod found, in our words. */
export function problemsOfIssues(issues: readonly z.core.$ZodIssue[], schema: z.core.$ZodType, source: YamlSource): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], schema, source))
    return [{ path: pathText(path), message: faultText(path, issue, { schema, source }), position: source.positionOf(path) }]
  })
}

function unknownKey(path: SettingPath, schema: z.core.$ZodType, source: YamlSource): Problem {
  const parent = path.slice(0, -1)
  const around = schemaAt(schema, source.value, parent)
  const known = around === null ? [] : knownKeys(around, valueAt(source.value, parent))
  const guess = didYouMean(String(path.at(-1)), known)
  const hint = guess === null ? `known here: ${known.join(', ')}` : `did you mean \`${guess}\`?`
  return { path: pathText(path), message: `there is no such setting; ${hint}`, position: source.positionOfKey(path) }
}

function faultText(path: SettingPath, issue: z.core.$ZodIssue, { schema, source }: { schema: z.core.$ZodType; source: YamlSource }): string {
  // Checks of ours speak for themselves: they are about several settings, or about what a value means.
  if (issue.code === 'custom' && issue.params?.['asIs'] === true) return issue.message
  const value = valueAt(source.value, path)
  if (value === undefined) return `is missing; allowed: ${issue.message}`
  const found = schemaAt(schema, source.value, path)
  const secret = found !== null && unwrap(found).meta.secret === true
  if (typeof value === 'string' && IDENTITY.test(value)) return 'is an identity, which is secret: put the recipient (age1…) here, and keep the identity in a file of its own'
  return `${shown(value, secret)} is not allowed${quoteHint(path, found, source)}; allowed: ${issue.message}`
}

/** The value, so that one recognises it; never a secret. */
export function shown(value: unknown, secret: boolean): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'a map'
  const text = JSON.stringify(value) ?? String(value)
  if (secret || LEAK.test(text)) return '(hidden value)'
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text
}

/** YAML reads `0041` as a number and `null` as nothing: say how to write it as text. */
function quoteHint(path: SettingPath, schema: z.core.$ZodType | null, source: YamlSource): string {
  const written = source.writtenAt(path)
  if (schema === null || written === null || typeof valueAt(source.value, path) === 'string') return ''
  const { def, meta } = unwrap(schema)
  if (def.type !== 'string' && def.type !== 'union') return ''
  return ` here: to be read as text it needs quotes${meta.secret === true ? '' : `, '${written.slice(0, MAX_SHOWN)}'`}`
}
