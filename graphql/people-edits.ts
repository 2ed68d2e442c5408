import { parseRoleName } from '../core/domain/actor.ts'
import { parseAgent } from '../core/domain/desk.ts'
import { parseUnitId } from '../core/domain/ids.ts'
import { parsePartition } from '../core/domain/partition.ts'
import type { PeopleEdit, RoleWish, UserWish } from '../core/domain/people-edit.ts'
import type { RoleChangeInput, UnitChangeInput, UserChangeInput } from './generated/resolvers.ts'

/** Since when a new unit stands that nobody gave a time. */
const ALWAYS = new Date(0)

/** What of a user an input asks for; null is left out as well, but where it means something. @throws HoldfastError `MALFORMED_ID`; `FILTER_INVALID` */
export function userEdit(must: 'be-new' | 'be-there', { name, newName, ...input }: UserChangeInput): PeopleEdit {
  const wish: UserWish = {
    ...(input.role == null ? {} : { role: parseRoleName(input.role) }),
    ...(input.agent === undefined ? {} : { agent: input.agent === null ? null : parseAgent(input.agent) }),
    ...(input.partitions == null ? {} : { partitions: input.partitions.map(parsePartition) }),
    ...(input.units == null ? {} : { units: input.units.map(parseUnitId) }),
    ...(input.disabled == null ? {} : { disabled: input.disabled }),
    ...(newName == null ? {} : { name: newName }),
  }
  return { type: 'user', name, must, wish }
}

/** @throws HoldfastError `MALFORMED_ID` */
export function roleEdit(must: 'be-new' | 'be-there', { name, permissions, reach, sees, hears, reasonRequired }: RoleChangeInput): PeopleEdit {
  const wish: RoleWish = {
    ...(permissions == null ? {} : { permissions }),
    ...(reach == null ? {} : { reach }),
    ...(sees == null ? {} : { sees }),
    ...(hears == null ? {} : { hears }),
    ...(reasonRequired == null ? {} : { reasonRequired }),
  }
  return { type: 'role', name: parseRoleName(name), must, wish }
}

/** @throws HoldfastError `MALFORMED_ID` */
export function unitEdit(must: 'be-new' | 'be-there', { unitId, name, parentId, fromAt }: UnitChangeInput): PeopleEdit {
  return {
    type: 'unit-placed', unitId: parseUnitId(unitId), must, fromAt: fromAt ?? (must === 'be-new' ? ALWAYS : new Date()),
    ...(name == null ? {} : { name }),
    ...(parentId === undefined ? {} : { parentId: parentId === null ? null : parseUnitId(parentId) }),
  }
}
