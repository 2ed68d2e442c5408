import { may, type Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { DestructionLedger } from '../../ports/destruction-ledger.ts'
import type { Hold } from '../../ports/hold-register.ts'
import type { DestructionRefusal, RecordingDestroyer } from '../../ports/recording-destroyer.ts'
import type { AccessScope, RecordingRepository } from '../../ports/recording-repository.ts'
import { scopeFor } from '../access/access.ts'
import { type AuditWriter } from '../audit/audit-writer.ts'
import { givenReason } from '../access/given-reason.ts'
import { covers } from '../access/scope-cover.ts'

export interface RecordingDeletionParts {
  readonly destroyer: RecordingDestroyer
  readonly ledger: Pick<DestructionLedger, 'find'>
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly audit: AuditWriter
}

/** What became of a deletion. Without a receipt something does not answer; it is gone on with by itself. */
export interface DeletedRecording {
  readonly recording: Recording
  /** `before`: it was destroyed to its end already, and this order changed nothing. */
  readonly when: 'now' | 'before'
  readonly receipt: string | null
}

/** Deleting one recording before its time, by somebody's word. */
export class RecordingDeletion {
  readonly #parts: RecordingDeletionParts

  constructor(parts: RecordingDeletionParts) {
    this.#parts = parts
  }

  /**
   * Destroys a recording for good; a tombstone stays.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `RECORDING_NOT_FOUND`; `RECORDING_HELD`; `RECORDING_KEPT`; `RECORDING_BUSY` (retry)
   */
  async delete(requester: Requester, id: RecordingId, reasonGiven: string): Promise<DeletedRecording> {
    try {
      const scope = scopeFor(requester, 'delete')
      const reason = givenReason(reasonGiven)
      const { destroyer, repository, ledger } = this.#parts
      await this.#mustFind(id, scope)
      const before = (await ledger.find(id))?.receipt ?? null
      const told = await destroyer.destroy({ recordingId: id, cause: 'deleted', rule: null, reason, by: requester.actor, address: requester.address })
      if (!('destruction' in told)) throw refusalError(told, scope)
      const recording = await repository.find(id, { type: 'all' })
      if (recording === null) throw notFound(id)
      return { recording, when: before === null ? 'now' : 'before', receipt: 'receipt' in told ? told.receipt : null }
    } catch (error) {
      if (isHoldfastError(error)) {
        await this.#parts.audit.attempt(requester, { action: 'recording.deleted', object: { type: 'recording', id }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      }
      throw error
    }
  }

  /** The signed receipt of what was destroyed, or `null`. For who may delete, and who reads the audit. @throws HoldfastError `FORBIDDEN` */
  async receipt(requester: Requester, id: RecordingId): Promise<string | null> {
    const scope = scopeFor(requester, may(requester, 'delete') ? 'delete' : 'read-audit')
    if (await this.#parts.repository.find(id, scope) === null) return null
    return (await this.#parts.ledger.find(id))?.receipt ?? null
  }

  async #mustFind(id: RecordingId, scope: AccessScope): Promise<void> {
    if (await this.#parts.repository.find(id, scope) === null) throw notFound(id)
  }
}

/** What stood against it, in words for whoever asked: the cases that she may know of by their names, the others by their number. */
export function refusalError(refusal: DestructionRefusal, scope: AccessScope): HoldfastError {
  switch (refusal.outcome) {
    case 'held':
      return new HoldfastError('RECORDING_HELD', `under legal hold: ${casesOf(refusal.holds, scope)}`, { holds: refusal.holds.length })
    case 'kept':
      return new HoldfastError('RECORDING_KEPT', `a minimum retention keeps it until ${refusal.until.toISOString()}`, { until: refusal.until.toISOString() })
    case 'busy':
      return new HoldfastError('RECORDING_BUSY', 'it is being recorded, or is not brought in yet', { state: refusal.state })
    case 'unknown':
      return new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording')
  }
}

function casesOf(holds: readonly Hold[], scope: AccessScope): string {
  const known = holds.filter((hold) => covers(scope, hold.scope)).map(({ caseName, id }) => `${caseName} (${id})`)
  const others = holds.length - known.length
  return [...known, ...(others === 0 ? [] : [`${others} that others have placed`])].join(', ')
}

function notFound(id: RecordingId): HoldfastError {
  return new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
}
