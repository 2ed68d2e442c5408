import type { RecordingId } from '../domain/ids.ts'
import type { RetentionAction, RetentionObstacle, RetentionVerdict } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import type { RetentionRun, RetentionVolume } from './retention-store.ts'

/** One recording of which the rules want something now. */
export interface PlannedRecording {
  readonly verdict: RetentionVerdict
  readonly durationMs: number
  readonly sizeBytes: number
}

/** What a plan comes to. */
export interface RetentionTotals {
  /** What a run would do. */
  readonly does: Readonly<Record<RetentionAction, RetentionVolume>>
  /** Due, and something stands in the way: counted once for each thing that does. */
  readonly prevented: Readonly<Record<RetentionObstacle['type'], RetentionVolume>>
  /** By rule: what a run would do of it. */
  readonly rules: readonly { readonly rule: string; readonly archive: RetentionVolume; readonly purge: RetentionVolume }[]
  /** Recordings that were looked at. */
  readonly looked: number
}

/** A plan, and the first of what stands in it. */
export interface RetentionPlan {
  readonly version: string
  readonly plannedAt: Date
  /** Over what a run would do, in the order of the recordings. */
  readonly digest: string
  readonly totals: RetentionTotals
  readonly samples: readonly PlannedRecording[]
}

export const DIFFERENCES = ['destroyed', 'spared', 'archived', 'not-archived', 'purged-earlier', 'purged-later', 'minimum-longer', 'minimum-shorter'] as const
/** How a draft differs from the rules in force for one recording: what a run now would do, else when it is purged, else its minimum. */
export type RetentionDifference = (typeof DIFFERENCES)[number]

/** What a draft would change. Kinds without a recording are left out. */
export interface RetentionWhatIf {
  readonly version: string
  readonly inForce: string
  readonly looked: number
  readonly differences: readonly { readonly kind: RetentionDifference; readonly volume: RetentionVolume; readonly samples: readonly { readonly before: RetentionVerdict; readonly after: RetentionVerdict }[] }[]
}

/** How many recordings were looked at, and about how many there are: more may come meanwhile. */
export type PlanProgress = (looked: number, of: number) => void

/** A draft as it was read. */
export type RetentionReading =
  | { readonly outcome: 'valid'; readonly rules: RetentionRules }
  | { readonly outcome: 'invalid'; readonly problems: readonly { readonly path: string; readonly message: string; readonly position: { readonly line: number; readonly column: number } | null }[] }

/** The rules of retention that are in force, and what they come to. Changes nothing. */
export interface RetentionControl {
  standing(): RetentionRules
  read(text: string): RetentionReading
  plan(order: { readonly samples: number; readonly signal: AbortSignal; readonly onProgress?: PlanProgress }): Promise<RetentionPlan>
  /** `null`: there is no such recording. */
  explain(id: RecordingId): Promise<RetentionVerdict | null>
  whatIf(draft: RetentionRules, order: { readonly samples: number; readonly signal: AbortSignal; readonly onProgress?: PlanProgress }): Promise<RetentionWhatIf>
  runs(page: { readonly first: number; readonly before: Date | null }): Promise<readonly RetentionRun[]>
}
