import { readFileSync, statSync } from 'node:fs'
import { parseRoleName } from '../../core/domain/actor.ts'
import { parseUnitId, type UnitId } from '../../core/domain/ids.ts'
import { userNameKey } from '../../core/domain/person.ts'
import type { PeopleEdit } from '../../core/domain/people-edit.ts'
import { isMap } from '../leaves.ts'
import { whyUnreadable } from '../named-files.ts'
import { plainFaults } from '../policy/plain-faults.ts'
import { deepIssues } from '../policy/union-issues.ts'
import { pathText, type Problem, problemsOfIssues } from '../problem.ts'
import type { SettingPath } from '../schema-walk.ts'
import { readYaml, type YamlSource } from '../yaml-source.ts'
import { type PeopleFile, peopleFileSchema, type UnitOfFile } from './people-file-schema.ts'

/** Tens of thousands of people. Beyond this it is something else. */
const MAX_FILE_BYTES = 16 * 1024 * 1024
/** From here on means: always. */
const ALWAYS = new Date(0)

/** What somebody wants, and where in the file she says it. */
export interface PlacedEdit {
  readonly edit: PeopleEdit
  readonly path: SettingPath
}

export type PeopleReading =
  | { readonly outcome: 'valid'; readonly edits: readonly PlacedEdit[]; problemAt(path: SettingPath, message: string): Problem }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] }

/** Reads a file of users, roles and units. Never throws: every fault is told with its place. */
export function readPeopleFile(file: string): PeopleReading {
  const reason = whyUnreadable(file)
  if (reason !== null) return ofFile(`cannot be read: ${reason}`)
  if (statSync(file).size > MAX_FILE_BYTES) return ofFile(`is larger than ${MAX_FILE_BYTES} bytes: not a file of people`)
  return readPeople(readFileSync(file, 'utf8'))
}

export function readPeople(text: string): PeopleReading {
  const source = readYaml(text)
  if (source.faults.length > 0) return { outcome: 'invalid', problems: source.faults.map(({ message, position }) => ({ path: '', message, position })) }
  const value = source.value ?? {}
  const early = plainFaults(value)
  if (early.length > 0) return { outcome: 'invalid', problems: early.map(({ path, message }) => problem(source, path, message)) }
  const parsed = peopleFileSchema.safeParse(value)
  if (!parsed.success) return { outcome: 'invalid', problems: problemsOfIssues(deepIssues(parsed.error.issues), peopleFileSchema, { ...source, value }) }
  if (isMap(value) && Object.keys(value).length === 0) return ofFile('names nobody: was it cut off?')
  const problemAt = (path: SettingPath, message: string): Problem => problem(source, path, message)
  const twice = namedTwice(parsed.data).map((name) => problemAt(['users', name], 'the same user stands here twice: case does not count'))
  return twice.length > 0 ? { outcome: 'invalid', problems: twice } : { outcome: 'valid', edits: editsOf(parsed.data), problemAt }
}

/** Roles first, then the tree, then who is in it, then who leads: nothing is named before it is there. */
function editsOf({ roles, units, users }: PeopleFile): readonly PlacedEdit[] {
  return [
    ...Object.entries(roles).map(([name, wish]): PlacedEdit => ({ path: ['roles', name], edit: { type: 'role', name: parseRoleName(name), must: 'be', wish } })),
    ...Object.entries(units).map(([name, unit]): PlacedEdit => ({ path: ['units', name], edit: placesOf(parseUnitId(name), unit) })),
    ...Object.entries(units).flatMap(([name, unit]) => unit.members === undefined ? [] : [{ path: ['units', name, 'members'], edit: membersOf(parseUnitId(name), unit.members) }]),
    ...Object.entries(users).map(([name, { disabled, ...wish }]): PlacedEdit => ({ path: ['users', name], edit: { type: 'user', name, must: 'be', wish: disabled === undefined ? wish : { ...wish, disabled } } })),
  ]
}

function placesOf(unitId: UnitId, { name = unitId, below = null, from, until, places }: UnitOfFile): PeopleEdit {
  const all = places ?? [{ below, from, until }]
  return { type: 'unit', unitId, places: all.map((place) => ({ unitId, name: ('name' in place ? place.name : undefined) ?? name, parentId: place.below, fromAt: place.from ?? ALWAYS, toAt: place.until ?? null })) }
}

function membersOf(unitId: UnitId, members: NonNullable<UnitOfFile['members']>): PeopleEdit {
  return {
    type: 'members', unitId,
    members: members.map((member) => typeof member === 'string' ? { unitId, agent: member, fromAt: ALWAYS, toAt: null } : { unitId, agent: member.agent, fromAt: member.from ?? ALWAYS, toAt: member.until ?? null }),
  }
}

function namedTwice({ users }: PeopleFile): readonly string[] {
  const seen = new Set<string>()
  return Object.keys(users).filter((name) => {
    const key = userNameKey(name)
    if (seen.has(key)) return true
    seen.add(key)
    return false
  })
}

function problem(source: YamlSource, path: SettingPath, message: string): Problem {
  return { path: pathText(path), message, position: source.positionOfKey(path) }
}

function ofFile(message: string): PeopleReading {
  return { outcome: 'invalid', problems: [{ path: '', message, position: { line: 1, column: 1 } }] }
}
