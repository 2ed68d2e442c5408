import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Announcement as AnnouncementModel } from '../../core/domain/call.ts';
import type { AttachedChange as AttachedChangeModel } from '../../core/domain/attached-data.ts';
import type { AttachedKey as AttachedKeyModel } from '../../core/domain/rules/attached-schema.ts';
import type { SignedCheckpoint as AuditCheckpointModel } from '../../core/domain/audit/checkpoint.ts';
import type { PlacedAuditEntry as AuditEntryModel } from '../../core/library/audit/audit-trail.ts';
import type { Connection as ConnectionModel, Edge as EdgeModel, RecordingConnection as RecordingConnectionModel } from '../connection.ts';
import type { CoverageGap as CoverageGapModel, UnobservedWindow as UnobservedWindowModel } from '../../core/domain/coverage.ts';
import type { CoveredLeg as CoveredLegModel } from '../../core/ports/coverage-ledger.ts';
import type { CoverageReport as CoverageReportModel } from '../../core/library/search/coverage-report.ts';
import type { Stay as StayModel } from '../../core/domain/seat.ts';
import type { Decision as DecisionModel } from '../../core/domain/rules/decision.ts';
import type { DecisionInput as DecisionInputModel } from '../../core/domain/rules/decision-input.ts';
import type { ExportRecord as ExportRecordModel } from '../../core/ports/export-register.ts';
import type { HeldSearch as HeldSearchModel, Hold as HoldModel } from '../../core/ports/hold-register.ts';
import type { FoundInteraction as InteractionModel } from '../../core/library/search/search.ts';
import type { KeyCheck as KeyCheckModel } from '../../core/domain/key-check.ts';
import type { RecipientReport as RecipientReportModel, KeyReport as KeyReportModel } from '../../core/library/keys/key-report.ts';
import type { RecipientSet as RecipientSetModel } from '../../core/ports/key-catalogue.ts';
import type { MyCall as MyCallModel, MyRecording as MyRecordingModel } from '../../core/library/live/my-call.ts';
import type { MediaObject as MediaObjectModel, QualityFinding as QualityFindingModel } from '../../core/domain/media.ts';
import type { Party as PartyModel, Pause as PauseModel, Recording as RecordingModel, Segment as SegmentModel } from '../../core/domain/recording.ts';
import type { PlaybackGrant as PlaybackGrantModel } from '../../core/library/playback/playback.ts';
import type { PolicyStanding as PolicyStandingModel, PolicyReading as PolicyReadingModel, PolicyProblem as PolicyProblemModel } from '../../core/ports/policy-control.ts';
import type { BacktestAnswer as BacktestAnswerModel } from '../../core/library/policy/policy-backtest.ts';
import type { HistoryReport as HistoryReportModel } from '../../core/library/policy/policy-history.ts';
import type { PolicyVersion as PolicyVersionModel } from '../../core/library/policy/policy-review.ts';
import type { ArchivePlace as ArchivePlaceModel } from '../../core/ports/archive-ledger.ts';
import type { ControlledRecording as ControlledRecordingModel } from '../../core/library/live/live-control.ts';
import type { RecordingExplanation as RecordingExplanationModel } from '../../core/library/policy/recording-explain.ts';
import type { Report as ReportModel, ReportRow as ReportRowModel } from '../../core/domain/reports/report.ts';
import type { ReportColumn as ReportColumnModel } from '../../core/domain/reports/report-column.ts';
import type { TemplateDefinition as TemplateDefinitionModel } from '../../core/domain/reports/report-templates.ts';
import type { RetentionObstacle as RetentionObstacleModel, RetentionVerdict as RetentionVerdictModel } from '../../core/domain/retention/judge-retention.ts';
import type { RetentionRun as RetentionRunModel } from '../../core/ports/retention-store.ts';
import type { ErasurePlan as ErasurePlanModel, SubjectRecording as SubjectRecordingModel } from '../../core/library/legal/subject-erasure.ts';
import type { Transfer as TransferModel, TransferLeg as TransferLegModel } from '../../core/domain/transfer.ts';
import type { Restamp as RestampModel } from '../../core/ports/people-store.ts';
import type { UnitModel } from '../people-payload.ts';
import type { Membership as MembershipModel, UnitPlace as UnitPlaceModel } from '../../core/domain/organisation.ts';
import type { User as UserModel } from '../../core/domain/person.ts';
import type { RoleDefinition as RoleDefinitionModel, Requester as RequesterModel } from '../../core/domain/actor.ts';
import type { UserErrorModel } from '../user-errors.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * An instant in UTC, ISO 8601 with milliseconds: `2026-03-01T09:30:00.000Z`. An input may carry another offset; it is
   * converted.
   */
  DateTime: { input: Date; output: Date; }
  /** A whole number that may exceed 32 bits, such as a size in bytes; exact up to 2^53 - 1. */
  SafeInt: { input: number; output: number; }
};

/** Who did it. */
export type Actor = {
  readonly __typename?: 'Actor';
  /** Which one. */
  readonly id: Scalars['String']['output'];
  /** What kind of actor. */
  readonly type: ActorType;
};

/** What kind of actor it was. */
export type ActorType =
  /** Somebody at the console. */
  | 'cli'
  /** The switch or its dialplan. */
  | 'pbx'
  /** Holdfast, by a rule. */
  | 'system'
  /** An API client. */
  | 'token'
  /** A person who signed in. */
  | 'user';

/** Who sits where from now on. */
export type AgentSignInInput = {
  /** The agent, as attached data, queues and tokens write her. An agent's own token may leave it out. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
  /** The telephone: the name of the PBX in the settings, and its endpoint, such as `main:PJSIP/200`. */
  readonly desk: Scalars['String']['input'];
};

/** What came of a sign-in. */
export type AgentSignInPayload = {
  readonly __typename?: 'AgentSignInPayload';
  /** The stay that has begun, or was there before; null when there are errors. */
  readonly seat?: Maybe<DeskSeat>;
  /** Why it did not come about. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Who has left. */
export type AgentSignOutInput = {
  /** The agent. An agent's own token may leave it out. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
};

/** What came of a sign-out. */
export type AgentSignOutPayload = {
  readonly __typename?: 'AgentSignOutPayload';
  /** The stays that have ended; empty when she was signed in nowhere, null when there are errors. */
  readonly seats?: Maybe<ReadonlyArray<DeskSeat>>;
  /** Why it did not come about. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** That the caller was told that the call is recorded. */
export type Announcement = {
  readonly __typename?: 'Announcement';
  /** When it ended. */
  readonly endedAt: Scalars['DateTime']['output'];
  /** How it ended. */
  readonly outcome: AnnouncementOutcome;
  /** The name of the prompt. */
  readonly prompt: Scalars['String']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
};

/** How an announcement ended. */
export type AnnouncementOutcome =
  /** The listener left before its end. */
  | 'cut'
  /** It could not be played. */
  | 'failed'
  /** Played to its end. */
  | 'played'
  /** It had been played to this interaction before. */
  | 'skipped';

/** Which live call: exactly one of both. */
export type AttachedDataCall =
  /** The calls of this interaction: opaque or plain id. */
  { readonly interactionId: Scalars['ID']['input']; readonly recordingId?: never; }
  |  /** The call of this recording, also of one that was not made: opaque or plain id. */
  { readonly interactionId?: never; readonly recordingId: Scalars['ID']['input']; };

/** One change of one key. */
export type AttachedDataChange = {
  readonly __typename?: 'AttachedDataChange';
  /** When, by the PBX's clock. */
  readonly at: Scalars['DateTime']['output'];
  /** The key. */
  readonly key: Scalars['String']['output'];
  /** Where it came from. */
  readonly source: AttachedDataSource;
  /** The value from then on. */
  readonly value: Scalars['String']['output'];
};

/** One key of the attached data and the value that it must have. */
export type AttachedDataCondition = {
  /** The key, such as `customerId`. */
  readonly key: Scalars['String']['input'];
  /** The whole value; upper and lower case differ. */
  readonly value: Scalars['String']['input'];
};

/** A value for a live call. */
export type AttachedDataSetInput = {
  /** The call. */
  readonly call: AttachedDataCall;
  /**
   * The key; one that the rules list, with `api` among its sources. Keys that decide who may hear a recording (`record`,
   * `GRECORD_PARTITIONS`, those of agent and business unit) only with a token that no partition narrows.
   */
  readonly key: Scalars['String']['input'];
  /** The value; empty to take it back. */
  readonly value: Scalars['String']['input'];
};

/** What became of a value. */
export type AttachedDataSetPayload = {
  readonly __typename?: 'AttachedDataSetPayload';
  /** Whether less than the value was kept: its key keeps only that there is one, or it held the number of a payment card. */
  readonly isMasked?: Maybe<Scalars['Boolean']['output']>;
  /** What is recorded of the call now, as far as you may see it; empty when nothing is. */
  readonly recordings?: Maybe<ReadonlyArray<Recording>>;
  /** What went wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Where a value of attached data came from. */
export type AttachedDataSource =
  /** This API. */
  | 'api'
  /** A channel variable, set by the dialplan. */
  | 'dialplan'
  /** An event of the PBX that another program raised. */
  | 'pbx'
  /** A SIP header; never believed where access depends on it. */
  | 'sip-header';

/** What becomes of a value of attached data. */
export type AttachedKeeping =
  /** It is kept. */
  | 'always'
  /** That there was one is kept, the value is not. */
  | 'masked'
  /** Nothing is kept. */
  | 'never';

/** One key of the allow-list of attached data. */
export type AttachedKey = {
  readonly __typename?: 'AttachedKey';
  /** The key. */
  readonly key: Scalars['String']['output'];
  /** The longest, in bytes. */
  readonly maxBytes: Scalars['Int']['output'];
  /** Where they may come from. */
  readonly sources: ReadonlyArray<AttachedDataSource>;
  /** What becomes of them. */
  readonly store: AttachedKeeping;
  /** Who sees its values. */
  readonly visibility: AttachedVisibility;
};

/** Who sees a value of attached data. */
export type AttachedVisibility =
  /** Compliance officers alone. */
  | 'confidential'
  /** Everybody who finds the recording. */
  | 'open'
  /** Supervisors and compliance officers. */
  | 'restricted';

/** What was done. */
export type AuditAction =
  /** Somebody attached data to a live call over the API. */
  | 'attached.set'
  /** The head of a chain was signed and written outside. */
  | 'audit.checkpoint'
  /** A part of the audit was taken away. */
  | 'audit.exported'
  /** Somebody read the audit, or was refused. */
  | 'audit.read'
  /** The chain of the audit was verified. */
  | 'audit.verified'
  /** The service began with settings other than before. */
  | 'config.changed'
  /** Sound that a rule wanted is missing. */
  | 'coverage.gap'
  /** Sound that a rule wanted is not sealed, long after its call. */
  | 'coverage.overdue'
  /** Somebody read the coverage ledger, or was refused. */
  | 'coverage.read'
  /** An agent left a desk. */
  | 'desk.left'
  /** An agent came to a desk: signed in, or the PBX knows her there. */
  | 'desk.taken'
  /** Somebody fetched a package. */
  | 'export.fetched'
  /** A package of recordings was made, or failed. */
  | 'export.made'
  /** Somebody asked for a package of recordings. */
  | 'export.requested'
  /** A legal hold was placed, or something was put under it. */
  | 'hold.placed'
  /** A legal hold was released. */
  | 'hold.released'
  /** Keys were rotated, retired or checked. */
  | 'keys.changed'
  /** Keys were generated. */
  | 'keys.generated'
  /** Who can open what was asked for. */
  | 'keys.read'
  /** The tree of business units, or who belongs to it, changed. */
  | 'org.changed'
  /** Somebody began to listen. */
  | 'playback.begun'
  /** Sound was sent; how many seconds of it. */
  | 'playback.ended'
  /** Somebody was refused. */
  | 'playback.refused'
  /** Somebody got a ticket. */
  | 'playback.requested'
  /** Somebody tried a draft of the rules on the calls of before. */
  | 'policy.backtested'
  /** Rules came into force. */
  | 'policy.loaded'
  /** A policy file with faults was refused: the rules of before stay in force. */
  | 'policy.refused'
  /** Somebody searched the recordings. */
  | 'recordings.searched'
  /** A recording that the dialplan began by itself was adopted. */
  | 'recording.adopted'
  /** A recording went to the archive. */
  | 'recording.archived'
  /** No rule wanted one, or there was nobody to hear. */
  | 'recording.declined'
  /** Somebody deleted a recording. */
  | 'recording.deleted'
  /** A recording that no rule wanted was thrown away. */
  | 'recording.discarded'
  /** Somebody asked why a call was, or was not, recorded. */
  | 'recording.explained'
  /** A recording was taken away. */
  | 'recording.exported'
  /** A recording that was wanted has no sound. */
  | 'recording.failed'
  /** Something that must not happen: sound within a pause, an altered object. */
  | 'recording.incident'
  /** Somebody put labels on a recording, or took them off. */
  | 'recording.labelled'
  /** New data of the call led to more labels. */
  | 'recording.labels-gained'
  /** New data of the call led to more partitions. */
  | 'recording.partitions-gained'
  /** Somebody asked for a pause, or was refused one. */
  | 'recording.pause'
  /** The PBX confirmed the silence. */
  | 'recording.pause-effective'
  /** The PBX did not confirm the silence: the recording goes on. */
  | 'recording.pause-failed'
  /** A rule destroyed the sound of a recording. */
  | 'recording.purged'
  /** Somebody said where the pauses of a quarantined recording are, and let it be stored. */
  | 'recording.released'
  /** A broken file was repaired before storing. */
  | 'recording.repaired'
  /** A rule wanted a recording. */
  | 'recording.requested'
  /** Somebody asked to go on, or was refused. */
  | 'recording.resume'
  /** The PBX confirmed the sound. */
  | 'recording.resume-effective'
  /** Somebody started a recording by hand, or was refused. */
  | 'recording.start'
  /** Somebody wanted a recording to end before its call did, or was refused. */
  | 'recording.stop'
  /** A recording ended. */
  | 'recording.stopped'
  /** The PBX did not confirm the end: the recording goes on. */
  | 'recording.stop-failed'
  /** Verified, sealed and stored. */
  | 'recording.stored'
  /** The rules would not record this call any more; the recording goes on. */
  | 'recording.would-stop'
  /** A report was taken away. */
  | 'report.exported'
  /** A report was read. */
  | 'report.read'
  /** An archive or purge run began. */
  | 'retention.begun'
  /** The retention rules changed. */
  | 'retention.changed'
  /** An archive or purge run ended. */
  | 'retention.ended'
  /** What retention would do was looked at. */
  | 'retention.planned'
  /** A role was made or changed. */
  | 'role.changed'
  /** Somebody signed in. */
  | 'sign-in.accepted'
  /** A session ended: signed out, over, or taken back. */
  | 'sign-in.ended'
  /** A token that was no good. */
  | 'sign-in.refused'
  /** A file in the spool that belongs to no recording. */
  | 'spool.unclaimed'
  /** What tells of a person was erased, as far as no hold prevented it. */
  | 'subject.erased'
  /** A token was made. */
  | 'token.created'
  /** A token was revoked. */
  | 'token.revoked'
  /** A user was made, changed or locked. */
  | 'user.changed';

/** The end of a chain, signed. */
export type AuditCheckpoint = {
  readonly __typename?: 'AuditCheckpoint';
  /** When it was signed. */
  readonly at: Scalars['DateTime']['output'];
  /** The chain. */
  readonly chain: Scalars['String']['output'];
  /** The signed note, as C2SP tlog-checkpoint has it: text, an empty line, and the signature. */
  readonly note: Scalars['String']['output'];
  /** The last entry that it covers. */
  readonly sequence: Scalars['SafeInt']['output'];
};

/** One line of the audit. Entries are never changed; each is tied to the one before by its hash. */
export type AuditEntry = Node & {
  readonly __typename?: 'AuditEntry';
  /** What was done. */
  readonly action: AuditAction;
  /** Who did it. */
  readonly actor: Actor;
  /** From where: an IP address, or `local`. Null: not told, or erased. */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** The chain that it stands in: one for each node. */
  readonly chain: Scalars['String']['output'];
  /** The customer, as `audit.customerIdKey` names the key. Null: none, erased, or not for your role. */
  readonly customerId?: Maybe<Scalars['String']['output']>;
  /** Facts that tell of no person. */
  readonly details: ReadonlyArray<KeyValue>;
  /** The hash that ties it to the entry before, hexadecimal. */
  readonly hash: Scalars['String']['output'];
  /** Opaque. */
  readonly id: Scalars['ID']['output'];
  /** The plain id of the interaction that it is about, or null. */
  readonly interactionId?: Maybe<Scalars['String']['output']>;
  /** Of what kind the conversation is, as `audit.interactionTypeKey` names the key. Null: none, erased, or not for your role. */
  readonly interactionType?: Maybe<Scalars['String']['output']>;
  /** What it was done to. */
  readonly object: AuditObject;
  /** How it ended. */
  readonly outcome: AuditOutcome;
  /** The partitions of the recording that it is about, or null. */
  readonly partitions?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What tells of a person: numbers, names, addresses, attached data. Null after its erasure. */
  readonly personal?: Maybe<ReadonlyArray<KeyValue>>;
  /** How many of these facts your role may not see: attached data of a narrower visibility. */
  readonly personalHidden: Scalars['Int']['output'];
  /** Why, in one word, or null. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** The plain id of the recording that it is about, or null. */
  readonly recordingId?: Maybe<Scalars['String']['output']>;
  /** Its place in the chain, from 1. */
  readonly sequence: Scalars['SafeInt']['output'];
};

/** A page of the audit. */
export type AuditEntryConnection = {
  readonly __typename?: 'AuditEntryConnection';
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<AuditEntryEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<AuditEntry>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry in a page. */
export type AuditEntryEdge = {
  readonly __typename?: 'AuditEntryEdge';
  /** The place after this entry. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: AuditEntry;
};

/** Conditions on audit entries; all that are given must hold. */
export type AuditFilter = {
  /** Of this kind. */
  readonly action?: InputMaybe<AuditAction>;
  /** Of one of these kinds. */
  readonly actions?: InputMaybe<ReadonlyArray<AuditAction>>;
  /** By this actor: a token's id, a PBX. */
  readonly actorId?: InputMaybe<Scalars['String']['input']>;
  /** By this kind of actor. */
  readonly actorType?: InputMaybe<ActorType>;
  /** By somebody at this address. What was erased is not found by it. */
  readonly address?: InputMaybe<Scalars['String']['input']>;
  /** In the chain of this node. */
  readonly chain?: InputMaybe<Scalars['String']['input']>;
  /** About this customer: the value of the key that `audit.customerIdKey` names. What was erased is not found by it. */
  readonly customerId?: InputMaybe<Scalars['String']['input']>;
  /** At this time or later. */
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  /** About this interaction, by its plain id, whatever the object is. */
  readonly interactionId?: InputMaybe<Scalars['String']['input']>;
  /** About a call with this number as caller or callee. What was erased is not found by it. */
  readonly number?: InputMaybe<Scalars['String']['input']>;
  /** About this object: the plain id of a recording, an interaction or a token. */
  readonly objectId?: InputMaybe<Scalars['String']['input']>;
  /** About this kind of thing: recording, interaction, token, audit, keys, file, query, policy, desk, user, role, unit, hold, retention, export, report, session or config. */
  readonly objectType?: InputMaybe<Scalars['String']['input']>;
  /** That ended so. */
  readonly outcome?: InputMaybe<AuditOutcome>;
  /** With this reason, in the same letters. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** About this recording, by its plain id, whatever the object is. */
  readonly recordingId?: InputMaybe<Scalars['String']['input']>;
  /** Before this time. */
  readonly to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What it was done to. */
export type AuditObject = {
  readonly __typename?: 'AuditObject';
  /** Which one, by its plain id. */
  readonly id: Scalars['String']['output'];
  /** What kind of thing: recording, interaction, token, audit, keys, file or query. */
  readonly type: Scalars['String']['output'];
};

/** How it ended. */
export type AuditOutcome =
  /** It was tried and did not work. */
  | 'failed'
  /** It was done. */
  | 'ok'
  /** It was not allowed. */
  | 'refused';

/** A number that stops at a cap, because counting on would cost more than anybody wants to know. */
export type CappedCount = {
  readonly __typename?: 'CappedCount';
  /** The number, or the cap. */
  readonly count: Scalars['Int']['output'];
  /** Whether it is the number. When false there are more: "1000+". */
  readonly exact: Scalars['Boolean']['output'];
};

/** Whose leg it is. */
export type ChannelSide =
  /** The agent's. */
  | 'agent'
  /** The customer's. */
  | 'customer'
  /** Neither: a leg within the PBX. */
  | 'internal';

/**
 * How one condition fared. Of a field that your role may not see, neither what is wanted nor what was there is told, nor whether it
 * holds.
 */
export type ConditionExplanation = {
  readonly __typename?: 'ConditionExplanation';
  /** How far it lies within others. */
  readonly depth: Scalars['Int']['output'];
  /** What it looks at, such as `caller` or `attached.CUSTOMER_TYPE`; null when it combines others. */
  readonly field?: Maybe<Scalars['String']['output']>;
  /** Whether it holds; null when that would tell what is hidden. */
  readonly holds?: Maybe<Scalars['Boolean']['output']>;
  /** What the call had. */
  readonly saw: ReadonlyArray<Scalars['String']['output']>;
  /** What is wanted, in words; null when it is hidden. */
  readonly wanted?: Maybe<Scalars['String']['output']>;
};

/** What became of a command for one recording. */
export type ControlOutcome =
  /** It was so before. */
  | 'already'
  /** The PBX has confirmed it. */
  | 'done'
  /** It did not come about; `error` says why. */
  | 'failed'
  /** It was asked for, and begins when it may: at the end of a pause, or when there is somebody to hear. */
  | 'waiting';

/** Why sound that a rule wanted is not there. */
export type CoverageCause =
  /** The file is shorter than the call, and its two halves were cut at different places, as on a full disk. */
  | 'disk-full'
  /** The file is shorter than the call, as when neither side sends. */
  | 'drift'
  /** A spool file was gone. */
  | 'file-missing'
  /** Holdfast ran, and did not hear the PBX. */
  | 'link-down'
  /** The dialplan recorded by itself, after it had waited for an answer. */
  | 'native-late'
  /** The spool files are there, and could not be brought in. */
  | 'never-ingested'
  /** Nothing is known of a recorder. */
  | 'never-started'
  /** The PBX ended, with what it had not written. */
  | 'pbx-died'
  /** The recorder was ended and begun anew because the other party changed. */
  | 'peer-change'
  /** The recorder began after the answer. */
  | 'recorder-late'
  /** The PBX would not begin it. */
  | 'recorder-refused'
  /** The recorder ended before its leg did. */
  | 'recorder-stopped'
  /** Holdfast did not run. */
  | 'restart'
  /** None of these. */
  | 'unexplained';

/** From what it is known that a leg was there. */
export type CoverageEvidence =
  /** The dialplan's own note tells of it. */
  | 'adopted'
  /** The PBX told of its answer. */
  | 'events'
  /** It was found answered after a gap: it began then or later. */
  | 'resync';

/** Why sound is not there and is no loss. */
export type CoverageExcuse =
  /** The agent passed the call on. */
  | 'agent-left'
  /** A recorder ran and wrote nothing, as while it rings; when the leg was answered nobody saw. */
  | 'answer-unseen'
  /** The recorded telephone held, and the PBX gives its recorder nothing meanwhile. */
  | 'hold'
  /** Another telephone answered, which no rule wants. */
  | 'not-wanted'
  /** It was to be silent. */
  | 'paused'
  /** The rules wanted the leg from a later moment on. */
  | 'started-late'
  /** Somebody who may stopped it. */
  | 'stopped-on-demand';

/** What one reason has excused. */
export type CoverageExcused = {
  readonly __typename?: 'CoverageExcused';
  /** The reason. */
  readonly excuse: CoverageExcuse;
  /** How many legs it concerns. */
  readonly legs: Scalars['Int']['output'];
  /** How much. */
  readonly milliseconds: Scalars['SafeInt']['output'];
};

/** A stretch of a leg that is in no sealed recording. */
export type CoverageGap = {
  readonly __typename?: 'CoverageGap';
  /** Its beginning, in the PBX's time. */
  readonly beganAt: Scalars['DateTime']['output'];
  /** The cause of a loss, or null. */
  readonly cause?: Maybe<CoverageCause>;
  /** Its end. */
  readonly endedAt: Scalars['DateTime']['output'];
  /** The reason why it is none, or null. */
  readonly excuse?: Maybe<CoverageExcuse>;
};

/** An answered leg that a rule wanted. */
export type CoverageLeg = {
  readonly __typename?: 'CoverageLeg';
  /** The leg, as the PBX names it. */
  readonly channelId: Scalars['String']['output'];
  /** From what it is known. */
  readonly evidence: CoverageEvidence;
  /** From when on it was wanted. */
  readonly from: Scalars['DateTime']['output'];
  /** What is missing or excused, in the order of the call. */
  readonly gaps: ReadonlyArray<CoverageGap>;
  /** The plain id of its interaction: `interaction(id:)` takes it. */
  readonly interactionId: Scalars['String']['output'];
  /** What is missing. */
  readonly missingMs: Scalars['SafeInt']['output'];
  /** The PBX. */
  readonly pbx: Scalars['String']['output'];
  /** The rule that wanted it. */
  readonly rule: Scalars['String']['output'];
  /** Which side of the call it is. */
  readonly side: RecordedSide;
  /** When it was over. */
  readonly to: Scalars['DateTime']['output'];
  /** What it was to have. */
  readonly wantedMs: Scalars['SafeInt']['output'];
};

/** What one cause has cost. */
export type CoverageLoss = {
  readonly __typename?: 'CoverageLoss';
  /** The cause. */
  readonly cause: CoverageCause;
  /** How many legs it concerns. */
  readonly legs: Scalars['Int']['output'];
  /** How much is missing. */
  readonly milliseconds: Scalars['SafeInt']['output'];
};

/** What was wanted, what of it was sealed, and what is missing. */
export type CoverageReport = {
  readonly __typename?: 'CoverageReport';
  /** What of it is in sealed recordings. */
  readonly coveredMs: Scalars['SafeInt']['output'];
  /** What is not there and no loss, by reason. */
  readonly excused: ReadonlyArray<CoverageExcused>;
  /** They lack more than is tolerated. */
  readonly gapLegs: Scalars['Int']['output'];
  /** Answered legs that a rule wanted. Each is settled, waiting or live. */
  readonly legs: Scalars['Int']['output'];
  /** They last. */
  readonly liveLegs: Scalars['Int']['output'];
  /** What is missing, by cause. */
  readonly missing: ReadonlyArray<CoverageLoss>;
  /** What of it is not. */
  readonly missingMs: Scalars['SafeInt']['output'];
  /** Their sound is sealed or lost, and compared. */
  readonly settledLegs: Scalars['Int']['output'];
  /** From this time on. */
  readonly since: Scalars['DateTime']['output'];
  /** What a leg may lack before it is alarmed. */
  readonly toleratedMs: Scalars['SafeInt']['output'];
  /** Times in which nobody saw a PBX: what happened there cannot be proved. At most 100, the oldest first. */
  readonly unobserved: ReadonlyArray<UnobservedWindow>;
  /** Up to this time. */
  readonly until: Scalars['DateTime']['output'];
  /** They are over, and their sound is not sealed yet. */
  readonly waitingLegs: Scalars['Int']['output'];
  /** What the settled legs were to have, without what is excused: `wantedMs = coveredMs + missingMs`. */
  readonly wantedMs: Scalars['SafeInt']['output'];
  /** The legs that lack most. */
  readonly worst: ReadonlyArray<CoverageLeg>;
};

/** An answer of the rules, which can be replayed. */
export type Decision = {
  readonly __typename?: 'Decision';
  /** What the decision was made upon. */
  readonly input: DecisionInput;
  /** Whether to record. */
  readonly outcome: DecisionOutcome;
  /** The partitions that were decided. */
  readonly partitions: ReadonlyArray<Scalars['String']['output']>;
  /** Whether the recording may be paused. */
  readonly pauseAllowed: Scalars['Boolean']['output'];
  /** The hash of the policy that it stood in. */
  readonly policyVersion: Scalars['String']['output'];
  /** The rule that spoke. */
  readonly rule: Scalars['String']['output'];
  /** Whose sides to record. */
  readonly sides: ReadonlyArray<RecordedSide>;
  /** What the rule wants the recording stored as; null: it leaves that to the settings of the PBX. What became of it: `MediaObject.format`. */
  readonly wantedFormat?: Maybe<WantedFormat>;
};

/** What a decision was made upon. */
export type DecisionInput = {
  readonly __typename?: 'DecisionInput';
  /** Attached data at that moment; without keys that your role may not see. */
  readonly attachedData: ReadonlyArray<KeyValue>;
  /** The callee's number. */
  readonly callee?: Maybe<Scalars['String']['output']>;
  /** The caller's number. */
  readonly caller?: Maybe<Scalars['String']['output']>;
};

/** What the rules said. */
export type DecisionOutcome =
  /** Do not record. */
  | 'do-not-record'
  /** Record. */
  | 'record';

/** Somebody's word by hand about a recording. Whether it came about, the recording's state and reason tell. */
export type Demand = {
  readonly __typename?: 'Demand';
  /** What was asked for. */
  readonly action: DemandAction;
  /** When. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** Who asked: a token's id, or a leg. */
  readonly by: Scalars['String']['output'];
  /** When the PBX had not confirmed: the recording went on. Null where it did, or was not asked. */
  readonly failedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How it was asked for. */
  readonly how: PauseWay;
  /** Its place in the recording, from 0. */
  readonly index: Scalars['Int']['output'];
};

/** What may be asked for by hand. */
export type DemandAction =
  /** That a recording begin. */
  | 'start'
  /** That it end before its call does. */
  | 'stop';

/** An agent at a telephone, from when to when. */
export type DeskSeat = {
  readonly __typename?: 'DeskSeat';
  /** The agent. */
  readonly agent: Scalars['String']['output'];
  /** The telephone: the PBX and its endpoint, such as `main:PJSIP/200`. */
  readonly desk: Scalars['String']['output'];
  /** From when. */
  readonly fromAt: Scalars['DateTime']['output'];
  /** Who said so. */
  readonly source: DeskSeatSource;
  /** Until when; null while she sits there. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Conditions on stays at desks; all that are given must hold. */
export type DeskSeatFilter = {
  /** This agent. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
  /** This telephone, such as `main:PJSIP/200`. */
  readonly desk?: InputMaybe<Scalars['String']['input']>;
  /** Not ended before this time. */
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  /** Begun before this time. */
  readonly to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Who said that an agent sits somewhere. */
export type DeskSeatSource =
  /** She logged in at that telephone (Asterisk: AgentLogin). */
  | 'pbx-login'
  /** A queue calls that telephone by her name. */
  | 'queue'
  /** She, or somebody for her, over this API. */
  | 'sign-in';

/** Who called whom, seen from the company. */
export type Direction =
  /** The customer called. */
  | 'inbound'
  /** Nobody from outside took part. */
  | 'internal'
  /** The company called; the customer is the callee. */
  | 'outbound';

/** What prevents that a recording is destroyed. */
export type ErasureObstacle =
  /** It is being recorded, or is not brought in yet. */
  | 'busy'
  /** A legal hold. */
  | 'held'
  /** A minimum retention. */
  | 'kept';

/** A package of recordings that was ordered. */
export type Export = {
  readonly __typename?: 'Export';
  /** How the sound is exported. */
  readonly audio: ExportAudio;
  /** How many of them are packed. */
  readonly done: Scalars['Int']['output'];
  /** When it is destroyed; null before it is ready. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** A code, where it failed. */
  readonly failure?: Maybe<Scalars['String']['output']>;
  /** Its id. */
  readonly id: Scalars['ID']['output'];
  /** SHA-256 of its signed manifest, hexadecimal; it stands in the audit of every recording of it. */
  readonly manifestSha256?: Maybe<Scalars['String']['output']>;
  /** From 0 to 1. */
  readonly progress: Scalars['Float']['output'];
  /** Why it was ordered. */
  readonly reason: Scalars['String']['output'];
  /** The age recipient to whom the sound is sealed within the package; null: it lies open there. */
  readonly recipient?: Maybe<Scalars['String']['output']>;
  /** How many recordings it has. */
  readonly recordings: Scalars['Int']['output'];
  /** When it was ordered. */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** Bytes of the package, as far as it is made. */
  readonly sizeBytes: Scalars['SafeInt']['output'];
  /** Where it stands. */
  readonly state: ExportState;
};

/** How sound is exported. */
export type ExportAudio =
  /** Made smaller: an Ogg file. Needs ffmpeg on the node. */
  | 'opus'
  /** As it was recorded. */
  | 'wav';

/** Which export to end. */
export type ExportCancelInput = {
  /** Its id. */
  readonly exportId: Scalars['ID']['input'];
};

/** The export that was ended, or why it was not. */
export type ExportCancelPayload = {
  readonly __typename?: 'ExportCancelPayload';
  /** Null when there are errors. */
  readonly export?: Maybe<Export>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What to export. Give `recordingIds` or `filter`. */
export type ExportRequestInput = {
  /** How the sound is exported. */
  readonly audio?: ExportAudio;
  /** All that a search finds now, at most 5000: those with sound, unless states are named. */
  readonly filter?: InputMaybe<RecordingFilter>;
  /** Why, 3 to 500 characters. Stands in the manifest and in the audit. */
  readonly reason: Scalars['String']['input'];
  /** An age recipient to whom the sound is sealed within the package. */
  readonly recipient?: InputMaybe<Scalars['String']['input']>;
  /** Opaque or plain ids, at most 5000. */
  readonly recordingIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** The export that was ordered, or why there is none. */
export type ExportRequestPayload = {
  readonly __typename?: 'ExportRequestPayload';
  /** Null when there are errors. */
  readonly export?: Maybe<Export>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Where an export stands. */
export type ExportState =
  /** It was cancelled. */
  | 'cancelled'
  /** Its time is over, or one of its recordings was destroyed; nothing of it is kept. */
  | 'expired'
  /** It could not be made; `failure` tells why. */
  | 'failed'
  /** It is being made. */
  | 'making'
  /** It waits for its turn. */
  | 'queued'
  /** It can be fetched until it expires. */
  | 'ready';

/** Which export to fetch. */
export type ExportTicketInput = {
  /** Its id. */
  readonly exportId: Scalars['ID']['input'];
};

/** A ticket for a package, or why there is none. */
export type ExportTicketPayload = {
  readonly __typename?: 'ExportTicketPayload';
  /** Until when. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it is fetched, without the server's address: `/export/…`. Null when there are errors. */
  readonly path?: Maybe<Scalars['String']['output']>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What is wrong, or was mended. */
export type FindingCode =
  /** No announcement is on record. */
  | 'announcement-missing'
  /** A channel is silent throughout. */
  | 'channel-silent'
  /** File time and call time drifted apart. */
  | 'drift'
  /** The file held no sound. */
  | 'empty'
  /** A span between segments is silent, because nothing was recorded there. */
  | 'gap'
  /** The file's header was broken and was repaired. */
  | 'header-repaired'
  /** The two lanes differ in length. */
  | 'lanes-differ'
  /** One lane's file is missing. */
  | 'lane-missing'
  /** One side of a segment is exact zeros although somebody was there and the other side was heard: it was lost, or her telephone sent nothing. */
  | 'nothing-received'
  /** Somebody who listened said where the pauses of a segment are, or that there are none in it; Holdfast had not found them. */
  | 'pause-by-hand'
  /** A pause could not be found in the samples. */
  | 'pause-not-located'
  /** There was sound within a pause; it was silenced before storing. */
  | 'pause-not-silent'
  /** A pause lasted longer than its limit, because nobody was there to end it: that silence was not asked for. */
  | 'pause-overrun'
  /** A file had a lower sample rate than another one, and was brought to the higher rate. */
  | 'rate-converted'
  /** The sound is shorter than the call. */
  | 'shorter-than-call';

/** What is heard of a recording in which several agents speak. */
export type Hearing =
  /** The parts of the agents whom the listener leads; the rest is silence. */
  | 'own-parts'
  /** All of it. */
  | 'whole';

/** A search under a hold. */
export type HeldSearch = {
  readonly __typename?: 'HeldSearch';
  /** When. */
  readonly addedAt: Scalars['DateTime']['output'];
  /** Who added it. */
  readonly addedBy: Actor;
  /** Its conditions, which must all hold. None: everything that whoever added it reached. */
  readonly conditions: ReadonlyArray<KeyValue>;
  /** Why. */
  readonly reason: Scalars['String']['output'];
};

/** What ended the look at the calls before the oldest of them. */
export type HistoryCut =
  /** As many recordings as one trial may read. */
  | 'recordings'
  /** The time that one trial may take. */
  | 'time';

/** A legal hold: a case with its reason, the recordings that it names, and searches whose findings it holds, also future ones. */
export type Hold = Node & {
  readonly __typename?: 'Hold';
  /** The case. */
  readonly caseName: Scalars['String']['output'];
  /** Opaque. */
  readonly id: Scalars['ID']['output'];
  /** How many recordings it names. */
  readonly namedCount: Scalars['Int']['output'];
  /** When it was placed. */
  readonly placedAt: Scalars['DateTime']['output'];
  /** Who placed it. */
  readonly placedBy: Actor;
  /** The id as the console and the audit show it. */
  readonly plainId: Scalars['String']['output'];
  /** Why it was placed. */
  readonly reason: Scalars['String']['output'];
  /** The recordings that it names, the newest first, as far as you reach them, for those who may search. What its searches find, a search tells. */
  readonly recordings: HoldRecordingConnection;
  /** Who released it, when and why; null while it stands. */
  readonly release?: Maybe<HoldRelease>;
  /** Its searches. */
  readonly searches: ReadonlyArray<HeldSearch>;
};


/** A legal hold: a case with its reason, the recordings that it names, and searches whose findings it holds, also future ones. */
export type HoldRecordingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** A page of holds. */
export type HoldConnection = {
  readonly __typename?: 'HoldConnection';
  /** The holds with their cursors. */
  readonly edges: ReadonlyArray<HoldEdge>;
  /** The holds. */
  readonly nodes: ReadonlyArray<Hold>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** A hold in a page. */
export type HoldEdge = {
  readonly __typename?: 'HoldEdge';
  /** The place after this hold. */
  readonly cursor: Scalars['String']['output'];
  /** The hold. */
  readonly node: Hold;
};

/** More for a hold. */
export type HoldExtendInput = {
  /** The hold: opaque or plain id. */
  readonly holdId: Scalars['ID']['input'];
  /** Why: 3 to 500 characters. */
  readonly reason: Scalars['String']['input'];
  /** As in `HoldPlaceInput`. */
  readonly recordingIds?: ReadonlyArray<Scalars['ID']['input']>;
  /** As in `HoldPlaceInput`. */
  readonly searches?: ReadonlyArray<RecordingFilter>;
};

/** What came of extending a hold. */
export type HoldExtendPayload = {
  readonly __typename?: 'HoldExtendPayload';
  /** How many recordings each search that was added finds now. */
  readonly found?: Maybe<ReadonlyArray<CappedCount>>;
  /** The hold; null when it was not extended. */
  readonly hold?: Maybe<Hold>;
  /** As in `HoldPlacePayload`. */
  readonly tooLate?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A hold that is to be placed. */
export type HoldPlaceInput = {
  /** The case: 3 to 500 characters. */
  readonly caseName: Scalars['String']['input'];
  /** Why: 3 to 500 characters. */
  readonly reason: Scalars['String']['input'];
  /** Recordings by their opaque or plain ids, 500 at most at once. */
  readonly recordingIds?: ReadonlyArray<Scalars['ID']['input']>;
  /** Searches: whatever one of them finds now or later is held. They ask for no state. 16 at most. */
  readonly searches?: ReadonlyArray<RecordingFilter>;
};

/** What came of placing a hold. */
export type HoldPlacePayload = {
  readonly __typename?: 'HoldPlacePayload';
  /** How many recordings each search finds now. */
  readonly found?: Maybe<ReadonlyArray<CappedCount>>;
  /** The hold; null when it was not placed. */
  readonly hold?: Maybe<Hold>;
  /** Plain ids of recordings that were named and whose destruction had been decided before: they are not held. */
  readonly tooLate?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A page of recordings that a hold names. */
export type HoldRecordingConnection = {
  readonly __typename?: 'HoldRecordingConnection';
  /** The recordings with their cursors. */
  readonly edges: ReadonlyArray<RecordingEdge>;
  /** The recordings. */
  readonly nodes: ReadonlyArray<Recording>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** The end of a hold. */
export type HoldRelease = {
  readonly __typename?: 'HoldRelease';
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Who released it. */
  readonly by: Actor;
  /** Why. */
  readonly reason: Scalars['String']['output'];
};

/** The end of a hold. */
export type HoldReleaseInput = {
  /** The hold: opaque or plain id. */
  readonly holdId: Scalars['ID']['input'];
  /** Why: 3 to 500 characters. */
  readonly reason: Scalars['String']['input'];
};

/** What came of releasing a hold. */
export type HoldReleasePayload = {
  readonly __typename?: 'HoldReleasePayload';
  /** The hold; null when it was not released. */
  readonly hold?: Maybe<Hold>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Which holds. */
export type HoldSelection =
  /** All that were ever placed. */
  | 'all'
  /** Those that were not released. */
  | 'standing';

/** A number and a name as the PBX shows them. */
export type Identity = {
  readonly __typename?: 'Identity';
  /** The name, or null where none was shown. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** The number, or null where none was shown. */
  readonly number?: Maybe<Scalars['String']['output']>;
};

/** One customer conversation, over transfers and sites. */
export type Interaction = Node & {
  readonly __typename?: 'Interaction';
  /** When its last call ended; null while it lives. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Opaque. */
  readonly id: Scalars['ID']['output'];
  /** The id as the SIP header X-Interaction-ID, logs and the audit show it. */
  readonly plainId: Scalars['String']['output'];
  /** Its recordings of all sites that you may see, newest first on one time line: the PBXs' clocks are corrected. */
  readonly recordings: ReadonlyArray<Recording>;
  /** When the first PBX saw it. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Where its time line has a hole because somebody stopped the recording by hand, oldest first. */
  readonly stoppedParts: ReadonlyArray<StoppedPart>;
};

/** A trial of a backup of an identity, on recordings that were drawn. */
export type KeyCheck = {
  readonly __typename?: 'KeyCheck';
  /** When. */
  readonly checkedAt: Scalars['DateTime']['output'];
  /** Those that are sealed to it, and that it did not open. */
  readonly failed: Scalars['Int']['output'];
  /** Those that are sealed to others alone. */
  readonly foreign: Scalars['Int']['output'];
  /** Those of them that it opened. */
  readonly opened: Scalars['Int']['output'];
  /** Recordings that were drawn. */
  readonly sampled: Scalars['Int']['output'];
  /** What came of it. */
  readonly verdict: KeyCheckVerdict;
};

/** What a trial of a backup came to. */
export type KeyCheckVerdict =
  /** It did not open something that is sealed to it. */
  | 'failed'
  /** Nothing in the sample is sealed to it. */
  | 'nothing-tried'
  /** It opened everything in the sample that is sealed to it. */
  | 'passed';

/** What an identity is for. */
export type KeyPurpose =
  /** To lie in another place until the operational one is lost. */
  | 'escrow'
  /** To play recordings, every day. */
  | 'operational';

/** One whom recordings are sealed to. */
export type KeyRecipient = {
  readonly __typename?: 'KeyRecipient';
  /** What came of the last `holdfast keys check` of its identity. null: its backup was never tried. */
  readonly lastCheck?: Maybe<KeyCheck>;
  /** As people call it, where the settings say so. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Whether its identity is on this node. */
  readonly openedHere: Scalars['Boolean']['output'];
  /** What its identity is for. */
  readonly purpose: KeyPurpose;
  /** In age's words: age1…. */
  readonly recipient: Scalars['String']['output'];
  /** Stored recordings that its identity opens. */
  readonly recordings: Scalars['SafeInt']['output'];
  /** Whether anything more is sealed to it. */
  readonly standing: KeyRecipientStanding;
};

/** Recordings that are sealed to the same recipients. */
export type KeyRecipientSet = {
  readonly __typename?: 'KeyRecipientSet';
  /** Each of them opens all of these recordings. */
  readonly recipients: ReadonlyArray<Scalars['String']['output']>;
  /** How many recordings. */
  readonly recordings: Scalars['SafeInt']['output'];
};

/** Whether anything more is sealed to a recipient. */
export type KeyRecipientStanding =
  /** Everything that is recorded now is sealed to it. */
  | 'current'
  /** The settings of this node do not name it. */
  | 'not-named'
  /** Nothing more is. A rotation takes it out of what was. */
  | 'retired';

/** Who can open what is stored. Counts are up to a minute old. */
export type KeyReport = {
  readonly __typename?: 'KeyReport';
  /** Why nothing can be played here, and what to do. null: something can. */
  readonly playbackHindrance?: Maybe<Scalars['String']['output']>;
  /** Everybody whom the settings of this node name, and everybody else to whom a recording is sealed. */
  readonly recipients: ReadonlyArray<KeyRecipient>;
  /** The recordings by exactly whom they are sealed to, the most first. */
  readonly sets: ReadonlyArray<KeyRecipientSet>;
  /** Recordings that no identity of this node opens. */
  readonly unopenedRecordings: Scalars['SafeInt']['output'];
};

/** A key and its value, as text. */
export type KeyValue = {
  readonly __typename?: 'KeyValue';
  /** The key. */
  readonly key: Scalars['String']['output'];
  /** The value. */
  readonly value: Scalars['String']['output'];
};

/** One measured figure. */
export type Measurement = {
  readonly __typename?: 'Measurement';
  /** What was measured, with its unit. */
  readonly name: Scalars['String']['output'];
  /** The figure. */
  readonly value: Scalars['Float']['output'];
};

/** How the sound lies in its file. */
export type MediaFormat =
  /** FLAC with 16-bit samples; nothing was lost by it. */
  | 'flac'
  /** WAV with G.711 A-law, one byte for a sample; nothing was lost by it, but that exact zeros are its smallest value, 8. */
  | 'wav-alaw'
  /** WAV with G.711 µ-law, one byte for a sample; nothing was lost by it. */
  | 'wav-mulaw'
  /** WAV with 16-bit linear samples. */
  | 'wav-pcm16';

/** The stored sound, as its listener gets it. It is sealed where it lies. */
export type MediaObject = {
  readonly __typename?: 'MediaObject';
  /** The PBX's time of the first sample: pauses and parties are placed on the sound by it. */
  readonly beganAt: Scalars['DateTime']['output'];
  /** Channels: 1 is the recorded party, 2 the other side. */
  readonly channels: Scalars['Int']['output'];
  /** Length in milliseconds. */
  readonly durationMs: Scalars['SafeInt']['output'];
  /** How the sound lies in its file. */
  readonly format: MediaFormat;
  /** SHA-256 of the sealed payload, hexadecimal. */
  readonly payloadSha256: Scalars['String']['output'];
  /** Size of the sealed payload in bytes. */
  readonly payloadSizeBytes: Scalars['SafeInt']['output'];
  /** Samples per second. */
  readonly sampleRateHz: Scalars['Int']['output'];
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: Scalars['String']['output'];
  /** Size of the file in bytes. */
  readonly sizeBytes: Scalars['SafeInt']['output'];
  /** The store in which the sealed object lies, by its name in the settings; null for the installation's own. */
  readonly store?: Maybe<Scalars['String']['output']>;
  /** When it was stored. */
  readonly storedAt: Scalars['DateTime']['output'];
  /** Loudness over time, to draw. */
  readonly waveform: Waveform;
};


/** The stored sound, as its listener gets it. It is sealed where it lies. */
export type MediaObjectWaveformArgs = {
  maxPoints?: Scalars['Int']['input'];
};

/** What can be done. Expected failures are data: look at `userErrors`. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Says that an agent sits at a telephone from now on: her recordings, and her rights over live calls, are those of that telephone.
   * She has left the one at which she signed in before, and whoever had signed in here has left. Idempotent.
   */
  readonly agentSignIn: AgentSignInPayload;
  /** Says that an agent has left the telephone at which she signed in. Idempotent. */
  readonly agentSignOut: AgentSignOutPayload;
  /**
   * Attaches a value to a live call, as if its dialplan had set it, and asks the rules again: recording may start late, or gain
   * partitions and labels; nothing ever stops. Idempotent. The value passes the same list of keys, sizes and types as any other.
   */
  readonly attachedDataSet: AttachedDataSetPayload;
  /** Ends an export and destroys what was made of it. */
  readonly exportCancel: ExportCancelPayload;
  /**
   * Orders a package of recordings: sound, what is known of them, and what the audit tells of them, with a signed manifest. It is made
   * in the background; every recording is looked at again with the rights that you have when its turn comes.
   */
  readonly exportRequest: ExportRequestPayload;
  /** A ticket with which a package that is ready can be fetched: `GET /export/<ticket>`, whole or by ranges. */
  readonly exportTicket: ExportTicketPayload;
  /** Puts more recordings or searches under a hold that stands. */
  readonly holdExtend: HoldExtendPayload;
  /**
   * Places a legal hold. From the moment it is answered nothing that it names, or that its searches find now or later, is purged or
   * deleted, by anybody, until it is released. What was destroyed before is told in `tooLate`.
   */
  readonly holdPlace: HoldPlacePayload;
  /** Releases a hold. What no other hold stands over may be destroyed from then on. */
  readonly holdRelease: HoldReleasePayload;
  /**
   * Reads the policy file again, as a signal at the console does. One with faults changes nothing: the rules of before stay in
   * force, the faults are told with their places, and the alarm of a broken policy is raised.
   */
  readonly policyReload: PolicyReloadPayload;
  /**
   * Destroys a recording for good: its headers, its sound, its spool files, its numbers and names. A tombstone and a signed receipt
   * stay. Refused while a hold or a minimum retention stands over it, or while it is being recorded or brought in.
   */
  readonly recordingDelete: RecordingDeletePayload;
  /** A ticket with which the sound of one recording can be fetched once, as a file: `GET /download/<ticket>`. */
  readonly recordingDownload: RecordingDownloadPayload;
  /** Puts labels on a recording and takes them off. Rules give labels, too; a label is on a recording once. */
  readonly recordingLabel: RecordingLabelPayload;
  /**
   * Silences a conversation without cutting its time line, until it is resumed. Idempotent. All its live recordings pause together,
   * whichever is named, or none: when one is not confirmed, the others have their sound back, and all are told as failed. Answers
   * when the PBX has told that it is done, within five seconds. docs/pause.md tells what is guaranteed.
   */
  readonly recordingPause: RecordingPausePayload;
  /**
   * Hands out a ticket for the audio of one recording. The request stands in the audit, and so does the listening, before its
   * first byte.
   */
  readonly recordingRequestPlayback: RecordingRequestPlaybackPayload;
  /** Ends the silence. Idempotent. */
  readonly recordingResume: RecordingResumePayload;
  /**
   * Records a live call from now on, where the rule that decided it lets somebody. Idempotent. What was stopped before is gone on
   * with as a new recording. While the conversation is paused, it is put off until the resume: outcome `WAITING`.
   */
  readonly recordingStart: RecordingStartPayload;
  /** Ends live recordings before their call does, where the rule under which they are recorded lets somebody. Idempotent. */
  readonly recordingStop: RecordingStopPayload;
  /** Makes a role. */
  readonly roleAdd: RoleAddPayload;
  /** Changes a role of your own; the built-in ones never change, and nobody changes the role that she has. */
  readonly roleChange: RoleChangePayload;
  /** Takes a role away that no user has. Tokens of it are no good any more. */
  readonly roleRemove: RoleRemovePayload;
  /**
   * Erases one person's data as it was looked at: her recordings are destroyed, and what the audit tells of her, unless something
   * prevented a part of it. At most 100 recordings; more of them at the console: `holdfast subject erase`.
   */
  readonly subjectErase: SubjectErasePayload;
  /** Makes a business unit. */
  readonly unitAdd: UnitAddPayload;
  /** Moves or renames a unit, from a time on. A time in the past is a correction: recordings of then are looked at again. */
  readonly unitChange: UnitChangePayload;
  /** Ends a unit. */
  readonly unitEnd: UnitEndPayload;
  /** Takes a unit away as if it had never been: a correction. */
  readonly unitErase: UnitErasePayload;
  /** An agent comes to a unit. */
  readonly unitMemberJoin: UnitMemberJoinPayload;
  /** An agent leaves a unit. */
  readonly unitMemberLeave: UnitMemberLeavePayload;
  /** Makes a user. */
  readonly userAdd: UserAddPayload;
  /** Changes a user; what is left out stays. What is taken away is over at once. Nobody changes her own. */
  readonly userChange: UserChangePayload;
  /** Takes a user away. What the audit tells of her stays. */
  readonly userRemove: UserRemovePayload;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationAgentSignInArgs = {
  input: AgentSignInInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationAgentSignOutArgs = {
  input: AgentSignOutInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationAttachedDataSetArgs = {
  input: AttachedDataSetInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationExportCancelArgs = {
  input: ExportCancelInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationExportRequestArgs = {
  input: ExportRequestInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationExportTicketArgs = {
  input: ExportTicketInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationHoldExtendArgs = {
  input: HoldExtendInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationHoldPlaceArgs = {
  input: HoldPlaceInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationHoldReleaseArgs = {
  input: HoldReleaseInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingDeleteArgs = {
  input: RecordingDeleteInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingDownloadArgs = {
  input: RecordingDownloadInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingLabelArgs = {
  input: RecordingLabelInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingPauseArgs = {
  input: RecordingPauseInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingRequestPlaybackArgs = {
  input: RecordingRequestPlaybackInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingResumeArgs = {
  input: RecordingResumeInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingStartArgs = {
  input: RecordingStartInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRecordingStopArgs = {
  input: RecordingStopInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRoleAddArgs = {
  input: RoleAddInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRoleChangeArgs = {
  input: RoleChangeInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationRoleRemoveArgs = {
  input: RoleRemoveInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationSubjectEraseArgs = {
  input: SubjectEraseInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitAddArgs = {
  input: UnitAddInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitChangeArgs = {
  input: UnitChangeInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitEndArgs = {
  input: UnitEndInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitEraseArgs = {
  input: UnitEraseInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitMemberJoinArgs = {
  input: UnitMemberJoinInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUnitMemberLeaveArgs = {
  input: UnitMemberLeaveInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUserAddArgs = {
  input: UserAddInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUserChangeArgs = {
  input: UserChangeInput;
};


/** What can be done. Expected failures are data: look at `userErrors`. */
export type MutationUserRemoveArgs = {
  input: UserRemoveInput;
};

/** The recording of the call that somebody has now, as her desk shows it. */
export type MyCurrentRecording = {
  readonly __typename?: 'MyCurrentRecording';
  /** When the call began; null without one. */
  readonly callBeganAt?: Maybe<Scalars['DateTime']['output']>;
  /** The telephones at which the owner of the token is taken to sit, such as `main:PJSIP/200`. */
  readonly desks: ReadonlyArray<Scalars['String']['output']>;
  /** The conversation: what the SIP header X-Interaction-ID carries. Null without a call, and where no rule has looked at it. */
  readonly interactionId?: Maybe<Scalars['String']['output']>;
  /** Whether `recordingPause(input: { current: true })` may be asked for now. */
  readonly mayPause: Scalars['Boolean']['output'];
  /** Whether `recordingResume(input: { current: true })` may be asked for now. */
  readonly mayResume: Scalars['Boolean']['output'];
  /** Whether `recordingStart(input: { current: true })` may be asked for now. */
  readonly mayStart: Scalars['Boolean']['output'];
  /** Whether `recordingStop(input: { current: true })` may be asked for now. */
  readonly mayStop: Scalars['Boolean']['output'];
  /** When the pause that is in force ends by itself. */
  readonly pauseEndsAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was warned that this comes near; null before. */
  readonly pauseWarnedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The spans of silence in it, in order. */
  readonly pauses: ReadonlyArray<Pause>;
  /** What runs, and what was stopped by hand in this call. */
  readonly recordings: ReadonlyArray<MyRecording>;
  /** Since when, by the PBX's clock; null without a call. */
  readonly since?: Maybe<Scalars['DateTime']['output']>;
  /** How it stands. */
  readonly state: MyCurrentRecordingState;
};

/** How the recording of the call that somebody has now stands. */
export type MyCurrentRecordingState =
  /** There is a call, and nothing of it is recorded. */
  | 'not-recorded'
  /** There is no call at her telephone, or it only rings. */
  | 'no-call'
  /** Nothing that is said now is recorded: the PBX has confirmed the silence. */
  | 'paused'
  /** What is said now is recorded. */
  | 'recording'
  /** It was recorded until somebody stopped it by hand. */
  | 'stopped'
  /** It was asked for, and begins when it may: at the end of a pause, or when there is somebody to hear. */
  | 'waiting';

/** One recording of the call that somebody has now. */
export type MyRecording = {
  readonly __typename?: 'MyRecording';
  /** When it ended. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The id as logs, file names and the audit show it. */
  readonly plainId: Scalars['String']['output'];
  /** Why it ended; null while it goes on. */
  readonly reason?: Maybe<StateReason>;
  /** Whose side it follows. */
  readonly side: RecordedSide;
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Where it stands. */
  readonly state: RecordingState;
};

/** Something that can be fetched again by its id. */
export type Node = {
  /** Opaque; valid in this installation, and only as an argument. */
  readonly id: Scalars['ID']['output'];
};

/** Recordings that are being looked at again. */
export type OrganisationRestamp = {
  readonly __typename?: 'OrganisationRestamp';
  /** When the correction was made. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** How many of them have other units now. */
  readonly changed: Scalars['Int']['output'];
  /** Those that began at this time or later. */
  readonly from: Scalars['DateTime']['output'];
  /** How many were looked at. */
  readonly looked: Scalars['Int']['output'];
  /** How far it is, 0 to 1. */
  readonly share: Scalars['Float']['output'];
};

/** Where a page lies within its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Cursor of the last entry, or null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there is more after this page. Ask for it with `after: endCursor`. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Always false: pages are walked forwards, from the newest to the oldest. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first entry, or null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** Somebody who was heard, from when to when. */
export type Party = {
  readonly __typename?: 'Party';
  /** The agent at that telephone, as far as it was known who sat there. */
  readonly agent?: Maybe<Scalars['String']['output']>;
  /** The leg. */
  readonly channelId: Scalars['String']['output'];
  /** The telephone, such as `PJSIP/200`. */
  readonly endpoint?: Maybe<Scalars['String']['output']>;
  /** From when. */
  readonly fromAt: Scalars['DateTime']['output'];
  /** Number and name. */
  readonly identity: Identity;
  /** Whose leg it is. */
  readonly side: ChannelSide;
  /** Until when; null while present. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A span of silence that somebody asked for. */
export type Pause = {
  readonly __typename?: 'Pause';
  /** When it was asked for. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** Who asked: a token's id, or a leg. */
  readonly by: Scalars['String']['output'];
  /** When the PBX confirmed the silence; null when it never did. */
  readonly effectiveAt?: Maybe<Scalars['DateTime']['output']>;
  /** How it was asked for. */
  readonly how: PauseWay;
  /** Its place in the recording, from 0. */
  readonly index: Scalars['Int']['output'];
  /** How long it may last, in milliseconds, before it is ended; null when that is not known. */
  readonly limitMs?: Maybe<Scalars['SafeInt']['output']>;
  /** When that was asked. */
  readonly resumeAskedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who asked to go on. */
  readonly resumeBy?: Maybe<Scalars['String']['output']>;
  /** When the PBX confirmed the sound, or the recording ended. */
  readonly resumedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was told that the limit comes near: `recordingChanged` brings it. Null before. */
  readonly warnedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** How a pause was asked for. */
export type PauseWay =
  /** This API. */
  | 'api'
  /** The dialplan. */
  | 'dialplan'
  /** The agent's telephone keys. */
  | 'dtmf'
  /** The longest pause that is allowed. */
  | 'limit'
  /** Holdfast by itself. */
  | 'system';

/** What somebody may do. */
export type Permission =
  /** Pause, resume, start and stop what is recorded of one's own calls. */
  | 'control-own'
  /** Pause, resume, start and stop live recordings of others, as far as one reaches them. */
  | 'control-team'
  /** Delete recordings before their time, and erase what tells of a person. */
  | 'delete'
  /** Take recordings away: single files and packages. */
  | 'export'
  /** Take parts of the audit away. */
  | 'export-audit'
  /** Place legal holds. */
  | 'hold'
  /** Put labels on recordings and take them off. */
  | 'label'
  /** See and rotate the keys that recordings are sealed to. */
  | 'manage-keys'
  /** Look at the rules and their versions, try drafts, and have them read again. */
  | 'manage-policy'
  /** Change retention rules, and run archive and purge. */
  | 'manage-retention'
  /** Change users, roles and the organisation. */
  | 'manage-users'
  /** Hear recordings. */
  | 'play'
  /** Read the audit. */
  | 'read-audit'
  /** Release legal holds. */
  | 'release'
  /** Find recordings and read what is known of them. */
  | 'search';

/** The right to hear one recording for a while. */
export type PlaybackTicket = {
  readonly __typename?: 'PlaybackTicket';
  /** When it ends unless it is used; each use renews it, for four hours at most. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Where the audio is, from the root of this server: `/media/…`. GET and HEAD, with byte ranges; no other authentication. */
  readonly path: Scalars['String']['output'];
  /** The ticket's text. Whoever has it can hear the recording: do not store or log it. */
  readonly ticket: Scalars['String']['output'];
};

/** Rules in force on one node. */
export type Policy = {
  readonly __typename?: 'Policy';
  /** What may be attached to a call, and who sees it. */
  readonly attachedKeys: ReadonlyArray<AttachedKey>;
  /** Since when, on this node: its start, or a later reading. */
  readonly inForceSince: Scalars['DateTime']['output'];
  /** Names of the rules that are asked before all others, in their order. */
  readonly never: ReadonlyArray<Scalars['String']['output']>;
  /** Where they come from. */
  readonly origin: PolicyOrigin;
  /** What was wrong with the file then: older rules are in force, as long as anything stands here. */
  readonly problems: ReadonlyArray<PolicyProblem>;
  /** When the file was read last. */
  readonly readAt: Scalars['DateTime']['output'];
  /** Names of the rules, in order of precedence. */
  readonly rules: ReadonlyArray<Scalars['String']['output']>;
  /** Names the key that shares are drawn with. */
  readonly samplingKeyId: Scalars['String']['output'];
  /** The text as it was read; null without a policy file. */
  readonly text?: Maybe<Scalars['String']['output']>;
  /** Whose calendar days, weeks and months of quotas follow. */
  readonly timeZone: Scalars['String']['output'];
  /** The hash of what they say; every decision names it. */
  readonly version: Scalars['String']['output'];
};

/** What came of a trial. */
export type PolicyBacktest = {
  readonly __typename?: 'PolicyBacktest';
  /** What is wrong with the text; then nothing was tried. */
  readonly problems: ReadonlyArray<PolicyProblem>;
  /** What the text would have made of the calls; null when anything is wrong with it. */
  readonly report?: Maybe<PolicyBacktestReport>;
};

/** What rules would have made of calls of before. */
export type PolicyBacktestReport = {
  readonly __typename?: 'PolicyBacktestReport';
  /** What would have been. Its bytes are an estimate: as many per hour as before. */
  readonly after: RecordedVolume;
  /** What was recorded. */
  readonly before: RecordedVolume;
  /** Calls that were decided again. */
  readonly calls: Scalars['Int']['output'];
  /** How many calls would have changed, by kind. */
  readonly changes: ReadonlyArray<PolicyChangeCount>;
  /** What kept older calls out; null when all were looked at. */
  readonly cutBy?: Maybe<HistoryCut>;
  /** Some calls of each kind of change, to look at. */
  readonly examples: ReadonlyArray<PolicyChangeExample>;
  /** When the first of these calls began; null without any. */
  readonly fromAt?: Maybe<Scalars['DateTime']['output']>;
  /** The version that the text would have. */
  readonly policyVersion: Scalars['String']['output'];
  /** Recordings that were read for it. */
  readonly recordings: Scalars['Int']['output'];
  /** Calls by the rule that decided them, before and after. */
  readonly rules: ReadonlyArray<PolicyRuleCount>;
  /** When the last of these calls began; null without any. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What a draft changes about a call: the first of these that is true. */
export type PolicyChange =
  /** It would not be recorded any more. */
  | 'not-recorded-now'
  /** It would lie in other partitions. */
  | 'partitions-differ'
  /** It would be recorded now. */
  | 'recorded-now'
  /** Another rule would decide the same. */
  | 'rule-differs'
  /** Nothing. */
  | 'same'
  /** Other sides would be recorded. */
  | 'sides-differ';

/** Calls by kind of change. */
export type PolicyChangeCount = {
  readonly __typename?: 'PolicyChangeCount';
  /** How many. */
  readonly calls: Scalars['Int']['output'];
  /** The kind. */
  readonly change: PolicyChange;
};

/** One call that would change. */
export type PolicyChangeExample = {
  readonly __typename?: 'PolicyChangeExample';
  /** The rule that would have. */
  readonly after: Scalars['String']['output'];
  /** The rule that decided. */
  readonly before: Scalars['String']['output'];
  /** What would change. */
  readonly change: PolicyChange;
  /** The conversation, by its plain id. */
  readonly interactionId: Scalars['String']['output'];
};

/** What a policy's text comes to. */
export type PolicyCheck = {
  readonly __typename?: 'PolicyCheck';
  /** Everything that is wrong with it; of more than a hundred faults the first hundred, and how many more. */
  readonly problems: ReadonlyArray<PolicyProblem>;
  /** The version that it would have; null when anything is wrong. */
  readonly version?: Maybe<Scalars['String']['output']>;
};

/** Where the rules in force come from. */
export type PolicyOrigin =
  /** The policy file. */
  | 'file'
  /** A copy of the last good policy file: the file itself was wrong when the service started. */
  | 'kept'
  /** No policy file is named: the dialplan's own word alone decides. */
  | 'none';

/** Something that is wrong in the text of a policy. */
export type PolicyProblem = {
  readonly __typename?: 'PolicyProblem';
  /** The column, from 1. */
  readonly column?: Maybe<Scalars['Int']['output']>;
  /** The line, from 1; null when it has no place in the text. */
  readonly line?: Maybe<Scalars['Int']['output']>;
  /** What is wrong, and what is allowed. */
  readonly message: Scalars['String']['output'];
  /** Which setting, such as `rules[0].when.caller`; empty for the text as a whole. */
  readonly path: Scalars['String']['output'];
};

/** What became of the rules. */
export type PolicyReloadPayload = {
  readonly __typename?: 'PolicyReloadPayload';
  /** What is still to be done by hand, in sentences; null when the file was refused. */
  readonly advice?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Whether other rules are in force than before; null when the file was refused. */
  readonly changed?: Maybe<Scalars['Boolean']['output']>;
  /** The rules in force now; null when the file was refused. */
  readonly policy?: Maybe<Policy>;
  /** What is wrong with the file, with its places; null when nothing is. */
  readonly problems?: Maybe<ReadonlyArray<PolicyProblem>>;
  /** What went wrong; one for each problem of the file. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Calls by rule. */
export type PolicyRuleCount = {
  readonly __typename?: 'PolicyRuleCount';
  /** Calls that it would have decided. */
  readonly after: Scalars['Int']['output'];
  /** Calls that it decided. */
  readonly before: Scalars['Int']['output'];
  /** The rule. */
  readonly rule: Scalars['String']['output'];
};

/** A version of the rules that decided calls. */
export type PolicyVersion = {
  readonly __typename?: 'PolicyVersion';
  /** What it says, as JSON in a fixed order: the hash is that of this text. */
  readonly content: Scalars['String']['output'];
  /** When it decided for the first time. */
  readonly firstUsedAt: Scalars['DateTime']['output'];
  /** The hash of what it says. */
  readonly version: Scalars['String']['output'];
};

/** A page of versions. */
export type PolicyVersionConnection = {
  readonly __typename?: 'PolicyVersionConnection';
  /** The versions with their cursors. */
  readonly edges: ReadonlyArray<PolicyVersionEdge>;
  /** The versions. */
  readonly nodes: ReadonlyArray<PolicyVersion>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** A version in a page. */
export type PolicyVersionEdge = {
  readonly __typename?: 'PolicyVersionEdge';
  /** The place after this version. */
  readonly cursor: Scalars['String']['output'];
  /** The version. */
  readonly node: PolicyVersion;
};

/** A named observation about the quality of a recording. */
export type QualityFinding = {
  readonly __typename?: 'QualityFinding';
  /** When it was found. */
  readonly at: Scalars['DateTime']['output'];
  /** What it is. */
  readonly code: FindingCode;
  /** What was measured; the names carry the unit. */
  readonly details: ReadonlyArray<Measurement>;
  /** The segment that it is about, or null for the whole. */
  readonly segmentIndex?: Maybe<Scalars['Int']['output']>;
};

/** What can be asked. */
export type Query = {
  readonly __typename?: 'Query';
  /** Recordings whose sound may still come, newest first: a list, not pages, because it changes while it is read. */
  readonly activeRecordings: ReadonlyArray<Recording>;
  /** The newest signed checkpoint of a chain, or null: to be kept elsewhere. */
  readonly auditCheckpoint?: Maybe<AuditCheckpoint>;
  /** The audit, newest first. Reading it stands in it. */
  readonly auditEntries: AuditEntryConnection;
  /**
   * The proof of one entry, as `holdfast audit check-proof` checks it without the database: JSON. Null where no checkpoint covers the entry
   * yet, or there is no such entry. It needs the right to export the audit, and stands in it.
   */
  readonly auditProof?: Maybe<Scalars['String']['output']>;
  /**
   * The coverage ledger: every answered leg that a rule wanted, compared with what was sealed of it. It needs the right to read
   * the audit, and stands in it.
   */
  readonly coverage: CoverageReport;
  /**
   * The signed receipt of the destruction of a recording, one JSON document, which `holdfast receipt verify` checks. Null when the
   * recording is not yours, was not destroyed, or is not destroyed to the end yet. For those who delete, and those who read the audit.
   */
  readonly deletionReceipt?: Maybe<Scalars['String']['output']>;
  /** Who sat where, newest first. An agent sees her own; a token that partitions narrow is refused. */
  readonly deskSeats: ReadonlyArray<DeskSeat>;
  /** One of your own exports. Null when there is none. */
  readonly export?: Maybe<Export>;
  /** Your own exports, the newest first. For those who export. */
  readonly exports: ReadonlyArray<Export>;
  /** One legal hold, by its opaque or its plain id. Null when it is not there or not yours. */
  readonly hold?: Maybe<Hold>;
  /** Legal holds, the newest first: those that were placed within what you reach. For those who place or release holds, or delete. */
  readonly holds: HoldConnection;
  /**
   * One interaction with those of its recordings that you may see; null when there are none. An interaction that was merged
   * into another is answered by that one.
   */
  readonly interaction?: Maybe<Interaction>;
  /**
   * To whom recordings are sealed, how many each recipient opens, and when its backup was last tried. It needs the right to
   * manage keys, over every partition, and stands in the audit. Never an identity.
   */
  readonly keys: KeyReport;
  /**
   * The recording of the call that you have now, from the capture node's own view. For the token of an agent; another one has no
   * calls of its own.
   */
  readonly myCurrentRecording: MyCurrentRecording;
  /** Anything by its id; null when it is not there or not yours. */
  readonly node?: Maybe<Node>;
  /** Recordings that are being looked at again, because the tree of their time was corrected; null when none are. */
  readonly organisationRestamp?: Maybe<OrganisationRestamp>;
  /** The rules in force on this node. For those who manage policies, and those who read the audit. */
  readonly policy: Policy;
  /**
   * What the text of a policy would have made of the calls of before: the newest ones, as many as ten seconds allow, at most
   * 10000 recordings; `cutBy` says which ended it. One at a time. It stands in the audit.
   */
  readonly policyBacktest: PolicyBacktest;
  /** What is wrong with the text of a policy, if anything. Nothing is kept of it. */
  readonly policyCheck: PolicyCheck;
  /** Every version of the rules that ever decided a call, the newest first. */
  readonly policyVersions: PolicyVersionConnection;
  /** One recording; null when it is not there or not yours. */
  readonly recording?: Maybe<Recording>;
  /**
   * Why a call was, or was not, recorded: rule by rule, as the rules of then say it again today from what was stored. It stands in
   * the audit. Null when the recording is not there or not yours.
   */
  readonly recordingExplain?: Maybe<RecordingExplanation>;
  /** Recordings that you may see, newest first. The search stands in the audit. */
  readonly recordings: RecordingConnection;
  /**
   * Figures over what has been, counted in the catalogue: of recordings those that the requester may find. That it was read stands
   * in the audit. As CSV and as a page to print: `GET /reports` (docs/reports.md).
   */
  readonly report: Report;
  /** The reports that the requester may read. */
  readonly reportTemplates: ReadonlyArray<ReportTemplateInfo>;
  /** Which rule speaks for a recording, when it goes, and what stands in the way. For whoever may find the recording; null: it is not there, or not hers. */
  readonly retentionExplain?: Maybe<RetentionVerdict>;
  /** What the rules of retention want now, and what stands in the way. Changes nothing, and stands in the audit. It needs the right to manage retention, over every partition, and walks every recording: one at a time. Where that takes longer than ten seconds, `QUERY_TIMEOUT` says how far it is; it goes on, and who asks the same again gets its answer. */
  readonly retentionPlan: RetentionPlan;
  /** Runs of the rules, newest first. It needs the right to manage retention, over every partition. */
  readonly retentionRuns: RetentionRunConnection;
  /** What other rules would change, against those in force. Nothing is changed. As `retentionPlan`. */
  readonly retentionWhatIf: RetentionWhatIf;
  /** Roles: those that are built in first. */
  readonly roles: ReadonlyArray<UserRole>;
  /** What an erasure of one person's data would destroy, and what prevents it. Changes nothing. For those who delete, and reach everything. */
  readonly subjectErasurePlan: SubjectErasurePlan;
  /** Who was in which unit, from when to when. */
  readonly unitMembers: UnitMemberConnection;
  /** Business units with all their history, by their ids. */
  readonly units: UnitConnection;
  /** Users, the newest first. For those who manage them; so are all fields here. */
  readonly users: UserConnection;
  /** Whoever asks. */
  readonly viewer: Viewer;
};


/** What can be asked. */
export type QueryActiveRecordingsArgs = {
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryAuditCheckpointArgs = {
  chain: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryAuditEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryAuditProofArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryCoverageArgs = {
  pbx?: InputMaybe<Scalars['String']['input']>;
  since: Scalars['DateTime']['input'];
  until?: InputMaybe<Scalars['DateTime']['input']>;
  worst?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryDeletionReceiptArgs = {
  recordingId: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryDeskSeatsArgs = {
  filter?: InputMaybe<DeskSeatFilter>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryExportArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryExportsArgs = {
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryHoldArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryHoldsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  which?: HoldSelection;
};


/** What can be asked. */
export type QueryInteractionArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryPolicyBacktestArgs = {
  filter?: InputMaybe<RecordingFilter>;
  text: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryPolicyCheckArgs = {
  text: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryPolicyVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryRecordingArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryRecordingExplainArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryRecordingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<RecordingFilter>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryReportArgs = {
  from: Scalars['DateTime']['input'];
  template: ReportTemplate;
  to: Scalars['DateTime']['input'];
  zone?: Scalars['String']['input'];
};


/** What can be asked. */
export type QueryRetentionExplainArgs = {
  recordingId: Scalars['ID']['input'];
};


/** What can be asked. */
export type QueryRetentionPlanArgs = {
  samples?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryRetentionRunsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryRetentionWhatIfArgs = {
  rules: Scalars['String']['input'];
  samples?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QuerySubjectErasurePlanArgs = {
  subject: SubjectInput;
};


/** What can be asked. */
export type QueryUnitMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  agent?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  unitId?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked. */
export type QueryUnitsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** What can be asked. */
export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** Whose side of the conversation a recording follows. */
export type RecordedSide =
  /** The agent's, until that agent leaves. */
  | 'destination'
  /** The customer's, until she leaves, through holds and transfers. */
  | 'source';

/** How much is recorded. Hours and bytes count each side of a call by itself. */
export type RecordedVolume = {
  readonly __typename?: 'RecordedVolume';
  /** Calls of which at least one side is recorded. */
  readonly calls: Scalars['Int']['output'];
  /** Milliseconds. */
  readonly durationMs: Scalars['SafeInt']['output'];
  /** Bytes. */
  readonly sizeBytes: Scalars['SafeInt']['output'];
};

/** One side of one interaction, captured without a break that the rules asked for. */
export type Recording = Node & {
  readonly __typename?: 'Recording';
  /** The person who spoke for the company, as far as it is known. */
  readonly agent?: Maybe<Scalars['String']['output']>;
  /** That the caller was told; null when nothing is known of an announcement. */
  readonly announcement?: Maybe<Announcement>;
  /** When the recorded leg was answered. */
  readonly answeredAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it went to the archive, and where it lies there; null while it is not archived. */
  readonly archive?: Maybe<RecordingArchive>;
  /** Attached data, as last seen; without keys that your role may not see. */
  readonly attachedData: ReadonlyArray<KeyValue>;
  /**
   * Every value of attached data with its source and time, oldest first: those that the decision was made upon, and each change
   * since; without keys that your role may not see.
   */
  readonly attachedDataChanges: ReadonlyArray<AttachedDataChange>;
  /** The PBX's own id of the call (Asterisk: Linkedid). */
  readonly callId: Scalars['String']['output'];
  /** Who was called. */
  readonly callee: Identity;
  /** Who called. */
  readonly caller: Identity;
  /** The PBX's own id of the leg that asked (Asterisk: Uniqueid). */
  readonly channelId: Scalars['String']['output'];
  /**
   * How far the PBX's clock was ahead of Holdfast's when the recording was asked for. Every instant of a recording is by the PBX's clock: less this
   * it is on one time line with recordings of other PBXs. Null for recordings of earlier versions.
   */
  readonly clockOffsetMs?: Maybe<Scalars['Int']['output']>;
  /** The decision under which it was made or not made. */
  readonly decision: Decision;
  /** What somebody asked for by hand: that it begin, or end before its call does. In order. */
  readonly demands: ReadonlyArray<Demand>;
  /** Who called whom. */
  readonly direction: Direction;
  /** When it ended. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What is wrong, or was mended, in the stored sound. */
  readonly findings: ReadonlyArray<QualityFinding>;
  /** The legal holds that stand over it, by name or by a search, as far as you reach them; null when your role has nothing to do with holds. */
  readonly holds?: Maybe<ReadonlyArray<Hold>>;
  /** Opaque. */
  readonly id: Scalars['ID']['output'];
  /** The conversation that it belongs to; null when that is not known here yet. */
  readonly interaction?: Maybe<Interaction>;
  /** Words that rules gave it. */
  readonly labels: ReadonlyArray<Scalars['String']['output']>;
  /** The stored sound; null before it is stored. */
  readonly media?: Maybe<MediaObject>;
  /** Who began it. */
  readonly origin: RecordingOrigin;
  /** Who was heard, from when to when. */
  readonly parties: ReadonlyArray<Party>;
  /** The partitions that it belongs to; access follows them and all above them. */
  readonly partitions: ReadonlyArray<Scalars['String']['output']>;
  /** The spans of silence that somebody asked for, in order. */
  readonly pauses: ReadonlyArray<Pause>;
  /** The PBX that recorded. */
  readonly pbx: Scalars['String']['output'];
  /** The id as logs, file names and the audit show it. */
  readonly plainId: Scalars['String']['output'];
  /** The queue that the call came through. */
  readonly queue?: Maybe<Scalars['String']['output']>;
  /** Why it ended, failed or was not made; null before. */
  readonly reason?: Maybe<StateReason>;
  /** When a rule wanted it. */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** The runs of the PBX's recorder, in order. */
  readonly segments: ReadonlyArray<Segment>;
  /** Whose side it follows. */
  readonly side: RecordedSide;
  /** Where that PBX stands, as configured. */
  readonly site?: Maybe<Scalars['String']['output']>;
  /** When the PBX began to record. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** Where it stands. */
  readonly state: RecordingState;
  /** When the PBX began to record, on that common time line. */
  readonly timelineStartedAt: Scalars['DateTime']['output'];
  /** How the call was passed on while this recording lasted, in their order. */
  readonly transfers: ReadonlyArray<Transfer>;
};

/** Where an archived recording lies. */
export type RecordingArchive = {
  readonly __typename?: 'RecordingArchive';
  /** When its copies were proved and the catalogue said so. */
  readonly archivedAt: Scalars['DateTime']['output'];
  /** The retention run that archived it, whose signed manifest lists it. */
  readonly runId: Scalars['String']['output'];
  /** The store, as the settings name it. */
  readonly store: Scalars['String']['output'];
};

/** A page of recordings. */
export type RecordingConnection = {
  readonly __typename?: 'RecordingConnection';
  /** The recordings with their cursors. */
  readonly edges: ReadonlyArray<RecordingEdge>;
  /** The recordings. */
  readonly nodes: ReadonlyArray<Recording>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
  /** How many match, over all pages. */
  readonly totalCount: CappedCount;
};

/** What became of a command for one recording: never "done" before the PBX confirmed. */
export type RecordingControlResult = {
  readonly __typename?: 'RecordingControlResult';
  /** From when on it holds, by the PBX's clock; null when it failed. */
  readonly effectiveAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why it failed, or null. */
  readonly error?: Maybe<UserError>;
  /** What became of it. */
  readonly outcome: ControlOutcome;
  /** The recording, as the catalogue knows it now; it may lag behind the call by a moment. */
  readonly recording: Recording;
};

/** A recording that is to be destroyed. */
export type RecordingDeleteInput = {
  /** Why: 3 to 500 characters. Stays in the tombstone and in the receipt for good: no numbers, no names. */
  readonly reason: Scalars['String']['input'];
  /** Opaque or plain id. */
  readonly recordingId: Scalars['ID']['input'];
};

/** What came of destroying a recording. */
export type RecordingDeletePayload = {
  readonly __typename?: 'RecordingDeletePayload';
  /** The signed receipt. Null also while a store or a spool does not answer: that it goes is decided, and it is gone on with. */
  readonly receipt?: Maybe<Scalars['String']['output']>;
  /** Its tombstone; null when it was not destroyed. */
  readonly recording?: Maybe<Recording>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Which recording to fetch. */
export type RecordingDownloadInput = {
  /** How. */
  readonly audio?: ExportAudio;
  /** Why, 3 to 500 characters. Stands in the audit. */
  readonly reason: Scalars['String']['input'];
  /** Opaque or plain id. */
  readonly recordingId: Scalars['ID']['input'];
};

/** A ticket for the sound of one recording, or why there is none. */
export type RecordingDownloadPayload = {
  readonly __typename?: 'RecordingDownloadPayload';
  /** Until when. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it is fetched, without the server's address: `/download/…`. Null when there are errors. */
  readonly path?: Maybe<Scalars['String']['output']>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A recording in a page. */
export type RecordingEdge = {
  readonly __typename?: 'RecordingEdge';
  /** The place after this recording. */
  readonly cursor: Scalars['String']['output'];
  /** The recording. */
  readonly node: Recording;
};

/** Why a call was, or was not, recorded. */
export type RecordingExplanation = {
  readonly __typename?: 'RecordingExplanation';
  /** Whether the rules of then, asked again with what was stored, say the same as then. */
  readonly isReproduced: Scalars['Boolean']['output'];
  /** The version of the rules that decided; `policyVersions` has what it says. */
  readonly policyVersion: Scalars['String']['output'];
  /** The recording. */
  readonly recording: Recording;
  /** The rules in the order in which they were asked. */
  readonly rules: ReadonlyArray<RuleExplanation>;
  /** The answer in one line: the rules' word. What was begun or ended by hand stands in `recording.demands`, and in `text`. */
  readonly summary: Scalars['String']['output'];
  /** All of it as text, a line each, as `holdfast policy explain` prints it. */
  readonly text: Scalars['String']['output'];
};

/** Conditions on recordings; all that are given must hold. */
export type RecordingFilter = {
  /** The agent. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
  /** Attached data: each key must have its value, exactly. At most 16. A key that your role may not see is refused. */
  readonly attached?: InputMaybe<ReadonlyArray<AttachedDataCondition>>;
  /** The callee's number. */
  readonly callee?: InputMaybe<Scalars['String']['input']>;
  /** The caller's number, as the PBX showed it. */
  readonly caller?: InputMaybe<Scalars['String']['input']>;
  /** Recordings of this interaction: opaque or plain id. */
  readonly interactionId?: InputMaybe<Scalars['ID']['input']>;
  /** It has this label, letter for letter, whoever gave it: a rule or somebody by `recordingLabel`. */
  readonly label?: InputMaybe<Scalars['String']['input']>;
  /** The stored sound is at most this long, in milliseconds. */
  readonly maxDurationMs?: InputMaybe<Scalars['SafeInt']['input']>;
  /** The stored sound is at least this long, in milliseconds. */
  readonly minDurationMs?: InputMaybe<Scalars['SafeInt']['input']>;
  /** In this partition or below it: `/support` finds `/support/gold`. */
  readonly partitionUnder?: InputMaybe<Scalars['String']['input']>;
  /** `true`: a pause was asked for in it, whatever came of it (`Recording.pauses`); `false`: none. */
  readonly paused?: InputMaybe<Scalars['Boolean']['input']>;
  /** The queue. */
  readonly queue?: InputMaybe<Scalars['String']['input']>;
  /** The rule that decided, by its name. */
  readonly rule?: InputMaybe<Scalars['String']['input']>;
  /** The site of its PBX. */
  readonly site?: InputMaybe<Scalars['String']['input']>;
  /** Started at this time or later. */
  readonly startedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Started before this time. */
  readonly startedTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** In one of these states. */
  readonly states?: InputMaybe<ReadonlyArray<RecordingState>>;
  /** `true`: was passed on at least once (`Recording.transfers`); `false`: never. */
  readonly transferred?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A change of labels. */
export type RecordingLabelInput = {
  /** Labels to put on, 16 at most: a letter or digit, then up to 63 letters, digits, blanks and . _ - characters. */
  readonly add?: ReadonlyArray<Scalars['String']['input']>;
  /** Opaque or plain id. */
  readonly recordingId: Scalars['ID']['input'];
  /** Labels to take off. One that is not there is no error. */
  readonly remove?: ReadonlyArray<Scalars['String']['input']>;
};

/** What came of a change of labels. */
export type RecordingLabelPayload = {
  readonly __typename?: 'RecordingLabelPayload';
  /** The recording; null when nothing was changed, and for those who may label and not search. */
  readonly recording?: Maybe<Recording>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Who began the recording. */
export type RecordingOrigin =
  /** Holdfast. */
  | 'controlled'
  /** The dialplan by itself, because Holdfast gave no answer; adopted afterwards. */
  | 'native';

/** What to pause: exactly one. */
export type RecordingPauseInput =
  /** `true`: the call that you have now. */
  { readonly current: Scalars['Boolean']['input']; readonly interactionId?: never; readonly recordingId?: never; }
  |  /** All live recordings of one interaction: opaque or plain id. */
  { readonly current?: never; readonly interactionId: Scalars['ID']['input']; readonly recordingId?: never; }
  |  /** The conversation of one recording: opaque or plain id. */
  { readonly current?: never; readonly interactionId?: never; readonly recordingId: Scalars['ID']['input']; };

/** What came of a pause. */
export type RecordingPausePayload = {
  readonly __typename?: 'RecordingPausePayload';
  /** Whether some recordings confirmed it and others did not: at several sites, what has confirmed stays so, and the rest is asked until it has. Null when nothing was tried. */
  readonly isPartial?: Maybe<Scalars['Boolean']['output']>;
  /** What happened, recording by recording; null when nothing was tried. */
  readonly results?: Maybe<ReadonlyArray<RecordingControlResult>>;
  /** The PBXs of which a recording goes on with sound. Null when nothing was tried. */
  readonly unconfirmedPbxs?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Why nothing was tried, and one for each recording that goes on with sound. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What to hear. */
export type RecordingRequestPlaybackInput = {
  /** Why it is to be heard, in 3 to 500 characters; it stands in the audit. Some roles have to say it, here or in the header `X-Holdfast-Reason`. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** The recording: opaque or plain id. */
  readonly recordingId: Scalars['ID']['input'];
};

/** What came of a request for playback. */
export type RecordingRequestPlaybackPayload = {
  readonly __typename?: 'RecordingRequestPlaybackPayload';
  /** The ticket; null when there are errors. */
  readonly playback?: Maybe<PlaybackTicket>;
  /** The recording; null when there are errors. */
  readonly recording?: Maybe<Recording>;
  /** Why there is no ticket. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What to resume: exactly one. */
export type RecordingResumeInput =
  /** `true`: the call that you have now. */
  { readonly current: Scalars['Boolean']['input']; readonly interactionId?: never; readonly recordingId?: never; }
  |  /** All live recordings of one interaction: opaque or plain id. */
  { readonly current?: never; readonly interactionId: Scalars['ID']['input']; readonly recordingId?: never; }
  |  /** One recording: opaque or plain id. */
  { readonly current?: never; readonly interactionId?: never; readonly recordingId: Scalars['ID']['input']; };

/** What came of a resume. */
export type RecordingResumePayload = {
  readonly __typename?: 'RecordingResumePayload';
  /** Whether some recordings confirmed it and others did not: at several sites, what has confirmed stays so, and the rest is asked until it has. Null when nothing was tried. */
  readonly isPartial?: Maybe<Scalars['Boolean']['output']>;
  /** What happened, recording by recording; null when nothing was tried. */
  readonly results?: Maybe<ReadonlyArray<RecordingControlResult>>;
  /** The PBXs of which a recording stays silent. Null when nothing was tried. */
  readonly unconfirmedPbxs?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Why nothing was tried, and one for each recording that stays silent. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Which call to record: exactly one. */
export type RecordingStartInput =
  /** `true`: the call that you have now. */
  { readonly current: Scalars['Boolean']['input']; readonly interactionId?: never; readonly recordingId?: never; }
  |  /** One interaction: opaque or plain id. */
  { readonly current?: never; readonly interactionId: Scalars['ID']['input']; readonly recordingId?: never; }
  |  /** The call of one recording that has ended, or was not made: opaque or plain id. */
  { readonly current?: never; readonly interactionId?: never; readonly recordingId: Scalars['ID']['input']; };

/** What came of a start. */
export type RecordingStartPayload = {
  readonly __typename?: 'RecordingStartPayload';
  /** What happened, recording by recording; null when nothing was tried. */
  readonly results?: Maybe<ReadonlyArray<RecordingControlResult>>;
  /** Why nothing was tried, and one for each recording that did not begin. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Where a recording stands. */
export type RecordingState =
  /** Moved to the archive. */
  | 'archived'
  /** It was wanted and there is no sound; `reason` says why. */
  | 'failed'
  /** The file is being verified, sealed and stored. */
  | 'ingesting'
  /** It was looked at and not wanted; `reason` and `decision` say why. */
  | 'not-recorded'
  /** The PBX records silence, because somebody asked for it. */
  | 'paused'
  /** Destroyed by rule or by hand; this row remains. */
  | 'purged'
  /** The PBX records. */
  | 'recording'
  /** A rule wants it; the PBX has not confirmed yet. */
  | 'requested'
  /** The call is over; the file waits. */
  | 'stopped'
  /** Verified, sealed, stored, and ready to be heard. */
  | 'stored';

/** What to stop: exactly one. */
export type RecordingStopInput =
  /** `true`: the call that you have now. */
  { readonly current: Scalars['Boolean']['input']; readonly interactionId?: never; readonly recordingId?: never; }
  |  /** All live recordings of one interaction: opaque or plain id. */
  { readonly current?: never; readonly interactionId: Scalars['ID']['input']; readonly recordingId?: never; }
  |  /** One recording: opaque or plain id. */
  { readonly current?: never; readonly interactionId?: never; readonly recordingId: Scalars['ID']['input']; };

/** What came of a stop. */
export type RecordingStopPayload = {
  readonly __typename?: 'RecordingStopPayload';
  /** What happened, recording by recording; null when nothing was tried. */
  readonly results?: Maybe<ReadonlyArray<RecordingControlResult>>;
  /** Why nothing was tried, and one for each recording that goes on. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A table of figures. */
export type Report = {
  readonly __typename?: 'Report';
  /** Its columns, in their order. */
  readonly columns: ReadonlyArray<ReportColumn>;
  /** From this time on. */
  readonly from: Scalars['DateTime']['output'];
  /** When it was counted. */
  readonly generatedAt: Scalars['DateTime']['output'];
  /** Its rows, ascending by their first cells. */
  readonly rows: ReadonlyArray<ReportRow>;
  /** Which one it is. */
  readonly template: ReportTemplate;
  /** Its title. */
  readonly title: Scalars['String']['output'];
  /** Up to this time. */
  readonly to: Scalars['DateTime']['output'];
  /** Of everything, also of rows that are cut off. */
  readonly totals: ReportRow;
  /** Whether there are more rows than these 2000. */
  readonly truncated: Scalars['Boolean']['output'];
  /** By whose days it is told. */
  readonly zone: Scalars['String']['output'];
};

/** A column of a report. */
export type ReportColumn = {
  readonly __typename?: 'ReportColumn';
  /** What it tells. */
  readonly means: Scalars['String']['output'];
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** What its cells are. */
  readonly unit: ReportUnit;
};

/** One row of a report. */
export type ReportRow = {
  readonly __typename?: 'ReportRow';
  /** A cell for each column: words as they are, figures as whole numbers in digits; null where there is nothing to tell. */
  readonly cells: ReadonlyArray<Maybe<Scalars['String']['output']>>;
};

/** What a report tells. The columns of each: docs/reports.md. */
export type ReportTemplate =
  /** What each user did with recordings. Needs the right to read the audit. */
  | 'access'
  /** What was to be recorded against what was. Needs the right to read the audit. */
  | 'coverage'
  /** What was found wrong in recordings. */
  | 'findings'
  /** How often and how long was paused, and what was forgotten. */
  | 'pauses'
  /** The same by agent. */
  | 'recordings-by-agent'
  /** How much was recorded on each day. */
  | 'recordings-by-day'
  /** The same by the rule that decided. */
  | 'recordings-by-rule'
  /** The same by business unit. */
  | 'recordings-by-unit'
  /** What retention and people destroyed. Needs the right to read the audit. */
  | 'retention'
  /** What each run of the retention rules was to do and has done. Needs the right to read the audit. */
  | 'retention-runs'
  /** What stored sound takes. */
  | 'storage';

/** A report that can be asked for. */
export type ReportTemplateInfo = {
  readonly __typename?: 'ReportTemplateInfo';
  /** Its columns, in their order. */
  readonly columns: ReadonlyArray<ReportColumn>;
  /** What it tells. */
  readonly means: Scalars['String']['output'];
  /** Its name. */
  readonly template: ReportTemplate;
  /** Its title. */
  readonly title: Scalars['String']['output'];
};

/** What the cells of a column are. */
export type ReportUnit =
  /** Bytes. */
  | 'bytes'
  /** A number of things. */
  | 'count'
  /** A day such as 2026-03-01. */
  | 'day'
  /** Milliseconds. */
  | 'milliseconds'
  /** Words. */
  | 'text';

/** What is done with a recording. */
export type RetentionAction =
  /** It goes to the archive. */
  | 'archive'
  /** It is destroyed. */
  | 'purge';

/** One kind of change. */
export type RetentionChange = {
  readonly __typename?: 'RetentionChange';
  /** destroyed, spared, archived, not-archived, purged-earlier, purged-later, minimum-longer or minimum-shorter. */
  readonly kind: Scalars['String']['output'];
  /** The first of them. */
  readonly samples: ReadonlyArray<RetentionSample>;
  /** How much. */
  readonly volume: RetentionVolume;
};

/** What a rule wants. */
export type RetentionDue = {
  readonly __typename?: 'RetentionDue';
  /** What. */
  readonly action: RetentionAction;
  /** Since when. */
  readonly since: Scalars['DateTime']['output'];
};

/** What stands in the way of what is due. */
export type RetentionObstacle = {
  readonly __typename?: 'RetentionObstacle';
  /** The cases that hold it; others are counted. */
  readonly cases?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Its state. */
  readonly state?: Maybe<Scalars['String']['output']>;
  /** What. */
  readonly type: RetentionObstacleType;
  /** The end of its minimum. */
  readonly until?: Maybe<Scalars['DateTime']['output']>;
};

/** What may stand in the way. */
export type RetentionObstacleType =
  /** A legal hold. */
  | 'hold'
  /** A minimum retention. */
  | 'minimum'
  /** Its rule archives before it purges, and it is not archived. */
  | 'not-archived'
  /** There is no target to archive to. */
  | 'no-archive'
  /** It is being recorded, or brought in. */
  | 'state';

/** What a run would do by one rule. */
export type RetentionOfRule = {
  readonly __typename?: 'RetentionOfRule';
  /** To archive. */
  readonly archive: RetentionVolume;
  /** To destroy. */
  readonly purge: RetentionVolume;
  /** The rule. */
  readonly rule: Scalars['String']['output'];
};

/** How often something came of it. */
export type RetentionOutcomeCount = {
  readonly __typename?: 'RetentionOutcomeCount';
  /** What. */
  readonly outcome: Scalars['String']['output'];
  /** How often. */
  readonly recordings: Scalars['SafeInt']['output'];
};

/** What the rules want now. */
export type RetentionPlan = {
  readonly __typename?: 'RetentionPlan';
  /** What a run would archive. */
  readonly archive: RetentionVolume;
  /** Over what a run would do: two plans with one digest are the same plan. */
  readonly digest: Scalars['String']['output'];
  /** Recordings that were looked at. */
  readonly looked: Scalars['SafeInt']['output'];
  /** When. */
  readonly plannedAt: Scalars['DateTime']['output'];
  /** What is due, and prevented. */
  readonly prevented: ReadonlyArray<RetentionPrevented>;
  /** What a run would destroy. */
  readonly purge: RetentionVolume;
  /** By rule. */
  readonly rules: ReadonlyArray<RetentionOfRule>;
  /** The first recordings of which something is due, oldest first. */
  readonly samples: ReadonlyArray<RetentionVerdict>;
  /** Of the rules: a hash of what they say. */
  readonly version: Scalars['String']['output'];
};

/** How much is prevented by one thing. */
export type RetentionPrevented = {
  readonly __typename?: 'RetentionPrevented';
  /** By what. */
  readonly by: RetentionObstacleType;
  /** How much. */
  readonly volume: RetentionVolume;
};

/** A fault of a draft. */
export type RetentionProblem = {
  readonly __typename?: 'RetentionProblem';
  /** Where, in the line. */
  readonly column?: Maybe<Scalars['Int']['output']>;
  /** Where, in the text. */
  readonly line?: Maybe<Scalars['Int']['output']>;
  /** What. */
  readonly message: Scalars['String']['output'];
  /** Where, by names. */
  readonly path: Scalars['String']['output'];
};

/** One run of the rules. */
export type RetentionRun = {
  readonly __typename?: 'RetentionRun';
  /** What it planned to archive. */
  readonly archive: RetentionVolume;
  /** When. */
  readonly begunAt: Scalars['DateTime']['output'];
  /** Who began it. */
  readonly begunBy: Actor;
  /** Of its plan. */
  readonly digest: Scalars['String']['output'];
  /** What came of it; null: it has not ended. */
  readonly done?: Maybe<ReadonlyArray<RetentionOutcomeCount>>;
  /** When it ended; null: it has not. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The manifest of what it archived. */
  readonly manifest?: Maybe<Scalars['String']['output']>;
  /** Its id. */
  readonly plainId: Scalars['String']['output'];
  /** What it planned to destroy. */
  readonly purge: RetentionVolume;
  /** Of the rules. */
  readonly version: Scalars['String']['output'];
};

/** A page of runs. */
export type RetentionRunConnection = {
  readonly __typename?: 'RetentionRunConnection';
  /** The runs with their cursors. */
  readonly edges: ReadonlyArray<RetentionRunEdge>;
  /** The runs. */
  readonly nodes: ReadonlyArray<RetentionRun>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** A run in a page. */
export type RetentionRunEdge = {
  readonly __typename?: 'RetentionRunEdge';
  /** The place after this run. */
  readonly cursor: Scalars['String']['output'];
  /** The run. */
  readonly node: RetentionRun;
};

/** One recording, by both sets of rules. */
export type RetentionSample = {
  readonly __typename?: 'RetentionSample';
  /** By the others. */
  readonly after: RetentionVerdict;
  /** By the rules in force. */
  readonly before: RetentionVerdict;
};

/** What the rules say of one recording. */
export type RetentionVerdict = {
  readonly __typename?: 'RetentionVerdict';
  /** When its rule archives it; null: never, or it is done. */
  readonly archiveAt?: Maybe<Scalars['DateTime']['output']>;
  /** What a run would do now; null: nothing. */
  readonly does?: Maybe<RetentionAction>;
  /** What is due; null: nothing yet. */
  readonly due?: Maybe<RetentionDue>;
  /** Until when nobody can destroy it; null: no minimum. */
  readonly keptUntil?: Maybe<Scalars['DateTime']['output']>;
  /** What stands in the way of what is due. */
  readonly obstacles: ReadonlyArray<RetentionObstacle>;
  /** When its rule purges it; null: never. */
  readonly purgeAt?: Maybe<Scalars['DateTime']['output']>;
  /** Its plain id. */
  readonly recordingId: Scalars['ID']['output'];
  /** The rule that speaks for it. */
  readonly rule: Scalars['String']['output'];
};

/** How much. */
export type RetentionVolume = {
  readonly __typename?: 'RetentionVolume';
  /** Milliseconds of sound. */
  readonly durationMs: Scalars['SafeInt']['output'];
  /** Recordings. */
  readonly recordings: Scalars['SafeInt']['output'];
  /** Sealed bytes. */
  readonly sizeBytes: Scalars['SafeInt']['output'];
};

/** What other rules would change. */
export type RetentionWhatIf = {
  readonly __typename?: 'RetentionWhatIf';
  /** By kind; none: nothing would change. */
  readonly changes: ReadonlyArray<RetentionChange>;
  /** Of the rules in force. */
  readonly inForce?: Maybe<Scalars['String']['output']>;
  /** Recordings that were looked at. */
  readonly looked?: Maybe<Scalars['SafeInt']['output']>;
  /** What is wrong with the draft. */
  readonly problems: ReadonlyArray<RetentionProblem>;
  /** Of the draft; null: it is wrong. */
  readonly version?: Maybe<Scalars['String']['output']>;
};

/** The roles that are built in. An organisation may have others of its own. */
export type Role =
  /** Runs the system and reads its audit; does not by that hear recordings. */
  | 'administrator'
  /** Somebody at a telephone: controls her own calls, and sees them while they go on. */
  | 'agent'
  /** Searches and hears everything, reads the audit, sees confidential data, decides what is kept and what goes; controls no call. */
  | 'compliance-officer'
  /** Another system that searches, plays and controls. */
  | 'integrator'
  /** Searches, hears and controls the recordings of the partitions that the token names. */
  | 'supervisor';

/** A new role. */
export type RoleAddInput = {
  /** Where several agents speak in one recording. Of a new one: `WHOLE`. */
  readonly hears?: InputMaybe<Hearing>;
  /** 1 to 40 of 0-9 a-z -, beginning with a letter. */
  readonly name: Scalars['String']['input'];
  /** All that it may. */
  readonly permissions: ReadonlyArray<Permission>;
  /** Whose recordings it is about. Of a new one: `NAMED`. */
  readonly reach?: InputMaybe<RoleReach>;
  /** Whether somebody has to say why before she listens. */
  readonly reasonRequired?: InputMaybe<Scalars['Boolean']['input']>;
  /** Attached data of these classes. Of a new one: `OPEN`. */
  readonly sees?: InputMaybe<ReadonlyArray<AttachedVisibility>>;
};

/** What came of `roleAdd`. */
export type RoleAddPayload = {
  readonly __typename?: 'RoleAddPayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The role as it is now; null when it was removed or it was refused. */
  readonly role?: Maybe<UserRole>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What of a role is to be otherwise. */
export type RoleChangeInput = {
  /** Where several agents speak in one recording. Of a new one: `WHOLE`. */
  readonly hears?: InputMaybe<Hearing>;
  /** The role. */
  readonly name: Scalars['String']['input'];
  /** All that it may. */
  readonly permissions?: InputMaybe<ReadonlyArray<Permission>>;
  /** Whose recordings it is about. Of a new one: `NAMED`. */
  readonly reach?: InputMaybe<RoleReach>;
  /** Whether somebody has to say why before she listens. */
  readonly reasonRequired?: InputMaybe<Scalars['Boolean']['input']>;
  /** Attached data of these classes. Of a new one: `OPEN`. */
  readonly sees?: InputMaybe<ReadonlyArray<AttachedVisibility>>;
};

/** What came of `roleChange`. */
export type RoleChangePayload = {
  readonly __typename?: 'RoleChangePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The role as it is now; null when it was removed or it was refused. */
  readonly role?: Maybe<UserRole>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Whose recordings a role is about. */
export type RoleReach =
  /** All. */
  | 'everything'
  /** All, until partitions or units are named for somebody who has it. */
  | 'everything-unless-narrowed'
  /** Those of the partitions and units that are named, and none without. */
  | 'named'
  /** Those in which she herself was heard. */
  | 'own';

/** A role. */
export type RoleRemoveInput = {
  /** Its name. */
  readonly name: Scalars['String']['input'];
};

/** What came of `roleRemove`. */
export type RoleRemovePayload = {
  readonly __typename?: 'RoleRemovePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The role as it is now; null when it was removed or it was refused. */
  readonly role?: Maybe<UserRole>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** How one rule fared. */
export type RuleExplanation = {
  readonly __typename?: 'RuleExplanation';
  /** Its conditions, each before those that lie within it. */
  readonly conditions: ReadonlyArray<ConditionExplanation>;
  /** Its kind. */
  readonly kind: RuleKind;
  /** Its part in the decision. */
  readonly part: RulePart;
  /** Its name. */
  readonly rule: Scalars['String']['output'];
  /** What it says; null when that would tell of a value that your role may not see. */
  readonly verdict?: Maybe<RuleVerdict>;
  /** The same in words, with lots and quotas; null when that is hidden. */
  readonly words?: Maybe<Scalars['String']['output']>;
};

/** What kind of rule speaks. */
export type RuleKind =
  /** One of those that are asked before all others, and that nothing overrules. */
  | 'never'
  /** No rule took the call: the dialplan's own word is obeyed. */
  | 'no-rule'
  /** A rule. */
  | 'rule';

/** What part a rule had in a decision. */
export type RulePart =
  /** It took the call. */
  | 'decided'
  /** Another had taken the call before. */
  | 'not-asked'
  /** It was asked, and passed the call on. */
  | 'passed';

/** What a rule says of a call, whether or not it was asked. */
export type RuleVerdict =
  /** Its conditions do not hold. */
  | 'conditions-unmet'
  /** The route asked for no recording, and the rule names no telephone of ours. */
  | 'not-asked-for'
  /** The lot did not fall on the call. */
  | 'not-drawn'
  /** Its quota was used up. */
  | 'quota-reached'
  /** Its quota is counted for somebody who was not known. */
  | 'subject-unknown'
  /** It takes the call. */
  | 'takes';

/** One run of the PBX's recorder on one leg. */
export type Segment = {
  readonly __typename?: 'Segment';
  /** When the leg was answered, if that came later. */
  readonly answeredAt?: Maybe<Scalars['DateTime']['output']>;
  /** The leg. */
  readonly channelId: Scalars['String']['output'];
  /** When the recorder ended; null while it runs. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Its place in the recording, from 0. */
  readonly index: Scalars['Int']['output'];
  /** When the recorder began. */
  readonly startedAt: Scalars['DateTime']['output'];
};

/** Why a recording ended, failed or was not made. */
export type StateReason =
  /** The agent whose side it follows left the call. */
  | 'agent-left'
  /** Somebody deleted it. */
  | 'deleted'
  /** The PBX threw its file away as the call ended: nothing had reached its recorder, as when media goes past the PBX. */
  | 'discarded-by-pbx'
  /** It ended while Holdfast was not looking. */
  | 'ended-unseen'
  /** The call was hung up. */
  | 'hangup'
  /** It could not be stored. */
  | 'ingest-failed'
  /** Nobody answered. */
  | 'never-answered'
  /** No rule wanted it. */
  | 'not-wanted'
  /** The file held no sound. */
  | 'no-audio'
  /** The PBX was restarted. */
  | 'pbx-restarted'
  /** A pause could not be found in its samples: nothing was stored and nothing was touched, until somebody says where it is. */
  | 'quarantined'
  /** A retention rule ended it. */
  | 'retention'
  /** The PBX's file was not there. */
  | 'spool-file-missing'
  /** The PBX refused to record. */
  | 'start-refused'
  /** Somebody stopped it. */
  | 'stopped-on-demand'
  /** Another recording took its place. */
  | 'superseded'
  /** All that there was of it lay within a pause. */
  | 'within-pause';

/** A part of a conversation that is not recorded because somebody stopped it by hand. */
export type StoppedPart = {
  readonly __typename?: 'StoppedPart';
  /** Who stopped it: a token's id, or a leg. */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** From when. */
  readonly fromAt: Scalars['DateTime']['output'];
  /** By which way. */
  readonly how?: Maybe<PauseWay>;
  /** Whose side was recorded. */
  readonly side: RecordedSide;
  /** When it was recorded again, or the conversation ended; null while neither has happened. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
};

/** An erasure that is to be executed. */
export type SubjectEraseInput = {
  /** Of the plan that was looked at. When something else is found by now, nothing is done. */
  readonly planId: Scalars['String']['input'];
  /** Why: 3 to 500 characters. Stays in tombstones and receipts for good: no numbers, no names. */
  readonly reason: Scalars['String']['input'];
  /** The person. */
  readonly subject: SubjectInput;
};

/** What came of an erasure. */
export type SubjectErasePayload = {
  readonly __typename?: 'SubjectErasePayload';
  /** From how many entries of the audit she was erased; null when something was prevented: then they stay as they are. */
  readonly auditEntries?: Maybe<Scalars['Int']['output']>;
  /** Plain ids of recordings that were destroyed. */
  readonly destroyed?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Recordings that stay, and why. */
  readonly prevented?: Maybe<ReadonlyArray<SubjectRecording>>;
  /** The signed receipt, which `holdfast receipt verify` checks. */
  readonly receipt?: Maybe<Scalars['String']['output']>;
  /** Plain ids of recordings that are gone, and of which a store or a spool may still have bytes: it is gone on with. */
  readonly underWay?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What was wrong. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What an erasure would do. */
export type SubjectErasurePlan = {
  readonly __typename?: 'SubjectErasurePlan';
  /** Names exactly these recordings. */
  readonly planId: Scalars['String']['output'];
  /** Her recordings, the oldest first. */
  readonly recordings: ReadonlyArray<SubjectRecording>;
};

/** A person outside of the company whose calls were recorded. Every spelling by itself: numbers are compared as they stand. */
export type SubjectInput = {
  /** Her ids, as the key of the attached data that names customers has them. */
  readonly customerIds?: ReadonlyArray<Scalars['String']['input']>;
  /** Her numbers, as recordings show them. */
  readonly numbers?: ReadonlyArray<Scalars['String']['input']>;
};

/** A recording of the person. */
export type SubjectRecording = {
  readonly __typename?: 'SubjectRecording';
  /** The holds over it. */
  readonly holds: ReadonlyArray<Hold>;
  /** Until when a minimum retention keeps it; null when none does. */
  readonly keptUntil?: Maybe<Scalars['DateTime']['output']>;
  /** What prevents its destruction now; null when nothing does. */
  readonly preventedBy?: Maybe<ErasureObstacle>;
  /** The recording. */
  readonly recording: Recording;
};

/** What can be watched, as server-sent events (`Accept: text/event-stream`). */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The recording of the call that you have now: at once, and each time that it changes, within milliseconds. What is told is
   * always the state at that time.
   */
  readonly myCurrentRecording: MyCurrentRecording;
  /**
   * Recordings that you may see, each time that one changes. News may be lost when you read slowly; what is told is always
   * the state at that time.
   */
  readonly recordingChanged: Recording;
};


/** What can be watched, as server-sent events (`Accept: text/event-stream`). */
export type SubscriptionRecordingChangedArgs = {
  interactionId?: InputMaybe<Scalars['ID']['input']>;
  recordingId?: InputMaybe<Scalars['ID']['input']>;
};

/** A call was passed on. */
export type Transfer = {
  readonly __typename?: 'Transfer';
  /** When, by the PBX's clock. */
  readonly at: Scalars['DateTime']['output'];
  /** Who passed it on. */
  readonly by: TransferLeg;
  /** How. */
  readonly kind: TransferKind;
  /** To whom. Who was heard from then on, the parties tell. */
  readonly to: TransferLeg;
};

/** How a call was passed on. */
export type TransferKind =
  /** To somebody whom the one who passed it on had asked. */
  | 'attended'
  /** To a number: nobody had spoken there before. */
  | 'blind';

/** One end of a transfer, as far as the PBX told it. */
export type TransferLeg = {
  readonly __typename?: 'TransferLeg';
  /** The leg; null where there was none yet: the target of a blind transfer is a number. */
  readonly channelId?: Maybe<Scalars['String']['output']>;
  /** The telephone, such as `PJSIP/200`; null for a number, or a leg within the PBX. */
  readonly endpoint?: Maybe<Scalars['String']['output']>;
  /** Number and name. */
  readonly identity: Identity;
};

/** A business unit. */
export type Unit = {
  readonly __typename?: 'Unit';
  /** Where it stood in the tree, and under which name, the oldest first. */
  readonly places: ReadonlyArray<UnitPlace>;
  /** Its id, for good. */
  readonly unitId: Scalars['String']['output'];
};

/** A new unit. */
export type UnitAddInput = {
  /** Since when; else always. */
  readonly fromAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The name that is shown; else the id. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The unit above it. */
  readonly parentId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 40 of 0-9 a-z -, for good. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitAdd`. */
export type UnitAddPayload = {
  readonly __typename?: 'UnitAddPayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What of a unit is to be otherwise. */
export type UnitChangeInput = {
  /** Since when; else now. What was to come after is void. */
  readonly fromAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Another name. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Another unit above it. Null: none. */
  readonly parentId?: InputMaybe<Scalars['String']['input']>;
  /** The unit. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitChange`. */
export type UnitChangePayload = {
  readonly __typename?: 'UnitChangePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A page of business units. */
export type UnitConnection = {
  readonly __typename?: 'UnitConnection';
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<UnitEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<Unit>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry in a page. */
export type UnitEdge = {
  readonly __typename?: 'UnitEdge';
  /** The place after this entry. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: Unit;
};

/** The end of a unit. */
export type UnitEndInput = {
  /** When; else now. */
  readonly at?: InputMaybe<Scalars['DateTime']['input']>;
  /** The unit. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitEnd`. */
export type UnitEndPayload = {
  readonly __typename?: 'UnitEndPayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A unit. */
export type UnitEraseInput = {
  /** The unit. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitErase`. */
export type UnitErasePayload = {
  readonly __typename?: 'UnitErasePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An agent in a unit, from when to when. */
export type UnitMember = {
  readonly __typename?: 'UnitMember';
  /** Her name as attached data, queues and telephones tell it. */
  readonly agent: Scalars['String']['output'];
  /** Since when. */
  readonly fromAt: Scalars['DateTime']['output'];
  /** Until when, or null: still. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
  /** The unit. */
  readonly unitId: Scalars['String']['output'];
};

/** A page of agents in units. */
export type UnitMemberConnection = {
  readonly __typename?: 'UnitMemberConnection';
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<UnitMemberEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<UnitMember>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry in a page. */
export type UnitMemberEdge = {
  readonly __typename?: 'UnitMemberEdge';
  /** The place after this entry. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: UnitMember;
};

/** An agent who comes to a unit. */
export type UnitMemberJoinInput = {
  /** Her name as attached data, queues and telephones tell it. */
  readonly agent: Scalars['String']['input'];
  /** Since when; else now. */
  readonly fromAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Until when; else for good. */
  readonly toAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The unit. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitMemberJoin`. */
export type UnitMemberJoinPayload = {
  readonly __typename?: 'UnitMemberJoinPayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An agent who leaves a unit. */
export type UnitMemberLeaveInput = {
  /** Her name as attached data, queues and telephones tell it. */
  readonly agent: Scalars['String']['input'];
  /** When; else now. */
  readonly at?: InputMaybe<Scalars['DateTime']['input']>;
  /** The unit. */
  readonly unitId: Scalars['String']['input'];
};

/** What came of `unitMemberLeave`. */
export type UnitMemberLeavePayload = {
  readonly __typename?: 'UnitMemberLeavePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The unit as it is now; null when it was erased or it was refused. */
  readonly unit?: Maybe<Unit>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Where a unit stood, from when to when. */
export type UnitPlace = {
  readonly __typename?: 'UnitPlace';
  /** Since when. */
  readonly fromAt: Scalars['DateTime']['output'];
  /** The name that is shown. */
  readonly name: Scalars['String']['output'];
  /** The unit above it, or null at the top. */
  readonly parentId?: Maybe<Scalars['String']['output']>;
  /** Until when, or null: still. */
  readonly toAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Why a PBX was not observed. */
export type UnobservedBecause =
  /** The link to the PBX was down. */
  | 'link-down'
  /** The PBX was restarted. */
  | 'pbx-restarted'
  /** Holdfast died. */
  | 'process-down'
  /** Holdfast was ended in order. */
  | 'stopped';

/** A time in which nobody saw what a PBX did. */
export type UnobservedWindow = {
  readonly __typename?: 'UnobservedWindow';
  /** Why. */
  readonly because: UnobservedBecause;
  /** Answered calls that began in it, still lived at its end, and that nothing recorded: whether a rule wanted them nobody knows. */
  readonly callsFound: Scalars['Int']['output'];
  /** It was seen until then. */
  readonly from: Scalars['DateTime']['output'];
  /** The PBX. */
  readonly pbx: Scalars['String']['output'];
  /** Until then it was not; null while it lasts. */
  readonly to?: Maybe<Scalars['DateTime']['output']>;
};

/** Somebody who signs in. */
export type User = {
  readonly __typename?: 'User';
  /** Her name as attached data, queues and telephones tell it; null when she has no calls of her own. */
  readonly agent?: Maybe<Scalars['String']['output']>;
  /** When she was made. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Since when she may not come in; null when she may. */
  readonly disabledAt?: Maybe<Scalars['DateTime']['output']>;
  /** What she signs in with. */
  readonly name: Scalars['String']['output'];
  /** Partitions that she reaches, with all below them. */
  readonly partitions: ReadonlyArray<Scalars['String']['output']>;
  /** The name of her role. */
  readonly role: Scalars['String']['output'];
  /** Units that she leads, with all below them. */
  readonly units: ReadonlyArray<Scalars['String']['output']>;
  /** As it stands in the audit. */
  readonly userId: Scalars['String']['output'];
};

/** A new user. */
export type UserAddInput = {
  /** Her name as attached data, queues and telephones tell it. Null: she has no calls of her own. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
  /** What she signs in with. */
  readonly name: Scalars['String']['input'];
  /** All partitions that she reaches from now on. */
  readonly partitions?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** A default role, or one of your own. */
  readonly role: Scalars['String']['input'];
  /** All units that she leads from now on. */
  readonly units?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What came of `userAdd`. */
export type UserAddPayload = {
  readonly __typename?: 'UserAddPayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The user as she is now; null when she was removed or it was refused. */
  readonly user?: Maybe<User>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What of a user is to be otherwise. */
export type UserChangeInput = {
  /** Her name as attached data, queues and telephones tell it. Null: she has no calls of her own. */
  readonly agent?: InputMaybe<Scalars['String']['input']>;
  /** Whether she may not come in. */
  readonly disabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** The user. */
  readonly name: Scalars['String']['input'];
  /** Another name. */
  readonly newName?: InputMaybe<Scalars['String']['input']>;
  /** All partitions that she reaches from now on. */
  readonly partitions?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** A default role, or one of your own. */
  readonly role?: InputMaybe<Scalars['String']['input']>;
  /** All units that she leads from now on. */
  readonly units?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What came of `userChange`. */
export type UserChangePayload = {
  readonly __typename?: 'UserChangePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The user as she is now; null when she was removed or it was refused. */
  readonly user?: Maybe<User>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A page of users. */
export type UserConnection = {
  readonly __typename?: 'UserConnection';
  /** The entries with their cursors. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The entries. */
  readonly nodes: ReadonlyArray<User>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry in a page. */
export type UserEdge = {
  readonly __typename?: 'UserEdge';
  /** The place after this entry. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: User;
};

/** A failure that the caller can understand and act upon. Nothing was changed, unless the field that carries it says otherwise. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** What went wrong, for programs. Codes are never renamed. */
  readonly code: UserErrorCode;
  /** The path of the input that it is about, from `input` on, or null. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What went wrong, for people; in English, may change. */
  readonly message: Scalars['String']['output'];
  /** Whether the same request may succeed later without a change. */
  readonly retry: Scalars['Boolean']['output'];
};

/** Failures that a caller can act upon: in `userErrors` of mutations, and as `extensions.code` of errors. */
export type UserErrorCode =
  /** The value could not be attached in time; it may still take effect. */
  | 'ATTACHED_FAILED'
  /** The rules do not let this value in: its key is not listed, not from here, never stored; or it is too long, or of another type. */
  | 'ATTACHED_REFUSED'
  /** The audit cannot be written, so nothing is shown or played. */
  | 'AUDIT_UNAVAILABLE'
  /** The range lies beyond the end. */
  | 'BLOB_RANGE'
  /** The leg of the call has hung up. */
  | 'CHANNEL_GONE'
  /** The text is no cursor of this list. */
  | 'CURSOR_INVALID'
  /** Whoever is signed in at this desk has a call there: try again after it. */
  | 'DESK_IN_USE'
  /** ffmpeg failed, or took too long. */
  | 'ENCODER_FAILED'
  /** ffmpeg, which makes Opus, is not installed on this node. */
  | 'ENCODER_MISSING'
  /** Too many exports are kept or under way, or the disk is too full for another. */
  | 'EXPORT_LIMIT'
  /** There is no such export, or it is not yours. */
  | 'EXPORT_NOT_FOUND'
  /** The export is still being made. */
  | 'EXPORT_NOT_READY'
  /** The export was cancelled, failed, or its time is over: its file is destroyed. */
  | 'EXPORT_OVER'
  /** More recordings or bytes than one export may have. */
  | 'EXPORT_TOO_LARGE'
  /** A condition of the filter, or the size of the page, cannot be meant. */
  | 'FILTER_INVALID'
  /** The role lacks the permission. */
  | 'FORBIDDEN'
  /** There is no such legal hold, or not for you. */
  | 'HOLD_NOT_FOUND'
  /** The legal hold was released: place a new one. */
  | 'HOLD_RELEASED'
  /** What was to be held was destroyed, or its destruction decided, before. */
  | 'HOLD_TOO_LATE'
  /** The sealed object was altered; what was altered is not served. */
  | 'INTEGRITY_MISMATCH'
  /** There is no such interaction, or it is not yours. */
  | 'INTERACTION_NOT_FOUND'
  /** The text is no id. */
  | 'MALFORMED_ID'
  /** There is no sound of this recording, and none is going to come. */
  | 'MEDIA_ABSENT'
  /** The recording is not stored yet. */
  | 'MEDIA_NOT_READY'
  /** This node holds no key that opens the recording. */
  | 'NO_IDENTITY'
  /** There is no such call now, or it is not yours. */
  | 'NO_LIVE_CALL'
  /** Only certain operations are answered here, and this is none of them: have it added. */
  | 'OPERATION_UNKNOWN'
  /** The PBX did not confirm: the recording goes on with sound. */
  | 'PAUSE_FAILED'
  /** The rule under which it is recorded forbids the pause. */
  | 'PAUSE_NOT_ALLOWED'
  /** There is no such PBX. */
  | 'PBX_UNKNOWN'
  /** A user, a role, a unit or a membership cannot be like this. */
  | 'PEOPLE_INVALID'
  /** There is no such user, role or unit. */
  | 'PEOPLE_NOT_FOUND'
  /** A policy has faults, or the rules of then cannot be asked again. */
  | 'POLICY_INVALID'
  /** The answer took too long and was given up. */
  | 'QUERY_TIMEOUT'
  /** The query is too deep, too long or asks for too much at once. */
  | 'QUERY_TOO_COSTLY'
  /** Too many of these from one place at a time. */
  | 'RATE_LIMITED'
  /** What is to be done needs a reason. */
  | 'REASON_REQUIRED'
  /** It is being recorded, or is not brought in yet. */
  | 'RECORDING_BUSY'
  /** A legal hold forbids its destruction. */
  | 'RECORDING_HELD'
  /** A minimum retention forbids its destruction until a certain day. */
  | 'RECORDING_KEPT'
  /** The call is over, or nothing of it is recorded now. */
  | 'RECORDING_NOT_ACTIVE'
  /** There is no such recording, or it is not yours. */
  | 'RECORDING_NOT_FOUND'
  /** A rule of retention cannot be meant so. */
  | 'RETENTION_INVALID'
  /** A run of the retention rules is under way. Try again when it has ended. */
  | 'RETENTION_RUNNING'
  /** The PBX did not confirm: nothing is recorded. */
  | 'START_FAILED'
  /** The rule that decided the call lets nobody start its recording. */
  | 'START_NOT_ALLOWED'
  /** The PBX did not confirm: the recording goes on. */
  | 'STOP_FAILED'
  /** The rule under which it is recorded lets nobody stop it. */
  | 'STOP_NOT_ALLOWED'
  /** The ticket is over. Ask for a new one. */
  | 'TICKET_EXPIRED'
  /** There is no such ticket. */
  | 'TICKET_INVALID'
  /** A valid token is needed. */
  | 'UNAUTHENTICATED';

/** A user. */
export type UserRemoveInput = {
  /** Her name. */
  readonly name: Scalars['String']['input'];
};

/** What came of `userRemove`. */
export type UserRemovePayload = {
  readonly __typename?: 'UserRemovePayload';
  /** How many users, roles, units or agents are otherwise now: 0 when it was so already; null when it was refused. */
  readonly changed?: Maybe<Scalars['Int']['output']>;
  /** The user as she is now; null when she was removed or it was refused. */
  readonly user?: Maybe<User>;
  /** What prevented it. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A named set of permissions. */
export type UserRole = {
  readonly __typename?: 'UserRole';
  /** Whether it is built in, and never changes. */
  readonly builtIn: Scalars['Boolean']['output'];
  /** Where several agents speak in one recording. */
  readonly hears: Hearing;
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** All that it may. */
  readonly permissions: ReadonlyArray<Permission>;
  /** Whose recordings it is about. */
  readonly reach: RoleReach;
  /** Whether somebody has to say why before she listens. */
  readonly reasonRequired: Scalars['Boolean']['output'];
  /** Attached data of these classes. */
  readonly sees: ReadonlyArray<AttachedVisibility>;
};

/** Whoever asks: a person who signed in, or the token that came with this request. */
export type Viewer = {
  readonly __typename?: 'Viewer';
  /** The id of the user or the token, as it stands in the audit. Not its secret. */
  readonly actorId: Scalars['String']['output'];
  /** The person whom it belongs to, as calls name her; null for whoever has no calls, and where a token names a telephone alone. */
  readonly agent?: Maybe<Scalars['String']['output']>;
  /** The telephones that an agent's token names, such as `main:PJSIP/200`. */
  readonly desks: ReadonlyArray<Scalars['String']['output']>;
  /** The user's name, or the one that was given to the token. */
  readonly label: Scalars['String']['output'];
  /** The partitions that are reached, with all below them; null when everything is reached. */
  readonly partitions?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What may be done. */
  readonly permissions: ReadonlyArray<Permission>;
  /** The role, where it is one of those that are built in; null when the organisation made it. */
  readonly role?: Maybe<Role>;
  /** The name of the role, built in or not. */
  readonly roleName: Scalars['String']['output'];
  /** The units that somebody leads: recordings of those who were in them, or below them, when the call was made. */
  readonly units: ReadonlyArray<Scalars['String']['output']>;
};

/** What a recording is to be stored as. */
export type WantedFormat =
  /** FLAC, lossless whatever it came in. */
  | 'flac'
  /** G.711 where that loses nothing, else 16-bit PCM. */
  | 'g711'
  /** 16-bit PCM. */
  | 'wav';

/** Loudness over time. */
export type Waveform = {
  readonly __typename?: 'Waveform';
  /** For each channel the loudest sample of each stretch, 0 to 255. */
  readonly channels: ReadonlyArray<ReadonlyArray<Scalars['Int']['output']>>;
  /** How many milliseconds one point stands for. */
  readonly stretchMs: Scalars['Int']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( AuditEntryModel )
    | ( HoldModel )
    | ( InteractionModel )
    | ( RecordingModel )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Actor: ResolverTypeWrapper<Omit<Actor, 'type'> & { type: ResolversTypes['ActorType'] }>;
  ActorType: ResolverTypeWrapper<ActorType>;
  AgentSignInInput: AgentSignInInput;
  AgentSignInPayload: ResolverTypeWrapper<Omit<AgentSignInPayload, 'seat' | 'userErrors'> & { seat?: Maybe<ResolversTypes['DeskSeat']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  AgentSignOutInput: AgentSignOutInput;
  AgentSignOutPayload: ResolverTypeWrapper<Omit<AgentSignOutPayload, 'seats' | 'userErrors'> & { seats?: Maybe<ReadonlyArray<ResolversTypes['DeskSeat']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  Announcement: ResolverTypeWrapper<AnnouncementModel>;
  AnnouncementOutcome: ResolverTypeWrapper<AnnouncementOutcome>;
  AttachedDataCall: AttachedDataCall;
  AttachedDataChange: ResolverTypeWrapper<AttachedChangeModel>;
  AttachedDataCondition: AttachedDataCondition;
  AttachedDataSetInput: AttachedDataSetInput;
  AttachedDataSetPayload: ResolverTypeWrapper<Omit<AttachedDataSetPayload, 'recordings' | 'userErrors'> & { recordings?: Maybe<ReadonlyArray<ResolversTypes['Recording']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  AttachedDataSource: ResolverTypeWrapper<AttachedDataSource>;
  AttachedKeeping: ResolverTypeWrapper<AttachedKeeping>;
  AttachedKey: ResolverTypeWrapper<AttachedKeyModel>;
  AttachedVisibility: ResolverTypeWrapper<AttachedVisibility>;
  AuditAction: ResolverTypeWrapper<AuditAction>;
  AuditCheckpoint: ResolverTypeWrapper<AuditCheckpointModel>;
  AuditEntry: ResolverTypeWrapper<AuditEntryModel>;
  AuditEntryConnection: ResolverTypeWrapper<ConnectionModel<AuditEntryModel>>;
  AuditEntryEdge: ResolverTypeWrapper<EdgeModel<AuditEntryModel>>;
  AuditFilter: AuditFilter;
  AuditObject: ResolverTypeWrapper<AuditObject>;
  AuditOutcome: ResolverTypeWrapper<AuditOutcome>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CappedCount: ResolverTypeWrapper<CappedCount>;
  ChannelSide: ResolverTypeWrapper<ChannelSide>;
  ConditionExplanation: ResolverTypeWrapper<ConditionExplanation>;
  ControlOutcome: ResolverTypeWrapper<ControlOutcome>;
  CoverageCause: ResolverTypeWrapper<CoverageCause>;
  CoverageEvidence: ResolverTypeWrapper<CoverageEvidence>;
  CoverageExcuse: ResolverTypeWrapper<CoverageExcuse>;
  CoverageExcused: ResolverTypeWrapper<Omit<CoverageExcused, 'excuse'> & { excuse: ResolversTypes['CoverageExcuse'] }>;
  CoverageGap: ResolverTypeWrapper<CoverageGapModel>;
  CoverageLeg: ResolverTypeWrapper<CoveredLegModel>;
  CoverageLoss: ResolverTypeWrapper<Omit<CoverageLoss, 'cause'> & { cause: ResolversTypes['CoverageCause'] }>;
  CoverageReport: ResolverTypeWrapper<CoverageReportModel>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Decision: ResolverTypeWrapper<DecisionModel>;
  DecisionInput: ResolverTypeWrapper<DecisionInputModel>;
  DecisionOutcome: ResolverTypeWrapper<DecisionOutcome>;
  Demand: ResolverTypeWrapper<Omit<Demand, 'action' | 'how'> & { action: ResolversTypes['DemandAction'], how: ResolversTypes['PauseWay'] }>;
  DemandAction: ResolverTypeWrapper<DemandAction>;
  DeskSeat: ResolverTypeWrapper<StayModel>;
  DeskSeatFilter: DeskSeatFilter;
  DeskSeatSource: ResolverTypeWrapper<DeskSeatSource>;
  Direction: ResolverTypeWrapper<Direction>;
  ErasureObstacle: ResolverTypeWrapper<ErasureObstacle>;
  Export: ResolverTypeWrapper<ExportRecordModel>;
  ExportAudio: ResolverTypeWrapper<ExportAudio>;
  ExportCancelInput: ExportCancelInput;
  ExportCancelPayload: ResolverTypeWrapper<Omit<ExportCancelPayload, 'export' | 'userErrors'> & { export?: Maybe<ResolversTypes['Export']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  ExportRequestInput: ExportRequestInput;
  ExportRequestPayload: ResolverTypeWrapper<Omit<ExportRequestPayload, 'export' | 'userErrors'> & { export?: Maybe<ResolversTypes['Export']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  ExportState: ResolverTypeWrapper<ExportState>;
  ExportTicketInput: ExportTicketInput;
  ExportTicketPayload: ResolverTypeWrapper<Omit<ExportTicketPayload, 'userErrors'> & { userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  FindingCode: ResolverTypeWrapper<FindingCode>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Hearing: ResolverTypeWrapper<Hearing>;
  HeldSearch: ResolverTypeWrapper<HeldSearchModel>;
  HistoryCut: ResolverTypeWrapper<HistoryCut>;
  Hold: ResolverTypeWrapper<HoldModel>;
  HoldConnection: ResolverTypeWrapper<ConnectionModel<HoldModel>>;
  HoldEdge: ResolverTypeWrapper<EdgeModel<HoldModel>>;
  HoldExtendInput: HoldExtendInput;
  HoldExtendPayload: ResolverTypeWrapper<Omit<HoldExtendPayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversTypes['Hold']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  HoldPlaceInput: HoldPlaceInput;
  HoldPlacePayload: ResolverTypeWrapper<Omit<HoldPlacePayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversTypes['Hold']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  HoldRecordingConnection: ResolverTypeWrapper<ConnectionModel<RecordingModel>>;
  HoldRelease: ResolverTypeWrapper<Omit<HoldRelease, 'by'> & { by: ResolversTypes['Actor'] }>;
  HoldReleaseInput: HoldReleaseInput;
  HoldReleasePayload: ResolverTypeWrapper<Omit<HoldReleasePayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversTypes['Hold']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  HoldSelection: ResolverTypeWrapper<HoldSelection>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Identity: ResolverTypeWrapper<Identity>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Interaction: ResolverTypeWrapper<InteractionModel>;
  KeyCheck: ResolverTypeWrapper<KeyCheckModel>;
  KeyCheckVerdict: ResolverTypeWrapper<KeyCheckVerdict>;
  KeyPurpose: ResolverTypeWrapper<KeyPurpose>;
  KeyRecipient: ResolverTypeWrapper<RecipientReportModel>;
  KeyRecipientSet: ResolverTypeWrapper<RecipientSetModel>;
  KeyRecipientStanding: ResolverTypeWrapper<KeyRecipientStanding>;
  KeyReport: ResolverTypeWrapper<KeyReportModel>;
  KeyValue: ResolverTypeWrapper<KeyValue>;
  Measurement: ResolverTypeWrapper<Measurement>;
  MediaFormat: ResolverTypeWrapper<MediaFormat>;
  MediaObject: ResolverTypeWrapper<MediaObjectModel>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MyCurrentRecording: ResolverTypeWrapper<MyCallModel>;
  MyCurrentRecordingState: ResolverTypeWrapper<MyCurrentRecordingState>;
  MyRecording: ResolverTypeWrapper<MyRecordingModel>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  OrganisationRestamp: ResolverTypeWrapper<RestampModel>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Party: ResolverTypeWrapper<PartyModel>;
  Pause: ResolverTypeWrapper<PauseModel>;
  PauseWay: ResolverTypeWrapper<PauseWay>;
  Permission: ResolverTypeWrapper<Permission>;
  PlaybackTicket: ResolverTypeWrapper<PlaybackGrantModel>;
  Policy: ResolverTypeWrapper<PolicyStandingModel>;
  PolicyBacktest: ResolverTypeWrapper<BacktestAnswerModel>;
  PolicyBacktestReport: ResolverTypeWrapper<HistoryReportModel>;
  PolicyChange: ResolverTypeWrapper<PolicyChange>;
  PolicyChangeCount: ResolverTypeWrapper<Omit<PolicyChangeCount, 'change'> & { change: ResolversTypes['PolicyChange'] }>;
  PolicyChangeExample: ResolverTypeWrapper<Omit<PolicyChangeExample, 'change'> & { change: ResolversTypes['PolicyChange'] }>;
  PolicyCheck: ResolverTypeWrapper<PolicyReadingModel>;
  PolicyOrigin: ResolverTypeWrapper<PolicyOrigin>;
  PolicyProblem: ResolverTypeWrapper<PolicyProblemModel>;
  PolicyReloadPayload: ResolverTypeWrapper<Omit<PolicyReloadPayload, 'policy' | 'problems' | 'userErrors'> & { policy?: Maybe<ResolversTypes['Policy']>, problems?: Maybe<ReadonlyArray<ResolversTypes['PolicyProblem']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  PolicyRuleCount: ResolverTypeWrapper<PolicyRuleCount>;
  PolicyVersion: ResolverTypeWrapper<PolicyVersionModel>;
  PolicyVersionConnection: ResolverTypeWrapper<ConnectionModel<PolicyVersionModel>>;
  PolicyVersionEdge: ResolverTypeWrapper<EdgeModel<PolicyVersionModel>>;
  QualityFinding: ResolverTypeWrapper<QualityFindingModel>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RecordedSide: ResolverTypeWrapper<RecordedSide>;
  RecordedVolume: ResolverTypeWrapper<RecordedVolume>;
  Recording: ResolverTypeWrapper<RecordingModel>;
  RecordingArchive: ResolverTypeWrapper<ArchivePlaceModel>;
  RecordingConnection: ResolverTypeWrapper<RecordingConnectionModel>;
  RecordingControlResult: ResolverTypeWrapper<ControlledRecordingModel>;
  RecordingDeleteInput: RecordingDeleteInput;
  RecordingDeletePayload: ResolverTypeWrapper<Omit<RecordingDeletePayload, 'recording' | 'userErrors'> & { recording?: Maybe<ResolversTypes['Recording']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingDownloadInput: RecordingDownloadInput;
  RecordingDownloadPayload: ResolverTypeWrapper<Omit<RecordingDownloadPayload, 'userErrors'> & { userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingEdge: ResolverTypeWrapper<EdgeModel<RecordingModel>>;
  RecordingExplanation: ResolverTypeWrapper<RecordingExplanationModel>;
  RecordingFilter: RecordingFilter;
  RecordingLabelInput: RecordingLabelInput;
  RecordingLabelPayload: ResolverTypeWrapper<Omit<RecordingLabelPayload, 'recording' | 'userErrors'> & { recording?: Maybe<ResolversTypes['Recording']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingOrigin: ResolverTypeWrapper<RecordingOrigin>;
  RecordingPauseInput: RecordingPauseInput;
  RecordingPausePayload: ResolverTypeWrapper<Omit<RecordingPausePayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingRequestPlaybackInput: RecordingRequestPlaybackInput;
  RecordingRequestPlaybackPayload: ResolverTypeWrapper<Omit<RecordingRequestPlaybackPayload, 'playback' | 'recording' | 'userErrors'> & { playback?: Maybe<ResolversTypes['PlaybackTicket']>, recording?: Maybe<ResolversTypes['Recording']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingResumeInput: RecordingResumeInput;
  RecordingResumePayload: ResolverTypeWrapper<Omit<RecordingResumePayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingStartInput: RecordingStartInput;
  RecordingStartPayload: ResolverTypeWrapper<Omit<RecordingStartPayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RecordingState: ResolverTypeWrapper<RecordingState>;
  RecordingStopInput: RecordingStopInput;
  RecordingStopPayload: ResolverTypeWrapper<Omit<RecordingStopPayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  Report: ResolverTypeWrapper<ReportModel>;
  ReportColumn: ResolverTypeWrapper<ReportColumnModel>;
  ReportRow: ResolverTypeWrapper<ReportRowModel>;
  ReportTemplate: ResolverTypeWrapper<ReportTemplate>;
  ReportTemplateInfo: ResolverTypeWrapper<TemplateDefinitionModel>;
  ReportUnit: ResolverTypeWrapper<ReportUnit>;
  RetentionAction: ResolverTypeWrapper<RetentionAction>;
  RetentionChange: ResolverTypeWrapper<Omit<RetentionChange, 'samples'> & { samples: ReadonlyArray<ResolversTypes['RetentionSample']> }>;
  RetentionDue: ResolverTypeWrapper<Omit<RetentionDue, 'action'> & { action: ResolversTypes['RetentionAction'] }>;
  RetentionObstacle: ResolverTypeWrapper<RetentionObstacleModel>;
  RetentionObstacleType: ResolverTypeWrapper<RetentionObstacleType>;
  RetentionOfRule: ResolverTypeWrapper<RetentionOfRule>;
  RetentionOutcomeCount: ResolverTypeWrapper<RetentionOutcomeCount>;
  RetentionPlan: ResolverTypeWrapper<Omit<RetentionPlan, 'prevented' | 'samples'> & { prevented: ReadonlyArray<ResolversTypes['RetentionPrevented']>, samples: ReadonlyArray<ResolversTypes['RetentionVerdict']> }>;
  RetentionPrevented: ResolverTypeWrapper<Omit<RetentionPrevented, 'by'> & { by: ResolversTypes['RetentionObstacleType'] }>;
  RetentionProblem: ResolverTypeWrapper<RetentionProblem>;
  RetentionRun: ResolverTypeWrapper<RetentionRunModel>;
  RetentionRunConnection: ResolverTypeWrapper<ConnectionModel<RetentionRunModel>>;
  RetentionRunEdge: ResolverTypeWrapper<EdgeModel<RetentionRunModel>>;
  RetentionSample: ResolverTypeWrapper<Omit<RetentionSample, 'after' | 'before'> & { after: ResolversTypes['RetentionVerdict'], before: ResolversTypes['RetentionVerdict'] }>;
  RetentionVerdict: ResolverTypeWrapper<RetentionVerdictModel>;
  RetentionVolume: ResolverTypeWrapper<RetentionVolume>;
  RetentionWhatIf: ResolverTypeWrapper<Omit<RetentionWhatIf, 'changes'> & { changes: ReadonlyArray<ResolversTypes['RetentionChange']> }>;
  Role: ResolverTypeWrapper<Role>;
  RoleAddInput: RoleAddInput;
  RoleAddPayload: ResolverTypeWrapper<Omit<RoleAddPayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversTypes['UserRole']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RoleChangeInput: RoleChangeInput;
  RoleChangePayload: ResolverTypeWrapper<Omit<RoleChangePayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversTypes['UserRole']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RoleReach: ResolverTypeWrapper<RoleReach>;
  RoleRemoveInput: RoleRemoveInput;
  RoleRemovePayload: ResolverTypeWrapper<Omit<RoleRemovePayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversTypes['UserRole']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  RuleExplanation: ResolverTypeWrapper<Omit<RuleExplanation, 'kind' | 'part' | 'verdict'> & { kind: ResolversTypes['RuleKind'], part: ResolversTypes['RulePart'], verdict?: Maybe<ResolversTypes['RuleVerdict']> }>;
  RuleKind: ResolverTypeWrapper<RuleKind>;
  RulePart: ResolverTypeWrapper<RulePart>;
  RuleVerdict: ResolverTypeWrapper<RuleVerdict>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  Segment: ResolverTypeWrapper<SegmentModel>;
  StateReason: ResolverTypeWrapper<StateReason>;
  StoppedPart: ResolverTypeWrapper<Omit<StoppedPart, 'how' | 'side'> & { how?: Maybe<ResolversTypes['PauseWay']>, side: ResolversTypes['RecordedSide'] }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  SubjectEraseInput: SubjectEraseInput;
  SubjectErasePayload: ResolverTypeWrapper<Omit<SubjectErasePayload, 'prevented' | 'userErrors'> & { prevented?: Maybe<ReadonlyArray<ResolversTypes['SubjectRecording']>>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  SubjectErasurePlan: ResolverTypeWrapper<ErasurePlanModel>;
  SubjectInput: SubjectInput;
  SubjectRecording: ResolverTypeWrapper<SubjectRecordingModel>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Transfer: ResolverTypeWrapper<TransferModel>;
  TransferKind: ResolverTypeWrapper<TransferKind>;
  TransferLeg: ResolverTypeWrapper<TransferLegModel>;
  Unit: ResolverTypeWrapper<UnitModel>;
  UnitAddInput: UnitAddInput;
  UnitAddPayload: ResolverTypeWrapper<Omit<UnitAddPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitChangeInput: UnitChangeInput;
  UnitChangePayload: ResolverTypeWrapper<Omit<UnitChangePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitConnection: ResolverTypeWrapper<ConnectionModel<UnitModel>>;
  UnitEdge: ResolverTypeWrapper<EdgeModel<UnitModel>>;
  UnitEndInput: UnitEndInput;
  UnitEndPayload: ResolverTypeWrapper<Omit<UnitEndPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitEraseInput: UnitEraseInput;
  UnitErasePayload: ResolverTypeWrapper<Omit<UnitErasePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitMember: ResolverTypeWrapper<MembershipModel>;
  UnitMemberConnection: ResolverTypeWrapper<ConnectionModel<MembershipModel>>;
  UnitMemberEdge: ResolverTypeWrapper<EdgeModel<MembershipModel>>;
  UnitMemberJoinInput: UnitMemberJoinInput;
  UnitMemberJoinPayload: ResolverTypeWrapper<Omit<UnitMemberJoinPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitMemberLeaveInput: UnitMemberLeaveInput;
  UnitMemberLeavePayload: ResolverTypeWrapper<Omit<UnitMemberLeavePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversTypes['Unit']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UnitPlace: ResolverTypeWrapper<UnitPlaceModel>;
  UnobservedBecause: ResolverTypeWrapper<UnobservedBecause>;
  UnobservedWindow: ResolverTypeWrapper<UnobservedWindowModel>;
  User: ResolverTypeWrapper<UserModel>;
  UserAddInput: UserAddInput;
  UserAddPayload: ResolverTypeWrapper<Omit<UserAddPayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversTypes['User']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UserChangeInput: UserChangeInput;
  UserChangePayload: ResolverTypeWrapper<Omit<UserChangePayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversTypes['User']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UserConnection: ResolverTypeWrapper<ConnectionModel<UserModel>>;
  UserEdge: ResolverTypeWrapper<EdgeModel<UserModel>>;
  UserError: ResolverTypeWrapper<UserErrorModel>;
  UserErrorCode: UserErrorCode;
  UserRemoveInput: UserRemoveInput;
  UserRemovePayload: ResolverTypeWrapper<Omit<UserRemovePayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversTypes['User']>, userErrors: ReadonlyArray<ResolversTypes['UserError']> }>;
  UserRole: ResolverTypeWrapper<RoleDefinitionModel>;
  Viewer: ResolverTypeWrapper<RequesterModel>;
  WantedFormat: ResolverTypeWrapper<WantedFormat>;
  Waveform: ResolverTypeWrapper<Waveform>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Actor: Actor;
  AgentSignInInput: AgentSignInInput;
  AgentSignInPayload: Omit<AgentSignInPayload, 'seat' | 'userErrors'> & { seat?: Maybe<ResolversParentTypes['DeskSeat']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  AgentSignOutInput: AgentSignOutInput;
  AgentSignOutPayload: Omit<AgentSignOutPayload, 'seats' | 'userErrors'> & { seats?: Maybe<ReadonlyArray<ResolversParentTypes['DeskSeat']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  Announcement: AnnouncementModel;
  AttachedDataCall: AttachedDataCall;
  AttachedDataChange: AttachedChangeModel;
  AttachedDataCondition: AttachedDataCondition;
  AttachedDataSetInput: AttachedDataSetInput;
  AttachedDataSetPayload: Omit<AttachedDataSetPayload, 'recordings' | 'userErrors'> & { recordings?: Maybe<ReadonlyArray<ResolversParentTypes['Recording']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  AttachedKey: AttachedKeyModel;
  AuditCheckpoint: AuditCheckpointModel;
  AuditEntry: AuditEntryModel;
  AuditEntryConnection: ConnectionModel<AuditEntryModel>;
  AuditEntryEdge: EdgeModel<AuditEntryModel>;
  AuditFilter: AuditFilter;
  AuditObject: AuditObject;
  Boolean: Scalars['Boolean']['output'];
  CappedCount: CappedCount;
  ConditionExplanation: ConditionExplanation;
  CoverageExcused: CoverageExcused;
  CoverageGap: CoverageGapModel;
  CoverageLeg: CoveredLegModel;
  CoverageLoss: CoverageLoss;
  CoverageReport: CoverageReportModel;
  DateTime: Scalars['DateTime']['output'];
  Decision: DecisionModel;
  DecisionInput: DecisionInputModel;
  Demand: Demand;
  DeskSeat: StayModel;
  DeskSeatFilter: DeskSeatFilter;
  Export: ExportRecordModel;
  ExportCancelInput: ExportCancelInput;
  ExportCancelPayload: Omit<ExportCancelPayload, 'export' | 'userErrors'> & { export?: Maybe<ResolversParentTypes['Export']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  ExportRequestInput: ExportRequestInput;
  ExportRequestPayload: Omit<ExportRequestPayload, 'export' | 'userErrors'> & { export?: Maybe<ResolversParentTypes['Export']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  ExportTicketInput: ExportTicketInput;
  ExportTicketPayload: Omit<ExportTicketPayload, 'userErrors'> & { userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  Float: Scalars['Float']['output'];
  HeldSearch: HeldSearchModel;
  Hold: HoldModel;
  HoldConnection: ConnectionModel<HoldModel>;
  HoldEdge: EdgeModel<HoldModel>;
  HoldExtendInput: HoldExtendInput;
  HoldExtendPayload: Omit<HoldExtendPayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversParentTypes['Hold']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  HoldPlaceInput: HoldPlaceInput;
  HoldPlacePayload: Omit<HoldPlacePayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversParentTypes['Hold']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  HoldRecordingConnection: ConnectionModel<RecordingModel>;
  HoldRelease: Omit<HoldRelease, 'by'> & { by: ResolversParentTypes['Actor'] };
  HoldReleaseInput: HoldReleaseInput;
  HoldReleasePayload: Omit<HoldReleasePayload, 'hold' | 'userErrors'> & { hold?: Maybe<ResolversParentTypes['Hold']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  ID: Scalars['ID']['output'];
  Identity: Identity;
  Int: Scalars['Int']['output'];
  Interaction: InteractionModel;
  KeyCheck: KeyCheckModel;
  KeyRecipient: RecipientReportModel;
  KeyRecipientSet: RecipientSetModel;
  KeyReport: KeyReportModel;
  KeyValue: KeyValue;
  Measurement: Measurement;
  MediaObject: MediaObjectModel;
  Mutation: Record<PropertyKey, never>;
  MyCurrentRecording: MyCallModel;
  MyRecording: MyRecordingModel;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  OrganisationRestamp: RestampModel;
  PageInfo: PageInfo;
  Party: PartyModel;
  Pause: PauseModel;
  PlaybackTicket: PlaybackGrantModel;
  Policy: PolicyStandingModel;
  PolicyBacktest: BacktestAnswerModel;
  PolicyBacktestReport: HistoryReportModel;
  PolicyChangeCount: PolicyChangeCount;
  PolicyChangeExample: PolicyChangeExample;
  PolicyCheck: PolicyReadingModel;
  PolicyProblem: PolicyProblemModel;
  PolicyReloadPayload: Omit<PolicyReloadPayload, 'policy' | 'problems' | 'userErrors'> & { policy?: Maybe<ResolversParentTypes['Policy']>, problems?: Maybe<ReadonlyArray<ResolversParentTypes['PolicyProblem']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  PolicyRuleCount: PolicyRuleCount;
  PolicyVersion: PolicyVersionModel;
  PolicyVersionConnection: ConnectionModel<PolicyVersionModel>;
  PolicyVersionEdge: EdgeModel<PolicyVersionModel>;
  QualityFinding: QualityFindingModel;
  Query: Record<PropertyKey, never>;
  RecordedVolume: RecordedVolume;
  Recording: RecordingModel;
  RecordingArchive: ArchivePlaceModel;
  RecordingConnection: RecordingConnectionModel;
  RecordingControlResult: ControlledRecordingModel;
  RecordingDeleteInput: RecordingDeleteInput;
  RecordingDeletePayload: Omit<RecordingDeletePayload, 'recording' | 'userErrors'> & { recording?: Maybe<ResolversParentTypes['Recording']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingDownloadInput: RecordingDownloadInput;
  RecordingDownloadPayload: Omit<RecordingDownloadPayload, 'userErrors'> & { userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingEdge: EdgeModel<RecordingModel>;
  RecordingExplanation: RecordingExplanationModel;
  RecordingFilter: RecordingFilter;
  RecordingLabelInput: RecordingLabelInput;
  RecordingLabelPayload: Omit<RecordingLabelPayload, 'recording' | 'userErrors'> & { recording?: Maybe<ResolversParentTypes['Recording']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingPauseInput: RecordingPauseInput;
  RecordingPausePayload: Omit<RecordingPausePayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversParentTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingRequestPlaybackInput: RecordingRequestPlaybackInput;
  RecordingRequestPlaybackPayload: Omit<RecordingRequestPlaybackPayload, 'playback' | 'recording' | 'userErrors'> & { playback?: Maybe<ResolversParentTypes['PlaybackTicket']>, recording?: Maybe<ResolversParentTypes['Recording']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingResumeInput: RecordingResumeInput;
  RecordingResumePayload: Omit<RecordingResumePayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversParentTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingStartInput: RecordingStartInput;
  RecordingStartPayload: Omit<RecordingStartPayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversParentTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RecordingStopInput: RecordingStopInput;
  RecordingStopPayload: Omit<RecordingStopPayload, 'results' | 'userErrors'> & { results?: Maybe<ReadonlyArray<ResolversParentTypes['RecordingControlResult']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  Report: ReportModel;
  ReportColumn: ReportColumnModel;
  ReportRow: ReportRowModel;
  ReportTemplateInfo: TemplateDefinitionModel;
  RetentionChange: Omit<RetentionChange, 'samples'> & { samples: ReadonlyArray<ResolversParentTypes['RetentionSample']> };
  RetentionDue: RetentionDue;
  RetentionObstacle: RetentionObstacleModel;
  RetentionOfRule: RetentionOfRule;
  RetentionOutcomeCount: RetentionOutcomeCount;
  RetentionPlan: Omit<RetentionPlan, 'prevented' | 'samples'> & { prevented: ReadonlyArray<ResolversParentTypes['RetentionPrevented']>, samples: ReadonlyArray<ResolversParentTypes['RetentionVerdict']> };
  RetentionPrevented: RetentionPrevented;
  RetentionProblem: RetentionProblem;
  RetentionRun: RetentionRunModel;
  RetentionRunConnection: ConnectionModel<RetentionRunModel>;
  RetentionRunEdge: EdgeModel<RetentionRunModel>;
  RetentionSample: Omit<RetentionSample, 'after' | 'before'> & { after: ResolversParentTypes['RetentionVerdict'], before: ResolversParentTypes['RetentionVerdict'] };
  RetentionVerdict: RetentionVerdictModel;
  RetentionVolume: RetentionVolume;
  RetentionWhatIf: Omit<RetentionWhatIf, 'changes'> & { changes: ReadonlyArray<ResolversParentTypes['RetentionChange']> };
  RoleAddInput: RoleAddInput;
  RoleAddPayload: Omit<RoleAddPayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversParentTypes['UserRole']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RoleChangeInput: RoleChangeInput;
  RoleChangePayload: Omit<RoleChangePayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversParentTypes['UserRole']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RoleRemoveInput: RoleRemoveInput;
  RoleRemovePayload: Omit<RoleRemovePayload, 'role' | 'userErrors'> & { role?: Maybe<ResolversParentTypes['UserRole']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  RuleExplanation: RuleExplanation;
  SafeInt: Scalars['SafeInt']['output'];
  Segment: SegmentModel;
  StoppedPart: StoppedPart;
  String: Scalars['String']['output'];
  SubjectEraseInput: SubjectEraseInput;
  SubjectErasePayload: Omit<SubjectErasePayload, 'prevented' | 'userErrors'> & { prevented?: Maybe<ReadonlyArray<ResolversParentTypes['SubjectRecording']>>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  SubjectErasurePlan: ErasurePlanModel;
  SubjectInput: SubjectInput;
  SubjectRecording: SubjectRecordingModel;
  Subscription: Record<PropertyKey, never>;
  Transfer: TransferModel;
  TransferLeg: TransferLegModel;
  Unit: UnitModel;
  UnitAddInput: UnitAddInput;
  UnitAddPayload: Omit<UnitAddPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitChangeInput: UnitChangeInput;
  UnitChangePayload: Omit<UnitChangePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitConnection: ConnectionModel<UnitModel>;
  UnitEdge: EdgeModel<UnitModel>;
  UnitEndInput: UnitEndInput;
  UnitEndPayload: Omit<UnitEndPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitEraseInput: UnitEraseInput;
  UnitErasePayload: Omit<UnitErasePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitMember: MembershipModel;
  UnitMemberConnection: ConnectionModel<MembershipModel>;
  UnitMemberEdge: EdgeModel<MembershipModel>;
  UnitMemberJoinInput: UnitMemberJoinInput;
  UnitMemberJoinPayload: Omit<UnitMemberJoinPayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitMemberLeaveInput: UnitMemberLeaveInput;
  UnitMemberLeavePayload: Omit<UnitMemberLeavePayload, 'unit' | 'userErrors'> & { unit?: Maybe<ResolversParentTypes['Unit']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UnitPlace: UnitPlaceModel;
  UnobservedWindow: UnobservedWindowModel;
  User: UserModel;
  UserAddInput: UserAddInput;
  UserAddPayload: Omit<UserAddPayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversParentTypes['User']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UserChangeInput: UserChangeInput;
  UserChangePayload: Omit<UserChangePayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversParentTypes['User']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UserConnection: ConnectionModel<UserModel>;
  UserEdge: EdgeModel<UserModel>;
  UserError: UserErrorModel;
  UserRemoveInput: UserRemoveInput;
  UserRemovePayload: Omit<UserRemovePayload, 'user' | 'userErrors'> & { user?: Maybe<ResolversParentTypes['User']>, userErrors: ReadonlyArray<ResolversParentTypes['UserError']> };
  UserRole: RoleDefinitionModel;
  Viewer: RequesterModel;
  Waveform: Waveform;
};

export type ActorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Actor'] = ResolversParentTypes['Actor']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ActorType'], ParentType, ContextType>;
};

export type ActorTypeResolvers = { CLI: 'cli', PBX: 'pbx', SYSTEM: 'system', TOKEN: 'token', USER: 'user' };

export type AgentSignInPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgentSignInPayload'] = ResolversParentTypes['AgentSignInPayload']> = {
  seat?: Resolver<Maybe<ResolversTypes['DeskSeat']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AgentSignOutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgentSignOutPayload'] = ResolversParentTypes['AgentSignOutPayload']> = {
  seats?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DeskSeat']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AnnouncementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Announcement'] = ResolversParentTypes['Announcement']> = {
  endedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AnnouncementOutcome'], ParentType, ContextType>;
  prompt?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AnnouncementOutcomeResolvers = { CUT: 'cut', FAILED: 'failed', PLAYED: 'played', SKIPPED: 'skipped' };

export type AttachedDataChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AttachedDataChange'] = ResolversParentTypes['AttachedDataChange']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['AttachedDataSource'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AttachedDataSetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AttachedDataSetPayload'] = ResolversParentTypes['AttachedDataSetPayload']> = {
  isMasked?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  recordings?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Recording']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type AttachedDataSourceResolvers = { API: 'api', DIALPLAN: 'dialplan', PBX: 'pbx', SIP_HEADER: 'sip-header' };

export type AttachedKeepingResolvers = { ALWAYS: 'always', MASKED: 'masked', NEVER: 'never' };

export type AttachedKeyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AttachedKey'] = ResolversParentTypes['AttachedKey']> = {
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  maxBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['AttachedDataSource']>, ParentType, ContextType>;
  store?: Resolver<ResolversTypes['AttachedKeeping'], ParentType, ContextType>;
  visibility?: Resolver<ResolversTypes['AttachedVisibility'], ParentType, ContextType>;
};

export type AttachedVisibilityResolvers = { CONFIDENTIAL: 'confidential', OPEN: 'open', RESTRICTED: 'restricted' };

export type AuditActionResolvers = { ATTACHED_SET: 'attached.set', AUDIT_CHECKPOINT: 'audit.checkpoint', AUDIT_EXPORTED: 'audit.exported', AUDIT_READ: 'audit.read', AUDIT_VERIFIED: 'audit.verified', CONFIG_CHANGED: 'config.changed', COVERAGE_GAP: 'coverage.gap', COVERAGE_OVERDUE: 'coverage.overdue', COVERAGE_READ: 'coverage.read', DESK_LEFT: 'desk.left', DESK_TAKEN: 'desk.taken', EXPORT_FETCHED: 'export.fetched', EXPORT_MADE: 'export.made', EXPORT_REQUESTED: 'export.requested', HOLD_PLACED: 'hold.placed', HOLD_RELEASED: 'hold.released', KEYS_CHANGED: 'keys.changed', KEYS_GENERATED: 'keys.generated', KEYS_READ: 'keys.read', ORG_CHANGED: 'org.changed', PLAYBACK_BEGUN: 'playback.begun', PLAYBACK_ENDED: 'playback.ended', PLAYBACK_REFUSED: 'playback.refused', PLAYBACK_REQUESTED: 'playback.requested', POLICY_BACKTESTED: 'policy.backtested', POLICY_LOADED: 'policy.loaded', POLICY_REFUSED: 'policy.refused', RECORDINGS_SEARCHED: 'recordings.searched', RECORDING_ADOPTED: 'recording.adopted', RECORDING_ARCHIVED: 'recording.archived', RECORDING_DECLINED: 'recording.declined', RECORDING_DELETED: 'recording.deleted', RECORDING_DISCARDED: 'recording.discarded', RECORDING_EXPLAINED: 'recording.explained', RECORDING_EXPORTED: 'recording.exported', RECORDING_FAILED: 'recording.failed', RECORDING_INCIDENT: 'recording.incident', RECORDING_LABELLED: 'recording.labelled', RECORDING_LABELS_GAINED: 'recording.labels-gained', RECORDING_PARTITIONS_GAINED: 'recording.partitions-gained', RECORDING_PAUSE: 'recording.pause', RECORDING_PAUSE_EFFECTIVE: 'recording.pause-effective', RECORDING_PAUSE_FAILED: 'recording.pause-failed', RECORDING_PURGED: 'recording.purged', RECORDING_RELEASED: 'recording.released', RECORDING_REPAIRED: 'recording.repaired', RECORDING_REQUESTED: 'recording.requested', RECORDING_RESUME: 'recording.resume', RECORDING_RESUME_EFFECTIVE: 'recording.resume-effective', RECORDING_START: 'recording.start', RECORDING_STOP: 'recording.stop', RECORDING_STOPPED: 'recording.stopped', RECORDING_STOP_FAILED: 'recording.stop-failed', RECORDING_STORED: 'recording.stored', RECORDING_WOULD_STOP: 'recording.would-stop', REPORT_EXPORTED: 'report.exported', REPORT_READ: 'report.read', RETENTION_BEGUN: 'retention.begun', RETENTION_CHANGED: 'retention.changed', RETENTION_ENDED: 'retention.ended', RETENTION_PLANNED: 'retention.planned', ROLE_CHANGED: 'role.changed', SIGN_IN_ACCEPTED: 'sign-in.accepted', SIGN_IN_ENDED: 'sign-in.ended', SIGN_IN_REFUSED: 'sign-in.refused', SPOOL_UNCLAIMED: 'spool.unclaimed', SUBJECT_ERASED: 'subject.erased', TOKEN_CREATED: 'token.created', TOKEN_REVOKED: 'token.revoked', USER_CHANGED: 'user.changed' };

export type AuditCheckpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditCheckpoint'] = ResolversParentTypes['AuditCheckpoint']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  chain?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  note?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type AuditEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  action?: Resolver<ResolversTypes['AuditAction'], ParentType, ContextType>;
  actor?: Resolver<ResolversTypes['Actor'], ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  chain?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  customerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  details?: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  interactionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  interactionType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  object?: Resolver<ResolversTypes['AuditObject'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AuditOutcome'], ParentType, ContextType>;
  partitions?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  personal?: Resolver<Maybe<ReadonlyArray<ResolversTypes['KeyValue']>>, ParentType, ContextType>;
  personalHidden?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recordingId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditEntryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryConnection'] = ResolversParentTypes['AuditEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditEntryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryEdge'] = ResolversParentTypes['AuditEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEntry'], ParentType, ContextType>;
};

export type AuditObjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditObject'] = ResolversParentTypes['AuditObject']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditOutcomeResolvers = { FAILED: 'failed', OK: 'ok', REFUSED: 'refused' };

export type CappedCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CappedCount'] = ResolversParentTypes['CappedCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  exact?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ChannelSideResolvers = { AGENT: 'agent', CUSTOMER: 'customer', INTERNAL: 'internal' };

export type ConditionExplanationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConditionExplanation'] = ResolversParentTypes['ConditionExplanation']> = {
  depth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  holds?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  saw?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  wanted?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ControlOutcomeResolvers = { ALREADY: 'already', DONE: 'done', FAILED: 'failed', WAITING: 'waiting' };

export type CoverageCauseResolvers = { DISK_FULL: 'disk-full', DRIFT: 'drift', FILE_MISSING: 'file-missing', LINK_DOWN: 'link-down', NATIVE_LATE: 'native-late', NEVER_INGESTED: 'never-ingested', NEVER_STARTED: 'never-started', PBX_DIED: 'pbx-died', PEER_CHANGE: 'peer-change', RECORDER_LATE: 'recorder-late', RECORDER_REFUSED: 'recorder-refused', RECORDER_STOPPED: 'recorder-stopped', RESTART: 'restart', UNEXPLAINED: 'unexplained' };

export type CoverageEvidenceResolvers = { ADOPTED: 'adopted', EVENTS: 'events', RESYNC: 'resync' };

export type CoverageExcuseResolvers = { AGENT_LEFT: 'agent-left', ANSWER_UNSEEN: 'answer-unseen', HOLD: 'hold', NOT_WANTED: 'not-wanted', PAUSED: 'paused', STARTED_LATE: 'started-late', STOPPED_ON_DEMAND: 'stopped-on-demand' };

export type CoverageExcusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageExcused'] = ResolversParentTypes['CoverageExcused']> = {
  excuse?: Resolver<ResolversTypes['CoverageExcuse'], ParentType, ContextType>;
  legs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  milliseconds?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type CoverageGapResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageGap'] = ResolversParentTypes['CoverageGap']> = {
  beganAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cause?: Resolver<Maybe<ResolversTypes['CoverageCause']>, ParentType, ContextType>;
  endedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  excuse?: Resolver<Maybe<ResolversTypes['CoverageExcuse']>, ParentType, ContextType>;
};

export type CoverageLegResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageLeg'] = ResolversParentTypes['CoverageLeg']> = {
  channelId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  evidence?: Resolver<ResolversTypes['CoverageEvidence'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  gaps?: Resolver<ReadonlyArray<ResolversTypes['CoverageGap']>, ParentType, ContextType>;
  interactionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  missingMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  pbx?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  side?: Resolver<ResolversTypes['RecordedSide'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  wantedMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type CoverageLossResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageLoss'] = ResolversParentTypes['CoverageLoss']> = {
  cause?: Resolver<ResolversTypes['CoverageCause'], ParentType, ContextType>;
  legs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  milliseconds?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type CoverageReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageReport'] = ResolversParentTypes['CoverageReport']> = {
  coveredMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  excused?: Resolver<ReadonlyArray<ResolversTypes['CoverageExcused']>, ParentType, ContextType>;
  gapLegs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  legs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  liveLegs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  missing?: Resolver<ReadonlyArray<ResolversTypes['CoverageLoss']>, ParentType, ContextType>;
  missingMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  settledLegs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  toleratedMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  unobserved?: Resolver<ReadonlyArray<ResolversTypes['UnobservedWindow']>, ParentType, ContextType>;
  until?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  waitingLegs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  wantedMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  worst?: Resolver<ReadonlyArray<ResolversTypes['CoverageLeg']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DecisionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Decision'] = ResolversParentTypes['Decision']> = {
  input?: Resolver<ResolversTypes['DecisionInput'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['DecisionOutcome'], ParentType, ContextType>;
  partitions?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  pauseAllowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  policyVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sides?: Resolver<ReadonlyArray<ResolversTypes['RecordedSide']>, ParentType, ContextType>;
  wantedFormat?: Resolver<Maybe<ResolversTypes['WantedFormat']>, ParentType, ContextType>;
};

export type DecisionInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DecisionInput'] = ResolversParentTypes['DecisionInput']> = {
  attachedData?: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  callee?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  caller?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DecisionOutcomeResolvers = { DO_NOT_RECORD: 'do-not-record', RECORD: 'record' };

export type DemandResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Demand'] = ResolversParentTypes['Demand']> = {
  action?: Resolver<ResolversTypes['DemandAction'], ParentType, ContextType>;
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  failedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  how?: Resolver<ResolversTypes['PauseWay'], ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DemandActionResolvers = { START: 'start', STOP: 'stop' };

export type DeskSeatResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeskSeat'] = ResolversParentTypes['DeskSeat']> = {
  agent?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  desk?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fromAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['DeskSeatSource'], ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type DeskSeatSourceResolvers = { PBX_LOGIN: 'pbx-login', QUEUE: 'queue', SIGN_IN: 'sign-in' };

export type DirectionResolvers = { INBOUND: 'inbound', INTERNAL: 'internal', OUTBOUND: 'outbound' };

export type ErasureObstacleResolvers = { BUSY: 'busy', HELD: 'held', KEPT: 'kept' };

export type ExportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Export'] = ResolversParentTypes['Export']> = {
  audio?: Resolver<ResolversTypes['ExportAudio'], ParentType, ContextType>;
  done?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  manifestSha256?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recipient?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ExportState'], ParentType, ContextType>;
};

export type ExportAudioResolvers = { OPUS: 'opus', WAV: 'wav' };

export type ExportCancelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExportCancelPayload'] = ResolversParentTypes['ExportCancelPayload']> = {
  export?: Resolver<Maybe<ResolversTypes['Export']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ExportRequestPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExportRequestPayload'] = ResolversParentTypes['ExportRequestPayload']> = {
  export?: Resolver<Maybe<ResolversTypes['Export']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ExportStateResolvers = { CANCELLED: 'cancelled', EXPIRED: 'expired', FAILED: 'failed', MAKING: 'making', QUEUED: 'queued', READY: 'ready' };

export type ExportTicketPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExportTicketPayload'] = ResolversParentTypes['ExportTicketPayload']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  path?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type FindingCodeResolvers = { ANNOUNCEMENT_MISSING: 'announcement-missing', CHANNEL_SILENT: 'channel-silent', DRIFT: 'drift', EMPTY: 'empty', GAP: 'gap', HEADER_REPAIRED: 'header-repaired', LANES_DIFFER: 'lanes-differ', LANE_MISSING: 'lane-missing', NOTHING_RECEIVED: 'nothing-received', PAUSE_BY_HAND: 'pause-by-hand', PAUSE_NOT_LOCATED: 'pause-not-located', PAUSE_NOT_SILENT: 'pause-not-silent', PAUSE_OVERRUN: 'pause-overrun', RATE_CONVERTED: 'rate-converted', SHORTER_THAN_CALL: 'shorter-than-call' };

export type HearingResolvers = { OWN_PARTS: 'own-parts', WHOLE: 'whole' };

export type HeldSearchResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HeldSearch'] = ResolversParentTypes['HeldSearch']> = {
  addedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  addedBy?: Resolver<ResolversTypes['Actor'], ParentType, ContextType>;
  conditions?: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type HistoryCutResolvers = { RECORDINGS: 'recordings', TIME: 'time' };

export type HoldResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Hold'] = ResolversParentTypes['Hold']> = {
  caseName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  namedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  placedBy?: Resolver<ResolversTypes['Actor'], ParentType, ContextType>;
  plainId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['HoldRecordingConnection'], ParentType, ContextType, RequireFields<HoldRecordingsArgs, 'first'>>;
  release?: Resolver<Maybe<ResolversTypes['HoldRelease']>, ParentType, ContextType>;
  searches?: Resolver<ReadonlyArray<ResolversTypes['HeldSearch']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type HoldConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldConnection'] = ResolversParentTypes['HoldConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['HoldEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Hold']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type HoldEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldEdge'] = ResolversParentTypes['HoldEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Hold'], ParentType, ContextType>;
};

export type HoldExtendPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldExtendPayload'] = ResolversParentTypes['HoldExtendPayload']> = {
  found?: Resolver<Maybe<ReadonlyArray<ResolversTypes['CappedCount']>>, ParentType, ContextType>;
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType>;
  tooLate?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HoldPlacePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldPlacePayload'] = ResolversParentTypes['HoldPlacePayload']> = {
  found?: Resolver<Maybe<ReadonlyArray<ResolversTypes['CappedCount']>>, ParentType, ContextType>;
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType>;
  tooLate?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HoldRecordingConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldRecordingConnection'] = ResolversParentTypes['HoldRecordingConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RecordingEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Recording']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type HoldReleaseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldRelease'] = ResolversParentTypes['HoldRelease']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['Actor'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type HoldReleasePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldReleasePayload'] = ResolversParentTypes['HoldReleasePayload']> = {
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type HoldSelectionResolvers = { ALL: 'all', STANDING: 'standing' };

export type IdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Identity'] = ResolversParentTypes['Identity']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  number?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type InteractionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Interaction'] = ResolversParentTypes['Interaction']> = {
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  plainId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ReadonlyArray<ResolversTypes['Recording']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  stoppedParts?: Resolver<ReadonlyArray<ResolversTypes['StoppedPart']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type KeyCheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['KeyCheck'] = ResolversParentTypes['KeyCheck']> = {
  checkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  foreign?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  opened?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['KeyCheckVerdict'], ParentType, ContextType>;
};

export type KeyCheckVerdictResolvers = { FAILED: 'failed', NOTHING_TRIED: 'nothing-tried', PASSED: 'passed' };

export type KeyPurposeResolvers = { ESCROW: 'escrow', OPERATIONAL: 'operational' };

export type KeyRecipientResolvers<ContextType = Context, ParentType extends ResolversParentTypes['KeyRecipient'] = ResolversParentTypes['KeyRecipient']> = {
  lastCheck?: Resolver<Maybe<ResolversTypes['KeyCheck']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  openedHere?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  purpose?: Resolver<ResolversTypes['KeyPurpose'], ParentType, ContextType>;
  recipient?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  standing?: Resolver<ResolversTypes['KeyRecipientStanding'], ParentType, ContextType>;
};

export type KeyRecipientSetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['KeyRecipientSet'] = ResolversParentTypes['KeyRecipientSet']> = {
  recipients?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type KeyRecipientStandingResolvers = { CURRENT: 'current', NOT_NAMED: 'not-named', RETIRED: 'retired' };

export type KeyReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['KeyReport'] = ResolversParentTypes['KeyReport']> = {
  playbackHindrance?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recipients?: Resolver<ReadonlyArray<ResolversTypes['KeyRecipient']>, ParentType, ContextType>;
  sets?: Resolver<ReadonlyArray<ResolversTypes['KeyRecipientSet']>, ParentType, ContextType>;
  unopenedRecordings?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type KeyValueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['KeyValue'] = ResolversParentTypes['KeyValue']> = {
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MeasurementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Measurement'] = ResolversParentTypes['Measurement']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type MediaFormatResolvers = { FLAC: 'flac', WAV_ALAW: 'wav-alaw', WAV_MULAW: 'wav-mulaw', WAV_PCM16: 'wav-pcm16' };

export type MediaObjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MediaObject'] = ResolversParentTypes['MediaObject']> = {
  beganAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  channels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['MediaFormat'], ParentType, ContextType>;
  payloadSha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  payloadSizeBytes?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  sampleRateHz?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  store?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  storedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  waveform?: Resolver<ResolversTypes['Waveform'], ParentType, ContextType, RequireFields<MediaObjectWaveformArgs, 'maxPoints'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  agentSignIn?: Resolver<ResolversTypes['AgentSignInPayload'], ParentType, ContextType, RequireFields<MutationAgentSignInArgs, 'input'>>;
  agentSignOut?: Resolver<ResolversTypes['AgentSignOutPayload'], ParentType, ContextType, RequireFields<MutationAgentSignOutArgs, 'input'>>;
  attachedDataSet?: Resolver<ResolversTypes['AttachedDataSetPayload'], ParentType, ContextType, RequireFields<MutationAttachedDataSetArgs, 'input'>>;
  exportCancel?: Resolver<ResolversTypes['ExportCancelPayload'], ParentType, ContextType, RequireFields<MutationExportCancelArgs, 'input'>>;
  exportRequest?: Resolver<ResolversTypes['ExportRequestPayload'], ParentType, ContextType, RequireFields<MutationExportRequestArgs, 'input'>>;
  exportTicket?: Resolver<ResolversTypes['ExportTicketPayload'], ParentType, ContextType, RequireFields<MutationExportTicketArgs, 'input'>>;
  holdExtend?: Resolver<ResolversTypes['HoldExtendPayload'], ParentType, ContextType, RequireFields<MutationHoldExtendArgs, 'input'>>;
  holdPlace?: Resolver<ResolversTypes['HoldPlacePayload'], ParentType, ContextType, RequireFields<MutationHoldPlaceArgs, 'input'>>;
  holdRelease?: Resolver<ResolversTypes['HoldReleasePayload'], ParentType, ContextType, RequireFields<MutationHoldReleaseArgs, 'input'>>;
  policyReload?: Resolver<ResolversTypes['PolicyReloadPayload'], ParentType, ContextType>;
  recordingDelete?: Resolver<ResolversTypes['RecordingDeletePayload'], ParentType, ContextType, RequireFields<MutationRecordingDeleteArgs, 'input'>>;
  recordingDownload?: Resolver<ResolversTypes['RecordingDownloadPayload'], ParentType, ContextType, RequireFields<MutationRecordingDownloadArgs, 'input'>>;
  recordingLabel?: Resolver<ResolversTypes['RecordingLabelPayload'], ParentType, ContextType, RequireFields<MutationRecordingLabelArgs, 'input'>>;
  recordingPause?: Resolver<ResolversTypes['RecordingPausePayload'], ParentType, ContextType, RequireFields<MutationRecordingPauseArgs, 'input'>>;
  recordingRequestPlayback?: Resolver<ResolversTypes['RecordingRequestPlaybackPayload'], ParentType, ContextType, RequireFields<MutationRecordingRequestPlaybackArgs, 'input'>>;
  recordingResume?: Resolver<ResolversTypes['RecordingResumePayload'], ParentType, ContextType, RequireFields<MutationRecordingResumeArgs, 'input'>>;
  recordingStart?: Resolver<ResolversTypes['RecordingStartPayload'], ParentType, ContextType, RequireFields<MutationRecordingStartArgs, 'input'>>;
  recordingStop?: Resolver<ResolversTypes['RecordingStopPayload'], ParentType, ContextType, RequireFields<MutationRecordingStopArgs, 'input'>>;
  roleAdd?: Resolver<ResolversTypes['RoleAddPayload'], ParentType, ContextType, RequireFields<MutationRoleAddArgs, 'input'>>;
  roleChange?: Resolver<ResolversTypes['RoleChangePayload'], ParentType, ContextType, RequireFields<MutationRoleChangeArgs, 'input'>>;
  roleRemove?: Resolver<ResolversTypes['RoleRemovePayload'], ParentType, ContextType, RequireFields<MutationRoleRemoveArgs, 'input'>>;
  subjectErase?: Resolver<ResolversTypes['SubjectErasePayload'], ParentType, ContextType, RequireFields<MutationSubjectEraseArgs, 'input'>>;
  unitAdd?: Resolver<ResolversTypes['UnitAddPayload'], ParentType, ContextType, RequireFields<MutationUnitAddArgs, 'input'>>;
  unitChange?: Resolver<ResolversTypes['UnitChangePayload'], ParentType, ContextType, RequireFields<MutationUnitChangeArgs, 'input'>>;
  unitEnd?: Resolver<ResolversTypes['UnitEndPayload'], ParentType, ContextType, RequireFields<MutationUnitEndArgs, 'input'>>;
  unitErase?: Resolver<ResolversTypes['UnitErasePayload'], ParentType, ContextType, RequireFields<MutationUnitEraseArgs, 'input'>>;
  unitMemberJoin?: Resolver<ResolversTypes['UnitMemberJoinPayload'], ParentType, ContextType, RequireFields<MutationUnitMemberJoinArgs, 'input'>>;
  unitMemberLeave?: Resolver<ResolversTypes['UnitMemberLeavePayload'], ParentType, ContextType, RequireFields<MutationUnitMemberLeaveArgs, 'input'>>;
  userAdd?: Resolver<ResolversTypes['UserAddPayload'], ParentType, ContextType, RequireFields<MutationUserAddArgs, 'input'>>;
  userChange?: Resolver<ResolversTypes['UserChangePayload'], ParentType, ContextType, RequireFields<MutationUserChangeArgs, 'input'>>;
  userRemove?: Resolver<ResolversTypes['UserRemovePayload'], ParentType, ContextType, RequireFields<MutationUserRemoveArgs, 'input'>>;
};

export type MyCurrentRecordingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MyCurrentRecording'] = ResolversParentTypes['MyCurrentRecording']> = {
  callBeganAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  desks?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  interactionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mayPause?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  mayResume?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  mayStart?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  mayStop?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  pauseEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  pauseWarnedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  pauses?: Resolver<ReadonlyArray<ResolversTypes['Pause']>, ParentType, ContextType>;
  recordings?: Resolver<ReadonlyArray<ResolversTypes['MyRecording']>, ParentType, ContextType>;
  since?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['MyCurrentRecordingState'], ParentType, ContextType>;
};

export type MyCurrentRecordingStateResolvers = { NOT_RECORDED: 'not-recorded', NO_CALL: 'no-call', PAUSED: 'paused', RECORDING: 'recording', STOPPED: 'stopped', WAITING: 'waiting' };

export type MyRecordingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MyRecording'] = ResolversParentTypes['MyRecording']> = {
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  plainId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['StateReason']>, ParentType, ContextType>;
  side?: Resolver<ResolversTypes['RecordedSide'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RecordingState'], ParentType, ContextType>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'AuditEntry' | 'Hold' | 'Interaction' | 'Recording', ParentType, ContextType>;
};

export type OrganisationRestampResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrganisationRestamp'] = ResolversParentTypes['OrganisationRestamp']> = {
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  changed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  looked?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PartyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Party'] = ResolversParentTypes['Party']> = {
  agent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  channelId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  endpoint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fromAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  identity?: Resolver<ResolversTypes['Identity'], ParentType, ContextType>;
  side?: Resolver<ResolversTypes['ChannelSide'], ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type PauseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Pause'] = ResolversParentTypes['Pause']> = {
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  effectiveAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  how?: Resolver<ResolversTypes['PauseWay'], ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  limitMs?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  resumeAskedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  resumeBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  resumedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  warnedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type PauseWayResolvers = { API: 'api', DIALPLAN: 'dialplan', DTMF: 'dtmf', LIMIT: 'limit', SYSTEM: 'system' };

export type PermissionResolvers = { CONTROL_OWN: 'control-own', CONTROL_TEAM: 'control-team', DELETE: 'delete', EXPORT: 'export', EXPORT_AUDIT: 'export-audit', HOLD: 'hold', LABEL: 'label', MANAGE_KEYS: 'manage-keys', MANAGE_POLICY: 'manage-policy', MANAGE_RETENTION: 'manage-retention', MANAGE_USERS: 'manage-users', PLAY: 'play', READ_AUDIT: 'read-audit', RELEASE: 'release', SEARCH: 'search' };

export type PlaybackTicketResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaybackTicket'] = ResolversParentTypes['PlaybackTicket']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ticket?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Policy'] = ResolversParentTypes['Policy']> = {
  attachedKeys?: Resolver<ReadonlyArray<ResolversTypes['AttachedKey']>, ParentType, ContextType>;
  inForceSince?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  never?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  origin?: Resolver<ResolversTypes['PolicyOrigin'], ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['PolicyProblem']>, ParentType, ContextType>;
  readAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  samplingKeyId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyBacktestResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyBacktest'] = ResolversParentTypes['PolicyBacktest']> = {
  problems?: Resolver<ReadonlyArray<ResolversTypes['PolicyProblem']>, ParentType, ContextType>;
  report?: Resolver<Maybe<ResolversTypes['PolicyBacktestReport']>, ParentType, ContextType>;
};

export type PolicyBacktestReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyBacktestReport'] = ResolversParentTypes['PolicyBacktestReport']> = {
  after?: Resolver<ResolversTypes['RecordedVolume'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['RecordedVolume'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  changes?: Resolver<ReadonlyArray<ResolversTypes['PolicyChangeCount']>, ParentType, ContextType>;
  cutBy?: Resolver<Maybe<ResolversTypes['HistoryCut']>, ParentType, ContextType>;
  examples?: Resolver<ReadonlyArray<ResolversTypes['PolicyChangeExample']>, ParentType, ContextType>;
  fromAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  policyVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['PolicyRuleCount']>, ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type PolicyChangeResolvers = { NOT_RECORDED_NOW: 'not-recorded-now', PARTITIONS_DIFFER: 'partitions-differ', RECORDED_NOW: 'recorded-now', RULE_DIFFERS: 'rule-differs', SAME: 'same', SIDES_DIFFER: 'sides-differ' };

export type PolicyChangeCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyChangeCount'] = ResolversParentTypes['PolicyChangeCount']> = {
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  change?: Resolver<ResolversTypes['PolicyChange'], ParentType, ContextType>;
};

export type PolicyChangeExampleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyChangeExample'] = ResolversParentTypes['PolicyChangeExample']> = {
  after?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  change?: Resolver<ResolversTypes['PolicyChange'], ParentType, ContextType>;
  interactionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyCheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyCheck'] = ResolversParentTypes['PolicyCheck']> = {
  problems?: Resolver<ReadonlyArray<ResolversTypes['PolicyProblem']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PolicyOriginResolvers = { FILE: 'file', KEPT: 'kept', NONE: 'none' };

export type PolicyProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyProblem'] = ResolversParentTypes['PolicyProblem']> = {
  column?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyReloadPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyReloadPayload'] = ResolversParentTypes['PolicyReloadPayload']> = {
  advice?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  changed?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  policy?: Resolver<Maybe<ResolversTypes['Policy']>, ParentType, ContextType>;
  problems?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PolicyProblem']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PolicyRuleCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyRuleCount'] = ResolversParentTypes['PolicyRuleCount']> = {
  after?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyVersionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyVersion'] = ResolversParentTypes['PolicyVersion']> = {
  content?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  firstUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PolicyVersionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyVersionConnection'] = ResolversParentTypes['PolicyVersionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PolicyVersionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PolicyVersion']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PolicyVersionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PolicyVersionEdge'] = ResolversParentTypes['PolicyVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PolicyVersion'], ParentType, ContextType>;
};

export type QualityFindingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QualityFinding'] = ResolversParentTypes['QualityFinding']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['FindingCode'], ParentType, ContextType>;
  details?: Resolver<ReadonlyArray<ResolversTypes['Measurement']>, ParentType, ContextType>;
  segmentIndex?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  activeRecordings?: Resolver<ReadonlyArray<ResolversTypes['Recording']>, ParentType, ContextType, RequireFields<QueryActiveRecordingsArgs, 'first'>>;
  auditCheckpoint?: Resolver<Maybe<ResolversTypes['AuditCheckpoint']>, ParentType, ContextType, RequireFields<QueryAuditCheckpointArgs, 'chain'>>;
  auditEntries?: Resolver<ResolversTypes['AuditEntryConnection'], ParentType, ContextType, RequireFields<QueryAuditEntriesArgs, 'first'>>;
  auditProof?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<QueryAuditProofArgs, 'id'>>;
  coverage?: Resolver<ResolversTypes['CoverageReport'], ParentType, ContextType, RequireFields<QueryCoverageArgs, 'since' | 'worst'>>;
  deletionReceipt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType, RequireFields<QueryDeletionReceiptArgs, 'recordingId'>>;
  deskSeats?: Resolver<ReadonlyArray<ResolversTypes['DeskSeat']>, ParentType, ContextType, RequireFields<QueryDeskSeatsArgs, 'first'>>;
  export?: Resolver<Maybe<ResolversTypes['Export']>, ParentType, ContextType, RequireFields<QueryExportArgs, 'id'>>;
  exports?: Resolver<ReadonlyArray<ResolversTypes['Export']>, ParentType, ContextType, RequireFields<QueryExportsArgs, 'first'>>;
  hold?: Resolver<Maybe<ResolversTypes['Hold']>, ParentType, ContextType, RequireFields<QueryHoldArgs, 'id'>>;
  holds?: Resolver<ResolversTypes['HoldConnection'], ParentType, ContextType, RequireFields<QueryHoldsArgs, 'first' | 'which'>>;
  interaction?: Resolver<Maybe<ResolversTypes['Interaction']>, ParentType, ContextType, RequireFields<QueryInteractionArgs, 'id'>>;
  keys?: Resolver<ResolversTypes['KeyReport'], ParentType, ContextType>;
  myCurrentRecording?: Resolver<ResolversTypes['MyCurrentRecording'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  organisationRestamp?: Resolver<Maybe<ResolversTypes['OrganisationRestamp']>, ParentType, ContextType>;
  policy?: Resolver<ResolversTypes['Policy'], ParentType, ContextType>;
  policyBacktest?: Resolver<ResolversTypes['PolicyBacktest'], ParentType, ContextType, RequireFields<QueryPolicyBacktestArgs, 'text'>>;
  policyCheck?: Resolver<ResolversTypes['PolicyCheck'], ParentType, ContextType, RequireFields<QueryPolicyCheckArgs, 'text'>>;
  policyVersions?: Resolver<ResolversTypes['PolicyVersionConnection'], ParentType, ContextType, RequireFields<QueryPolicyVersionsArgs, 'first'>>;
  recording?: Resolver<Maybe<ResolversTypes['Recording']>, ParentType, ContextType, RequireFields<QueryRecordingArgs, 'id'>>;
  recordingExplain?: Resolver<Maybe<ResolversTypes['RecordingExplanation']>, ParentType, ContextType, RequireFields<QueryRecordingExplainArgs, 'id'>>;
  recordings?: Resolver<ResolversTypes['RecordingConnection'], ParentType, ContextType, RequireFields<QueryRecordingsArgs, 'first'>>;
  report?: Resolver<ResolversTypes['Report'], ParentType, ContextType, RequireFields<QueryReportArgs, 'from' | 'template' | 'to' | 'zone'>>;
  reportTemplates?: Resolver<ReadonlyArray<ResolversTypes['ReportTemplateInfo']>, ParentType, ContextType>;
  retentionExplain?: Resolver<Maybe<ResolversTypes['RetentionVerdict']>, ParentType, ContextType, RequireFields<QueryRetentionExplainArgs, 'recordingId'>>;
  retentionPlan?: Resolver<ResolversTypes['RetentionPlan'], ParentType, ContextType, RequireFields<QueryRetentionPlanArgs, 'samples'>>;
  retentionRuns?: Resolver<ResolversTypes['RetentionRunConnection'], ParentType, ContextType, RequireFields<QueryRetentionRunsArgs, 'first'>>;
  retentionWhatIf?: Resolver<ResolversTypes['RetentionWhatIf'], ParentType, ContextType, RequireFields<QueryRetentionWhatIfArgs, 'rules' | 'samples'>>;
  roles?: Resolver<ReadonlyArray<ResolversTypes['UserRole']>, ParentType, ContextType>;
  subjectErasurePlan?: Resolver<ResolversTypes['SubjectErasurePlan'], ParentType, ContextType, RequireFields<QuerySubjectErasurePlanArgs, 'subject'>>;
  unitMembers?: Resolver<ResolversTypes['UnitMemberConnection'], ParentType, ContextType, RequireFields<QueryUnitMembersArgs, 'first'>>;
  units?: Resolver<ResolversTypes['UnitConnection'], ParentType, ContextType, RequireFields<QueryUnitsArgs, 'first'>>;
  users?: Resolver<ResolversTypes['UserConnection'], ParentType, ContextType, RequireFields<QueryUsersArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type RecordedSideResolvers = { DESTINATION: 'destination', SOURCE: 'source' };

export type RecordedVolumeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordedVolume'] = ResolversParentTypes['RecordedVolume']> = {
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type RecordingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Recording'] = ResolversParentTypes['Recording']> = {
  agent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  announcement?: Resolver<Maybe<ResolversTypes['Announcement']>, ParentType, ContextType>;
  answeredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  archive?: Resolver<Maybe<ResolversTypes['RecordingArchive']>, ParentType, ContextType>;
  attachedData?: Resolver<ReadonlyArray<ResolversTypes['KeyValue']>, ParentType, ContextType>;
  attachedDataChanges?: Resolver<ReadonlyArray<ResolversTypes['AttachedDataChange']>, ParentType, ContextType>;
  callId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  callee?: Resolver<ResolversTypes['Identity'], ParentType, ContextType>;
  caller?: Resolver<ResolversTypes['Identity'], ParentType, ContextType>;
  channelId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  clockOffsetMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['Decision'], ParentType, ContextType>;
  demands?: Resolver<ReadonlyArray<ResolversTypes['Demand']>, ParentType, ContextType>;
  direction?: Resolver<ResolversTypes['Direction'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  findings?: Resolver<ReadonlyArray<ResolversTypes['QualityFinding']>, ParentType, ContextType>;
  holds?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Hold']>>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  interaction?: Resolver<Maybe<ResolversTypes['Interaction']>, ParentType, ContextType>;
  labels?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  media?: Resolver<Maybe<ResolversTypes['MediaObject']>, ParentType, ContextType>;
  origin?: Resolver<ResolversTypes['RecordingOrigin'], ParentType, ContextType>;
  parties?: Resolver<ReadonlyArray<ResolversTypes['Party']>, ParentType, ContextType>;
  partitions?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  pauses?: Resolver<ReadonlyArray<ResolversTypes['Pause']>, ParentType, ContextType>;
  pbx?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  plainId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  queue?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['StateReason']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  segments?: Resolver<ReadonlyArray<ResolversTypes['Segment']>, ParentType, ContextType>;
  side?: Resolver<ResolversTypes['RecordedSide'], ParentType, ContextType>;
  site?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RecordingState'], ParentType, ContextType>;
  timelineStartedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  transfers?: Resolver<ReadonlyArray<ResolversTypes['Transfer']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RecordingArchiveResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingArchive'] = ResolversParentTypes['RecordingArchive']> = {
  archivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  runId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  store?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RecordingConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingConnection'] = ResolversParentTypes['RecordingConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RecordingEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Recording']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['CappedCount'], ParentType, ContextType>;
};

export type RecordingControlResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingControlResult'] = ResolversParentTypes['RecordingControlResult']> = {
  effectiveAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['UserError']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['ControlOutcome'], ParentType, ContextType>;
  recording?: Resolver<ResolversTypes['Recording'], ParentType, ContextType>;
};

export type RecordingDeletePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingDeletePayload'] = ResolversParentTypes['RecordingDeletePayload']> = {
  receipt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recording?: Resolver<Maybe<ResolversTypes['Recording']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingDownloadPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingDownloadPayload'] = ResolversParentTypes['RecordingDownloadPayload']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  path?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingEdge'] = ResolversParentTypes['RecordingEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Recording'], ParentType, ContextType>;
};

export type RecordingExplanationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingExplanation'] = ResolversParentTypes['RecordingExplanation']> = {
  isReproduced?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  policyVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recording?: Resolver<ResolversTypes['Recording'], ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['RuleExplanation']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RecordingLabelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingLabelPayload'] = ResolversParentTypes['RecordingLabelPayload']> = {
  recording?: Resolver<Maybe<ResolversTypes['Recording']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingOriginResolvers = { CONTROLLED: 'controlled', NATIVE: 'native' };

export type RecordingPausePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingPausePayload'] = ResolversParentTypes['RecordingPausePayload']> = {
  isPartial?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  results?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, ParentType, ContextType>;
  unconfirmedPbxs?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingRequestPlaybackPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingRequestPlaybackPayload'] = ResolversParentTypes['RecordingRequestPlaybackPayload']> = {
  playback?: Resolver<Maybe<ResolversTypes['PlaybackTicket']>, ParentType, ContextType>;
  recording?: Resolver<Maybe<ResolversTypes['Recording']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingResumePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingResumePayload'] = ResolversParentTypes['RecordingResumePayload']> = {
  isPartial?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  results?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, ParentType, ContextType>;
  unconfirmedPbxs?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingStartPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingStartPayload'] = ResolversParentTypes['RecordingStartPayload']> = {
  results?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RecordingStateResolvers = { ARCHIVED: 'archived', FAILED: 'failed', INGESTING: 'ingesting', NOT_RECORDED: 'not-recorded', PAUSED: 'paused', PURGED: 'purged', RECORDING: 'recording', REQUESTED: 'requested', STOPPED: 'stopped', STORED: 'stored' };

export type RecordingStopPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RecordingStopPayload'] = ResolversParentTypes['RecordingStopPayload']> = {
  results?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RecordingControlResult']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Report'] = ResolversParentTypes['Report']> = {
  columns?: Resolver<ReadonlyArray<ResolversTypes['ReportColumn']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  generatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  rows?: Resolver<ReadonlyArray<ResolversTypes['ReportRow']>, ParentType, ContextType>;
  template?: Resolver<ResolversTypes['ReportTemplate'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  totals?: Resolver<ResolversTypes['ReportRow'], ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  zone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ReportColumnResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReportColumn'] = ResolversParentTypes['ReportColumn']> = {
  means?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unit?: Resolver<ResolversTypes['ReportUnit'], ParentType, ContextType>;
};

export type ReportRowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReportRow'] = ResolversParentTypes['ReportRow']> = {
  cells?: Resolver<ReadonlyArray<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type ReportTemplateResolvers = { ACCESS: 'access', COVERAGE: 'coverage', FINDINGS: 'findings', PAUSES: 'pauses', RECORDINGS_BY_AGENT: 'recordings-by-agent', RECORDINGS_BY_DAY: 'recordings-by-day', RECORDINGS_BY_RULE: 'recordings-by-rule', RECORDINGS_BY_UNIT: 'recordings-by-unit', RETENTION: 'retention', RETENTION_RUNS: 'retention-runs', STORAGE: 'storage' };

export type ReportTemplateInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReportTemplateInfo'] = ResolversParentTypes['ReportTemplateInfo']> = {
  columns?: Resolver<ReadonlyArray<ResolversTypes['ReportColumn']>, ParentType, ContextType>;
  means?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  template?: Resolver<ResolversTypes['ReportTemplate'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ReportUnitResolvers = { BYTES: 'bytes', COUNT: 'count', DAY: 'day', MILLISECONDS: 'milliseconds', TEXT: 'text' };

export type RetentionActionResolvers = { ARCHIVE: 'archive', PURGE: 'purge' };

export type RetentionChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionChange'] = ResolversParentTypes['RetentionChange']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  samples?: Resolver<ReadonlyArray<ResolversTypes['RetentionSample']>, ParentType, ContextType>;
  volume?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
};

export type RetentionDueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionDue'] = ResolversParentTypes['RetentionDue']> = {
  action?: Resolver<ResolversTypes['RetentionAction'], ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type RetentionObstacleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionObstacle'] = ResolversParentTypes['RetentionObstacle']> = {
  cases?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['RetentionObstacleType'], ParentType, ContextType>;
  until?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type RetentionObstacleTypeResolvers = { HOLD: 'hold', MINIMUM: 'minimum', NOT_ARCHIVED: 'not-archived', NO_ARCHIVE: 'no-archive', STATE: 'state' };

export type RetentionOfRuleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionOfRule'] = ResolversParentTypes['RetentionOfRule']> = {
  archive?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  purge?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RetentionOutcomeCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionOutcomeCount'] = ResolversParentTypes['RetentionOutcomeCount']> = {
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type RetentionPlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionPlan'] = ResolversParentTypes['RetentionPlan']> = {
  archive?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  looked?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  plannedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  prevented?: Resolver<ReadonlyArray<ResolversTypes['RetentionPrevented']>, ParentType, ContextType>;
  purge?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['RetentionOfRule']>, ParentType, ContextType>;
  samples?: Resolver<ReadonlyArray<ResolversTypes['RetentionVerdict']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RetentionPreventedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionPrevented'] = ResolversParentTypes['RetentionPrevented']> = {
  by?: Resolver<ResolversTypes['RetentionObstacleType'], ParentType, ContextType>;
  volume?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
};

export type RetentionProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionProblem'] = ResolversParentTypes['RetentionProblem']> = {
  column?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RetentionRunResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionRun'] = ResolversParentTypes['RetentionRun']> = {
  archive?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  begunAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  begunBy?: Resolver<ResolversTypes['Actor'], ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  done?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RetentionOutcomeCount']>>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  manifest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  plainId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  purge?: Resolver<ResolversTypes['RetentionVolume'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RetentionRunConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionRunConnection'] = ResolversParentTypes['RetentionRunConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RetentionRunEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['RetentionRun']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RetentionRunEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionRunEdge'] = ResolversParentTypes['RetentionRunEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['RetentionRun'], ParentType, ContextType>;
};

export type RetentionSampleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionSample'] = ResolversParentTypes['RetentionSample']> = {
  after?: Resolver<ResolversTypes['RetentionVerdict'], ParentType, ContextType>;
  before?: Resolver<ResolversTypes['RetentionVerdict'], ParentType, ContextType>;
};

export type RetentionVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionVerdict'] = ResolversParentTypes['RetentionVerdict']> = {
  archiveAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  does?: Resolver<Maybe<ResolversTypes['RetentionAction']>, ParentType, ContextType>;
  due?: Resolver<Maybe<ResolversTypes['RetentionDue']>, ParentType, ContextType>;
  keptUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  obstacles?: Resolver<ReadonlyArray<ResolversTypes['RetentionObstacle']>, ParentType, ContextType>;
  purgeAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  recordingId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RetentionVolumeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionVolume'] = ResolversParentTypes['RetentionVolume']> = {
  durationMs?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  recordings?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['SafeInt'], ParentType, ContextType>;
};

export type RetentionWhatIfResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetentionWhatIf'] = ResolversParentTypes['RetentionWhatIf']> = {
  changes?: Resolver<ReadonlyArray<ResolversTypes['RetentionChange']>, ParentType, ContextType>;
  inForce?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  looked?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['RetentionProblem']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RoleResolvers = { ADMINISTRATOR: 'administrator', AGENT: 'agent', COMPLIANCE_OFFICER: 'compliance-officer', INTEGRATOR: 'integrator', SUPERVISOR: 'supervisor' };

export type RoleAddPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoleAddPayload'] = ResolversParentTypes['RoleAddPayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['UserRole']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RoleChangePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoleChangePayload'] = ResolversParentTypes['RoleChangePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['UserRole']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RoleReachResolvers = { EVERYTHING: 'everything', EVERYTHING_UNLESS_NARROWED: 'everything-unless-narrowed', NAMED: 'named', OWN: 'own' };

export type RoleRemovePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoleRemovePayload'] = ResolversParentTypes['RoleRemovePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['UserRole']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RuleExplanationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RuleExplanation'] = ResolversParentTypes['RuleExplanation']> = {
  conditions?: Resolver<ReadonlyArray<ResolversTypes['ConditionExplanation']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RuleKind'], ParentType, ContextType>;
  part?: Resolver<ResolversTypes['RulePart'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict?: Resolver<Maybe<ResolversTypes['RuleVerdict']>, ParentType, ContextType>;
  words?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RuleKindResolvers = { NEVER: 'never', NO_RULE: 'no-rule', RULE: 'rule' };

export type RulePartResolvers = { DECIDED: 'decided', NOT_ASKED: 'not-asked', PASSED: 'passed' };

export type RuleVerdictResolvers = { CONDITIONS_UNMET: 'conditions-unmet', NOT_ASKED_FOR: 'not-asked-for', NOT_DRAWN: 'not-drawn', QUOTA_REACHED: 'quota-reached', SUBJECT_UNKNOWN: 'subject-unknown', TAKES: 'takes' };

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export type SegmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Segment'] = ResolversParentTypes['Segment']> = {
  answeredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  channelId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type StateReasonResolvers = { AGENT_LEFT: 'agent-left', DELETED: 'deleted', DISCARDED_BY_PBX: 'discarded-by-pbx', ENDED_UNSEEN: 'ended-unseen', HANGUP: 'hangup', INGEST_FAILED: 'ingest-failed', NEVER_ANSWERED: 'never-answered', NOT_WANTED: 'not-wanted', NO_AUDIO: 'no-audio', PBX_RESTARTED: 'pbx-restarted', QUARANTINED: 'quarantined', RETENTION: 'retention', SPOOL_FILE_MISSING: 'spool-file-missing', START_REFUSED: 'start-refused', STOPPED_ON_DEMAND: 'stopped-on-demand', SUPERSEDED: 'superseded', WITHIN_PAUSE: 'within-pause' };

export type StoppedPartResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StoppedPart'] = ResolversParentTypes['StoppedPart']> = {
  by?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fromAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  how?: Resolver<Maybe<ResolversTypes['PauseWay']>, ParentType, ContextType>;
  side?: Resolver<ResolversTypes['RecordedSide'], ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SubjectErasePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SubjectErasePayload'] = ResolversParentTypes['SubjectErasePayload']> = {
  auditEntries?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  destroyed?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  prevented?: Resolver<Maybe<ReadonlyArray<ResolversTypes['SubjectRecording']>>, ParentType, ContextType>;
  receipt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  underWay?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SubjectErasurePlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SubjectErasurePlan'] = ResolversParentTypes['SubjectErasurePlan']> = {
  planId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  recordings?: Resolver<ReadonlyArray<ResolversTypes['SubjectRecording']>, ParentType, ContextType>;
};

export type SubjectRecordingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SubjectRecording'] = ResolversParentTypes['SubjectRecording']> = {
  holds?: Resolver<ReadonlyArray<ResolversTypes['Hold']>, ParentType, ContextType>;
  keptUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  preventedBy?: Resolver<Maybe<ResolversTypes['ErasureObstacle']>, ParentType, ContextType>;
  recording?: Resolver<ResolversTypes['Recording'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  myCurrentRecording?: SubscriptionResolver<ResolversTypes['MyCurrentRecording'], "myCurrentRecording", ParentType, ContextType>;
  recordingChanged?: SubscriptionResolver<ResolversTypes['Recording'], "recordingChanged", ParentType, ContextType, Partial<SubscriptionRecordingChangedArgs>>;
};

export type TransferResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Transfer'] = ResolversParentTypes['Transfer']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['TransferLeg'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TransferKind'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['TransferLeg'], ParentType, ContextType>;
};

export type TransferKindResolvers = { ATTENDED: 'attended', BLIND: 'blind' };

export type TransferLegResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransferLeg'] = ResolversParentTypes['TransferLeg']> = {
  channelId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endpoint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  identity?: Resolver<ResolversTypes['Identity'], ParentType, ContextType>;
};

export type UnitResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Unit'] = ResolversParentTypes['Unit']> = {
  places?: Resolver<ReadonlyArray<ResolversTypes['UnitPlace']>, ParentType, ContextType>;
  unitId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UnitAddPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitAddPayload'] = ResolversParentTypes['UnitAddPayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitChangePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitChangePayload'] = ResolversParentTypes['UnitChangePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitConnection'] = ResolversParentTypes['UnitConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UnitEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Unit']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UnitEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitEdge'] = ResolversParentTypes['UnitEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Unit'], ParentType, ContextType>;
};

export type UnitEndPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitEndPayload'] = ResolversParentTypes['UnitEndPayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitErasePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitErasePayload'] = ResolversParentTypes['UnitErasePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitMemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitMember'] = ResolversParentTypes['UnitMember']> = {
  agent?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fromAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  unitId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UnitMemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitMemberConnection'] = ResolversParentTypes['UnitMemberConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UnitMemberEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['UnitMember']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UnitMemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitMemberEdge'] = ResolversParentTypes['UnitMemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['UnitMember'], ParentType, ContextType>;
};

export type UnitMemberJoinPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitMemberJoinPayload'] = ResolversParentTypes['UnitMemberJoinPayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitMemberLeavePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitMemberLeavePayload'] = ResolversParentTypes['UnitMemberLeavePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UnitPlaceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnitPlace'] = ResolversParentTypes['UnitPlace']> = {
  fromAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  parentId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  toAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type UnobservedBecauseResolvers = { LINK_DOWN: 'link-down', PBX_RESTARTED: 'pbx-restarted', PROCESS_DOWN: 'process-down', STOPPED: 'stopped' };

export type UnobservedWindowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnobservedWindow'] = ResolversParentTypes['UnobservedWindow']> = {
  because?: Resolver<ResolversTypes['UnobservedBecause'], ParentType, ContextType>;
  callsFound?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  pbx?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  agent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  disabledAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partitions?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  units?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserAddPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserAddPayload'] = ResolversParentTypes['UserAddPayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserChangePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserChangePayload'] = ResolversParentTypes['UserChangePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retry?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type UserRemovePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserRemovePayload'] = ResolversParentTypes['UserRemovePayload']> = {
  changed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserRoleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserRole'] = ResolversParentTypes['UserRole']> = {
  builtIn?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hears?: Resolver<ResolversTypes['Hearing'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  permissions?: Resolver<ReadonlyArray<ResolversTypes['Permission']>, ParentType, ContextType>;
  reach?: Resolver<ResolversTypes['RoleReach'], ParentType, ContextType>;
  reasonRequired?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  sees?: Resolver<ReadonlyArray<ResolversTypes['AttachedVisibility']>, ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  actorId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  desks?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partitions?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  permissions?: Resolver<ReadonlyArray<ResolversTypes['Permission']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
  roleName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  units?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type WantedFormatResolvers = { FLAC: 'flac', G711: 'g711', WAV: 'wav' };

export type WaveformResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Waveform'] = ResolversParentTypes['Waveform']> = {
  channels?: Resolver<ReadonlyArray<ReadonlyArray<ResolversTypes['Int']>>, ParentType, ContextType>;
  stretchMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Actor?: ActorResolvers<ContextType>;
  ActorType?: ActorTypeResolvers;
  AgentSignInPayload?: AgentSignInPayloadResolvers<ContextType>;
  AgentSignOutPayload?: AgentSignOutPayloadResolvers<ContextType>;
  Announcement?: AnnouncementResolvers<ContextType>;
  AnnouncementOutcome?: AnnouncementOutcomeResolvers;
  AttachedDataChange?: AttachedDataChangeResolvers<ContextType>;
  AttachedDataSetPayload?: AttachedDataSetPayloadResolvers<ContextType>;
  AttachedDataSource?: AttachedDataSourceResolvers;
  AttachedKeeping?: AttachedKeepingResolvers;
  AttachedKey?: AttachedKeyResolvers<ContextType>;
  AttachedVisibility?: AttachedVisibilityResolvers;
  AuditAction?: AuditActionResolvers;
  AuditCheckpoint?: AuditCheckpointResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  AuditEntryConnection?: AuditEntryConnectionResolvers<ContextType>;
  AuditEntryEdge?: AuditEntryEdgeResolvers<ContextType>;
  AuditObject?: AuditObjectResolvers<ContextType>;
  AuditOutcome?: AuditOutcomeResolvers;
  CappedCount?: CappedCountResolvers<ContextType>;
  ChannelSide?: ChannelSideResolvers;
  ConditionExplanation?: ConditionExplanationResolvers<ContextType>;
  ControlOutcome?: ControlOutcomeResolvers;
  CoverageCause?: CoverageCauseResolvers;
  CoverageEvidence?: CoverageEvidenceResolvers;
  CoverageExcuse?: CoverageExcuseResolvers;
  CoverageExcused?: CoverageExcusedResolvers<ContextType>;
  CoverageGap?: CoverageGapResolvers<ContextType>;
  CoverageLeg?: CoverageLegResolvers<ContextType>;
  CoverageLoss?: CoverageLossResolvers<ContextType>;
  CoverageReport?: CoverageReportResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Decision?: DecisionResolvers<ContextType>;
  DecisionInput?: DecisionInputResolvers<ContextType>;
  DecisionOutcome?: DecisionOutcomeResolvers;
  Demand?: DemandResolvers<ContextType>;
  DemandAction?: DemandActionResolvers;
  DeskSeat?: DeskSeatResolvers<ContextType>;
  DeskSeatSource?: DeskSeatSourceResolvers;
  Direction?: DirectionResolvers;
  ErasureObstacle?: ErasureObstacleResolvers;
  Export?: ExportResolvers<ContextType>;
  ExportAudio?: ExportAudioResolvers;
  ExportCancelPayload?: ExportCancelPayloadResolvers<ContextType>;
  ExportRequestPayload?: ExportRequestPayloadResolvers<ContextType>;
  ExportState?: ExportStateResolvers;
  ExportTicketPayload?: ExportTicketPayloadResolvers<ContextType>;
  FindingCode?: FindingCodeResolvers;
  Hearing?: HearingResolvers;
  HeldSearch?: HeldSearchResolvers<ContextType>;
  HistoryCut?: HistoryCutResolvers;
  Hold?: HoldResolvers<ContextType>;
  HoldConnection?: HoldConnectionResolvers<ContextType>;
  HoldEdge?: HoldEdgeResolvers<ContextType>;
  HoldExtendPayload?: HoldExtendPayloadResolvers<ContextType>;
  HoldPlacePayload?: HoldPlacePayloadResolvers<ContextType>;
  HoldRecordingConnection?: HoldRecordingConnectionResolvers<ContextType>;
  HoldRelease?: HoldReleaseResolvers<ContextType>;
  HoldReleasePayload?: HoldReleasePayloadResolvers<ContextType>;
  HoldSelection?: HoldSelectionResolvers;
  Identity?: IdentityResolvers<ContextType>;
  Interaction?: InteractionResolvers<ContextType>;
  KeyCheck?: KeyCheckResolvers<ContextType>;
  KeyCheckVerdict?: KeyCheckVerdictResolvers;
  KeyPurpose?: KeyPurposeResolvers;
  KeyRecipient?: KeyRecipientResolvers<ContextType>;
  KeyRecipientSet?: KeyRecipientSetResolvers<ContextType>;
  KeyRecipientStanding?: KeyRecipientStandingResolvers;
  KeyReport?: KeyReportResolvers<ContextType>;
  KeyValue?: KeyValueResolvers<ContextType>;
  Measurement?: MeasurementResolvers<ContextType>;
  MediaFormat?: MediaFormatResolvers;
  MediaObject?: MediaObjectResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  MyCurrentRecording?: MyCurrentRecordingResolvers<ContextType>;
  MyCurrentRecordingState?: MyCurrentRecordingStateResolvers;
  MyRecording?: MyRecordingResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  OrganisationRestamp?: OrganisationRestampResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Party?: PartyResolvers<ContextType>;
  Pause?: PauseResolvers<ContextType>;
  PauseWay?: PauseWayResolvers;
  Permission?: PermissionResolvers;
  PlaybackTicket?: PlaybackTicketResolvers<ContextType>;
  Policy?: PolicyResolvers<ContextType>;
  PolicyBacktest?: PolicyBacktestResolvers<ContextType>;
  PolicyBacktestReport?: PolicyBacktestReportResolvers<ContextType>;
  PolicyChange?: PolicyChangeResolvers;
  PolicyChangeCount?: PolicyChangeCountResolvers<ContextType>;
  PolicyChangeExample?: PolicyChangeExampleResolvers<ContextType>;
  PolicyCheck?: PolicyCheckResolvers<ContextType>;
  PolicyOrigin?: PolicyOriginResolvers;
  PolicyProblem?: PolicyProblemResolvers<ContextType>;
  PolicyReloadPayload?: PolicyReloadPayloadResolvers<ContextType>;
  PolicyRuleCount?: PolicyRuleCountResolvers<ContextType>;
  PolicyVersion?: PolicyVersionResolvers<ContextType>;
  PolicyVersionConnection?: PolicyVersionConnectionResolvers<ContextType>;
  PolicyVersionEdge?: PolicyVersionEdgeResolvers<ContextType>;
  QualityFinding?: QualityFindingResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RecordedSide?: RecordedSideResolvers;
  RecordedVolume?: RecordedVolumeResolvers<ContextType>;
  Recording?: RecordingResolvers<ContextType>;
  RecordingArchive?: RecordingArchiveResolvers<ContextType>;
  RecordingConnection?: RecordingConnectionResolvers<ContextType>;
  RecordingControlResult?: RecordingControlResultResolvers<ContextType>;
  RecordingDeletePayload?: RecordingDeletePayloadResolvers<ContextType>;
  RecordingDownloadPayload?: RecordingDownloadPayloadResolvers<ContextType>;
  RecordingEdge?: RecordingEdgeResolvers<ContextType>;
  RecordingExplanation?: RecordingExplanationResolvers<ContextType>;
  RecordingLabelPayload?: RecordingLabelPayloadResolvers<ContextType>;
  RecordingOrigin?: RecordingOriginResolvers;
  RecordingPausePayload?: RecordingPausePayloadResolvers<ContextType>;
  RecordingRequestPlaybackPayload?: RecordingRequestPlaybackPayloadResolvers<ContextType>;
  RecordingResumePayload?: RecordingResumePayloadResolvers<ContextType>;
  RecordingStartPayload?: RecordingStartPayloadResolvers<ContextType>;
  RecordingState?: RecordingStateResolvers;
  RecordingStopPayload?: RecordingStopPayloadResolvers<ContextType>;
  Report?: ReportResolvers<ContextType>;
  ReportColumn?: ReportColumnResolvers<ContextType>;
  ReportRow?: ReportRowResolvers<ContextType>;
  ReportTemplate?: ReportTemplateResolvers;
  ReportTemplateInfo?: ReportTemplateInfoResolvers<ContextType>;
  ReportUnit?: ReportUnitResolvers;
  RetentionAction?: RetentionActionResolvers;
  RetentionChange?: RetentionChangeResolvers<ContextType>;
  RetentionDue?: RetentionDueResolvers<ContextType>;
  RetentionObstacle?: RetentionObstacleResolvers<ContextType>;
  RetentionObstacleType?: RetentionObstacleTypeResolvers;
  RetentionOfRule?: RetentionOfRuleResolvers<ContextType>;
  RetentionOutcomeCount?: RetentionOutcomeCountResolvers<ContextType>;
  RetentionPlan?: RetentionPlanResolvers<ContextType>;
  RetentionPrevented?: RetentionPreventedResolvers<ContextType>;
  RetentionProblem?: RetentionProblemResolvers<ContextType>;
  RetentionRun?: RetentionRunResolvers<ContextType>;
  RetentionRunConnection?: RetentionRunConnectionResolvers<ContextType>;
  RetentionRunEdge?: RetentionRunEdgeResolvers<ContextType>;
  RetentionSample?: RetentionSampleResolvers<ContextType>;
  RetentionVerdict?: RetentionVerdictResolvers<ContextType>;
  RetentionVolume?: RetentionVolumeResolvers<ContextType>;
  RetentionWhatIf?: RetentionWhatIfResolvers<ContextType>;
  Role?: RoleResolvers;
  RoleAddPayload?: RoleAddPayloadResolvers<ContextType>;
  RoleChangePayload?: RoleChangePayloadResolvers<ContextType>;
  RoleReach?: RoleReachResolvers;
  RoleRemovePayload?: RoleRemovePayloadResolvers<ContextType>;
  RuleExplanation?: RuleExplanationResolvers<ContextType>;
  RuleKind?: RuleKindResolvers;
  RulePart?: RulePartResolvers;
  RuleVerdict?: RuleVerdictResolvers;
  SafeInt?: GraphQLScalarType;
  Segment?: SegmentResolvers<ContextType>;
  StateReason?: StateReasonResolvers;
  StoppedPart?: StoppedPartResolvers<ContextType>;
  SubjectErasePayload?: SubjectErasePayloadResolvers<ContextType>;
  SubjectErasurePlan?: SubjectErasurePlanResolvers<ContextType>;
  SubjectRecording?: SubjectRecordingResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Transfer?: TransferResolvers<ContextType>;
  TransferKind?: TransferKindResolvers;
  TransferLeg?: TransferLegResolvers<ContextType>;
  Unit?: UnitResolvers<ContextType>;
  UnitAddPayload?: UnitAddPayloadResolvers<ContextType>;
  UnitChangePayload?: UnitChangePayloadResolvers<ContextType>;
  UnitConnection?: UnitConnectionResolvers<ContextType>;
  UnitEdge?: UnitEdgeResolvers<ContextType>;
  UnitEndPayload?: UnitEndPayloadResolvers<ContextType>;
  UnitErasePayload?: UnitErasePayloadResolvers<ContextType>;
  UnitMember?: UnitMemberResolvers<ContextType>;
  UnitMemberConnection?: UnitMemberConnectionResolvers<ContextType>;
  UnitMemberEdge?: UnitMemberEdgeResolvers<ContextType>;
  UnitMemberJoinPayload?: UnitMemberJoinPayloadResolvers<ContextType>;
  UnitMemberLeavePayload?: UnitMemberLeavePayloadResolvers<ContextType>;
  UnitPlace?: UnitPlaceResolvers<ContextType>;
  UnobservedBecause?: UnobservedBecauseResolvers;
  UnobservedWindow?: UnobservedWindowResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserAddPayload?: UserAddPayloadResolvers<ContextType>;
  UserChangePayload?: UserChangePayloadResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  UserRemovePayload?: UserRemovePayloadResolvers<ContextType>;
  UserRole?: UserRoleResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  WantedFormat?: WantedFormatResolvers;
  Waveform?: WaveformResolvers<ContextType>;
};

