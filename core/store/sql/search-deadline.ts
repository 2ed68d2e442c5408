import { HoldfastError } from '../../domain/errors.ts'
import type { Clock } from '../../ports/runtime.ts'

/** Below the deadline for an answer over GraphQL (15 s): what nobody waits for any more must not go on keeping the database busy. */
const SEARCH_DEADLINE_MS = 10_000

/** Ends a search that would walk through the whole catalogue: neither SQLite nor a broken connection to a server ends a statement by itself. */
export class SearchDeadline {
  readonly #clock: Clock
  readonly #endsAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#endsAt = clock.now().getTime() + SEARCH_DEADLINE_MS
  }

  /** @throws HoldfastError `QUERY_TIMEOUT` */
  check(): void {
    if (this.#clock.now().getTime() < this.#endsAt) return
    throw new HoldfastError('QUERY_TIMEOUT', 'the search took too long and was ended: a shorter time or a rarer value is found sooner', { deadlineMs: SEARCH_DEADLINE_MS })
  }
}
