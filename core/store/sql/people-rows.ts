import type { Hearing, Permission, RoleDefinition, RoleReach } from '../../domain/actor.ts'
import { parseRoleName } from '../../domain/actor.ts'
import { parseUnitId, parseUserId, type UnitId } from '../../domain/ids.ts'
import type { Membership, UnitPlace } from '../../domain/organisation.ts'
import { type User, userNameKey } from '../../domain/person.ts'
import type { Visibility } from '../../domain/rules/attached-schema.ts'
import type { RoleRow, UnitMemberRow, UnitRow, UserRow } from './people-tables.ts'
import { searchKey } from './search-key.ts'

export function userRow(user: User): UserRow {
  return {
    id: user.id,
    name_key: searchKey(userNameKey(user.name)),
    name: user.name,
    role: user.role,
    agent: user.agent,
    partitions_json: JSON.stringify(user.partitions),
    units_json: JSON.stringify(user.units),
    created_at: user.createdAt.getTime(),
    disabled_at: user.disabledAt?.getTime() ?? null,
  }
}

export function userOf(row: UserRow): User {
  return {
    id: parseUserId(row.id),
    name: row.name,
    role: parseRoleName(row.role),
    agent: row.agent,
    partitions: JSON.parse(row.partitions_json) as string[],
    units: (JSON.parse(row.units_json) as string[]).map(parseUnitId),
    createdAt: new Date(row.created_at),
    disabledAt: row.disabled_at === null ? null : new Date(row.disabled_at),
  }
}

export function roleRow({ name, permissions, reach, sees, hears, reasonRequired }: RoleDefinition): RoleRow {
  return { name, permissions_json: JSON.stringify(permissions), reach, sees_json: JSON.stringify(sees), hears, reason_required: reasonRequired ? 1 : 0 }
}

export function roleOf(row: RoleRow): RoleDefinition {
  return {
    name: parseRoleName(row.name),
    permissions: JSON.parse(row.permissions_json) as Permission[],
    reach: row.reach as RoleReach,
    sees: JSON.parse(row.sees_json) as Visibility[],
    hears: row.hears as Hearing,
    reasonRequired: row.reason_required === 1,
  }
}

export function unitRow({ unitId, name, parentId, fromAt, toAt }: UnitPlace): UnitRow {
  return { id: unitId, parent_id: parentId, name, from_at: fromAt.getTime(), to_at: toAt?.getTime() ?? null }
}

export function placeOf(row: UnitRow): UnitPlace {
  return { unitId: parseUnitId(row.id), name: row.name, parentId: row.parent_id === null ? null : parseUnitId(row.parent_id), fromAt: new Date(row.from_at), toAt: row.to_at === null ? null : new Date(row.to_at) }
}

export function memberRow({ unitId, agent, fromAt, toAt }: Membership): UnitMemberRow {
  return { unit_id: unitId, agent: searchKey(agent), from_at: fromAt.getTime(), to_at: toAt?.getTime() ?? null }
}

/** A member's name is never longer than what a key keeps whole: `MAX_MEMBER_BYTES`. */
export function memberOf(row: UnitMemberRow): Membership {
  return { unitId: parseUnitId(row.unit_id), agent: Buffer.from(row.agent).toString('utf8'), fromAt: new Date(row.from_at), toAt: row.to_at === null ? null : new Date(row.to_at) }
}

export function keysOf(units: readonly UnitId[]): readonly Uint8Array[] {
  return units.map((unit) => searchKey(unit))
}
