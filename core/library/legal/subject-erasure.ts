import type { Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { sha256Hex } from '../../domain/rules/canonical-json.ts'
import { signedStatement } from '../../domain/signed-statement.ts'
import type { DestructionRefusal, RecordingDestroyer } from '../../ports/recording-destroyer.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { Signer } from '../../ports/signer.ts'
import type { DataSubject, SubjectIndex } from '../../ports/subject-index.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditErasure } from '../audit/audit-erasure.ts'
import type { AuditNote, AuditWriter } from '../audit/audit-writer.ts'
import { givenReason } from '../access/given-reason.ts'

export const ERASURE_RECEIPT = 'holdfast-erasure-receipt'
/** Nobody has called more often; a number that stands in more recordings is a company's own. */
const MOST_RECORDINGS = 10_000
const MOST_NAMES = 50
const MAX_WORD_LENGTH = 256
const ALL = { type: 'all' } as const

/** A recording of the person, and what prevents its destruction now. */
export interface SubjectRecording {
  readonly recording: Recording
  readonly obstacle: Exclude<DestructionRefusal, { readonly outcome: 'unknown' }> | null
}

/** What an erasure would do. */
export interface ErasurePlan {
  /** Names exactly this person and these recordings: what is executed is what was looked at. */
  readonly planId: string
  readonly recordings: readonly SubjectRecording[]
}

export interface ErasureReport {
  readonly destroyed: readonly RecordingId[]
  /** Decided, and gone on with by itself. */
  readonly underWay: readonly RecordingId[]
  /** What was prevented stays, and so does what the audit tells of the person. */
  readonly prevented: readonly SubjectRecording[]
  /** `null`: not erased, because something was prevented. */
  readonly auditEntries: number | null
  /** Signed, one JSON document. */
  readonly receipt: string
}

export interface SubjectErasureParts {
  readonly index: SubjectIndex
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly destroyer: RecordingDestroyer
  readonly auditErasure: Pick<AuditErasure, 'erase'>
  readonly customerIdKey: string | null
  readonly signer: Signer
  readonly installation: string
  readonly audit: AuditWriter
  readonly clock: Clock
}

export interface ErasureOrder {
  readonly planId: string
  /** Stays in receipts and tombstones: no numbers, no names. */
  readonly reason: string
  /** A longer list is refused; without it: as long as a plan may be. */
  readonly most?: number
  readonly onProgress?: (done: number, of: number) => void
}

/** Erases what tells of one person. */
export class SubjectErasure {
  readonly #parts: SubjectErasureParts

  constructor(parts: SubjectErasureParts) {
    this.#parts = parts
  }

  /** What would be destroyed, and what stands in the way. Changes nothing. @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID` */
  async plan(requester: Requester, subject: DataSubject): Promise<ErasurePlan> {
    return this.#told(requester, async () => {
      mustReachAll(requester)
      return await this.#planOf(subject)
    })
  }

  /**
   * Does what was looked at. What a hold, a minimum retention or a call that goes on prevents stays and is named; the audit's personal parts
   * go when nothing was prevented. Cut off, it is gone on with by a new plan.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID` when something else is found by now; `AUDIT_UNAVAILABLE` (retry)
   */
  async execute(requester: Requester, subject: DataSubject, { planId, reason: given, most = MOST_RECORDINGS, onProgress = () => undefined }: ErasureOrder): Promise<ErasureReport> {
    return this.#told(requester, async () => {
      mustReachAll(requester)
      const reason = givenReason(given)
      const plan = await this.#planOf(subject)
      if (plan.planId !== planId) throw invalid('planId', 'something else is found by now: look at it again')
      if (plan.recordings.length > most) throw invalid('subject', `more than ${most} recordings: \`holdfast subject erase\` at the console does it`)
      await this.#parts.audit.require(requester, note('decided', { recordings: plan.recordings.length }))
      const done = await this.#destroyAll(requester, plan, { reason, onProgress })
      const auditEntries = done.prevented.length === 0 ? await this.#parts.auditErasure.erase(requester, subject) : null
      const receipt = this.#receipt(requester, { ...done, auditEntries, reason })
      await this.#parts.audit.require(requester, note('erased', {
        destroyed: done.destroyed.length, underWay: done.underWay.length, prevented: done.prevented.length, auditEntries, receiptSha256: sha256Hex(receipt),
      }))
      return { ...done, auditEntries, receipt }
    })
  }

  async #destroyAll(requester: Requester, { recordings }: ErasurePlan, { reason, onProgress }: { readonly reason: string; readonly onProgress: (done: number, of: number) => void }): Promise<Pick<ErasureReport, 'destroyed' | 'underWay' | 'prevented'>> {
    const destroyed: RecordingId[] = []
    const underWay: RecordingId[] = []
    const prevented: SubjectRecording[] = []
    for (const [index, { recording }] of recordings.entries()) {
      onProgress(index, recordings.length)
      const told = await this.#parts.destroyer.destroy({ recordingId: recording.id, cause: 'subject', rule: null, reason, by: requester.actor, address: requester.address })
      if (told.outcome === 'destroyed') destroyed.push(recording.id)
      else if (told.outcome === 'under-way') underWay.push(recording.id)
      else if (told.outcome !== 'unknown') prevented.push({ recording, obstacle: told })
    }
    return { destroyed, underWay, prevented }
  }

  async #planOf({ numbers, customerIds }: DataSubject): Promise<ErasurePlan> {
    const { index, repository, destroyer, customerIdKey } = this.#parts
    const subject = { numbers: checkedWords(numbers, 'numbers'), customerIds: checkedWords(customerIds, 'customerIds') }
    if (subject.numbers.length + subject.customerIds.length === 0) throw invalid('numbers', 'a number or a customer id')
    if (subject.customerIds.length > 0 && customerIdKey === null) throw invalid('customerIds', 'the settings name no key of customers (audit.customerIdKey)')
    const ids = await index.recordingsOf(subject, { customerIdKey, most: MOST_RECORDINGS })
    if (ids.length > MOST_RECORDINGS) throw invalid('numbers', `stands in more than ${MOST_RECORDINGS} recordings: that is nobody's own`)
    const recordings: SubjectRecording[] = []
    for (const id of ids) {
      const recording = await repository.find(id, ALL)
      if (recording === null) continue
      const obstacle = await destroyer.foresee(recording)
      recordings.push({ recording, obstacle: obstacle?.outcome === 'unknown' ? null : obstacle })
    }
    return { planId: sha256Hex(JSON.stringify([subject.numbers.toSorted(), subject.customerIds.toSorted(), recordings.map(({ recording }) => recording.id)])), recordings }
  }

  #receipt(requester: Requester, { destroyed, underWay, prevented, auditEntries, reason }: Omit<ErasureReport, 'receipt'> & { readonly reason: string }): string {
    const { signer, installation, clock } = this.#parts
    return signedStatement(ERASURE_RECEIPT, {
      kind: ERASURE_RECEIPT, version: 1, installation, reason, orderedBy: requester.actor, at: clock.now().toISOString(), destroyed, underWay, auditEntries,
      prevented: prevented.map(({ recording, obstacle }) => ({ recordingId: recording.id, by: obstacle?.outcome ?? null })),
    }, signer)
  }

  async #told<T>(requester: Requester, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (isHoldfastError(error)) await this.#parts.audit.attempt(requester, { ...note('refused', {}), outcome: 'refused', reason: error.code })
      throw error
    }
  }
}

/** Whose recordings a person is in nobody knows before: who reaches only some of them cannot say that all are gone. What is found is shown: to those who may look. */
function mustReachAll(requester: Requester): void {
  const scope = scopeFor(requester, 'delete')
  scopeFor(requester, 'search')
  if (scope.type !== 'all') throw new HoldfastError('FORBIDDEN', 'an erasure reaches every partition, and this role only some')
}

/** Nothing in it tells whom it was about. */
function note(step: 'decided' | 'erased' | 'refused', details: AuditNote['details']): AuditNote {
  return { action: 'subject.erased', object: { type: 'query', id: 'subject' }, outcome: 'ok', reason: null, details: { step, ...details }, personal: {} }
}

function checkedWords(words: readonly string[], field: string): readonly string[] {
  if (words.length > MOST_NAMES) throw invalid(field, `at most ${MOST_NAMES}`)
  if (words.some((word) => word === '' || word.length > MAX_WORD_LENGTH || !word.isWellFormed())) throw invalid(field, `each of 1 to ${MAX_WORD_LENGTH} characters`)
  return [...new Set(words)]
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
