import type { Generated } from 'kysely'
import type { CoverageJournalTables } from './coverage-tables.ts'

/** A capture node's own memory; always SQLite, in the catalogue's file or in one of its own. */
export interface CaptureTables extends CoverageJournalTables {
  /** One row: which journal this is. */
  readonly journal_identity: { readonly id: string }
  readonly journal_facts: JournalFactRow
  readonly journal_recordings: JournalRecordingRow
  readonly journal_files: { readonly name: Uint8Array; readonly recording_id: number }
  /** Interactions that were recorded on a quota: this node's share of what is counted. */
  readonly journal_quotas: { readonly account: Uint8Array; readonly interaction_id: string; /** `null`: counted before this was kept. */ readonly ends_at: number | null }
  /** Interactions whose end was not told yet. */
  readonly journal_interactions: { readonly id: string; readonly interaction_json: string }
  /** Conversations that are paused, by the fact that began it. */
  readonly journal_pauses: { readonly interaction_id: string; readonly fact_json: string }
  /** Which leg of which PBX asked for a recording. */
  readonly journal_askers: { readonly leg: Uint8Array; readonly recording_id: number }
  /** The seats that are open: the fact that began each. */
  readonly journal_seats: { readonly id: string; readonly fact_json: string }
  readonly journal_state: { readonly name: string; readonly value: number }
}

export interface JournalFactRow {
  readonly sequence: Generated<number>
  readonly recording_id: number | null
  readonly fact_json: string
}

export interface JournalRecordingRow {
  readonly id: number
  /** 1 while its sound may still come. */
  readonly live: number
}
