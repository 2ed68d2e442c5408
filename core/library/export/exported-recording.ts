import type { Requester } from '../../domain/actor.ts'
import type { Identity } from '../../domain/call.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Transfer } from '../../domain/transfer.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'

/**
 * A recording as a package tells it: whole, but for attached data that the requester may not see, and for where its files lie. Its decision
 * is told by rule and outcome; what it looked at is attached data for the most part.
 */
export function exportedRecording(recording: Recording, requester: Requester, visibility: AttachedVisibility): Readonly<Record<string, unknown>> {
  const { id, interactionId, pbxId, site, callId, channelId, side, origin, state, reason, direction, queue, agent, partitions, labels, announcement, media, findings, decision } = recording
  const attached = visibility.data(requester, recording.attached)
  return {
    id, interactionId, pbxId, site, callId, channelId, side, origin, state, reason, direction, queue, agent, partitions, labels, announcement,
    caller: identity(recording.caller), callee: identity(recording.callee), clockOffsetMs: recording.clockOffsetMs,
    requestedAt: recording.requestedAt, startedAt: recording.startedAt, answeredAt: recording.answeredAt, endedAt: recording.endedAt,
    decision: { outcome: decision.outcome, rule: decision.rule, policyVersion: decision.policyVersion, decider: decision.decider, sides: decision.sides, pause: decision.pause },
    attached, attachedHidden: Object.keys(recording.attached).length - Object.keys(attached).length,
    attachedChanges: visibility.changes(requester, recording.attachedChanges),
    pauses: recording.pauses, parties: recording.parties, transfers: recording.transfers.map(transfer), findings,
    media: media === null ? null : { format: media.format, channels: media.channels, sampleRateHz: media.sampleRateHz, beganAt: media.beganAt, durationMs: media.durationMs, sizeBytes: media.sizeBytes, sha256: media.sha256, storedAt: media.storedAt },
  }
}

function transfer({ kind, at, by, to }: Transfer): Readonly<Record<string, unknown>> {
  return { kind, at, by: { ...by, identity: identity(by.identity) }, to: { ...to, identity: identity(to.identity) } }
}

function identity({ number, name }: Identity): Identity {
  return { number, name }
}
