import { AUDIT_ACTIONS } from '../../core/domain/audit-entry.ts'
import { ERROR_CODES } from '../../core/domain/errors.ts'
import { STATE_REASONS } from '../../core/domain/recording.ts'

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
  // capture
  holdfast_segments_started_total: { type: 'counter', help: 'Recorder runs that the PBX confirmed.', labels: pbx },
  holdfast_segments_refused_total: { type: 'counter', help: 'Recorder runs that the PBX refused or did not confirm.', labels: pbx },
  holdfast_segments_cut_total: { type: 'counter', help: 'Recorder runs that were ended and begun anew because the other party changed.', labels: pbx },
  holdfast_recordings_failed_total: { type: 'counter', help: 'Recordings that failed, by reason.', labels: { ...pbx, reason: STATE_REASONS } },
  holdfast_recordings_declined_total: { type: 'counter', help: 'Calls that a rule looked at and did not record.', labels: pbx },
  holdfast_native_recordings_total: { type: 'counter', help: 'Recordings that the dialplan began by itself and that were adopted.', labels: { ...pbx, because: ['no-answer', 'stale-heartbeat'] } },
  holdfast_pauses_failed_total: { type: 'counter', help: 'Pauses that the PBX did not confirm: the recording went on with sound.', labels: pbx },
  holdfast_pauses_expired_total: { type: 'counter', help: 'Pauses that nobody ended and that the limit ended.', labels: pbx },
  holdfast_facts_refused_total: { type: 'counter', help: 'Facts of the journal that the catalogue refused.', labels: {} },
  holdfast_catalogue_unreached_total: { type: 'counter', help: 'Times that the catalogue could not be reached; the journal keeps what it has to learn.', labels: {} },
  // readers
  holdfast_playback_tickets: { type: 'gauge', help: 'Playback tickets in force.', labels: {} },
  holdfast_integrity_incidents_total: { type: 'counter', help: 'Reads that ended because a sealed object was altered.', labels: {} },
  holdfast_audit_failures_total: { type: 'counter', help: 'Audit entries that could not be written, by action.', labels: { action: AUDIT_ACTIONS } },
  holdfast_sign_in_refused_total: { type: 'counter', help: 'Requests without a good token.', labels: { reason: ['malformed', 'unknown', 'wrong-secret', 'revoked', 'expired', 'rate-limited'] } },
  // this list itself
  holdfast_metrics_unlisted_total: { type: 'counter', help: 'Measurements under a name or label value that the list does not know: a fault of Holdfast.', labels: {} },
} as const satisfies Record<`holdfast_${string}`, MetricDefinition>

export type MetricName = keyof typeof METRICS
