import type { ApiClient } from './api-client.ts'
import { type Actor, type AuditAction, type AuditDraft, type AuditOutcome, personalOf } from './audit-entry.ts'
import type { RecordingFact, SeatFact } from './capture-fact.ts'
import { formatDesk } from './desk.ts'
import type { PauseWay, Recording } from './recording.ts'

const ACTOR_OF_WAY: Readonly<Record<PauseWay, Actor['type']>> = { api: 'token', dtmf: 'pbx', dialplan: 'pbx', limit: 'system', system: 'system' }

const TOLD: Partial<Record<RecordingFact['type'], AuditAction>> = {
  'recording-requested': 'recording.requested',
  'recording-declined': 'recording.declined',
  'recording-stopped': 'recording.stopped',
  'recording-failed': 'recording.failed',
  'insurance-ended': 'recording.discarded',
  'pause-asked': 'recording.pause',
  'pause-effective': 'recording.pause-effective',
  'pause-failed': 'recording.pause-failed',
  'resume-asked': 'recording.resume',
  'resume-effective': 'recording.resume-effective',
  'start-asked': 'recording.start',
  'stop-asked': 'recording.stop',
  'stop-failed': 'recording.stop-failed',
  'attached-set': 'attached.set',
  'partitions-gained': 'recording.partitions-gained',
  'labels-gained': 'recording.labels-gained',
  'would-stop': 'recording.would-stop',
}

/** The audit entry that a capture fact deserves, or `null`. The recording is the one after the fact. */
export function auditOfFact(fact: RecordingFact, recording: Recording): AuditDraft | null {
  const told = fact.type === 'control-refused' ? (`recording.${fact.action}` as const) : TOLD[fact.type]
  if (told === undefined) return null
  return {
    at: fact.at,
    actor: actorOf(fact, recording),
    action: fact.type === 'recording-requested' && fact.origin === 'native' ? 'recording.adopted' : told,
    object: { type: 'recording', id: recording.id },
    outcome: outcomeOf(fact),
    reason: 'reason' in fact ? fact.reason : null,
    details: {
      interactionId: recording.interactionId,
      pbxId: recording.pbxId,
      rule: recording.decision.rule,
      policyVersion: recording.decision.policyVersion,
      side: recording.side,
      partitions: recording.partitions.join(','),
      ...('rule' in fact ? { byRule: fact.rule, byPolicyVersion: fact.policyVersion, ...gainedBy(fact) } : {}),
      ...(fact.type === 'attached-set' ? { key: fact.change.key } : {}),
      ...('client' in fact ? knownWhen(fact.client) : {}),
    },
    personal: { ...personalOf(recording), ...('client' in fact ? fromWhere(fact.client) : {}) },
  }
}

function actorOf(fact: RecordingFact, { pbxId }: Recording): Actor {
  if (!('by' in fact)) return { type: 'system', id: pbxId }
  // Facts of before the client was told: whoever came over the API came with a token.
  return { type: fact.client?.type ?? ('how' in fact ? ACTOR_OF_WAY[fact.how] : 'token'), id: fact.by }
}

function fromWhere(client: ApiClient | undefined): Readonly<Record<string, string>> {
  if (client === undefined) return {}
  return { address: client.address, ...(client.label === '' ? {} : { actorLabel: client.label }) }
}

function knownWhen(client: ApiClient | undefined): Readonly<Record<string, string>> {
  return client?.knownAt === undefined ? {} : { knownAt: client.knownAt }
}

function outcomeOf({ type }: RecordingFact): AuditOutcome {
  if (type === 'control-refused') return 'refused'
  return type === 'pause-failed' || type === 'stop-failed' || type === 'recording-failed' ? 'failed' : 'ok'
}

/** The audit entry of somebody's coming to a desk or leaving it. */
export function auditOfSeat({ type, seat, by, at }: SeatFact): AuditDraft {
  return {
    at,
    actor: { type: by.type, id: by.id },
    action: type === 'seat-taken' ? 'desk.taken' : 'desk.left',
    object: { type: 'desk', id: formatDesk(seat.desk) },
    outcome: 'ok',
    reason: null,
    details: { source: seat.source, seatId: seat.id },
    personal: { agent: seat.agent, ...fromWhere(by.client) },
  }
}

function gainedBy(fact: RecordingFact): Readonly<Record<string, string>> {
  if (fact.type === 'partitions-gained') return { partitions: fact.partitions.join(',') }
  return fact.type === 'labels-gained' ? { labels: fact.labels.join(',') } : {}
}
