import type { NodeName, RecordingId } from './ids.ts'
import type { Recording } from './recording.ts'

export const AUDIT_ACTIONS = [
  'recording.requested', 'recording.declined', 'recording.stopped', 'recording.failed', 'recording.adopted',
  'recording.pause', 'recording.pause-effective', 'recording.pause-failed', 'recording.resume', 'recording.resume-effective',
  'recording.start', 'recording.stop', 'recording.stop-failed',
  'recording.partitions-gained', 'recording.labels-gained', 'recording.would-stop',
  'recording.stored', 'recording.repaired', 'recording.released', 'recording.incident', 'recording.discarded',
  'playback.requested', 'playback.begun', 'playback.refused',
  'recordings.searched', 'audit.read', 'token.created', 'token.revoked', 'keys.generated', 'sign-in.refused', 'spool.unclaimed',
  'desk.taken', 'desk.left', 'attached.set', 'coverage.gap', 'coverage.overdue', 'coverage.read', 'policy.loaded', 'policy.refused', 'policy.backtested', 'recording.explained',
  'sign-in.accepted', 'sign-in.ended', 'playback.ended', 'recording.exported', 'recording.labelled', 'recording.deleted',
  'recording.archived', 'recording.purged', 'export.requested', 'export.made', 'export.fetched', 'report.read',
  'report.exported', 'hold.placed', 'hold.released', 'retention.changed', 'retention.planned', 'retention.begun',
  'retention.ended', 'subject.erased', 'audit.exported', 'audit.verified', 'audit.checkpoint', 'role.changed',
  'user.changed', 'org.changed', 'keys.changed', 'keys.read', 'config.changed',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export const AUDIT_OUTCOMES = ['ok', 'refused', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** What things entries are about. */
export const AUDIT_OBJECTS = [
  'recording', 'interaction', 'token', 'audit', 'keys', 'file', 'query', 'policy', 'desk', 'user', 'role', 'unit', 'hold', 'retention', 'export', 'report', 'session', 'config',
] as const
export type AuditObjectType = (typeof AUDIT_OBJECTS)[number]

export const ACTOR_TYPES = ['system', 'pbx', 'token', 'user', 'cli'] as const
/** Who did it. `system`: Holdfast by a rule; `pbx`: the switch or its dialplan; `token`: an API client; `user`: a person who signed in; `cli`: somebody at the console. */
export interface Actor {
  readonly type: (typeof ACTOR_TYPES)[number]
  readonly id: string
}

/** What is to be written. */
export interface AuditDraft {
  readonly at: Date
  readonly actor: Actor
  readonly action: AuditAction
  readonly object: { readonly type: AuditObjectType; readonly id: string }
  readonly outcome: AuditOutcome
  readonly reason: string | null
  /** Impersonal facts: rule, state, milliseconds. Part of the chained hash. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>
  /** What tells of a person: numbers, names, address, attached data. Kept a row apart; the chain holds only its salted digest. */
  readonly personal: Readonly<Record<string, string>>
}

/** What was written: the draft, its place in the chain and the hash that ties it to the entry before. */
export interface AuditEntry extends Omit<AuditDraft, 'personal'> {
  readonly chain: NodeName
  readonly sequence: number
  /** `null` after its erasure; the chain verifies all the same. */
  readonly personal: Readonly<Record<string, string>> | null
  readonly hash: string
}

/** What a recording says about people, for the erasable part of an entry. */
export function personalOf(recording: Recording): Readonly<Record<string, string>> {
  const attached = Object.entries(recording.attached).map(([key, value]) => [`attached.${key}`, value] as const)
  return Object.fromEntries([
    ...(recording.caller.number === null ? [] : [['caller', recording.caller.number] as const]),
    ...(recording.callee.number === null ? [] : [['callee', recording.callee.number] as const]),
    ...(recording.agent === null ? [] : [['agent', recording.agent] as const]),
    ...attached,
  ])
}

/** A named object for audit entries about a recording. */
export function aboutRecording(id: RecordingId): AuditDraft['object'] {
  return { type: 'recording', id }
}
