import { isHoldfastError } from '../../domain/errors.ts'
import type { Clock } from '../../ports/runtime.ts'
import { withinMs } from '../within-ms.ts'

/** Bounds the memory; more than an installation has tokens. */
const MAX_KNOWN = 10_000

/** An answer. `knownAt`: the catalogue did not give it now, but when it was asked then. */
export interface Answer<Value> {
  readonly value: Value | null
  readonly knownAt: Date | null
}

interface Known<Value> {
  /** `null`: it was there once. */
  readonly value: Value | null
  readonly askedAt: Date
  readonly turn: number
}

/** What the catalogue answered last, for some minutes in which it answers no more. It is asked each time, but for a question that hangs already. */
export class LastKnown<Key, Value extends object> {
  readonly #ask: (key: Key) => Promise<Value | null>
  readonly #clock: Clock
  readonly #keepMs: number
  readonly #known = new Map<Key, Known<Value>>()
  /** Somebody lost patience, and the question is still under way: connections are few, and whoever comes again need not wait again. */
  readonly #hanging = new Set<Key>()
  #turns = 0

  /** @param options.keepMs - so long after it was asked for an answer counts; 0: never */
  constructor(ask: (key: Key) => Promise<Value | null>, { clock, keepMs }: { readonly clock: Clock; readonly keepMs: number }) {
    this.#ask = ask
    this.#clock = clock
    this.#keepMs = keepMs
  }

  /**
   * @param patienceMs - so long a catalogue that hangs is waited for, where something is known; `null`: it answers, or nobody does
   * @throws whatever asking throws, where nothing is known that is fresh enough, or nothing that is known may count
   */
  async find(key: Key, patienceMs: number | null): Promise<Answer<Value>> {
    const known = patienceMs === null ? null : this.#fresh(key)
    if (patienceMs === null || known === null) return await this.#asked(key)
    return this.#hanging.has(key) ? known : await this.#orKnown(key, { patienceMs, known })
  }

  /** A question that hangs is answered by what is known; its answer is remembered when it comes. */
  async #orKnown(key: Key, { patienceMs, known }: { readonly patienceMs: number; readonly known: Answer<Value> }): Promise<Answer<Value>> {
    let isOver = false
    const asked = this.#asked(key).catch((error: unknown) => {
      if (!isHoldfastError(error, 'STORE_FAILED')) throw error
      return known
    }).finally(() => {
      isOver = true
      this.#hanging.delete(key)
    })
    const answer = await withinMs(patienceMs, asked, known)
    if (!isOver) this.#hanging.add(key)
    return answer
  }

  async #asked(key: Key): Promise<Answer<Value>> {
    const askedAt = this.#clock.now()
    this.#turns += 1
    const turn = this.#turns
    const value = await this.#ask(key)
    // An answer that hung does not take back what a later question was answered.
    const before = this.#known.get(key)
    if (before === undefined ? value === null : turn < before.turn) return { value, knownAt: null }
    // Deleted first, so that the map stays in the order of the last answer and the oldest falls out.
    this.#known.delete(key)
    this.#known.set(key, { value, askedAt, turn })
    const oldest = this.#known.keys().next()
    if (this.#known.size > MAX_KNOWN && oldest.done !== true) this.#known.delete(oldest.value)
    return { value, knownAt: null }
  }

  /** A clock that was set back makes nothing younger. */
  #fresh(key: Key): Answer<Value> | null {
    const known = this.#known.get(key)
    const ageMs = known === undefined ? 0 : this.#clock.now().getTime() - known.askedAt.getTime()
    return known !== undefined && known.value !== null && ageMs >= 0 && ageMs < this.#keepMs ? { value: known.value, knownAt: known.askedAt } : null
  }
}
