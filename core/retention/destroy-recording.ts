import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import { parsePbxId, type PbxId, type RecordingId } from '../domain/ids.ts'
import { isUnfinished } from '../domain/lifecycle.ts'
import type { Recording } from '../domain/recording.ts'
import { later } from '../domain/retention/judge-retention.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { DestructionLedger } from '../ports/destruction-ledger.ts'
import type { Destruction, DestructionOrder, DestructionOutcome, DestructionRefusal, DestructionStep, RecordingDestroyer } from '../ports/recording-destroyer.ts'
import type { HoldRegister } from '../ports/hold-register.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Signer } from '../ports/signer.ts'
import { decisionAudit, endAudit } from './destruction-audit.ts'
import { receiptOf, signedReceipt } from './deletion-receipt.ts'

/** A spool over HTTP answers within seconds; one that does not is tried again later. */
const SPOOL_DEADLINE_MS = 30_000
/** A checkpoint costs as much as several destructions: a long run makes one now and then, and one at its end. */
const FORGET_EVERY_MS = 5000
/** Destructions that are gone on with at one look. */
const RESUMED_AT_ONCE = 200

type Spool = Pick<RecordingSource, 'list' | 'stat' | 'remove'>

export interface DestroyerParts {
  readonly ledger: DestructionLedger
  readonly holds: Pick<HoldRegister, 'over'>
  readonly blobs: Pick<BlobStore, 'remove'>
  /** `null`: the settings know no such PBX any more. */
  readonly spoolOf: (pbxId: PbxId) => Spool | null
  /** Every place for sealed recordings; `null` is the installation's own. */
  readonly stores: readonly (string | null)[]
  /** Of these, the ones from which nothing can be removed. */
  readonly lockedStores: readonly string[]
  readonly signer: Signer
  /** The name under which receipts are signed. */
  readonly installation: string
  /** Until when nobody may destroy a recording; `null`: it may go now. */
  readonly keptUntil: (recording: Recording) => Date | null
  /** It is a tombstone from now on: whoever plays it, or shows it, must learn of it. */
  readonly condemned: (id: RecordingId) => void
  readonly runtime: Runtime
  /** Told when a step is done: for tests that break off there. */
  readonly onStep?: (step: DestructionStep) => void
}

/** Destroys recordings step by step; what was decided is gone on with until nothing is left. */
export class RecordingDestruction implements RecordingDestroyer {
  readonly #parts: DestroyerParts
  #owed: 'yes' | 'no' = 'no'
  #forgotAtMs = Number.NEGATIVE_INFINITY

  constructor(parts: DestroyerParts) {
    this.#parts = parts
  }

  async destroy(order: DestructionOrder): Promise<DestructionOutcome> {
    const { ledger, runtime, keptUntil, condemned, stores, lockedStores } = this.#parts
    const at = runtime.clock.now()
    const decision = await ledger.condemn(order, { at, keptUntil, stores, lockedStores, audit: (recording) => decisionAudit(order, recording, at) })
    if (!('destruction' in decision)) {
      runtime.metrics.count('holdfast_destructions_refused_total', { outcome: decision.outcome })
      return decision
    }
    const { destruction } = decision
    if (destruction.receipt !== null) return { outcome: 'destroyed', destruction, receipt: destruction.receipt }
    this.#parts.onStep?.('condemned')
    condemned(order.recordingId)
    return this.#finish(destruction)
  }

  async foresee(recording: Recording): Promise<DestructionRefusal | null> {
    const { ledger, holds, keptUntil, runtime } = this.#parts
    const standing = (await holds.over([recording])).get(recording.id)
    if (standing !== undefined) return { outcome: 'held', holds: standing }
    const until = later(keptUntil(recording), await ledger.stampedUntil(recording.id))
    if (until !== null && until > runtime.clock.now()) return { outcome: 'kept', until }
    return isUnfinished(recording.state) ? { outcome: 'busy', state: recording.state } : null
  }

  /**
   * Goes on with what was decided and has not ended: after a crash, or when a store was away. Throws nothing: what fails is tried at the next look.
   * @returns how many are still not ended
   */
  async resume(): Promise<number> {
    const { ledger, runtime } = this.#parts
    let left = 0
    for (const destruction of await ledger.unfinished(RESUMED_AT_ONCE)) {
      this.#parts.condemned(destruction.recordingId)
      if ((await this.#finish(destruction)).outcome !== 'destroyed') left += 1
    }
    runtime.metrics.gauge('holdfast_destructions_unfinished', left)
    await this.settle()
    return left
  }

  async #finish(destruction: Destruction): Promise<DestructionOutcome> {
    const { runtime } = this.#parts
    try {
      const receipt = await this.#steps(destruction)
      runtime.metrics.count('holdfast_destructions_total', { cause: destruction.cause })
      return { outcome: 'destroyed', destruction: { ...destruction, step: 'receipt', endedAt: runtime.clock.now(), receipt }, receipt }
    } catch (error) {
      // It is decided and cannot be taken back: what is left goes at the next look.
      if (!isHoldfastError(error)) throw error
      runtime.log.error({ recordingId: destruction.recordingId, code: error.code, error }, 'a recording is not destroyed to the end yet')
      return { outcome: 'under-way', destruction, failure: error.code }
    }
  }

  /** The headers first: without them the rest is noise. Every step may run again. */
  async #steps(destruction: Destruction): Promise<string> {
    const { ledger, blobs, signer, installation, runtime } = this.#parts
    const { recordingId, plan } = destruction
    for (const name of plan.headerBlobs) await blobs.remove(name)
    await this.#done(recordingId, 'headers')
    for (const name of plan.payloadBlobs) await blobs.remove(name)
    await this.#done(recordingId, 'payload')
    await this.#clearSpool(destruction)
    await this.#done(recordingId, 'spool')
    const at = runtime.clock.now()
    const receipt = signedReceipt(receiptOf(destruction, { installation, at }), signer)
    const standing = await ledger.end(recordingId, { at, receipt }, endAudit(destruction, receipt, at))
    this.#parts.onStep?.('receipt')
    this.#owed = 'yes'
    if (Math.abs(at.getTime() - this.#forgotAtMs) >= FORGET_EVERY_MS) await this.settle()
    return standing
  }

  /** Lets the database let go of old pages, if anything was destroyed since the last time. */
  async settle(): Promise<void> {
    if (this.#owed === 'no') return
    this.#owed = 'no'
    this.#forgotAtMs = this.#parts.runtime.clock.now().getTime()
    await this.#parts.ledger.forgetOldPages()
  }

  async #clearSpool({ plan: { pbxId, spoolFiles, sound } }: Destruction): Promise<void> {
    if (spoolFiles.length === 0) return
    const source = this.#parts.spoolOf(parsePbxId(pbxId))
    if (source === null) {
      // Of a PBX that was taken out of the settings: what was stored had its files removed when it was brought in. What failed had not.
      if (sound !== null) return
      throw new HoldfastError('PBX_UNKNOWN', 'a recording is of a PBX that the configuration does not know', { pbxId })
    }
    let found = sound === null ? 0 : 1
    for (const name of spoolFiles) found += await this.#removed(source, name) ? 1 : 0
    // A spool that went away looks as if they were gone, and comes back with them.
    if (found === 0) await source.list(AbortSignal.timeout(SPOOL_DEADLINE_MS))
  }

  async #removed(source: Spool, name: string): Promise<boolean> {
    const signal = AbortSignal.timeout(SPOOL_DEADLINE_MS)
    try {
      if (await source.stat(name, signal) === null) return false
      await source.remove(name, signal)
      return true
    } catch (error) {
      // No file of the spool can be called so: there is none to destroy, and it must not keep the rest waiting for ever.
      if (isHoldfastError(error, 'FIELD_REFUSED')) return false
      throw error
    }
  }

  async #done(id: RecordingId, step: DestructionStep): Promise<void> {
    await this.#parts.ledger.mark(id, step)
    this.#parts.onStep?.(step)
  }
}
