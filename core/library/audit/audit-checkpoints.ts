import type { AuditDraft } from '../../domain/audit-entry.ts'
import { type Checkpoint, checkpointLine, formatCheckpointKey, type SignedCheckpoint } from '../../domain/audit/checkpoint.ts'
import type { ChainEnd } from '../../domain/audit/chain-walk.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditEvidence, CheckpointOutlet, CheckpointSigner } from '../../ports/audit-evidence.ts'
import type { AuditLog } from '../../ports/audit-log.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { ChainTree } from './chain-tree.ts'
import { CheckpointDelivery } from './checkpoint-delivery.ts'

/** How often it is looked whether enough entries or time have passed: one row by its key. */
const LOOK_EVERY_MS = 5000

export interface AuditCheckpointsOptions {
  readonly chain: NodeName
  readonly log: Pick<AuditLog, 'append'>
  readonly evidence: AuditEvidence
  readonly signer: CheckpointSigner
  readonly outlets: readonly CheckpointOutlet[]
  /** Signed after so many entries, or after so long where there is any. */
  readonly everyEntries: number
  readonly everyMs: number
  readonly runtime: Runtime
}

/** Signs the end of this node's audit chain from time to time, and takes what it signed to places outside. Nothing else waits for it. */
export class AuditCheckpoints {
  readonly #options: AuditCheckpointsOptions
  readonly #tree: ChainTree
  readonly #deliveries: readonly CheckpointDelivery[]
  #last: SignedCheckpoint | null | undefined
  /** The entry that tells of the last checkpoint: by itself it is nothing to sign. */
  #ownEntry = 0
  /** Since when nothing is signed because something was altered. */
  #refusesSince: Date | null = null
  #timer: NodeJS.Timeout | null = null
  #working: Promise<unknown> = Promise.resolve()

  constructor(options: AuditCheckpointsOptions) {
    const { chain, evidence, outlets, runtime } = options
    this.#options = options
    this.#tree = new ChainTree(chain, evidence)
    this.#deliveries = outlets.map((outlet) => new CheckpointDelivery({ outlet, runtime, told: (state, name) => void this.#queue(() => this.#tellDelivery(state, name)) }))
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS)
    void this.#queue(() => this.#repeatLast())
    void this.look()
  }

  /** Signs what is not signed yet, and gives the places outside a last chance. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#queue(() => this.#turn('at-stop'))
    await Promise.all(this.#deliveries.map((delivery) => delivery.stop()))
    await this.#working
  }

  /** Signs when it is time to. Never throws. */
  look(): Promise<unknown> {
    return this.#queue(() => this.#turn('when-due'))
  }

  #queue(work: () => Promise<void>): Promise<unknown> {
    this.#working = this.#working.then(work).catch((error: unknown) => {
      // A database that is away is there again at one of the next looks.
      this.#options.runtime.log.error({ error }, 'audit checkpoint failed')
    })
    return this.#working
  }

  async #turn(occasion: 'when-due' | 'at-stop'): Promise<void> {
    const { chain, evidence, runtime } = this.#options
    const end = await evidence.end(chain)
    if (end === null || end.sequence === 0) return
    this.#last = this.#last === undefined ? await evidence.last(chain) : this.#last
    if (!this.#isDue(end, occasion)) return
    try {
      await this.#sign(end, occasion)
      this.#refusesSince = null
    } catch (error) {
      this.#tree.forget()
      this.#last = undefined
      if (!isHoldfastError(error, 'INTEGRITY_MISMATCH')) throw error
      // What was altered must not be signed as if it were not. It is tried again, and told once.
      runtime.metrics.gauge('holdfast_audit_chain_altered', 1)
      const isNews = this.#refusesSince === null
      this.#refusesSince = runtime.clock.now()
      if (!isNews) return
      runtime.log.error({ error }, 'the audit was altered: nothing beyond is signed')
      await this.#tell({ outcome: 'failed', reason: error.code, details: { sequence: Number(error.details['sequence'] ?? 0) } })
    }
  }

  #isDue({ sequence }: ChainEnd, occasion: 'when-due' | 'at-stop'): boolean {
    const { everyEntries, everyMs, runtime } = this.#options
    const now = runtime.clock.now().getTime()
    if (this.#refusesSince !== null && now - this.#refusesSince.getTime() < everyMs) return false
    const last = this.#last ?? null
    if (last === null) return true
    const unsigned = sequence - last.sequence
    // A chain that lost its end is to be told as well: the tree finds that it is not what was signed.
    if (unsigned < 0) return true
    if (unsigned === 0 || (unsigned === 1 && sequence === this.#ownEntry)) return false
    return occasion === 'at-stop' || unsigned >= everyEntries || now - last.at.getTime() >= everyMs
  }

  async #sign(end: ChainEnd, occasion: 'when-due' | 'at-stop'): Promise<void> {
    const { chain, evidence, signer, runtime } = this.#options
    const { subtrees, ...grown } = await this.#tree.growTo(end, this.#last ?? null)
    const checkpoint: Checkpoint = { chain, ...grown, at: runtime.clock.now() }
    const signed = signer.sign(checkpoint)
    await evidence.keep(signed, subtrees)
    this.#tree.kept()
    this.#last = signed
    for (const delivery of this.#deliveries) delivery.add(checkpointLine(signed))
    runtime.metrics.gauge('holdfast_audit_signed_entries', signed.sequence)
    runtime.metrics.gauge('holdfast_audit_chain_altered', 0)
    // At the stop the last thing signed is the end of the chain itself.
    if (occasion === 'at-stop') return
    this.#ownEntry = await this.#tell({ outcome: 'ok', reason: null, details: { sequence: signed.sequence, root: signed.root, key: formatCheckpointKey(signer.publicKey) } })
  }

  /** A process that died between signing and writing has signed what nobody outside knows; twice there does no harm. */
  async #repeatLast(): Promise<void> {
    const { chain, evidence } = this.#options
    const last = await evidence.last(chain)
    if (last !== null) for (const delivery of this.#deliveries) delivery.add(checkpointLine(last))
  }

  async #tellDelivery(state: 'fails' | 'works', outlet: CheckpointOutlet['name']): Promise<void> {
    await this.#tell(state === 'fails' ? { outcome: 'failed', reason: 'NOT_DELIVERED', details: { outlet } } : { outcome: 'ok', reason: 'DELIVERED_AGAIN', details: { outlet } })
  }

  async #tell(what: Pick<AuditDraft, 'outcome' | 'reason' | 'details'>): Promise<number> {
    const { chain, log, runtime } = this.#options
    const { sequence } = await log.append({ ...what, at: runtime.clock.now(), actor: { type: 'system', id: chain }, action: 'audit.checkpoint', object: { type: 'audit', id: chain }, personal: {} })
    return sequence
  }
}
