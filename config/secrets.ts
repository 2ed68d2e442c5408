import { readFileSync } from 'node:fs'
import { isMap, type Tell } from './leaves.ts'
import { type SettingPath, valueAt } from './schema-walk.ts'

/** Variables by name; the process's own, or a test's. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A secret that stands in the environment instead of the file. */
export interface SecretVariable {
  readonly variable: string
  readonly path: SettingPath
}

/** The form of the variables, for the documents. */
export const SECRET_VARIABLES = ['HOLDFAST_PBX_<ID>_AMI_SECRET', 'HOLDFAST_PBX_<ID>_ARI_PASSWORD', 'HOLDFAST_PBX_<ID>_ESL_PASSWORD', 'HOLDFAST_NODES_SECRET', 'HOLDFAST_CATALOGUE_PASSWORD', 'HOLDFAST_OBJECTS_SECRET_KEY', 'HOLDFAST_STORE_<NAME>_SECRET_KEY'] as const
const RESERVED = /^HOLDFAST_(PBX|NODES|CATALOGUE|OBJECTS|STORE)_/

/** The variables that can override a secret of this file. Ids are upper-cased, `-` becomes `_`. */
export function secretVariables(value: unknown): readonly SecretVariable[] {
  const pbxs = isMap(value) && Array.isArray(value['pbxs']) ? (value['pbxs'] as readonly unknown[]) : []
  const named = pbxs.flatMap((pbx, index): SecretVariable[] => (isMap(pbx) && typeof pbx['id'] === 'string' ? [
    { variable: `${prefixOf(pbx['id'])}_AMI_SECRET`, path: ['pbxs', index, 'ami', 'secret'] },
    { variable: `${prefixOf(pbx['id'])}_ARI_PASSWORD`, path: ['pbxs', index, 'ari', 'password'] },
    { variable: `${prefixOf(pbx['id'])}_ESL_PASSWORD`, path: ['pbxs', index, 'esl', 'password'] },
  ] : []))
  const rest: readonly SecretVariable[] = [{ variable: 'HOLDFAST_NODES_SECRET', path: ['nodes', 'secret'] }, ...secretOfCatalogue(value), ...secretsOfStores(value)]
  return [...named, ...rest].filter(({ path }) => isMap(valueAt(value, path.slice(0, -1))))
}

/** A file has no password. */
function secretOfCatalogue(value: unknown): readonly SecretVariable[] {
  return valueAt(value, ['catalogue', 'type']) === 'mysql' ? [{ variable: 'HOLDFAST_CATALOGUE_PASSWORD', path: ['catalogue', 'password'] }] : []
}

/** A folder has no secret. */
function secretsOfStores(value: unknown): readonly SecretVariable[] {
  const { objects, stores } = isMap(value) ? value : {}
  const own: readonly SecretVariable[] = isMap(objects) && objects['type'] === 's3' ? [{ variable: 'HOLDFAST_OBJECTS_SECRET_KEY', path: ['objects', 'secretKey'] }] : []
  const named = (Array.isArray(stores) ? stores as readonly unknown[] : []).flatMap((store, index): SecretVariable[] => isMap(store) && store['type'] === 's3' && typeof store['name'] === 'string'
    ? [{ variable: `HOLDFAST_STORE_${inCapitals(store['name'])}_SECRET_KEY`, path: ['stores', index, 'secretKey'] }] : [])
  return [...own, ...named]
}

function inCapitals(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}

function prefixOf(pbxId: string): string {
  return `HOLDFAST_PBX_${inCapitals(pbxId)}`
}

/** The file's value with the environment's secrets put in; each goes before the value and the file that the settings name. */
export function withSecretsOf(environment: Environment, value: unknown): unknown {
  return secretVariables(value).reduce((changed, { variable, path }) => {
    const secret = environment[variable]
    return secret === undefined ? changed : replaced(changed, path, secret)
  }, value)
}

/** Variables that look like overrides of secrets and are none: a mistyped one would leave the old secret in force. */
export function strayVariables(environment: Environment, value: unknown): readonly string[] {
  const known = new Set(secretVariables(value).map(({ variable }) => variable))
  return Object.keys(environment).filter((name) => RESERVED.test(name) && !known.has(name)).sort()
}

/** A secret is given once: as `name` (or by the environment, which is put there before), or as `nameFile`. */
export function oneSecret(section: Readonly<Record<string, unknown>>, name: string, tell: Tell): void {
  const byValue = section[name] !== undefined
  const byFile = section[`${name}File`] !== undefined
  if (byValue && byFile) tell([`${name}File`], `\`${name}\` and \`${name}File\` are both given: keep one`)
  if (!byValue && !byFile) tell([name], `is missing: give \`${name}File\`, \`${name}\` or the environment variable (docs/settings.md)`)
}

/** The secret itself: as given, else what the file holds. One line end after it is not part of it. @throws whatever reading the file throws */
export function secretOf(value: string | undefined, file: string | undefined): string {
  return value ?? (file === undefined ? '' : readFileSync(file, 'utf8').replace(/\r?\n$/, ''))
}

function replaced(value: unknown, path: SettingPath, secret: string): unknown {
  const [key, ...rest] = path
  if (key === undefined) return secret
  if (Array.isArray(value)) return value.map((item: unknown, index) => index === key ? replaced(item, rest, secret) : item)
  if (!isMap(value)) return value
  const others = rest.length === 0 ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== `${key}File`)) : value
  return { ...others, [key]: replaced(value[key], rest, secret) }
}
