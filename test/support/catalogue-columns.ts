import type { CatalogueTables } from '../../core/store/sql/tables.ts'

/** The columns of the row types, where a program can see them: a column that is missing here or there does not compile. */
export const CATALOGUE_COLUMNS = {
  job_marks: { job_id: true, mark_index: true, step: true, data_json: true },
  jobs: { id: true, kind: true, recording_id: true, due_at: true, available_at: true, leased_by: true, attempts: true, last_error: true },
  media_headers: { recording_id: true, version: true, header: true, recipients_json: true, written_at: true },
  media: {
    recording_id: true, format: true, channels: true, sample_rate_hz: true, began_at: true, duration_ms: true, size_bytes: true, sha256: true, payload_name: true,
    payload_size_bytes: true, payload_sha256: true, header_version: true, peaks_json: true, peak_stretch_ms: true, stored_at: true,
  },
  findings: { recording_id: true, finding_index: true, code: true, segment_index: true, details_json: true, found_at: true },
  attached_changes: { recording_id: true, change_index: true, key_name: true, value: true, source: true, changed_at: true },
  parties: { recording_id: true, party_index: true, channel_id: true, side: true, number: true, name: true, endpoint: true, agent: true, from_at: true, to_at: true },
  pauses: {
    recording_id: true, pause_index: true, asked_by: true, how: true, asked_at: true, effective_at: true, limit_ms: true, warned_at: true, resume_by: true, resume_asked_at: true,
    resumed_at: true,
  },
  transfers: { recording_id: true, transfer_index: true, kind: true, transferred_at: true, by_channel_id: true, by_number: true, by_name: true, by_endpoint: true, to_channel_id: true, to_number: true, to_name: true, to_endpoint: true },
  demands: { recording_id: true, demand_index: true, action: true, asked_by: true, how: true, asked_at: true, failed_at: true },
  spool_files: { name: true, recording_id: true },
  segments: {
    recording_id: true, segment_index: true, channel_id: true, received_name: true, transmitted_name: true, recorder_id: true, started_at: true, answered_at: true,
    ended_at: true,
  },
  attached: { k: true, v: true, id: true },
  access: { scope: true, value: true, id: true },
  recordings: {
    id: true, interaction_id: true, pbx_id: true, site: true, call_id: true, channel_id: true, side: true, origin: true,
    state: true, reason: true, direction: true, caller_number: true, caller_name: true, callee_number: true, callee_name: true, agent: true,
    queue: true, requested_at: true, started_at: true, answered_at: true, ended_at: true, duration_ms: true, rule: true, policy_version: true,
    retention_class: true, partitions_json: true, labels_json: true, decision_json: true, announcement_json: true, attached_json: true,
  },
  interactions: { id: true, root_id: true, merged_into_id: true, started_at: true, ended_at: true },
  journal_positions: { journal: true, node: true, sequence: true },
  facts_set_aside: { journal: true, sequence: true, node: true, fact: true, error: true, set_aside_at: true },
  audit_personal: { chain: true, sequence: true, salt: true, personal_json: true },
  audit_entries: {
    position: true, chain: true, sequence: true, at: true, actor_type: true, actor_id: true, action: true, object_type: true,
    object_id: true, outcome: true, reason: true, details_json: true, personal_digest: true, hash: true,
  },
  audit_chains: { chain: true, sequence: true, hash: true },
  token_desks: { token_id: true, agent: true, desks_json: true, sees: true },
  tokens: { id: true, label: true, role: true, partitions_json: true, secret_sha256: true, created_at: true, expires_at: true, revoked_at: true },
  seats: { id: true, agent: true, agent_key: true, pbx_id: true, endpoint: true, source: true, from_at: true, to_at: true, begun_by: true, ended_by: true },
  nodes: { number: true, name: true, leased_at: true },
  policies: { version: true, text: true, first_used_at: true },
  unit_members: { unit_id: true, agent: true, from_at: true, to_at: true },
  units: { id: true, parent_id: true, name: true, from_at: true, to_at: true },
  hold_recordings: { hold_id: true, recording_id: true, held_at: true },
  holds: { id: true, case_name: true, reason: true, placed_by: true, placed_at: true, released_by: true, released_at: true },
  schema_migrations: { schema_name: true, number: true, applied_at: true },
} as const satisfies { readonly [T in keyof CatalogueTables]: Readonly<Record<keyof CatalogueTables[T], true>> }
