import type { NodeName, RecordingId } from '../domain/ids.ts'
import type { CaptureJournal } from '../ports/capture-journal.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { Runtime } from '../ports/runtime.ts'

/** Facts carried over in one transaction of the catalogue. */
const BATCH = 200
/** The catalogue is away: asked again after this, doubled each time up to the limit. A guess: short enough that a restart is not felt. */
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 30_000

interface Parts {
  readonly journal: CaptureJournal
  readonly repository: RecordingRepository
  readonly node: NodeName
  readonly runtime: Runtime
  /** Called after each batch with the recordings that changed. */
  readonly forwarded: (touched: readonly RecordingId[]) => void
}

/** Carries facts from the journal to the catalogue, in order, each once. Capture never waits for it. */
export class JournalForwarder {
  readonly #parts: Parts
  #wanted = false
  #running: Promise<void> | null = null
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** There may be something to carry: returns at once. */
  poke(): void {
    this.#wanted = true
    if (this.#running !== null || this.#timer !== null || this.#closed) return
    this.#running = this.#drain().finally(() => {
      this.#running = null
      if (this.#wanted) this.poke()
    })
  }

  /** Resolves when everything that was journalled before the call is in the catalogue, or the catalogue refused to answer once. */
  async settled(): Promise<void> {
    this.poke()
    while (this.#running !== null) await this.#running
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#wanted && !this.#closed) {
      this.#wanted = false
      try {
        await this.#batches()
        this.#retryMs = FIRST_RETRY_MS
      } catch (error) {
        this.#later(error)
        return
      }
    }
  }

  async #batches(): Promise<void> {
    const { journal, repository, node, runtime, forwarded } = this.#parts
    const source = { node, journal: await journal.id() }
    for (;;) {
      const facts = await journal.unforwarded(BATCH)
      const last = facts.at(-1)
      if (last === undefined) return
      const { refused, touched } = await repository.apply(source, facts)
      for (const { sequence, fact } of refused) runtime.log.error({ sequence, fact: fact.type }, 'the catalogue refused a fact')
      runtime.metrics.count('holdfast_facts_refused_total', {}, refused.length)
      await journal.markForwarded(last.sequence)
      forwarded(touched)
    }
  }

  #later(error: unknown): void {
    this.#parts.runtime.log.warn({ error, retryMs: this.#retryMs }, 'catalogue not reached: facts wait in the journal')
    this.#parts.runtime.metrics.count('holdfast_catalogue_unreached_total')
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.poke()
    }, this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
    this.#wanted = false
  }
}
