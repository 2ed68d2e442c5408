import type { Clock } from '../../core/ports/runtime.ts'

export interface EventQueueOptions<T> {
  readonly clock: Clock
  /** Beyond this length, events that are outdated are dropped. */
  readonly highWaterMark: number
  /** What an event says the last word about: it outdates those before it that have the same name. `null`: each of its kind counts. */
  readonly outdates: (event: T) => string | null
  /** Told of each event that was dropped. */
  readonly dropped: (event: T) => void
}

interface Waiting<T> {
  /** `null`: outdated, and dropped. */
  event: T | null
  readonly name: string | null
  readonly sinceMs: number
}

/**
 * Events in order, from a producer that cannot wait to one consumer that may be slow.
 * It is bounded for what a stranger can cause without end and unbounded for what control of a call depends upon.
 */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #options: EventQueueOptions<T>
  #waiting: Waiting<T>[] = []
  /** Index of the oldest in `#waiting`: taking from the front of a long array would copy it each time. */
  #head = 0
  /** Of those in `#waiting` that were dropped. */
  #gaps = 0
  readonly #newest = new Map<string, Waiting<T>>()
  #ended = false
  #wake: (() => void) | null = null

  constructor(options: EventQueueOptions<T>) {
    this.#options = options
  }

  get length(): number {
    return this.#waiting.length - this.#head - this.#gaps
  }

  /** For how long the oldest event has been waiting for its consumer; 0 when none is. */
  stalledMs(): number {
    const oldest = this.#waiting[this.#head]
    return oldest === undefined ? 0 : Math.max(0, this.#options.clock.now().getTime() - oldest.sinceMs)
  }

  push(event: T): void {
    if (this.#ended) return
    const name = this.#options.outdates(event)
    if (name !== null && this.length >= this.#options.highWaterMark) this.#drop(name)
    const waiting: Waiting<T> = { event, name, sinceMs: this.#options.clock.now().getTime() }
    if (name !== null) this.#newest.set(name, waiting)
    this.#waiting.push(waiting)
    this.#wake?.()
  }

  /** What waits is still delivered. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const next = this.#take()
      if (next !== null) yield next
      else if (this.#ended) return
      else await this.#pushed()
    }
  }

  #drop(name: string): void {
    const outdated = this.#newest.get(name)
    if (outdated === undefined || outdated.event === null) return
    this.#options.dropped(outdated.event)
    outdated.event = null
    this.#gaps += 1
    if (this.#gaps > COMPACT_AFTER && this.#gaps * 2 > this.#waiting.length) this.#compact()
  }

  /** The oldest event; `null`: none waits. */
  #take(): T | null {
    for (;;) {
      const next = this.#waiting[this.#head]
      if (next === undefined) return null
      this.#head += 1
      if (next.event === null) this.#gaps -= 1
      if (next.name !== null && this.#newest.get(next.name) === next) this.#newest.delete(next.name)
      if (this.#head === this.#waiting.length || (this.#head > COMPACT_AFTER && this.#head * 2 > this.#waiting.length)) this.#compact()
      if (next.event !== null) return next.event
    }
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#head).filter(({ event }) => event !== null)
    this.#head = 0
    this.#gaps = 0
  }

  async #pushed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    await promise
    this.#wake = null
  }
}

/** Copying half of an array of this length costs microseconds, and holding twice as many events as wait costs little. */
const COMPACT_AFTER = 1024
