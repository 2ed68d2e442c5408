import type { Actor } from '../domain/audit-entry.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { RecordingState } from '../domain/lifecycle.ts'
import type { Hold } from './hold-register.ts'

export const DESTRUCTION_CAUSES = ['deleted', 'retention', 'subject'] as const
/** Why a recording is destroyed: somebody's word, a retention rule, or the erasure of a person's data. */
export type DestructionCause = (typeof DESTRUCTION_CAUSES)[number]

/** That one recording is to be destroyed. */
export interface DestructionOrder {
  readonly recordingId: RecordingId
  readonly cause: DestructionCause
  /** The retention rule; `null` for every other cause. */
  readonly rule: string | null
  /** Why, in somebody's words. Stays in the tombstone and in the receipt: no numbers, no names. */
  readonly reason: string
  readonly by: Actor
  /** Where the order came from, for the erasable part of the audit; `null`: from Holdfast itself. */
  readonly address: string | null
}

/** What was destroyed: stays for good, and is what a receipt signs. */
export interface DestructionPlan {
  readonly interactionId: string
  readonly pbxId: string
  readonly startedAt: string
  readonly endedAt: string | null
  /** Of the sealed payload, and of the sound that was in it; `null` when there was none. */
  readonly sound: { readonly payloadSha256: string; readonly payloadSizeBytes: number; readonly plaintextSha256: string } | null
  /** Every version, with the digest of its bytes and whose it was. */
  readonly headers: readonly { readonly version: number; readonly sha256: string; readonly recipients: readonly string[] }[]
  readonly headerBlobs: readonly string[]
  readonly payloadBlobs: readonly string[]
  /** Objects in an archive from which nothing can be removed here: its owner must destroy them. */
  readonly leftToArchive: readonly string[]
  readonly spoolFiles: readonly string[]
}

export const DESTRUCTION_STEPS = ['condemned', 'headers', 'payload', 'spool', 'receipt'] as const
/** In this order; each may run twice. With `condemned` the row is a tombstone and the catalogue's headers are gone. */
export type DestructionStep = (typeof DESTRUCTION_STEPS)[number]

/** A destruction that was decided. */
export interface Destruction extends DestructionOrder {
  readonly condemnedAt: Date
  readonly plan: DestructionPlan
  /** The last step that is done. */
  readonly step: DestructionStep
  /** `null` while bytes may be left. */
  readonly endedAt: Date | null
  /** The signed receipt as JSON; `null` until it ended. */
  readonly receipt: string | null
}

/**
 * What became of an order. `destroyed` and `under-way` cannot be taken back; `under-way` is gone on with by itself.
 * `held`, `kept`, `busy`, `unknown`: nothing was changed.
 */
export type DestructionOutcome =
  | { readonly outcome: 'destroyed'; readonly destruction: Destruction; readonly receipt: string }
  | { readonly outcome: 'under-way'; readonly destruction: Destruction; readonly failure: string }
  | DestructionRefusal

export type DestructionRefusal =
  | { readonly outcome: 'held'; readonly holds: readonly Hold[] }
  /** A minimum retention stands in the way. */
  | { readonly outcome: 'kept'; readonly until: Date }
  /** Sound of it may still come, or is being brought in. */
  | { readonly outcome: 'busy'; readonly state: RecordingState }
  | { readonly outcome: 'unknown' }

/** Destroys recordings: the one way in which sound ever goes. */
export interface RecordingDestroyer {
  /**
   * Destroys one recording. That no hold stands is decided in one transaction with the tombstone, before a byte is touched.
   * Idempotent: what is destroyed already gives its receipt again.
   * @throws HoldfastError `STORE_FAILED`, `AUDIT_UNAVAILABLE` (retry) before it was decided; nothing is changed then
   */
  destroy(order: DestructionOrder): Promise<DestructionOutcome>
  /** What stands against destroying it at this moment, or `null`: for plans. Decides nothing; `destroy` asks again. */
  foresee(recording: Recording): Promise<DestructionRefusal | null>
}
