import type { Actor } from '../audit-entry.ts'

export const EXPORT_MANIFEST = 'holdfast-export-manifest'
/** Says which form a manifest has; a later one is another number. */
export const MANIFEST_VERSION = 1
/** The last file of every package. */
export const MANIFEST_NAME = 'manifest.json'
export const VERIFY_PAGE_NAME = 'verify.html'

export const EXPORT_AUDIOS = ['wav', 'opus'] as const
/** `wav`: as it is stored, opened; `opus`: made smaller by ffmpeg, in an Ogg file. */
export type ExportAudio = (typeof EXPORT_AUDIOS)[number]

/** One file of a package. */
export interface PackedFile {
  readonly name: string
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/** One recording of a package. */
export interface PackedRecording {
  readonly recordingId: string
  /** `null`: its sound is in the package; else why it is not. `archived`: it lies in an archive from which this installation gives nothing. */
  readonly withoutSound: 'not-recorded' | 'destroyed' | 'archived' | null
  /** Whether its extract of the audit holds every entry about it; not, where there are more than fit, or the requester may not read the audit. */
  readonly audit: 'whole' | 'cut off' | 'not permitted'
}

/** What was asked for, by whom and why: the head of a manifest. */
export interface PackageOrder {
  readonly exportId: string
  readonly by: Actor
  readonly label: string
  readonly reason: string
  readonly audio: ExportAudio
  /** An age recipient to whom the sound is sealed; `null`: the sound lies open in the package. */
  readonly recipient: string | null
  readonly requestedAt: Date
}

/** Signed: everything about a package that is to be believed. Its files in their order; it is the one that is not in the list. */
export interface PackageManifest {
  readonly kind: typeof EXPORT_MANIFEST
  readonly version: typeof MANIFEST_VERSION
  readonly installation: string
  readonly exportId: string
  readonly exportedBy: Actor
  readonly exporterLabel: string
  readonly reason: string
  readonly audio: ExportAudio
  readonly recipient: string | null
  readonly requestedAt: string
  readonly madeAt: string
  /** Of the rules in force when it was made; each recording tells the one by which it was decided. */
  readonly policyVersion: string
  readonly recordings: readonly PackedRecording[]
  readonly files: readonly PackedFile[]
}
