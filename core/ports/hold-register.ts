import type { Actor, AuditDraft } from '../domain/audit-entry.ts'
import type { HoldId, RecordingId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { AccessScope, RecordingFilter } from './recording-repository.ts'

/** A search that stands under a hold: whatever it finds, now or later, is held. */
export interface HeldSearch {
  readonly filter: RecordingFilter
  /** Within which it finds: that of whoever added it. */
  readonly scope: AccessScope
  readonly by: Actor
  readonly reason: string
  readonly at: Date
}

/** A legal hold: a case with its reason, the recordings that are named in it, and its searches. */
export interface Hold {
  readonly id: HoldId
  readonly caseName: string
  readonly reason: string
  readonly placedBy: Actor
  readonly placedAt: Date
  /** What whoever placed it reached: nobody who reaches less sees it, extends it or releases it. */
  readonly scope: AccessScope
  /** How many recordings are named in it. */
  readonly named: number
  readonly searches: readonly HeldSearch[]
  readonly released: { readonly by: Actor; readonly reason: string; readonly at: Date } | null
}

/** What a hold is to hold, besides what it holds already. */
export interface HoldMembers {
  readonly recordings: readonly RecordingId[]
  readonly searches: readonly RecordingFilter[]
}

/** A hold that is to be placed. */
export interface HoldDraft extends Pick<Hold, 'id' | 'caseName' | 'reason' | 'placedBy' | 'placedAt' | 'scope'> {
  readonly members: HoldMembers
}

/** More members for a hold. */
export interface HoldExtension {
  readonly id: HoldId
  readonly members: HoldMembers
  readonly by: Actor
  readonly reason: string
  readonly at: Date
  readonly scope: AccessScope
}

/**
 * What became of placing or extending. `placed`: from now on nothing that it names or finds is destroyed. `tooLate`: named recordings whose
 * destruction had been decided before; `too-late`: all of them, and nothing was changed.
 */
export type HoldPlacement =
  | { readonly outcome: 'placed'; readonly hold: Hold; readonly tooLate: readonly RecordingId[]; /** What its searches find now, each up to `COUNT_CAP + 1`. */ readonly found: readonly number[] }
  | { readonly outcome: 'too-late'; readonly tooLate: readonly RecordingId[] }
  | { readonly outcome: 'unknown' | 'released' }

/** What is held. Whether a recording may be destroyed is asked of `DestructionLedger` alone, in the transaction that decides it. */
export interface HoldRegister {
  /** In one transaction with its audit entries. Recordings that are not there are not held; the caller looks for them first. @throws HoldfastError `STORE_FAILED` */
  place(draft: HoldDraft, ...audit: readonly AuditDraft[]): Promise<HoldPlacement>
  /** As {@link place}. What is named a second time stays named once. */
  extend(extension: HoldExtension, ...audit: readonly AuditDraft[]): Promise<HoldPlacement>
  release(id: HoldId, release: NonNullable<Hold['released']>, audit: AuditDraft): Promise<'released' | 'already' | 'unknown'>
  find(id: HoldId): Promise<Hold | null>
  /** Newest first. Few: a hold is a case. */
  list(which: 'standing' | 'all'): Promise<readonly Hold[]>
  /** Recordings that are named in it, newest first. `before`: only those with a smaller id. */
  named(id: HoldId, page: { readonly first: number; readonly before: RecordingId | null }): Promise<readonly RecordingId[]>
  /** The standing holds over each recording, by name or by search; those without one are not in the answer. For lists and plans. */
  over(recordings: readonly Recording[]): Promise<ReadonlyMap<RecordingId, readonly Hold[]>>
}
