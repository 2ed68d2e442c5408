import type { HashedEntry } from '../../domain/audit/entry-hash.ts'
import type { ArchiveTables } from './archive-tables.ts'
import type { Generated } from 'kysely'
import type { AuditProofTables } from './audit-tables.ts'
import type { CoverageTables } from './coverage-tables.ts'
import type { ExportTables } from './export-tables.ts'
import type { HoldTables } from './hold-tables.ts'
import type { CaptureTables } from './journal-tables.ts'
import type { PeopleTables } from './people-tables.ts'
import type { RetentionTables } from './retention-tables.ts'
import type { SearchTables } from './search-tables.ts'
import type { ServiceLeaseTables } from './service-lease-tables.ts'
import type { SignInTables } from './sign-in-tables.ts'

/**
 * The catalogue, as rows. Times are milliseconds since 1970; `…_json` columns are for showing and are never searched.
 * A test keeps these types equal to the live schema of both databases.
 */
export interface CatalogueTables extends SearchTables, CoverageTables, HoldTables, ExportTables, PeopleTables, AuditProofTables, SignInTables, RetentionTables, ArchiveTables, ServiceLeaseTables {
  readonly schema_migrations: SchemaMigrationRow
  readonly interactions: InteractionRow
  readonly recordings: RecordingRow
  readonly segments: SegmentRow
  readonly spool_files: SpoolFileRow
  readonly pauses: PauseRow
  readonly demands: DemandRow
  readonly parties: PartyRow
  readonly transfers: TransferRow
  readonly attached_changes: AttachedChangeRow
  readonly findings: FindingRow
  readonly media: MediaRow
  readonly media_headers: MediaHeaderRow
  /** How far each journal was applied. A journal that was lost leaves its row behind. */
  readonly journal_positions: { readonly journal: string; readonly node: string; readonly sequence: number }
  readonly facts_set_aside: FactSetAsideRow
  readonly audit_chains: AuditChainRow
  readonly audit_entries: AuditEntryRow
  readonly audit_personal: AuditPersonalRow
  readonly jobs: JobRow
  readonly job_marks: JobMarkRow
  readonly tokens: TokenRow
  readonly token_desks: TokenDesksRow
  readonly seats: SeatRow
  readonly nodes: { readonly number: number; readonly name: string; readonly leased_at: number }
  readonly policies: { readonly version: string; readonly text: string; readonly first_used_at: number }
  readonly key_checks: KeyCheckRow
}

/** Every table that may stand in one file. */
export type Tables = CatalogueTables & CaptureTables

export interface SchemaMigrationRow {
  readonly schema_name: string
  readonly number: number
  readonly applied_at: number
}

export interface InteractionRow {
  readonly id: string
  /** The interaction that this one is part of now: itself, or what it was merged into at last. */
  readonly root_id: string
  readonly merged_into_id: string | null
  readonly started_at: number
  readonly ended_at: number | null
}

export interface RecordingRow {
  readonly id: number
  readonly interaction_id: string
  readonly pbx_id: string
  readonly site: string | null
  readonly call_id: string
  readonly channel_id: string
  readonly side: string
  readonly origin: string
  readonly state: string
  readonly reason: string | null
  readonly direction: string
  readonly caller_number: string | null
  readonly caller_name: string | null
  readonly callee_number: string | null
  readonly callee_name: string | null
  readonly agent: string | null
  readonly queue: string | null
  readonly clock_offset_ms: number | null
  readonly requested_at: number
  readonly started_at: number
  readonly answered_at: number | null
  readonly ended_at: number | null
  /** The stored sound's length, here once more because it is searched; `null` before there is any. */
  readonly duration_ms: number | null
  readonly rule: string
  readonly policy_version: string
  readonly retention_class: string | null
  readonly partitions_json: string
  readonly labels_json: string
  readonly rule_labels_json: string
  readonly decision_json: string
  readonly announcement_json: string | null
  readonly attached_json: string
}

export interface SegmentRow {
  readonly recording_id: number
  readonly segment_index: number
  readonly channel_id: string
  readonly received_name: string
  readonly transmitted_name: string
  readonly recorder_id: string | null
  readonly started_at: number
  readonly answered_at: number | null
  readonly ended_at: number | null
  readonly held_at: number | null
  readonly discarded_at: number | null
}

export interface SpoolFileRow {
  readonly name: Uint8Array
  readonly recording_id: number
}

export interface PauseRow {
  readonly recording_id: number
  readonly pause_index: number
  readonly asked_by: string
  readonly how: string
  readonly asked_at: number
  readonly effective_at: number | null
  readonly limit_ms: number | null
  readonly warned_at: number | null
  readonly resume_by: string | null
  readonly resume_asked_at: number | null
  readonly resumed_at: number | null
}

/** What somebody asked for by hand. */
export interface DemandRow {
  readonly recording_id: number
  readonly demand_index: number
  readonly action: string
  readonly asked_by: string
  readonly how: string
  readonly asked_at: number
  readonly failed_at: number | null
}

export interface PartyRow {
  readonly recording_id: number
  readonly party_index: number
  readonly channel_id: string
  readonly side: string
  readonly number: string | null
  readonly name: string | null
  readonly endpoint: string | null
  readonly agent: string | null
  readonly from_at: number
  readonly to_at: number | null
}

export interface TransferRow {
  readonly recording_id: number
  readonly transfer_index: number
  readonly kind: string
  readonly transferred_at: number
  readonly by_channel_id: string | null
  readonly by_number: string | null
  readonly by_name: string | null
  readonly by_endpoint: string | null
  readonly to_channel_id: string | null
  readonly to_number: string | null
  readonly to_name: string | null
  readonly to_endpoint: string | null
}

export interface AttachedChangeRow {
  readonly recording_id: number
  readonly change_index: number
  readonly key_name: string
  readonly value: string
  readonly source: string
  readonly changed_at: number
}

export interface FindingRow {
  readonly recording_id: number
  readonly finding_index: number
  readonly code: string
  readonly segment_index: number | null
  readonly details_json: string
  readonly found_at: number
}

export interface MediaRow {
  readonly recording_id: number
  readonly format: string
  readonly channels: number
  readonly sample_rate_hz: number
  readonly began_at: number
  readonly duration_ms: number
  readonly size_bytes: number
  readonly sha256: string
  readonly payload_name: string
  readonly payload_size_bytes: number
  readonly payload_sha256: string
  readonly header_version: number
  readonly peaks_json: string
  readonly peak_stretch_ms: number
  readonly stored_at: number
}

/** The small half of a sealed object. Rotation adds a version; deleting every version destroys the recording. */
export interface MediaHeaderRow {
  readonly recording_id: number
  readonly version: number
  readonly header: Uint8Array
  readonly recipients_json: string
  readonly written_at: number
}

/** A fact that could not be applied: its JSON as UTF-8, and what went wrong. */
export interface FactSetAsideRow {
  readonly journal: string
  readonly sequence: number
  readonly node: string
  readonly fact: Uint8Array
  readonly error: string
  readonly set_aside_at: number
}

/** The last entry of a chain: what makes a missing end visible, and what an appender locks. */
export interface AuditChainRow {
  readonly chain: string
  readonly sequence: number
  readonly hash: string
}

export interface AuditEntryRow extends HashedEntry {
  /** Place over all chains of this database. */
  readonly position: Generated<number>
  readonly hash: string
}

/** The erasable part of an entry. */
export interface AuditPersonalRow {
  readonly chain: string
  readonly sequence: number
  readonly salt: string
  readonly personal_json: string
}

export interface JobRow {
  readonly id: Generated<number>
  readonly kind: string
  readonly recording_id: number
  /** When it was first to be run: how old the work is. */
  readonly due_at: number
  /** When somebody may (again) take it: moved on by a lease and by a retry. */
  readonly available_at: number
  readonly leased_by: string | null
  /** Counts leases: with the owner's name it tells this lease from every other. */
  readonly attempts: number
  readonly last_error: string | null
}

export interface JobMarkRow {
  readonly job_id: number
  readonly mark_index: number
  readonly step: string
  readonly data_json: string
}

export interface TokenRow {
  readonly id: string
  readonly label: string
  readonly role: string
  /** Null: all of the role. */
  readonly permissions_json: string | null
  readonly partitions_json: string
  readonly secret_sha256: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

/** Whose calls an agent's token controls. */
export interface TokenDesksRow {
  readonly token_id: string
  readonly agent: string | null
  readonly desks_json: string
  readonly sees: string
}

/** Who sat where, from when to when. */
export interface SeatRow {
  readonly id: string
  readonly agent: string
  readonly agent_key: Uint8Array
  readonly pbx_id: string
  readonly endpoint: string
  readonly source: string
  readonly from_at: number
  readonly to_at: number | null
  readonly begun_by: string
  readonly ended_by: string | null
}

/** What came of trying an identity. */
export interface KeyCheckRow {
  readonly id: Generated<number>
  readonly recipient: string
  readonly checked_at: number
  readonly checked_by: string
  readonly sampled: number
  readonly opened: number
  readonly foreign_count: number
  readonly failed: number
}
