import type { AttachedData } from '../../domain/attached-data.ts'
import type { Direction } from '../../domain/call.ts'
import { parsePbxId, parseRecordingId, parseRetentionRunId, type PbxId, type RecordingId } from '../../domain/ids.ts'
import type { RecordingState } from '../../domain/lifecycle.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { RecordingOrigin } from '../../domain/recording.ts'
import type { RetentionAction } from '../../domain/retention/judge-retention.ts'
import type { RetentionSubject } from '../../domain/retention/retention-subject.ts'
import { CALL_FACTS, type Field, RECORDING_FACTS } from '../../domain/rules/condition.ts'
import type { RetentionCandidate, RetentionItem, RetentionRun } from '../../ports/retention-store.ts'
import { actorOf } from './hold-rows.ts'
import type { RetentionItemRow, RetentionRunRow } from './retention-tables.ts'
import type { RecordingRow } from './tables.ts'

type SubjectColumn = 'id' | 'state' | 'started_at' | 'ended_at' | 'duration_ms' | 'caller_number' | 'callee_number' | 'direction' | 'queue' | 'agent' | 'pbx_id' | 'site' | 'side' | 'origin' | 'rule' | 'retention_class' | 'attached_json' | 'partitions_json' | 'rule_labels_json'

/** What every plan needs, whatever its rules ask for. */
const ALWAYS = ['id', 'state', 'started_at', 'ended_at', 'duration_ms'] as const satisfies readonly SubjectColumn[]

/** Where a field of a rule is read from; `null`: the row of a recording has none. */
const COLUMN_OF: Readonly<Record<Field['type'], SubjectColumn | null>> = {
  attached: 'attached_json', caller: 'caller_number', callee: 'callee_number', direction: 'direction', queue: 'queue', agent: 'agent', pbx: 'pbx_id', site: 'site',
  retentionClass: 'retention_class', rule: 'rule', partition: 'partitions_json', label: 'rule_labels_json', side: 'side', origin: 'origin', durationSeconds: 'duration_ms',
  dialled: null, extension: null, businessUnit: null, customerType: null, language: null,
}
const ALL_FIELDS: ReadonlySet<Field['type']> = new Set<Field['type']>(['attached', ...CALL_FACTS, ...RECORDING_FACTS])

/** Columns of a recording that rules look at who ask for these fields. */
export function subjectColumns(fields: ReadonlySet<Field['type']> | 'all'): readonly `recordings.${SubjectColumn}`[] {
  const asked = [...fields === 'all' ? ALL_FIELDS : fields].flatMap((field) => COLUMN_OF[field] ?? [])
  return [...new Set<SubjectColumn>([...ALWAYS, ...asked])].map((column) => `recordings.${column}` as const)
}

/** A row as far as it was asked for. */
export type CandidateRow = Pick<RecordingRow, (typeof ALWAYS)[number]> & Partial<Pick<RecordingRow, SubjectColumn>> & {
  readonly payload_size_bytes: number | null
  readonly kept_until: number | null
  readonly version: string | null
}

export function candidateOf(row: CandidateRow): RetentionCandidate {
  return {
    subject: new RowSubject(row),
    sizeBytes: row.payload_size_bytes ?? 0,
    stampedUntil: row.kept_until === null || row.kept_until === 0 ? null : new Date(row.kept_until),
    stampedBy: row.version,
  }
}

/** What the row says. It was written by `recordingRow`, so the closed sets are taken at their word. A plan makes a million of these: nothing is read that no rule asks for. */
class RowSubject implements RetentionSubject {
  readonly #row: CandidateRow
  readonly id: RecordingId
  readonly startedAt: Date
  readonly endedAt: Date | null

  constructor(row: CandidateRow) {
    this.#row = row
    this.id = parseRecordingId(String(row.id))
    this.startedAt = new Date(row.started_at)
    this.endedAt = row.ended_at === null ? null : new Date(row.ended_at)
  }

  get state(): RecordingState { return this.#row.state as RecordingState }
  get durationMs(): number | null { return this.#row.duration_ms }
  get caller(): string | null { return asked(this.#row.caller_number) }
  get callee(): string | null { return asked(this.#row.callee_number) }
  get direction(): Direction { return asked(this.#row.direction) as Direction }
  get queue(): string | null { return asked(this.#row.queue) }
  get agent(): string | null { return asked(this.#row.agent) }
  get pbx(): PbxId { return parsePbxId(asked(this.#row.pbx_id)) }
  get site(): string | null { return asked(this.#row.site) }
  get side(): RecordedSide { return asked(this.#row.side) as RecordedSide }
  get origin(): RecordingOrigin { return asked(this.#row.origin) as RecordingOrigin }
  get rule(): string { return asked(this.#row.rule) }
  get retentionClass(): string | null { return asked(this.#row.retention_class) }
  attached(): AttachedData { return JSON.parse(asked(this.#row.attached_json)) as AttachedData }
  partitions(): readonly string[] { return JSON.parse(asked(this.#row.partitions_json)) as string[] }
  labels(): readonly string[] { return JSON.parse(asked(this.#row.rule_labels_json)) as string[] }
}

/** A rule that found nothing where it had not asked would keep, or destroy, the wrong ones. */
function asked<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a rule reads a column that was not asked for')
  return value
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
