import type { AuditDraft } from '../domain/audit-entry.ts'
import type { SegmentSound } from '../domain/coverage.ts'
import type { InteractionId, NodeName, RecordingId, UnitId } from '../domain/ids.ts'
import type { RecordingState } from '../domain/lifecycle.ts'
import type { MediaObject, QualityFinding } from '../domain/media.ts'
import type { Interaction, Recording, StateReason } from '../domain/recording.ts'
import type { JournalId, JournalledFact } from './capture-journal.ts'

/** Whose recordings a question may see; part of every query, never a filter after it. */
export type AccessScope =
  | { readonly type: 'all' }
  /** Those in one of the partitions or below, and those of agents who were in one of the units or below when the call was made: either reaches. */
  | { readonly type: 'named'; readonly partitions: readonly string[]; readonly units: readonly UnitId[] }
  /** Those in which this person was heard. */
  | { readonly type: 'agent'; readonly agent: string }
  | { readonly type: 'none' }

/** All given conditions must hold; `null` = not asked. */
export interface RecordingFilter {
  readonly startedFrom: Date | null
  readonly startedTo: Date | null
  readonly caller: string | null
  readonly callee: string | null
  readonly agent: string | null
  readonly queue: string | null
  /** A label that it has, whoever gave it. */
  readonly label: string | null
  readonly site: string | null
  /** The rule that decided. */
  readonly rule: string | null
  readonly interactionId: InteractionId | null
  readonly partitionUnder: string | null
  readonly states: readonly RecordingState[] | null
  readonly minDurationMs: number | null
  readonly maxDurationMs: number | null
  /** Whether it has transfers (`true`), or none. */
  readonly transferred: boolean | null
  /** Whether a pause was asked for in it (`true`), or none. */
  readonly paused: boolean | null
  readonly attached: readonly { readonly key: string; readonly value: string }[]
}

/** Asks for nothing: every recording matches. */
export const ANY_RECORDING: RecordingFilter = {
  startedFrom: null, startedTo: null, caller: null, callee: null, agent: null, queue: null, label: null, site: null, rule: null, interactionId: null,
  partitionUnder: null, states: null, minDurationMs: null, maxDurationMs: null, transferred: null, paused: null, attached: [],
}

/** Newest first. `before`: only recordings with a smaller id. */
export interface RecordingPageRequest {
  readonly filter: RecordingFilter
  readonly scope: AccessScope
  readonly first: number
  readonly before: RecordingId | null
}

export interface RecordingPage {
  readonly recordings: readonly Recording[]
  readonly hasMore: boolean
}

/** Counting stops here, and says so: "1000+". Source: capped counts cost 8 to 48 ms at a million rows, full ones up to 2 s (measured). */
export const COUNT_CAP = 1000

/** What ingest made of the spool files. */
export interface StoredMedia {
  readonly media: MediaObject
  /** The age header of version `media.headerVersion`: followed by the payload it is a valid age file. */
  readonly header: Uint8Array
  readonly recipients: readonly string[]
  readonly findings: readonly QualityFinding[]
  /** Which time of the call is in it. */
  readonly sounds: readonly SegmentSound[]
}

/** Where facts come from: a node, and which of its journals. Sequences count within one journal. */
export interface FactSource {
  readonly node: NodeName
  readonly journal: JournalId
}

/** What became of a batch of facts. */
export interface AppliedBatch {
  /** What the lifecycle does not allow. */
  readonly refused: readonly JournalledFact[]
  /** Recordings that changed. */
  readonly touched: readonly RecordingId[]
  /** Those of them for which an ingest job was queued. */
  readonly due: readonly RecordingId[]
}

/** The catalogue: everything about recordings but their sound. */
export interface RecordingRepository {
  /**
   * Applies a journal's facts in order, in one transaction with their audit entries; queues the ingest job of a recording that stopped.
   * Idempotent: facts up to the last applied sequence of that journal are skipped; a journal that is not known begins at 1.
   * A fact that the lifecycle refuses is skipped, counted and returned; the others are applied.
   * @throws HoldfastError `STORE_FAILED`; anything else comes of the facts themselves, and comes again: see `setAside`
   */
  apply(source: FactSource, facts: readonly JournalledFact[]): Promise<AppliedBatch>
  /** The last fact of this journal that was applied, or set aside; 0: none. */
  position(source: FactSource): Promise<number>
  /**
   * Keeps a fact that cannot be applied beside the catalogue, with what went wrong, and lets its journal go on behind it; twice is once.
   * In one transaction with the audit entry of an incident: that it succeeds shows that the catalogue works, and the fact is at fault.
   */
  setAside(source: FactSource, fact: JournalledFact, failure: { readonly error: string; readonly at: Date }): Promise<void>
  /** What a policy of this version says, in its canonical form; `null` when it never decided. */
  policyText(version: string): Promise<{ readonly version: string; readonly canonical: string } | null>
  /** Every version that ever decided, by the time of its first use. Few: a version is a change of the rules. */
  policyVersions(): Promise<readonly { readonly version: string; readonly firstUsedAt: Date }[]>
  /** `null`: not there, or not within the scope. */
  find(id: RecordingId, scope: AccessScope): Promise<Recording | null>
  findInteraction(id: InteractionId, scope: AccessScope): Promise<{ readonly interaction: Interaction; readonly recordings: readonly Recording[] } | null>
  /** Recordings whose sound may still come, newest first, at most `first`. */
  findLive(scope: AccessScope, first: number): Promise<readonly Recording[]>
  /** @throws HoldfastError `QUERY_TIMEOUT`, as `count` does, when it would have to walk through too much */
  search(request: RecordingPageRequest): Promise<RecordingPage>
  /** How many match, up to `COUNT_CAP + 1`. */
  count(filter: RecordingFilter, scope: AccessScope): Promise<number>
  /** `stopped → ingesting`; twice is once. */
  beginIngest(id: RecordingId): Promise<void>
  /** `ingesting → stored`, with media row, header and findings, in one transaction with the audit entry. Twice is once. */
  recordMedia(id: RecordingId, stored: StoredMedia, audit: AuditDraft): Promise<void>
  /** `ingesting → failed | not-recorded`, with findings and the audit entry. Twice is once. */
  closeWithoutMedia(id: RecordingId, outcome: { readonly state: 'failed' | 'not-recorded'; readonly reason: StateReason; readonly findings: readonly QualityFinding[] }, audit: AuditDraft): Promise<void>
  /** The age header in force, or `null`. */
  mediaHeader(id: RecordingId): Promise<Uint8Array | null>
  /** Whether a file name belongs to any recording's segment. */
  knowsSpoolFile(name: string): Promise<RecordingId | null>
}
