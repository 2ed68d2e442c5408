import type { AttachedData } from '../../domain/attached-data.ts'
import type { Direction } from '../../domain/call.ts'
import { parsePbxId, parseRecordingId, parseRetentionRunId } from '../../domain/ids.ts'
import type { RecordingState } from '../../domain/lifecycle.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { RecordingOrigin } from '../../domain/recording.ts'
import type { RetentionAction } from '../../domain/retention/judge-retention.ts'
import type { RetentionCandidate, RetentionItem, RetentionRun } from '../../ports/retention-store.ts'
import { actorOf } from './hold-rows.ts'
import type { RetentionItemRow, RetentionRunRow } from './retention-tables.ts'
import type { RecordingRow } from './tables.ts'

/** Columns of a recording that rules of retention look at. */
export const SUBJECT_COLUMNS = [
  'recordings.id', 'recordings.state', 'recordings.started_at', 'recordings.ended_at', 'recordings.duration_ms', 'recordings.caller_number', 'recordings.callee_number', 'recordings.direction',
  'recordings.queue', 'recordings.agent', 'recordings.pbx_id', 'recordings.site', 'recordings.side', 'recordings.origin', 'recordings.rule', 'recordings.retention_class',
  'recordings.attached_json', 'recordings.partitions_json', 'recordings.labels_json',
] as const

type SubjectRow = Pick<RecordingRow, 'id' | 'state' | 'started_at' | 'ended_at' | 'duration_ms' | 'caller_number' | 'callee_number' | 'direction' | 'queue' | 'agent' | 'pbx_id' | 'site' | 'side' | 'origin' | 'rule' | 'retention_class' | 'attached_json' | 'partitions_json' | 'labels_json'>

export interface CandidateRow extends SubjectRow {
  readonly payload_size_bytes: number | null
  readonly kept_until: number | null
  readonly version: string | null
}

/** What the rows say. They were written by `recordingRow`, so the closed sets are taken at their word. */
export function candidateOf(row: CandidateRow): RetentionCandidate {
  return {
    subject: {
      id: parseRecordingId(String(row.id)),
      state: row.state as RecordingState,
      startedAt: new Date(row.started_at),
      endedAt: row.ended_at === null ? null : new Date(row.ended_at),
      durationMs: row.duration_ms,
      caller: row.caller_number,
      callee: row.callee_number,
      direction: row.direction as Direction,
      queue: row.queue,
      agent: row.agent,
      pbx: parsePbxId(row.pbx_id),
      site: row.site,
      side: row.side as RecordedSide,
      origin: row.origin as RecordingOrigin,
      rule: row.rule,
      retentionClass: row.retention_class,
      attached: () => JSON.parse(row.attached_json) as AttachedData,
      partitions: () => JSON.parse(row.partitions_json) as string[],
      labels: () => JSON.parse(row.labels_json) as string[],
    },
    sizeBytes: row.payload_size_bytes ?? 0,
    stampedUntil: row.kept_until === null || row.kept_until === 0 ? null : new Date(row.kept_until),
    stampedBy: row.version,
  }
}

export function runOf(row: RetentionRunRow): RetentionRun {
  return {
    id: parseRetentionRunId(row.id),
    version: row.version,
    state: row.state as RetentionRun['state'],
    begunBy: actorOf(row.begun_by),
    begunAt: new Date(row.begun_at),
    plannedAt: new Date(row.planned_at),
    digest: row.digest,
    planned: JSON.parse(row.planned_json) as RetentionRun['planned'],
    done: row.done_json === null ? null : JSON.parse(row.done_json) as RetentionRun['done'],
    manifest: row.manifest,
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
  }
}

export function itemOf(row: RetentionItemRow): RetentionItem {
  return { recordingId: parseRecordingId(String(row.recording_id)), action: row.action as RetentionAction, rule: row.rule }
}
