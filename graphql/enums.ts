import { HEARINGS, PERMISSIONS, ROLE_REACHES, ROLES } from '../core/domain/actor.ts'
import { ATTACHED_SOURCES } from '../core/domain/attached-data.ts'
import { type Actor, AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../core/domain/audit-entry.ts'
import { ANNOUNCEMENT_OUTCOMES, CHANNEL_SIDES, DIRECTIONS } from '../core/domain/call.ts'
import { COVERAGE_CAUSES, COVERAGE_EXCUSES, EXPECTATION_EVIDENCE, UNOBSERVED_BECAUSES } from '../core/domain/coverage.ts'
import { REPORT_UNITS } from '../core/domain/reports/report-column.ts'
import { REPORT_TEMPLATES } from '../core/domain/reports/report-templates.ts'
import { CHECK_VERDICTS } from '../core/domain/key-check.ts'
import { OBSTACLES, RETENTION_ACTIONS } from '../core/domain/retention/judge-retention.ts'
import { RECORDING_STATES } from '../core/domain/lifecycle.ts'
import { KEEPINGS, VISIBILITIES } from '../core/domain/rules/attached-schema.ts'
import { CHANGES } from '../core/domain/rules/backtest.ts'
import { DECIDERS } from '../core/domain/rules/decision.ts'
import type { RuleTrace } from '../core/domain/rules/explain.ts'
import type { Verdict } from '../core/domain/rules/judge.ts'
import { POLICY_ORIGINS } from '../core/ports/policy-control.ts'
import type { HistoryCut } from '../core/library/policy/policy-history.ts'
import { FINDING_CODES, MEDIA_FORMATS, WANTED_FORMATS } from '../core/domain/media.ts'
import { EXPORT_AUDIOS } from '../core/domain/package/manifest.ts'
import { KEY_PURPOSES } from '../core/domain/recipients.ts'
import { RECIPIENT_STANDINGS } from '../core/library/keys/key-report.ts'
import { RECORDED_SIDES } from '../core/domain/policy.ts'
import { PAUSE_WAYS, RECORDING_ORIGINS, STATE_REASONS } from '../core/domain/recording.ts'
import { TRANSFER_KINDS } from '../core/domain/transfer.ts'
import type { Decision } from '../core/domain/rules/decision.ts'
import { ON_DEMAND } from '../core/domain/rules/rule.ts'
import { SEAT_SOURCES } from '../core/domain/seat.ts'
import type { SubjectRecording } from '../core/library/legal/subject-erasure.ts'
import { MY_CALL_STATES } from '../core/library/live/my-call.ts'
import { EXPORT_STATES } from '../core/ports/export-register.ts'
import type { HoldRegister } from '../core/ports/hold-register.ts'
import type { ControlResult } from '../core/ports/capture-control.ts'

/** Closed sets that the domain writes as unions in place. */
export type ActorType = Actor['type']
export type ErasureObstacle = NonNullable<SubjectRecording['obstacle']>['outcome']
export type HoldSelection = Parameters<HoldRegister['list']>[0]
export type ControlOutcome = ControlResult['outcome']
export type DecisionOutcome = Decision['outcome']

/** `not-recorded` → `NOT_RECORDED`, `audit.read` → `AUDIT_READ`. */
type EnumName<Value extends string> =
  Value extends `${infer Head}-${infer Tail}` ? `${EnumName<Head>}_${EnumName<Tail>}`
    : Value extends `${infer Head}.${infer Tail}` ? `${EnumName<Head>}_${EnumName<Tail>}`
      : Uppercase<Value>

/** Each name of a GraphQL enum with the domain's own word for it. The schema must have exactly these names, or it is not built. */
function enumOf<const Value extends string>(values: readonly Value[]): { readonly [V in Value as EnumName<V>]: V } {
  const pairs = values.map((value) => [value.toUpperCase().replaceAll(/[-.]/g, '_'), value] as const)
  return Object.fromEntries(pairs) as { readonly [V in Value as EnumName<V>]: V }
}

export const enumResolvers = {
  ActorType: enumOf(['system', 'pbx', 'token', 'user', 'cli'] satisfies readonly ActorType[]),
  AnnouncementOutcome: enumOf(ANNOUNCEMENT_OUTCOMES),
  AttachedKeeping: enumOf(KEEPINGS),
  AttachedVisibility: enumOf(VISIBILITIES),
  AttachedDataSource: enumOf(ATTACHED_SOURCES),
  AuditAction: enumOf(AUDIT_ACTIONS),
  AuditOutcome: enumOf(AUDIT_OUTCOMES),
  ChannelSide: enumOf(CHANNEL_SIDES),
  ControlOutcome: enumOf(['done', 'already', 'waiting', 'failed'] satisfies readonly ControlOutcome[]),
  CoverageCause: enumOf(COVERAGE_CAUSES),
  CoverageEvidence: enumOf(EXPECTATION_EVIDENCE),
  CoverageExcuse: enumOf(COVERAGE_EXCUSES),
  DecisionOutcome: enumOf(['record', 'do-not-record'] satisfies readonly DecisionOutcome[]),
  DemandAction: enumOf(ON_DEMAND),
  DeskSeatSource: enumOf(SEAT_SOURCES),
  Direction: enumOf(DIRECTIONS),
  ErasureObstacle: enumOf(['held', 'kept', 'busy'] satisfies readonly ErasureObstacle[]),
  ExportAudio: enumOf(EXPORT_AUDIOS),
  ExportState: enumOf(EXPORT_STATES),
  FindingCode: enumOf(FINDING_CODES),
  KeyCheckVerdict: enumOf(CHECK_VERDICTS),
  KeyPurpose: enumOf(KEY_PURPOSES),
  KeyRecipientStanding: enumOf(RECIPIENT_STANDINGS),
  Hearing: enumOf(HEARINGS),
  HistoryCut: enumOf(['recordings', 'time'] satisfies readonly HistoryCut[]),
  HoldSelection: enumOf(['standing', 'all'] satisfies readonly HoldSelection[]),
  MediaFormat: enumOf(MEDIA_FORMATS),
  WantedFormat: enumOf(WANTED_FORMATS),
  MyCurrentRecordingState: enumOf(MY_CALL_STATES),
  PauseWay: enumOf(PAUSE_WAYS),
  Permission: enumOf(PERMISSIONS),
  PolicyChange: enumOf(CHANGES),
  PolicyOrigin: enumOf(POLICY_ORIGINS),
  RecordedSide: enumOf(RECORDED_SIDES),
  RecordingOrigin: enumOf(RECORDING_ORIGINS),
  RecordingState: enumOf(RECORDING_STATES),
  ReportTemplate: enumOf(REPORT_TEMPLATES),
  ReportUnit: enumOf(REPORT_UNITS),
  RetentionAction: enumOf(RETENTION_ACTIONS),
  RetentionObstacleType: enumOf(OBSTACLES),
  Role: enumOf(ROLES),
  RoleReach: enumOf(ROLE_REACHES),
  RuleKind: enumOf(DECIDERS),
  RulePart: enumOf(['decided', 'passed', 'not-asked'] satisfies readonly RuleTrace['part'][]),
  RuleVerdict: enumOf(['takes', 'not-asked-for', 'conditions-unmet', 'subject-unknown', 'quota-reached', 'not-drawn'] satisfies readonly Verdict['type'][]),
  StateReason: enumOf(STATE_REASONS),
  TransferKind: enumOf(TRANSFER_KINDS),
  UnobservedBecause: enumOf(UNOBSERVED_BECAUSES),
} as const
