/** Who may do what, and the organisation. */
export interface PeopleTables {
  readonly roles: RoleRow
  readonly users: UserRow
  readonly units: UnitRow
  readonly unit_members: UnitMemberRow
  readonly organisation_state: OrganisationStateRow
}

export interface RoleRow {
  readonly name: string
  readonly permissions_json: string
  readonly reach: string
  readonly sees_json: string
  readonly hears: string
  readonly reason_required: number
}

export interface UserRow {
  readonly id: string
  /** The name without case: see `userNameKey`. */
  readonly name_key: Uint8Array
  readonly name: string
  readonly role: string
  readonly agent: string | null
  readonly partitions_json: string
  readonly units_json: string
  readonly created_at: number
  readonly disabled_at: number | null
}

/** A business unit, as it was from when to when. */
export interface UnitRow {
  readonly id: string
  readonly parent_id: string | null
  readonly name: string
  readonly from_at: number
  readonly to_at: number | null
}

/** Whose agent somebody was, from when to when. */
export interface UnitMemberRow {
  readonly unit_id: string
  readonly agent: Uint8Array
  readonly from_at: number
  readonly to_at: number | null
}

/** One row: held by whoever changes people or units, and shared by whoever stamps recordings by them. */
export interface OrganisationStateRow {
  readonly id: number
  readonly version: number
  /** Recordings that began then or later are looked at again; `null`: none. */
  readonly restamp_from: number | null
  readonly restamp_asked_at: number | null
  /** The smallest id that was not looked at yet. */
  readonly restamp_next_id: number
  readonly restamp_looked: number
  readonly restamp_changed: number
}
