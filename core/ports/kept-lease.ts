import { isHoldfastError } from '../domain/errors.ts'
import type { Clock, Repeat } from './runtime.ts'

/** So that two extensions may fail, or come late, before it ends. */
const EXTENSIONS_PER_LEASE = 3

export interface KeptLeaseParts {
  readonly clock: Clock
  /** When it ends, as it was given. */
  readonly until: Date
  readonly leaseMs: number
  /** @throws HoldfastError `JOB_LEASE_LOST` when somebody else has the work, or it is over; whatever else where that cannot be asked now */
  readonly extend: (until: Date) => Promise<void>
  /** It could not be extended in its turn, and is not known to be lost. */
  readonly onFault: (error: unknown) => void
  /** A timer, unless a test turns it. */
  readonly repeat?: Repeat
}

/**
 * A lease that is extended while something takes long. Here because ingest and exports keep one in the same way, and neither may know the other.
 * A process that stood still, as with its machine, has missed its timer: by the clock it knows that its lease may be another's by now.
 */
export class KeptLease implements Disposable {
  readonly #parts: KeptLeaseParts
  readonly #lost = new AbortController()
  readonly #end: () => void
  #until: Date

  constructor(parts: KeptLeaseParts) {
    this.#parts = parts
    this.#until = parts.until
    this.#end = (parts.repeat ?? repeatByTimer)(parts.leaseMs / EXTENSIONS_PER_LEASE, () => this.#turn())
  }

  /** Aborted when it is known to be lost, with the error that says so. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Before each step: where its time is over it is asked for again. @throws HoldfastError `JOB_LEASE_LOST`; what the store says */
  async check(): Promise<void> {
    this.#lost.signal.throwIfAborted()
    if (this.#parts.clock.now() >= this.#until) await this.renew()
  }

  /** Asks for it whatever the time is: before what another's work could not undo. @throws HoldfastError `JOB_LEASE_LOST`; what the store says */
  async renew(): Promise<void> {
    const until = new Date(this.#parts.clock.now().getTime() + this.#parts.leaseMs)
    try {
      await this.#parts.extend(until)
      this.#until = until
    } catch (error) {
      if (isHoldfastError(error, 'JOB_LEASE_LOST')) this.#lost.abort(error)
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#end()
  }

  async #turn(): Promise<void> {
    try {
      await this.renew()
    } catch (error) {
      // A store that does not answer now may answer at the next turn, before the lease ends; after that, the next check asks it.
      if (!this.#lost.signal.aborted) this.#parts.onFault(error)
    }
  }
}

export function repeatByTimer(everyMs: number, work: () => Promise<void>): () => void {
  const timer = setInterval(() => void work(), everyMs)
  return () => clearInterval(timer)
}
