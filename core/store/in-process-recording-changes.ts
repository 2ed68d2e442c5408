import type { RecordingId } from '../domain/ids.ts'
import type { RecordingChanges } from '../ports/recording-changes.ts'

/** Ids that wait for one slow reader; beyond it the oldest are dropped. A thousand live recordings all at once still fit. */
const MAX_WAITING = 1024

/** News within one process. */
export class InProcessRecordingChanges implements RecordingChanges {
  readonly #readers = new Set<Reader>()

  publish(id: RecordingId): void {
    for (const reader of this.#readers) reader.add(id)
  }

  /** Listens from this call on, not from the first read. */
  subscribe(signal: AbortSignal): AsyncIterable<RecordingId> {
    const reader = new Reader(signal)
    const leave = (): void => {
      this.#readers.delete(reader)
      reader.wake()
    }
    if (!signal.aborted) this.#readers.add(reader)
    signal.addEventListener('abort', leave, { once: true })
    return idsOf(reader, () => {
      signal.removeEventListener('abort', leave)
      leave()
    })
  }
}

async function *idsOf(reader: Reader, leave: () => void): AsyncIterableIterator<RecordingId> {
  try {
    for (;;) {
      const id = await reader.next()
      if (id === null) return
      yield id
    }
  } finally {
    leave()
  }
}

/** What one subscriber has not read yet. An id that waits already is not added again: the reader looks at its newest state anyway. */
class Reader {
  readonly #waiting = new Set<RecordingId>()
  readonly #signal: AbortSignal
  #wake: (() => void) | null = null

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  add(id: RecordingId): void {
    this.#waiting.add(id)
    const oldest = this.#waiting.values().next().value
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest)
    this.wake()
  }

  wake(): void {
    this.#wake?.()
  }

  /** `null` once the signal is aborted. */
  async next(): Promise<RecordingId | null> {
    while (this.#waiting.size === 0 && !this.#signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    if (this.#signal.aborted) return null
    const [id] = this.#waiting
    if (id === undefined) return null
    this.#waiting.delete(id)
    return id
  }
}
