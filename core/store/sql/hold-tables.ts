/** Legal holds and destructions, as rows of the catalogue. */
export interface HoldTables {
  readonly holds: HoldRow
  readonly hold_recordings: HoldRecordingRow
  readonly hold_searches: HoldSearchRow
  /** One row, which whoever places a hold and whoever destroys hold while they decide: the one sees what the other has done. */
  readonly hold_gate: { readonly name: string }
  readonly destructions: DestructionRow
}

/** Actors are JSON. */
export interface HoldRow {
  readonly id: string
  readonly case_name: string
  readonly reason: string
  readonly placed_by: string
  readonly placed_at: number
  readonly scope_json: string | null
  readonly released_by: string | null
  readonly released_at: number | null
  readonly release_reason: string | null
}

export interface HoldRecordingRow {
  readonly hold_id: string
  readonly recording_id: number
  readonly held_at: number
  readonly held_by: string | null
  readonly reason: string | null
}

export interface HoldSearchRow {
  readonly hold_id: string
  readonly search_index: number
  readonly filter_json: string
  readonly scope_json: string
  readonly added_by: string
  readonly reason: string
  readonly added_at: number
}

/** Stays for good: what is left of a recording besides its tombstone. */
export interface DestructionRow {
  readonly recording_id: number
  readonly cause: string
  readonly rule: string | null
  readonly reason: string
  readonly ordered_by: string
  readonly condemned_at: number
  readonly plan_json: string
  readonly step: string
  readonly ended_at: number | null
  readonly receipt: string | null
}
