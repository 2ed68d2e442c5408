export interface ArchiveTables {
  readonly archived: ArchivedRow
}

/** An archived recording. The line of the manifest may tell of people: it goes with the recording. */
export interface ArchivedRow {
  readonly recording_id: number
  readonly run_id: string
  readonly store: string
  readonly archived_at: number
  readonly entry_json: string
  /** The payload that it had before, until that is removed. */
  readonly left_payload: string | null
  readonly left_header_version: number | null
}
