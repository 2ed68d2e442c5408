import { type AuditAction, type AuditDraft, aboutRecording, personalOf } from '../domain/audit-entry.ts'
import type { Recording } from '../domain/recording.ts'
import { sha256Hex } from '../domain/rules/canonical-json.ts'
import type { Destruction, DestructionCause, DestructionOrder } from '../ports/recording-destroyer.ts'

const ACTION: Readonly<Record<DestructionCause, AuditAction>> = { deleted: 'recording.deleted', retention: 'recording.purged', subject: 'recording.deleted' }

/** Written with the decision, before a byte goes. Of who asks to be forgotten it keeps nothing personal. */
export function decisionAudit({ cause, rule, reason, by, address }: DestructionOrder, recording: Recording, at: Date): AuditDraft {
  const { id, interactionId, pbxId, side, state, decision, partitions, media } = recording
  return {
    at,
    actor: by,
    action: ACTION[cause],
    object: aboutRecording(id),
    outcome: 'ok',
    reason: cause,
    details: { step: 'decided', interactionId, pbxId, side, state, rule: decision.rule, partitions: partitions.join(','), byRule: rule, payloadSha256: media?.payloadSha256 ?? null },
    personal: { ...(cause === 'subject' ? {} : personalOf(recording)), reasonGiven: reason, ...(address === null ? {} : { address }) },
  }
}

/** Written when nothing is left. */
export function endAudit({ recordingId, cause, rule, by, plan }: Destruction, receipt: string, at: Date): AuditDraft {
  return {
    at,
    actor: by,
    action: ACTION[cause],
    object: aboutRecording(recordingId),
    outcome: 'ok',
    reason: cause,
    details: { step: 'destroyed', interactionId: plan.interactionId, pbxId: plan.pbxId, byRule: rule, headers: plan.headers.length, payloadSha256: plan.sound?.payloadSha256 ?? null, receiptSha256: sha256Hex(receipt) },
    personal: {},
  }
}
