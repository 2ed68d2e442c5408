import { createHash } from 'node:crypto'
import { manifestLine } from '../domain/archive-manifest.ts'
import { type AuditDraft, aboutRecording, personalOf } from '../domain/audit-entry.ts'
import { headerBlobName } from '../domain/header-blob.ts'
import type { MediaObject } from '../domain/media.ts'
import type { Recording } from '../domain/recording.ts'
import type { ArchiveRun } from '../ports/archive.ts'
import type { ArchivePlace } from '../ports/archive-ledger.ts'

export interface EntryParts {
  readonly media: MediaObject
  readonly payloadName: string
  readonly header: { readonly version: number; readonly bytes: Uint8Array; readonly recipients: readonly string[] }
  readonly at: Date
  readonly rule: string
  readonly attached: readonly string[]
}

/** The recording's line of the manifest. */
export function archiveEntry({ id, interactionId, pbxId, side, startedAt, endedAt, decision, attached }: Recording, parts: EntryParts): string {
  const { media, payloadName, header, at, rule, attached: keys } = parts
  return manifestLine({
    recordingId: id, interactionId, pbxId, side,
    startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, archivedAt: at.toISOString(),
    retentionClass: decision.terms.retention, rule,
    header: { name: headerBlobName(payloadName, header.version), version: header.version, sizeBytes: header.bytes.length, sha256: createHash('sha256').update(header.bytes).digest('hex') },
    payload: { name: payloadName, sizeBytes: media.payloadSizeBytes, sha256: media.payloadSha256 },
    recipients: header.recipients,
    plaintext: { format: media.format, sizeBytes: media.sizeBytes, sha256: media.sha256, durationMs: media.durationMs },
    attached: Object.fromEntries(keys.flatMap((key): [string, string][] => attached[key] === undefined ? [] : [[key, attached[key]]])),
    sealed: true,
  })
}

export function archiveAudit(recording: Recording, { archivedAt, store, run, payloadSha256 }: ArchivePlace & { readonly run: ArchiveRun; readonly payloadSha256: string }): AuditDraft {
  const { id, interactionId, pbxId, side, decision, partitions } = recording
  return {
    at: archivedAt, actor: run.by, action: 'recording.archived', object: aboutRecording(id), outcome: 'ok', reason: null,
    details: { interactionId, pbxId, side, rule: decision.rule, partitions: partitions.join(','), byRule: run.rule, run: run.id, store, payloadSha256 },
    personal: personalOf(recording),
  }
}
