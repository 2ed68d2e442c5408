import { HoldfastError } from '../../domain/errors.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** How much one actor may ask: `burst` at once, and from then on `perMinute`. */
export interface RequestRates {
  readonly burst: number
  readonly perMinute: number
}

/** A page of a desk asks some ten times at once; a program that watches many desks with one token, some dozens of times a second. A guess. */
export const DEFAULT_RATES: RequestRates = { burst: 600, perMinute: 6000 }
/** Bounds memory; who falls out begins anew, and there are fewer actors than this. */
const MAX_ACTORS = 10_000

interface Bucket {
  readonly left: number
  readonly at: number
}

/** Requests of each actor, as a bucket that fills again by and by: nobody takes the service from the others. */
export class RequestLimiter {
  readonly #rates: RequestRates
  readonly #runtime: Runtime
  readonly #buckets = new Map<string, Bucket>()

  constructor(rates: RequestRates, runtime: Runtime) {
    this.#rates = rates
    this.#runtime = runtime
  }

  /** Takes one request. @throws HoldfastError `RATE_LIMITED`; `details.retryAfterSeconds` says when the next one is taken */
  take(actorId: string): void {
    const now = this.#runtime.clock.now().getTime()
    const { burst, perMinute } = this.#rates
    const known = this.#buckets.get(actorId) ?? { left: burst, at: now }
    // A clock that was set back fills nothing.
    const left = Math.min(burst, known.left + Math.max(0, now - known.at) * perMinute / 60_000)
    this.#keep(actorId, { left: left < 1 ? left : left - 1, at: now })
    if (left >= 1) return
    this.#runtime.metrics.count('holdfast_requests_limited_total', {})
    throw new HoldfastError('RATE_LIMITED', 'too many requests: wait a moment', { retryAfterSeconds: Math.max(1, Math.ceil((1 - left) * 60 / perMinute)) })
  }

  #keep(actorId: string, bucket: Bucket): void {
    // Deleted first, so that the map stays in the order of the last request and the oldest falls out.
    this.#buckets.delete(actorId)
    this.#buckets.set(actorId, bucket)
    const oldest = this.#buckets.keys().next()
    if (this.#buckets.size > MAX_ACTORS && oldest.done !== true) this.#buckets.delete(oldest.value)
  }
}
