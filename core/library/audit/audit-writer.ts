import { DEFAULT_ROLES, type Requester } from '../../domain/actor.ts'
import type { Actor, AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { personalOf } from '../../domain/audit-entry.ts'
import type { Recording } from '../../domain/recording.ts'
import type { AuditLog } from '../../ports/audit-log.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** What a reader did, without what is the same for all of them. */
export type AuditNote = Pick<AuditDraft, 'action' | 'object' | 'outcome' | 'reason' | 'details' | 'personal'>

/** Writes what requesters do into the audit, with their address. */
export class AuditWriter {
  readonly #log: AuditLog
  readonly #runtime: Runtime

  constructor({ audit, runtime }: { readonly audit: AuditLog; readonly runtime: Runtime }) {
    this.#log = audit
    this.#runtime = runtime
  }

  /**
   * For what must not happen unseen: resolves when the entry is durable.
   * @throws HoldfastError `AUDIT_UNAVAILABLE`; whoever called must then not go on
   */
  async require(requester: Requester, note: AuditNote): Promise<void> {
    try {
      await this.#log.append(draftOf(requester, note, this.#runtime.clock.now()))
    } catch (error) {
      if (isHoldfastError(error, 'AUDIT_UNAVAILABLE')) throw error
      throw new HoldfastError('AUDIT_UNAVAILABLE', 'the audit cannot be written', { action: note.action }, { cause: error })
    }
  }

  /** For refusals and incidents: they stand whether or not the audit can be written, so a failure is logged and counted only. */
  async attempt(requester: Requester, note: AuditNote): Promise<void> {
    try {
      await this.require(requester, note)
    } catch (error) {
      this.#runtime.metrics.count('holdfast_audit_failures_total', { action: note.action })
      this.#runtime.log.error({ action: note.action, outcome: note.outcome, object: note.object, error }, 'audit entry lost')
    }
  }
}

/** What an entry about a recording says besides the recording's id. */
export function recordingFacts(recording: Recording): Pick<AuditNote, 'object' | 'details' | 'personal'> {
  const { id, interactionId, pbxId, side, state, reason, decision } = recording
  return {
    object: { type: 'recording', id },
    details: { interactionId, pbxId, side, state, stateReason: reason, rule: decision.rule, partitions: recording.partitions.join(',') },
    personal: personalOf(recording),
  }
}

/** Somebody of whom only the address is known, and perhaps the actor. May do nothing. */
export function anonymous(address: string, actor: Actor | null = null): Requester {
  return { actor: actor ?? { type: 'system', id: 'authentication' }, role: DEFAULT_ROLES.integrator, label: '', reach: [], units: [], binding: null, address }
}

/** The whole entry, for a service whose effect and entry are one transaction. */
export function draftOf(requester: Requester, note: AuditNote, at: Date): AuditDraft {
  const known = requester.knownAt === undefined ? {} : { knownAt: requester.knownAt.toISOString() }
  return { ...note, at, actor: requester.actor, details: { ...note.details, ...known }, personal: { ...(requester.reason === undefined ? {} : { reasonGiven: requester.reason }), ...note.personal, address: requester.address, ...(requester.label === '' ? {} : { actorLabel: requester.label }) } }
}
