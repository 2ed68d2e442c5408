import type { RoleDefinition, RoleName } from './actor.ts'
import { HoldfastError } from './errors.ts'
import type { UnitId, UserId } from './ids.ts'
import type { Organisation } from './organisation.ts'

export const MAX_USER_NAME_LENGTH = 100
/** Each is a question of its own to the index; more are better said with a unit above them. A guess. */
export const MAX_LED_UNITS = 32

/** Somebody who signs in. */
export interface User {
  readonly id: UserId
  /** What she signs in with; two names that differ in case alone are one. */
  readonly name: string
  readonly role: RoleName
  /** Her name as attached data, queues and telephones tell it; `null`: she has no calls of her own. */
  readonly agent: string | null
  /** Partitions that she reaches, with their subtrees. */
  readonly partitions: readonly string[]
  /** Units that she leads. */
  readonly units: readonly UnitId[]
  readonly createdAt: Date
  /** Since when she may not sign in; `null`: she may. */
  readonly disabledAt: Date | null
}

/** Everybody, and what they may: as it stands now. */
export interface People {
  readonly users: readonly User[]
  /** Those that the organisation made; the default ones are built in. */
  readonly roles: readonly RoleDefinition[]
  readonly organisation: Organisation
}

/** @throws HoldfastError `PEOPLE_INVALID` unless 1 to 100 printable characters */
export function parseUserName(text: string): string {
  const name = text.normalize('NFC').trim()
  if (name === '' || name.length > MAX_USER_NAME_LENGTH || /\p{Cc}/u.test(name) || !name.isWellFormed()) {
    throw new HoldfastError('PEOPLE_INVALID', `a user's name has 1 to ${MAX_USER_NAME_LENGTH} printable characters`, { length: text.length })
  }
  return name
}

/** What two users never share: the name without case, and in one form of its letters. */
export function userNameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFC')
}
