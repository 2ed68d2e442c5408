import type { Actor, AuditDraft } from '../domain/audit-entry.ts'
import type { ExportId, RecordingId } from '../domain/ids.ts'
import type { PackageOrder, PackedFile, PackedRecording } from '../domain/package/manifest.ts'

export const EXPORT_STATES = ['queued', 'making', 'ready', 'failed', 'cancelled', 'expired'] as const
/** `queued`: nobody works on it now; `ready`: it can be fetched until it expires. Of one that failed, was cancelled or expired no byte is kept. */
export type ExportState = (typeof EXPORT_STATES)[number]

/** An order, and what became of it. */
export interface ExportRecord extends Omit<PackageOrder, 'exportId'> {
  readonly id: ExportId
  /** Where it was asked for. */
  readonly address: string
  readonly state: ExportState
  /** A code, where it failed. */
  readonly failure: string | null
  /** How often somebody began to work on it. */
  readonly attempts: number
  readonly recordings: number
  readonly done: number
  /** Of the whole package, once it is ready; before, what was made of it. */
  readonly sizeBytes: number
  readonly manifestSha256: string | null
  readonly readyAt: Date | null
  readonly expiresAt: Date | null
}

/** A piece of a package as it lies on the disk: one recording, or the end. */
export interface StoredPart {
  /** From 0; the end comes behind the last recording. */
  readonly index: number
  readonly blobName: string
  readonly header: Uint8Array
  readonly sizeBytes: number
  /** `null`: the end. */
  readonly packed: { readonly recording: PackedRecording; readonly files: readonly PackedFile[] } | null
}

/** Whose an export is now. The attempt tells this lease from a later one of the same worker. */
export interface ExportHolder {
  readonly owner: string
  /** `attempts` of what was leased. */
  readonly attempt: number
}

/** Exports that are asked for, made and kept. They survive their worker: whoever has the lease goes on behind the last part. */
export interface ExportRegister {
  /** In one transaction with its audit entry. `full`: so many of this actor, or altogether, are not over yet. */
  place(order: Omit<ExportRecord, 'state' | 'failure' | 'attempts' | 'recordings' | 'done' | 'sizeBytes' | 'manifestSha256' | 'readyAt' | 'expiresAt'>, recordings: readonly RecordingId[], limits: { readonly perActor: number; readonly altogether: number }, audit: AuditDraft): Promise<'placed' | 'full'>
  find(id: ExportId): Promise<ExportRecord | null>
  /** Newest first; of one actor, or (`null`) all. */
  list(actor: Actor | null, first: number): Promise<readonly ExportRecord[]>
  /** The oldest that is to be made and that nobody holds, now held by `owner`; or `null`. @param only - this one, or none */
  lease(owner: string, now: Date, options: { readonly leaseMs: number; readonly only: ExportId | null }): Promise<ExportRecord | null>
  /** Recordings of it in their order. */
  members(id: ExportId, from: number, most: number): Promise<readonly RecordingId[]>
  parts(id: ExportId): Promise<readonly StoredPart[]>
  /** Durable, and holds the lease longer. @throws HoldfastError `JOB_LEASE_LOST`, also when it was cancelled */
  addPart(id: ExportId, holder: ExportHolder, part: StoredPart, until: Date): Promise<void>
  /** @throws HoldfastError `JOB_LEASE_LOST` */
  hold(id: ExportId, holder: ExportHolder, until: Date): Promise<void>
  /** @throws HoldfastError `JOB_LEASE_LOST` */
  release(id: ExportId, holder: ExportHolder): Promise<void>
  /** With all audit entries of it, in one transaction. @throws HoldfastError `JOB_LEASE_LOST` */
  finish(id: ExportId, holder: ExportHolder, end: { readonly state: 'ready'; /** The end of the package. */ readonly part: StoredPart; readonly manifestSha256: string; readonly at: Date; readonly expiresAt: Date } | { readonly state: 'failed'; readonly failure: string }, audits: readonly AuditDraft[]): Promise<void>
  /** `false`: it is over already. Its parts stay until {@link forgetParts}. */
  cancel(id: ExportId, audit: AuditDraft): Promise<boolean>
  /** Those of which nothing may be kept any more, and something is. One whose time is over becomes `expired`, and so does one of which a recording was destroyed since it was asked for: its sound must not outlive it here. */
  over(now: Date): Promise<readonly ExportId[]>
  /** Its blobs are destroyed. */
  forgetParts(id: ExportId): Promise<void>
}
