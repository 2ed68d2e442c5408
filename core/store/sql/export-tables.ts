/** Packages that were asked for, as rows of the catalogue. */
export interface ExportTables {
  readonly exports: ExportRow
  readonly export_members: ExportMemberRow
  readonly export_parts: ExportPartRow
}

export interface ExportRow {
  readonly id: string
  readonly actor_type: string
  readonly actor_id: string
  readonly actor_label: string
  readonly address: string
  readonly reason: string
  readonly audio: string
  readonly recipient: string | null
  readonly requested_at: number
  readonly state: string
  readonly failure: string | null
  readonly attempts: number
  readonly recordings: number
  readonly manifest_sha256: string | null
  readonly ready_at: number | null
  readonly expires_at: number | null
  readonly leased_by: string | null
  readonly leased_until: number | null
}

export interface ExportMemberRow {
  readonly export_id: string
  readonly member_index: number
  readonly recording_id: number
}

export interface ExportPartRow {
  readonly export_id: string
  readonly part_index: number
  readonly blob_name: string
  /** An age header: without it the part is lost. */
  readonly header: Uint8Array
  readonly size_bytes: number
  /** `null`: the end of the package. */
  readonly packed_json: string | null
}
