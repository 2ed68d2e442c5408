import { IDENTITY_REFUSALS } from '../../core/capture/calls/told-interactions.ts'
import { RECORDER_FAULTS } from '../../adapters/freeswitch/recorder-watch.ts'
import { ORDER_REFUSALS } from '../../adapters/nodes/node-server.ts'
import { AUDIT_ACTIONS } from '../../core/domain/audit-entry.ts'
import { COVERAGE_CAUSES } from '../../core/domain/coverage.ts'
import { ERROR_CODES } from '../../core/domain/errors.ts'
import { CODE_ACTIONS, CODE_ANSWERS } from '../../core/domain/feature-code.ts'
import { FINDING_CODES } from '../../core/domain/media.ts'
import { PAUSE_WAYS, STATE_REASONS } from '../../core/domain/recording.ts'
import { REFUSALS } from '../../core/domain/rules/admit.ts'
import { DECIDERS } from '../../core/domain/rules/decision.ts'
import { NATIVE_REASONS } from '../../core/ports/pbx-event.ts'
import { INGEST_STEPS } from '../../core/ingest/ingest-job.ts'
import { LEFT_STATES } from '../../core/ingest/spool-sweep.ts'
import { DESTRUCTION_CAUSES } from '../../core/ports/recording-destroyer.ts'
import { ITEM_OUTCOMES } from '../../core/ports/retention-store.ts'

/** One metric: its labels are closed sets, so that no stranger's words make new series. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Label → the values it may have; `pbxs`: the ids of the configuration. */
  readonly labels: Readonly<Record<string, readonly string[] | 'pbxs'>>
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[]
}

const pbx = { pbx: 'pbxs' } as const

/** Every metric that the code may write. A test keeps this list and the code equal. */
export const METRICS = {
  // links to the PBXs
  holdfast_pbx_link_up: { type: 'gauge', help: 'Whether the control link to the PBX is up (1) or down (0).', labels: pbx },
  holdfast_capture_errors_total: { type: 'counter', help: 'PBX events that could not be handled, by error code; BUG for unforeseen ones.', labels: { ...pbx, code: [...Object.keys(ERROR_CODES), 'BUG'] } },
  holdfast_pbx_link_failures_total: { type: 'counter', help: 'Connections to the PBX that failed or ended, by error code; bug for unforeseen ones.', labels: { ...pbx, code: [...Object.keys(ERROR_CODES), 'bug'] } },
  holdfast_pbx_event_queue_length: { type: 'gauge', help: 'Events of the PBX that wait to be handled.', labels: pbx },
  holdfast_requests_given_up_total: { type: 'counter', help: 'Requests for a recording that were not looked at, because their dialplan had lost its patience and recorded by itself before it was their turn.', labels: pbx },
  holdfast_pbx_events_dropped_total: { type: 'counter', help: 'Events dropped because too many waited: changes of attached data only, each when a newer one of the same key was there.', labels: { ...pbx, type: ['attached-changed'] } },
  holdfast_pbx_words_refused_total: { type: 'counter', help: 'Words of the dialplan or of callers that were not kept, by what was wrong.', labels: { ...pbx, reason: ['attached-key', 'attached-value', 'direction', 'request', 'prompt', 'hand-over', 'code', 'id'] } },
  holdfast_interactions_refused_total: { type: 'counter', help: 'Interaction ids of X-Interaction-ID that were kept as data only, by why they were not believed.', labels: { ...pbx, reason: IDENTITY_REFUSALS } },
  // capture
  holdfast_segments_started_total: { type: 'counter', help: 'Recorder runs that the PBX confirmed.', labels: pbx },
  holdfast_codes_total: { type: 'counter', help: 'Feature codes of agents and routes, by what was asked and what they were told.', labels: { ...pbx, action: CODE_ACTIONS, answer: CODE_ANSWERS } },
  holdfast_native_pauses_total: { type: 'counter', help: 'Pauses and resumes that the dialplan carried out by itself, because nobody answered, by what it did.', labels: { ...pbx, action: ['pause', 'resume'] } },
  holdfast_segments_refused_total: { type: 'counter', help: 'Recorder runs that the PBX refused or did not confirm.', labels: pbx },
  holdfast_pbx_events_forged_total: { type: 'counter', help: 'Events that Asterisk did not write like this: a caller writes line breaks into numbers or names.', labels: pbx },
  holdfast_recorders_stopped_by_others_total: { type: 'counter', help: 'Recorders that somebody else stopped on the PBX; another was begun.', labels: pbx },
  holdfast_recorder_faults_total: { type: 'counter', help: 'Recorders on a FreeSWITCH that do not record as they should, told while the call lasts: by what is wrong.', labels: { ...pbx, fault: RECORDER_FAULTS } },
  holdfast_segments_discarded_total: { type: 'counter', help: 'Recorders whose file the PBX threw away at their end, because nothing had reached them.', labels: pbx },
  holdfast_segments_cut_total: { type: 'counter', help: 'Recorder runs that were ended and begun anew because the other party changed, or the recorded telephone held.', labels: pbx },
  holdfast_recordings_started_on_demand_total: { type: 'counter', help: 'Recordings that somebody started by hand.', labels: pbx },
  holdfast_recordings_stopped_on_demand_total: { type: 'counter', help: 'Recordings that somebody stopped by hand.', labels: pbx },
  holdfast_agents_seated: { type: 'gauge', help: 'Agents of whom it is known where they sit.', labels: {} },
  holdfast_recordings_failed_total: { type: 'counter', help: 'Recordings that failed, by reason.', labels: { ...pbx, reason: STATE_REASONS } },
  holdfast_recordings_declined_total: { type: 'counter', help: 'Calls that a rule looked at and did not record.', labels: pbx },
  holdfast_native_recordings_total: { type: 'counter', help: 'Recordings that the dialplan began by itself and that were adopted.', labels: { ...pbx, because: NATIVE_REASONS } },
  holdfast_native_elsewhere_total: { type: 'counter', help: 'Times that a recording of the dialplan was found noted in another directory than the configured one: its files stay there until that is mended.', labels: pbx },
  holdfast_pauses_total: { type: 'counter', help: 'Conversations that were paused, confirmed by the PBX, by the way in which it was asked for.', labels: { ...pbx, way: PAUSE_WAYS } },
  holdfast_pauses_in_force: { type: 'gauge', help: 'Conversations that are paused now.', labels: pbx },
  holdfast_pauses_ended_total: { type: 'counter', help: 'Pauses that ended, by the way in which that was asked for.', labels: { ...pbx, by: PAUSE_WAYS } },
  holdfast_pauses_warned_total: { type: 'counter', help: 'Pauses that were told to be near their limit.', labels: pbx },
  holdfast_pauses_failed_total: { type: 'counter', help: 'Masks that the PBX did not confirm, each time that one was tried: the recording went on with sound.', labels: pbx },
  holdfast_pauses_partial_total: { type: 'counter', help: 'Pauses that this PBX did not confirm while another PBX of the same conversation did.', labels: pbx },
  holdfast_node_orders_total: { type: 'counter', help: 'Pauses and resumes that other nodes were told of, by what they said.', labels: { outcome: ['confirmed', 'failed', 'unreached'] } },
  holdfast_node_orders_refused_total: { type: 'counter', help: 'Orders of other nodes that were not taken, by why.', labels: { reason: ORDER_REFUSALS } },
  holdfast_pauses_expired_total: { type: 'counter', help: 'Pauses that nobody ended and that the limit ended.', labels: pbx },
  holdfast_pauses_forbidden_total: { type: 'counter', help: 'Pauses that ended, or were not taken over from the dialplan, because a recording of the conversation may not be paused.', labels: pbx },
  holdfast_attached_refused_total: { type: 'counter', help: 'Values of attached data that were not let in, or only masked, by reason.', labels: { ...pbx, reason: [...REFUSALS, 'masked-key', 'masked-card-number'] } },
  holdfast_quotas_uncounted_total: { type: 'counter', help: 'Times that a quota could not be read or written in time: the call was decided as if nobody stood on it.', labels: {} },
  holdfast_recordings_begun_late_total: { type: 'counter', help: 'Calls of telephones recorded full-time that began while nobody was there, and are recorded from their middle on.', labels: pbx },
  holdfast_recordings_against_rules_total: { type: 'counter', help: 'Recordings that go on though the rules would not begin them now, by the kind of rule.', labels: { ...pbx, decider: DECIDERS } },
  holdfast_policy_broken: { type: 'gauge', help: 'Whether the policy file was refused when it was read last (1): then older rules are in force.', labels: {} },
  holdfast_facts_refused_total: { type: 'counter', help: 'Facts of the journal that the catalogue refused.', labels: {} },
  holdfast_facts_set_aside_total: { type: 'counter', help: 'Facts of the journal that cannot be applied, kept in the table facts_set_aside: a fault of Holdfast.', labels: {} },
  holdfast_catalogue_unreached_total: { type: 'counter', help: 'Times that the catalogue took no facts; the journal keeps what it has to learn.', labels: {} },
  holdfast_catalogue_held: { type: 'gauge', help: 'Whether this service has the catalogue of a database server to itself (1); else what it records waits in the spool. Of MariaDB and MySQL only.', labels: {} },
  // ingest
  holdfast_ingest_waiting_jobs: { type: 'gauge', help: 'Recordings that wait to be sealed and stored.', labels: {} },
  holdfast_ingest_oldest_seconds: { type: 'gauge', help: 'How long the oldest of them has been due.', labels: {} },
  holdfast_ingest_steps_total: { type: 'counter', help: 'Steps of ingest that were done.', labels: { step: INGEST_STEPS } },
  holdfast_ingest_seconds: { type: 'histogram', help: 'From the start of an attempt to the stored recording.', labels: {} },
  holdfast_ingest_failures_total: { type: 'counter', help: 'Attempts that failed, by what follows.', labels: { fate: ['again', 'given-up', 'dropped'] } },
  holdfast_ingest_given_up_total: { type: 'counter', help: 'Recordings that could not be stored; their spool files stay.', labels: { reason: STATE_REASONS } },
  holdfast_ingest_unread_total: { type: 'counter', help: 'Recordings with spool files that turned up after they were stored: the files stay, unread.', labels: {} },
  holdfast_ingest_queue_failures_total: { type: 'counter', help: 'Times that the queue of jobs could not be read.', labels: {} },
  holdfast_recordings_closed_total: { type: 'counter', help: 'Recordings that ended without sound to store, by state and reason.', labels: { state: ['failed', 'not-recorded'], reason: STATE_REASONS } },
  holdfast_findings_total: { type: 'counter', help: 'Observations about the quality of recordings, by kind.', labels: { code: FINDING_CODES } },
  // coverage
  holdfast_coverage_missing_seconds_total: { type: 'counter', help: 'Sound that a rule wanted and that is in no sealed recording, by cause.', labels: { ...pbx, cause: COVERAGE_CAUSES } },
  holdfast_coverage_gaps_total: { type: 'counter', help: 'Legs that lack more than is tolerated (coverage.toleratedMs).', labels: pbx },
  holdfast_coverage_open_expectations: { type: 'gauge', help: 'Legs that a rule wants: live ones, and those that are over and wait for their sound to be sealed.', labels: { ...pbx, state: ['live', 'waiting'] } },
  holdfast_coverage_oldest_waiting_seconds: { type: 'gauge', help: 'How long the leg that waits longest has been over; 0 when none waits.', labels: pbx },
  holdfast_coverage_overdue_total: { type: 'counter', help: 'Legs whose sound was not sealed long after their end (coverage.overdueAfterMs).', labels: pbx },
  // destruction
  holdfast_recordings_archived_total: { type: 'counter', help: 'Recordings that were moved to the archive, read back there and compared.', labels: {} },
  holdfast_destructions_total: { type: 'counter', help: 'Recordings that were destroyed to the end, by why.', labels: { cause: DESTRUCTION_CAUSES } },
  holdfast_destructions_refused_total: { type: 'counter', help: 'Orders to destroy a recording that were refused: it is held, kept by a minimum retention, busy, or not there.', labels: { outcome: ['held', 'kept', 'busy', 'unknown'] } },
  holdfast_destructions_unfinished: { type: 'gauge', help: 'Recordings of which a tombstone stands and bytes may be left, because a store or a spool does not answer.', labels: {} },
  // room
  holdfast_spool_files: { type: 'gauge', help: 'Files in the spool.', labels: pbx },
  holdfast_spool_unclaimed_files: { type: 'gauge', help: 'Files in the spool that belong to no recording.', labels: pbx },
  holdfast_spool_left_bytes: { type: 'gauge', help: 'Plaintext that stays in the spool though its recording is done with, by the state of the recording.', labels: { ...pbx, state: LEFT_STATES } },
  holdfast_spool_free_bytes: { type: 'gauge', help: 'Free space where the PBX writes.', labels: pbx },
  holdfast_objects_free_bytes: { type: 'gauge', help: 'Free space where sealed recordings are stored; of several stores, in the fullest.', labels: {} },
  holdfast_catalogue_facts_missing: { type: 'gauge', help: 'Facts that this node had told the catalogue, and that it lacked at the start of this service: it was put back to an earlier time, or is another one.', labels: {} },
  // readers
  holdfast_playback_tickets: { type: 'gauge', help: 'Playback tickets in force.', labels: {} },
  holdfast_integrity_incidents_total: { type: 'counter', help: 'Reads that ended because a sealed object was altered.', labels: {} },
  holdfast_audit_signed_entries: { type: 'gauge', help: 'Entries of this node\'s audit chain that its last checkpoint covers.', labels: {} },
  holdfast_audit_chain_altered: { type: 'gauge', help: '1 when entries of the audit were found altered as a checkpoint was to be signed: nothing is signed until that is looked into.', labels: {} },
  holdfast_audit_checkpoints_delivered_total: { type: 'counter', help: 'Checkpoints of the audit that were written outside, by the way.', labels: { outlet: ['file', 'syslog', 'webhook'] } },
  holdfast_audit_checkpoints_undelivered_total: { type: 'counter', help: 'Attempts to write a checkpoint outside that failed, by the way.', labels: { outlet: ['file', 'syslog', 'webhook'] } },
  holdfast_audit_failures_total: { type: 'counter', help: 'Audit entries that could not be written, by action.', labels: { action: AUDIT_ACTIONS } },
  holdfast_sign_in_remembered_total: { type: 'counter', help: 'Requests with a token that were let in by what the catalogue said before, as it did not answer; they control calls alone.', labels: {} },
  holdfast_sign_in_refused_total: { type: 'counter', help: 'Attempts to come in that were refused: tokens, passwords, sessions.', labels: { reason: ['malformed', 'unknown', 'wrong-secret', 'revoked', 'expired', 'role-gone', 'no-password', 'wrong-password', 'locked', 'disabled', 'assertion-invalid', 'assertion-expired', 'provider-unreachable', 'no-role', 'rate-limited'] } },
  holdfast_requests_limited_total: { type: 'counter', help: 'Requests over GraphQL that were refused because their actor asked too much.', labels: {} },
  // this list itself
  holdfast_retention_items_total: { type: 'counter', help: 'Recordings of runs of the retention rules, by what became of them.', labels: { outcome: ITEM_OUTCOMES } },
  holdfast_retention_rules_faulty: { type: 'gauge', help: '1 while the file of the retention rules is wrong, and older rules are in force.', labels: {} },
  holdfast_metrics_unlisted_total: { type: 'counter', help: 'Measurements under a name or label value that the list does not know: a fault of Holdfast.', labels: {} },
} as const satisfies Record<`holdfast_${string}`, MetricDefinition>
