import { HoldfastError } from '../domain/errors.ts'
import { repeatByTimer } from '../ports/kept-lease.ts'
import type { RetentionRun, RetentionStore } from '../ports/retention-store.ts'
import type { Repeat, Runtime } from '../ports/runtime.ts'

/** A run whose process died is taken over after this. One recording takes milliseconds; an object store far away, seconds. */
const LEASE_MS = 60_000
/** The lease is extended in this time: four times while it lasts. */
const EXTEND_EVERY_MS = 15_000

export interface RetentionLeaseParts {
  readonly store: Pick<RetentionStore, 'takeLease' | 'extendLease' | 'releaseLease'>
  readonly owner: string
  readonly runtime: Runtime
  readonly repeat?: Repeat
}

/** The right to be the one run over all nodes: kept while something takes long, and known to be lost before anything more is done. */
export class RetentionLease {
  readonly #parts: RetentionLeaseParts
  readonly #lost = new AbortController()
  readonly #end: () => void
  #until: Date
  /** What a process that died left. */
  readonly left: RetentionRun | null

  private constructor(parts: RetentionLeaseParts, { until, left }: { readonly until: Date; readonly left: RetentionRun | null }) {
    this.#parts = parts
    this.#until = until
    this.left = left
    this.#end = (parts.repeat ?? repeatByTimer)(EXTEND_EVERY_MS, () => this.#extend())
  }

  /** @throws HoldfastError `RETENTION_RUNNING` (retry) while another one has it */
  static async take(parts: RetentionLeaseParts): Promise<RetentionLease> {
    const { store, owner, runtime: { clock } } = parts
    const now = clock.now()
    const until = new Date(now.getTime() + LEASE_MS)
    const grant = await store.takeLease(owner, { now, until })
    if (grant.outcome === 'taken') throw new HoldfastError('RETENTION_RUNNING', `a run of the retention rules is under way; if its process died, it is taken over after ${grant.until.toISOString()}`, { until: grant.until.toISOString() })
    return new RetentionLease(parts, { until, left: grant.left })
  }

  /** Aborted when it is lost, with what was the matter. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Before what cannot be undone. A process that stood still, as with its machine, has missed its timer: by the clock it knows. */
  async check(): Promise<void> {
    if (this.#parts.runtime.clock.now() >= this.#until) await this.#extend()
  }

  async release(): Promise<void> {
    this.#end()
    await this.#parts.store.releaseLease(this.#parts.owner)
  }

  /** Whatever the reason is that it cannot be extended: what goes on without it may do what another does too. */
  async #extend(): Promise<void> {
    const { store, owner, runtime: { clock, log } } = this.#parts
    const until = new Date(clock.now().getTime() + LEASE_MS)
    try {
      await store.extendLease(owner, until)
      this.#until = until
    } catch (error) {
      if (!this.#lost.signal.aborted) log.warn({ owner, error }, 'a run of the retention rules has lost its lease, and ends')
      this.#lost.abort(error)
    }
  }
}
