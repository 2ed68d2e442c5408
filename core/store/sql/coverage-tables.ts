/** The coverage ledger, as rows of the catalogue. */
export interface CoverageTables {
  readonly coverage_expectations: ExpectationRow
  readonly coverage_gaps: CoverageGapRow
  readonly coverage_windows: CoverageWindowRow
  readonly segment_sounds: SegmentSoundRow
}

/** What names an expectation, in each table of the ledger. */
export interface ExpectationKeyRow {
  readonly pbx_id: string
  readonly channel_id: string
  readonly side: string
  readonly from_at: number
}

export interface ExpectationRow extends ExpectationKeyRow {
  readonly call_id: string
  readonly interaction_id: string
  readonly rule: string
  readonly policy_version: string
  readonly evidence: string
  readonly answered_at: number | null
  /** `null` while its leg lives. */
  readonly to_at: number | null
  readonly end_reason: string | null
  /** `null` until it is compared with the sealed sound, and again when more of it was sealed afterwards. */
  readonly settled_at: number | null
  /** When it was told that it waits too long. */
  readonly overdue_at: number | null
  readonly wanted_ms: number | null
  readonly covered_ms: number | null
  readonly missing_ms: number | null
}

export interface CoverageGapRow extends ExpectationKeyRow {
  readonly gap_index: number
  readonly began_at: number
  readonly ended_at: number
  readonly why: string
}

export interface CoverageWindowRow {
  readonly pbx_id: string
  readonly from_at: number
  readonly to_at: number | null
  readonly because: string
  readonly calls_found: number
}

/** Which time of the call a sealed object holds. */
export interface SegmentSoundRow {
  readonly recording_id: number
  readonly segment_index: number
  readonly began_at: number
  readonly duration_ms: number
  readonly lanes: string
}

/** The same for a capture node's journal: what is open now. */
export interface CoverageJournalTables {
  readonly journal_expectations: ExpectationKeyRow & { readonly fact_json: string }
  readonly journal_observations: { readonly pbx_id: string; readonly observed_until: number; readonly lost_at: number | null }
}
