import { type AuditAction, type AuditDraft, aboutRecording, personalOf } from '../domain/audit-entry.ts'
import type { FindingCode, QualityFinding } from '../domain/media.ts'
import type { Recording } from '../domain/recording.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { IngestSurroundings } from './ingest-surroundings.ts'
import type { Sealed } from './mark-data.ts'

/** Findings that an auditor must be able to find. */
const AUDITED: Partial<Record<FindingCode, AuditAction>> = {
  'pause-not-silent': 'recording.incident',
  'pause-not-located': 'recording.incident',
  'header-repaired': 'recording.repaired',
}

type Catalogue = Pick<IngestSurroundings, 'recordings' | 'audit' | 'clock' | 'metrics'>

/** Makes what was stored searchable, or says why there is nothing. Twice is once. */
export async function catalogue(recording: Recording, sealed: Sealed, { recordings, audit, clock, metrics }: Catalogue): Promise<void> {
  const findings = sealed.outcome === 'stored' ? sealed.stored.findings : sealed.findings
  for (const finding of findings) await auditFinding(recording, finding, audit)
  if (sealed.outcome === 'stored') {
    const { media } = sealed.stored
    await recordings.recordMedia(recording.id, sealed.stored, draft(recording, { at: clock.now(), action: 'recording.stored', outcome: 'ok', reason: null, details: {
      sizeBytes: media.sizeBytes,
      durationMs: media.durationMs,
      sha256: media.sha256,
      payloadSha256: media.payloadSha256,
      findings: codesOf(findings),
    } }))
  } else {
    const state = sealed.outcome === 'nothing' ? sealed.state : 'failed'
    await recordings.closeWithoutMedia(recording.id, { state, reason: sealed.reason, findings }, draft(recording, {
      at: clock.now(),
      action: state === 'failed' ? 'recording.failed' : 'recording.declined',
      outcome: state === 'failed' ? 'failed' : 'ok',
      reason: sealed.reason,
      details: { findings: codesOf(findings) },
    }))
    metrics.count('holdfast_recordings_closed_total', { state, reason: sealed.reason })
  }
  for (const { code } of findings) metrics.count('holdfast_findings_total', { code })
}

/** An audit entry of ingest about a recording. */
export function draft(recording: Recording, told: Pick<AuditDraft, 'at' | 'action' | 'outcome' | 'reason' | 'details'>): AuditDraft {
  return {
    ...told,
    actor: { type: 'system', id: 'ingest' },
    object: aboutRecording(recording.id),
    details: { interactionId: recording.interactionId, pbxId: recording.pbxId, ...told.details },
    personal: personalOf(recording),
  }
}

async function auditFinding(recording: Recording, finding: QualityFinding, audit: Pick<AuditLog, 'append' | 'read'>): Promise<void> {
  const action = AUDITED[finding.code]
  if (action === undefined) return
  await auditOnce(draft(recording, { at: finding.at, action, outcome: 'failed', reason: finding.code, details: { finding: finding.code, segmentIndex: finding.segmentIndex, ...finding.details } }), audit)
}

/** Appended at most once: an attempt before this one may have come as far. */
export async function auditOnce(told: AuditDraft, audit: Pick<AuditLog, 'append' | 'read'>): Promise<void> {
  const { entries } = await audit.read({ objectId: told.object.id, actorId: null, action: told.action, from: null, to: null }, { first: MOST_FINDINGS, before: null })
  if (!entries.some(({ entry }) => sameDetails(entry.details, told.details))) await audit.append(told)
}

function sameDetails(one: AuditDraft['details'], other: AuditDraft['details']): boolean {
  return Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([key, value]) => other[key] === value)
}

/** Of one kind and recording; one for every segment and pause of the longest call (a guess). */
const MOST_FINDINGS = 1000

function codesOf(findings: readonly QualityFinding[]): string {
  return [...new Set(findings.map(({ code }) => code))].toSorted().join(',')
}
