import { ATTACHED_SOURCES, isAttachedKey } from '../../core/domain/attached-data.ts'
import { type AttachedKey, builtInKeys, defaultKey, faultsOfHeaders, faultsOfSchema, isSipHeader, KEEPINGS, VALUE_TYPES, type ValueType, VISIBILITIES, withHeaderSource } from '../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS, type FactKeys, FACTS_BY_KEY } from '../../core/domain/rules/decision-input.ts'
import { NO_RULE } from '../../core/domain/rules/rule.ts'
import { didYouMean } from '../did-you-mean.ts'
import { isMap, type Loose, type Tell } from '../leaves.ts'
import type { SettingPath } from '../schema-walk.ts'

/**
 * What must hold between the parts of a policy file. It is asked also when parts are wrong by themselves, so that all faults are told
 * at once: it expects anything, or nothing, in every place.
 */
export function checkAcross(file: Loose, tell: Tell): void {
  const facts = looseFacts(file)
  const keys = looseKeys(file, facts, new Set(looseHeaders(file).values()))
  checkNames(file, tell)
  checkKeys(keys, facts, tell)
  checkHeaders(file, { keys, facts, tell })
  for (const { path, rule } of rulesOf(file)) {
    if (rule['atLeast'] !== undefined && rule['atLeast'] !== null && (rule['percent'] === undefined || rule['percent'] === 100)) {
      tell([...path, 'atLeast'], 'adds nothing to a rule that takes every call: give the rule a `percent`')
    }
    if (isMap(rule['when'])) checkWhen(rule['when'], [...path, 'when'], { keys, facts, tell, mayBeEmpty: path[0] === 'rules' })
  }
}

/** A key as far as it can be read; `unknown`: its type is none, which its own schema tells. */
interface LooseKey extends Omit<AttachedKey, 'type'> {
  readonly type: ValueType | 'unknown'
}

interface Around {
  readonly keys: ReadonlyMap<string, LooseKey>
  readonly facts: FactKeys
  readonly tell: Tell
  readonly mayBeEmpty: boolean
}

function checkNames(file: Loose, tell: Tell): void {
  const seen = new Set<unknown>([NO_RULE.name])
  for (const { path, rule } of rulesOf(file)) {
    const name = rule['name']
    if (typeof name === 'string' && seen.has(name)) tell([...path, 'name'], `"${name}" is taken already: each rule has a name of its own`)
    seen.add(name)
  }
}

function checkKeys(keys: ReadonlyMap<string, LooseKey>, facts: FactKeys, tell: Tell): void {
  for (const { key, message } of faultsOfSchema([...keys.values()].map(withType), facts)) tell(['attachedData', 'keys', key], message)
}

function checkHeaders(file: Loose, { keys, facts, tell }: Pick<Around, 'keys' | 'facts' | 'tell'>): void {
  for (const { header, message } of faultsOfHeaders(looseHeaders(file), [...keys.values()].map(withType), facts)) tell(['attachedData', 'sipHeaders', header], message)
}

function checkWhen(when: Loose, path: SettingPath, around: Around): void {
  const { tell, mayBeEmpty } = around
  if (!mayBeEmpty && Object.keys(when).length === 0) tell(path, 'is empty, and would mean every call: name at least one condition')
  if (isMap(when['attached'])) {
    for (const [key, test] of Object.entries(when['attached'])) checkTest(key, test, { ...around, path: [...path, 'attached', key] })
  }
  for (const list of ['all', 'any'] as const) {
    const inner = when[list]
    if (Array.isArray(inner)) inner.forEach((each: unknown, index) => isMap(each) && checkWhen(each, [...path, list, index], { ...around, mayBeEmpty: false }))
  }
  if (isMap(when['not'])) checkWhen(when['not'], [...path, 'not'], { ...around, mayBeEmpty: false })
}

/** A rule can look only at what is let in; a range compares only what is sure to be a number or a date. */
function checkTest(key: string, test: unknown, { keys, facts, tell, path }: Around & { readonly path: SettingPath }): void {
  const listed = keys.get(key)
  if (listed === undefined && !builtInKeys(facts).includes(key)) {
    const guess = didYouMean(key, [...keys.keys(), ...builtInKeys(facts)])
    return tell(path, `is not let in by \`attachedData.keys\`, so the rule would never match${guess === null ? ': add it there' : `; did you mean \`${guess}\`?`}`)
  }
  if (listed?.store === 'never') tell(path, 'is never stored, and no rule can look at it: `masked` keeps that there was a value')
  if (!isMap(test)) return
  const type = listed?.type ?? 'text'
  if (type === 'unknown') return
  for (const operator of ['atLeast', 'atMost', 'notBefore', 'before'] as const) {
    const wanted = operator === 'atLeast' || operator === 'atMost' ? 'number' : 'date'
    if (test[operator] !== undefined && type !== wanted) tell([...path, operator], `compares a ${wanted}, and \`${key}\` is of type ${type}: say \`type: ${wanted}\` in \`attachedData.keys\``)
  }
}

/** Every rule with its place, the `never` ones first. */
function rulesOf(file: Loose): readonly { readonly path: SettingPath; readonly rule: Loose }[] {
  return ['never', 'rules'].flatMap((list) => {
    const rules = file[list]
    return Array.isArray(rules) ? rules.flatMap((rule: unknown, index) => (isMap(rule) ? [{ path: [list, index], rule }] : [])) : []
  })
}

function looseFacts(file: Loose): FactKeys {
  const attachedData = file['attachedData']
  const given = isMap(attachedData) && isMap(attachedData['facts']) ? attachedData['facts'] : {}
  return Object.fromEntries(FACTS_BY_KEY.map((fact) => {
    const key = given[fact]
    return [fact, key === null || (typeof key === 'string' && isAttachedKey(key)) ? key : DEFAULT_FACT_KEYS[fact]]
  })) as Record<keyof FactKeys, string | null>
}

/** What can be read of the headers; of the rest their own schema tells. */
function looseHeaders(file: Loose): ReadonlyMap<string, string> {
  const attachedData = file['attachedData']
  const given = isMap(attachedData) && isMap(attachedData['sipHeaders']) ? attachedData['sipHeaders'] : {}
  return new Map(Object.entries(given).flatMap(([header, key]) => isSipHeader(header) && typeof key === 'string' && isAttachedKey(key) ? [[header, key] as const] : []))
}

function looseKeys(file: Loose, facts: FactKeys, filled: ReadonlySet<string>): ReadonlyMap<string, LooseKey> {
  const attachedData = file['attachedData']
  const keys = isMap(attachedData) && isMap(attachedData['keys']) ? attachedData['keys'] : {}
  const told = builtInKeys(facts).filter((key) => filled.has(key) && !Object.hasOwn(keys, key))
  return new Map([...Object.entries(keys), ...told.map((key) => [key, {}] as const)].map(([key, given]) => {
    const standard = defaultKey(key, facts)
    return [key, looseKey(filled.has(key) ? { ...standard, sources: withHeaderSource(standard.sources) } : standard, isMap(given) ? given : {})]
  }))
}

function looseKey(standard: AttachedKey, { type = 'text', visibility, store, sources }: Loose): LooseKey {
  return {
    ...standard,
    type: VALUE_TYPES.find((known) => known === type) ?? 'unknown',
    visibility: VISIBILITIES.find((known) => known === visibility) ?? 'open',
    store: KEEPINGS.find((known) => known === store) ?? 'always',
    sources: Array.isArray(sources) && sources.length > 0 ? ATTACHED_SOURCES.filter((source) => sources.includes(source)) : standard.sources,
  }
}

function withType(key: LooseKey): AttachedKey {
  return { ...key, type: key.type === 'unknown' ? 'text' : key.type }
}
