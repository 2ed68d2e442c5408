import { HoldfastError } from '../../domain/errors.ts'

/** A desk has one or two; each costs a look per change. */
const MAX_FEEDS_PER_ACTOR = 16

/** Subscriptions that are open now, by the token that opened them. */
export class OpenFeeds {
  readonly #open = new Map<string, number>()

  get count(): number {
    return this.#open.values().reduce((sum, open) => sum + open, 0)
  }

  /** Counts one until it is disposed of. @throws HoldfastError `RATE_LIMITED` */
  open(actorId: string): Disposable {
    const open = this.#open.get(actorId) ?? 0
    if (open >= MAX_FEEDS_PER_ACTOR) throw new HoldfastError('RATE_LIMITED', 'too many subscriptions at once for one token', { most: MAX_FEEDS_PER_ACTOR })
    this.#open.set(actorId, open + 1)
    return { [Symbol.dispose]: () => this.#close(actorId) }
  }

  #close(actorId: string): void {
    const open = (this.#open.get(actorId) ?? 1) - 1
    if (open === 0) this.#open.delete(actorId)
    else this.#open.set(actorId, open)
  }
}
