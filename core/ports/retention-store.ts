import type { Actor, AuditDraft } from '../domain/audit-entry.ts'
import type { RecordingId, RetentionRunId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { RetentionAction } from '../domain/retention/judge-retention.ts'
import type { Field } from '../domain/rules/condition.ts'
import type { RetentionSubject } from '../domain/retention/retention-subject.ts'

/** A recording as a plan looks at it. */
export interface RetentionCandidate {
  readonly subject: RetentionSubject
  /** Of its sealed sound; 0 where there is none. */
  readonly sizeBytes: number
  /** The minimum that was stamped on it. */
  readonly stampedUntil: Date | null
  /** The version of the rules that stamped it last. */
  readonly stampedBy: string | null
}

/** That nobody may destroy a recording before an instant. */
export interface RetentionStamp {
  readonly recordingId: RecordingId
  /** The beginning of time: its rule has no minimum. */
  readonly keptUntil: Date
  readonly rule: string
  /** Of the rules. */
  readonly version: string
}

/** Of which recordings plans and stamps ask, in the order of their ids. */
export interface CandidatePage {
  readonly after: RecordingId | null
  readonly first: number
  /** What the rules look at that ask: nothing else of these candidates can be read. */
  readonly fields: ReadonlySet<Field['type']> | 'all'
  /** Only those that this version of the rules has not stamped. */
  readonly notStampedBy?: string
}

/** How much of something there is. */
export interface RetentionVolume {
  readonly recordings: number
  readonly durationMs: number
  readonly sizeBytes: number
}

export const ITEM_OUTCOMES = ['purged', 'under-way', 'archived', 'held', 'kept', 'busy', 'not-due', 'gone'] as const
/** What became of one recording of a run. `not-due`: the rules say something else of it by now; `gone`: it was destroyed by somebody else. */
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number]

export interface RetentionItem {
  readonly recordingId: RecordingId
  readonly action: RetentionAction
  readonly rule: string
}

export const RUN_STATES = ['planning', 'running', 'ended'] as const

/** One run of the rules. */
export interface RetentionRun {
  readonly id: RetentionRunId
  /** Of the rules. */
  readonly version: string
  readonly state: (typeof RUN_STATES)[number]
  readonly begunBy: Actor
  readonly begunAt: Date
  readonly plannedAt: Date
  /** SHA-256 over every item in the order of the recordings; empty while it is planned. */
  readonly digest: string
  readonly planned: Readonly<Record<RetentionAction, RetentionVolume>>
  /** `null` until it ended. */
  readonly done: Readonly<Partial<Record<ItemOutcome, number>>> | null
  /** Of what it archived, by its name in the target. */
  readonly manifest: string | null
  readonly endedAt: Date | null
}

/** What became of asking for the lease: one runs at a time, over all nodes. `left`: a run that its process did not end. */
export type LeaseGrant = { readonly outcome: 'granted'; readonly left: RetentionRun | null } | { readonly outcome: 'taken'; readonly until: Date }

/** What retention keeps. */
export interface RetentionStore {
  /** In the order of their ids, oldest first; without those that are destroyed. */
  candidates(page: CandidatePage): Promise<readonly RetentionCandidate[]>
  /** How many {@link candidates} there are altogether. */
  countCandidates(): Promise<number>
  candidate(id: RecordingId): Promise<RetentionCandidate | null>
  /** Whole, for whoever asks which holds are over them. */
  recordings(ids: readonly RecordingId[]): Promise<readonly Recording[]>
  /** Remembers a version, and that it is in force. With `audit` when another one was before. */
  useRules(rules: { readonly version: string; readonly canonical: string; readonly at: Date }, audit: AuditDraft): Promise<'new' | 'same'>
  /** The version that was in force last. */
  lastRules(): Promise<{ readonly version: string; readonly canonical: string } | null>
  rulesText(version: string): Promise<{ readonly version: string; readonly canonical: string } | null>
  /** Durable. A stamp that ends earlier than the one that is there changes nothing but rule and version: a minimum is never shortened. */
  stamp(stamps: readonly RetentionStamp[]): Promise<void>
  /** @param until - extended by {@link extendLease}; from then on another one may take it */
  takeLease(owner: string, lease: { readonly now: Date; readonly until: Date }): Promise<LeaseGrant>
  /** @throws HoldfastError `RETENTION_RUNNING` when somebody else has it by now */
  extendLease(owner: string, until: Date): Promise<void>
  releaseLease(owner: string): Promise<void>
  /** A new run, whose items follow. One that was left while it was planned is forgotten. */
  open(run: Pick<RetentionRun, 'id' | 'version' | 'begunBy' | 'begunAt' | 'plannedAt'>): Promise<void>
  addItems(id: RetentionRunId, items: readonly RetentionItem[]): Promise<void>
  /** All items are there. With the audit entry of its beginning. */
  begin(id: RetentionRunId, plan: Pick<RetentionRun, 'digest' | 'planned'>, audit: AuditDraft): Promise<void>
  /** Those that are not done, by recording. */
  itemsLeft(id: RetentionRunId, page: { readonly after: RecordingId | null; readonly first: number }): Promise<readonly RetentionItem[]>
  countItems(id: RetentionRunId): Promise<{ readonly all: number; readonly left: number }>
  finish(id: RetentionRunId, recordingId: RecordingId, done: { readonly outcome: ItemOutcome; readonly at: Date }): Promise<void>
  outcomes(id: RetentionRunId): Promise<Readonly<Partial<Record<ItemOutcome, number>>>>
  /** With the audit entry of its end. Twice is once. */
  end(id: RetentionRunId, end: Required<Pick<RetentionRun, 'done' | 'manifest' | 'endedAt'>>, audit: AuditDraft): Promise<void>
  /** Newest first. */
  runs(page: { readonly first: number; readonly before: Date | null }): Promise<readonly RetentionRun[]>
}
