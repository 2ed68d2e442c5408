import { readFileSync, statSync } from 'node:fs'
import { parseRoleName } from '../../core/domain/actor.ts'
import { parseUnitId, type UnitId } from '../../core/domain/ids.ts'
import { userNameKey } from '../../core/domain/person.ts'
import type { RoleOrUnit } from '../../core/domain/people-difference.ts'
import type { PeopleEdit } from '../../core/domain/people-edit.ts'
import { isMap } from '../leaves.ts'
import { whyUnreadable } from '../named-files.ts'
import { MAX_NESTING, plainFaults } from '../policy/plain-faults.ts'
import { pathText, type Problem, problemsInOrder, problemsOfIssues } from '../problem.ts'
import { type SettingPath, valueAt } from '../schema-walk.ts'
import { type Position, readYaml, type YamlSource } from '../yaml-source.ts'
import { entriesOf } from './good-entries.ts'
import { type PeopleFile, peopleFileSchema, type UnitOfFile } from './people-file-schema.ts'
import { utf8Faults } from './utf8-faults.ts'

/** Tens of thousands of people. Beyond this it is something else. */
const MAX_FILE_BYTES = 16 * 1024 * 1024
/** From here on means: always. */
const ALWAYS = new Date(0)
const FIRST: Position = { line: 1, column: 1 }

/** What somebody wants, and where in the file she says it. */
export interface PlacedEdit {
  readonly edit: PeopleEdit
  readonly path: SettingPath
}

export interface PeopleReading {
  /** Every fault that the file shows by itself. */
  readonly problems: readonly Problem[]
  /** What those entries want that have none, so that what is wrong among them can be told in the same round. */
  readonly edits: readonly PlacedEdit[]
  /** Whether the file has such a role or unit, and a problem in it. */
  readonly isTold: (thing: RoleOrUnit) => boolean
  /** At this place, or the nearest one around it that the file has. */
  readonly problemAt: (path: SettingPath, message: string) => Problem
}

/** Reads a file of users, roles and units. Never throws: every fault is told with its place. */
export function readPeopleFile(file: string): PeopleReading {
  const reason = whyUnreadable(file)
  if (reason !== null) return ofFile(`cannot be read: ${reason}`)
  if (statSync(file).size > MAX_FILE_BYTES) return ofFile(`is larger than ${MAX_FILE_BYTES} bytes: not a file of people`)
  const bytes = readFileSync(file)
  const faults = utf8Faults(bytes)
  const reading = readPeople(bytes.toString('utf8'))
  return faults.length === 0 ? reading : { ...reading, problems: problemsInOrder([...faults, ...reading.problems]) }
}

export function readPeople(text: string): PeopleReading {
  const source = readYaml(text)
  const notation = source.faults.map(({ message, position }): Problem => ({ path: '', message, position }))
  if (source.value === null && notation.length > 0) return nothingOf(notation)
  const value = source.value ?? {}
  const problemAt = (path: SettingPath, message: string): Problem => problem(source, whatIsThere(value, path), message)
  const early = plainFaults(value)
  const named = early.map(({ path, message }) => problem(source, path, message))
  if (early.some(isDeep)) return nothingOf([...notation, ...named])
  if (isMap(value) && Object.keys(value).length === 0) return ofFile('names nobody: was it cut off?')
  const { issues, twice, good, isBad } = entriesOf(value)
  const problems = [
    ...notation, ...named, ...problemsOfIssues(issues, peopleFileSchema, { ...source, value }),
    ...twice.map((name) => problemAt(['users', name], 'the same user stands here twice: case does not count')),
  ]
  const isTold = (thing: RoleOrUnit): boolean => thing.type === 'role' ? isBad('roles', thing.role) : isBad('units', thing.unitId)
  return { problems: problemsInOrder(problems), edits: editsOf(good, nameInFile(value)), isTold, problemAt }
}

/** Roles first, then the tree, then who is in it, then who leads: nothing is named before it is there. */
function editsOf({ roles, units, users }: PeopleFile, nameOf: (name: string) => string): readonly PlacedEdit[] {
  return [
    ...Object.entries(roles).map(([name, wish]): PlacedEdit => ({ path: ['roles', name], edit: { type: 'role', name: parseRoleName(name), must: 'be', wish } })),
    ...Object.entries(units).map(([name, unit]): PlacedEdit => ({ path: ['units', name], edit: placesOf(parseUnitId(name), unit) })),
    ...Object.entries(units).flatMap(([name, unit]) => unit.members === undefined ? [] : [{ path: ['units', name, 'members'], edit: membersOf(parseUnitId(name), unit.members) }]),
    ...Object.entries(users).map(([name, { disabled, ...wish }]): PlacedEdit => ({ path: ['users', nameOf(name)], edit: { type: 'user', name, must: 'be', wish: disabled === undefined ? wish : { ...wish, disabled } } })),
  ]
}

/** A user's name is put into one form; the file may have it in another. */
function nameInFile(value: unknown): (name: string) => string {
  const users = isMap(value) && isMap(value['users']) ? Object.keys(value['users']) : []
  const written = new Map(users.toReversed().map((name) => [userNameKey(name.trim()), name]))
  return (name) => written.get(userNameKey(name)) ?? name
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

function isDeep({ path }: { readonly path: SettingPath }): boolean {
  return path.length > MAX_NESTING
}

/** As much of the path as the file has. */
function whatIsThere(value: unknown, path: SettingPath): SettingPath {
  const missing = path.findIndex((_, index) => valueAt(value, path.slice(0, index + 1)) === undefined)
  return missing === -1 ? path : path.slice(0, missing)
}

function nothingOf(problems: readonly Problem[]): PeopleReading {
  return { problems: problemsInOrder(problems), edits: [], isTold: () => false, problemAt: (_, message) => ({ path: '', message, position: FIRST }) }
}

function problem(source: YamlSource, path: SettingPath, message: string): Problem {
  return { path: pathText(path), message, position: source.positionOfKey(path) }
}

function ofFile(message: string): PeopleReading {
  return nothingOf([{ path: '', message, position: FIRST }])
}
