import type { CaptureFact } from '../../domain/capture-fact.ts'

/**
 * Beyond it, the first of them would wait for the last. A call has about eleven: on a machine where a transaction takes 200 ms, since it
 * has much else to do, 100 calls a second need 220 in one. Their rows take SQLite some 10 ms.
 */
const MAX_APPENDS_AT_ONCE = 256

interface Waiting {
  readonly facts: readonly CaptureFact[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Takes what has come meanwhile, once: a transaction that is tried again writes the same. */
export type WriteAppends = (take: () => readonly CaptureFact[]) => Promise<void>

/**
 * Appends that come while another one is being written share the next transaction, and so its wait for the disk: an append costs
 * nothing but its rows where many calls begin at once. Their order is kept, and one that cannot be written takes no
 * others with it: those that shared its transaction are then written each by itself.
 * Source: test/bench/capacity.bench.ts; at 50 calls a second on a busy disk the dialplan waited 1100 ms for its answer before, and 28 ms after.
 */
export class AppendTogether {
  readonly #write: WriteAppends
  #waiting: Waiting[] = []

  constructor(write: WriteAppends) {
    this.#write = write
  }

  append(facts: readonly CaptureFact[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ facts, resolve, reject })
    if (this.#waiting.length === 1) void this.#writeWaiting()
    return promise
  }

  async #writeWaiting(): Promise<void> {
    let taken: readonly Waiting[] | null = null
    const take = (): readonly Waiting[] => taken ??= this.#takeWaiting()
    try {
      await this.#write(() => take().flatMap(({ facts }) => facts))
      for (const { resolve } of take()) resolve()
    } catch (error) {
      await this.#eachAlone(take(), error)
    }
  }

  #takeWaiting(): readonly Waiting[] {
    const taken = this.#waiting.slice(0, MAX_APPENDS_AT_ONCE)
    this.#waiting = this.#waiting.slice(taken.length)
    if (this.#waiting.length > 0) void this.#writeWaiting()
    return taken
  }

  async #eachAlone(taken: readonly Waiting[], error: unknown): Promise<void> {
    const [only, ...others] = taken
    if (others.length === 0) {
      only?.reject(error)
      return
    }
    for (const { facts, resolve, reject } of taken) await this.#write(() => facts).then(resolve, reject)
  }
}
