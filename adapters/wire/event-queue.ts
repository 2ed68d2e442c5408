import type { Clock } from '../../core/ports/runtime.ts'

export interface EventQueueOptions<T> {
  readonly clock: Clock
  /** Beyond this length, events that may be lost are. */
  readonly highWaterMark: number
  /** Whether losing this event loses no control over a call. Asked beyond the mark only. */
  readonly mayBeDropped: (event: T) => boolean
  /** Told of each event that was dropped. */
  readonly dropped: (event: T) => void
}

interface Waiting<T> {
  readonly event: T
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
  #ended = false
  #wake: (() => void) | null = null

  constructor(options: EventQueueOptions<T>) {
    this.#options = options
  }

  get length(): number {
    return this.#waiting.length - this.#head
  }

  /** For how long the oldest event has been waiting for its consumer; 0 when none is. */
  stalledMs(): number {
    const oldest = this.#waiting[this.#head]
    return oldest === undefined ? 0 : Math.max(0, this.#options.clock.now().getTime() - oldest.sinceMs)
  }

  push(event: T): void {
    if (this.#ended) return
    if (this.length >= this.#options.highWaterMark && this.#options.mayBeDropped(event)) {
      this.#options.dropped(event)
      return
    }
    this.#waiting.push({ event, sinceMs: this.#options.clock.now().getTime() })
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
      if (next !== null) yield next.event
      else if (this.#ended) return
      else await this.#pushed()
    }
  }

  #take(): Waiting<T> | null {
    const next = this.#waiting[this.#head]
    if (next === undefined) return null
    this.#head += 1
    if (this.#head === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
    } else if (this.#head > COMPACT_AFTER && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
    return next
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
