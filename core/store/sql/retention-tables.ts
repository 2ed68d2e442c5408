/** Rules of retention, what they stamped, and what runs of them did, as rows of the catalogue. */
export interface RetentionTables {
  /** Every version that was in force, by the hash of its canonical text. */
  readonly retention_rules: { readonly version: string; readonly text: string; readonly first_used_at: number; readonly last_used_at: number }
  readonly retention_stamps: RetentionStampRow
  readonly retention_runs: RetentionRunRow
  readonly retention_items: RetentionItemRow
  /** One row: who runs, and until when he is believed to. */
  readonly retention_lease: { readonly name: string; readonly owner: string | null; readonly until_at: number }
}

/** Until when nobody may destroy a recording; only ever moved on. Under `rule` and `version` it was stamped last. */
export interface RetentionStampRow {
  readonly recording_id: number
  readonly kept_until: number
  readonly rule: string
  readonly version: string
}

export interface RetentionRunRow {
  readonly id: string
  readonly version: string
  /** `planning`: its items are being written; `running`: they are all there; `ended`. */
  readonly state: string
  readonly begun_by: string
  readonly begun_at: number
  /** The moment of which the plan speaks. */
  readonly planned_at: number
  /** Of all items in the order of their recordings; empty while it is planned. */
  readonly digest: string
  readonly planned_json: string
  readonly done_json: string | null
  readonly manifest: string | null
  readonly ended_at: number | null
}

/** What a run does with one recording; `outcome` null: not done yet. */
export interface RetentionItemRow {
  readonly run_id: string
  readonly recording_id: number
  readonly action: string
  readonly rule: string
  readonly outcome: string | null
  readonly done_at: number | null
}
