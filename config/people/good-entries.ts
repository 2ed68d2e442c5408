import type { z } from 'zod'
import { userNameKey } from '../../core/domain/person.ts'
import { isMap } from '../leaves.ts'
import { deepIssues } from '../policy/union-issues.ts'
import { type PeopleFile, peopleFileSchema } from './people-file-schema.ts'

const SECTIONS = ['roles', 'units', 'users'] as const
type Section = (typeof SECTIONS)[number]

/** A file of people, split into what is wrong with single entries and the entries with which nothing is. */
export interface FileEntries {
  readonly issues: readonly z.core.$ZodIssue[]
  readonly good: PeopleFile
  /** Names of users, as they stand in the file, that stand before with the same letters. */
  readonly twice: readonly string[]
  /** Whether the entry is there, or its section, and something is wrong with it. */
  readonly isBad: (section: Section, name: string) => boolean
}

export function entriesOf(value: unknown): FileEntries {
  const twice = namedTwice(value)
  const parsed = peopleFileSchema.safeParse(value)
  if (parsed.success && twice.length === 0) return { issues: [], good: parsed.data, twice, isBad: () => false }
  const issues = deepIssues(parsed.error?.issues ?? [])
  const bad = new Set([...twice.map((name) => keyOf('users', name)), ...issues.map(({ path: [section, name] }) => keyOf(String(section), name))])
  const isBad = (section: string, name: string): boolean => bad.has(keyOf(section, undefined)) || bad.has(keyOf(section, name))
  const rest = peopleFileSchema.safeParse(Object.fromEntries(SECTIONS.map((section) => [section, goodOf(value, section, isBad)])))
  return { issues, good: rest.success ? rest.data : { roles: {}, units: {}, users: {} }, twice, isBad }
}

function goodOf(value: unknown, section: Section, isBad: (section: Section, name: string) => boolean): Readonly<Record<string, unknown>> {
  const entries = isMap(value) ? value[section] : undefined
  return isMap(entries) ? Object.fromEntries(Object.entries(entries).filter(([name]) => !isBad(section, name))) : {}
}

/** Case does not count, nor do spaces around it: the same person would be said twice, and the last word would win. */
function namedTwice(value: unknown): readonly string[] {
  const users = isMap(value) && isMap(value['users']) ? Object.keys(value['users']) : []
  const seen = new Set<string>()
  return users.filter((name) => {
    const key = userNameKey(name.trim())
    if (seen.has(key)) return true
    seen.add(key)
    return false
  })
}

function keyOf(section: string, name: PropertyKey | undefined): string {
  return name === undefined ? section : `${section} ${String(name)}`
}
