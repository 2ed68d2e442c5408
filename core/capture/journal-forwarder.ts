import { setTimeout as delay } from 'node:timers/promises'
import type { NodeName, RecordingId } from '../domain/ids.ts'
import { isHoldfastError } from '../domain/errors.ts'
import type { CaptureJournal, JournalledFact } from '../ports/capture-journal.ts'
import type { FactSource, RecordingRepository } from '../ports/recording-repository.ts'
import type { Runtime } from '../ports/runtime.ts'

/** Facts carried over in one transaction of the catalogue. */
const BATCH = 200
/**
 * Between two batches, so that they are batches: facts of a call come in flocks, and a transaction costs as much for ten as for one.
 * The first after a rest goes at once. As long as people take for "at once".
 */
const GATHER_MS = 100
/** The catalogue is away: asked again after this, doubled each time up to the limit. A guess: short enough that a restart is not felt. */
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 30_000

interface Parts {
  readonly journal: CaptureJournal
  readonly repository: RecordingRepository
  readonly node: NodeName
  readonly runtime: Runtime
  /** Called after each batch with the recordings that changed, and those of them that are to be brought in. */
  readonly forwarded: (touched: readonly RecordingId[], due: readonly RecordingId[]) => void
}

/** Carries facts from the journal to the catalogue, in order, each once. Capture never waits for it. */
export class JournalForwarder {
  readonly #parts: Parts
  #source: FactSource | null = null
  #wanted = false
  #running: Promise<void> | null = null
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #lastBeganMs = Number.NEGATIVE_INFINITY
  /** Aborted: somebody waits for what is journalled, or for the end. */
  #gathering = new AbortController()

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
    this.#gathering.abort()
    while (this.#running !== null) await this.#running
    this.#gathering = new AbortController()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#gathering.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#wanted && !this.#closed) {
      await this.#gather()
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

  async #gather(): Promise<void> {
    const waitMs = this.#lastBeganMs + GATHER_MS - performance.now()
    if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#gathering.signal }).catch(() => { /* nobody gathers any more */ })
    this.#lastBeganMs = performance.now()
  }

  async #batches(): Promise<void> {
    const { journal, node } = this.#parts
    this.#source ??= { node, journal: await journal.id() }
    for (;;) {
      const facts = await journal.unforwarded(BATCH)
      const last = facts.at(-1)
      if (last === undefined) return
      await this.#carry(this.#source, facts)
      await journal.markForwarded(last.sequence)
      // What was appended meanwhile has poked.
      if (facts.length < BATCH) return
    }
  }

  /** Halves a batch that cannot be applied until the one fact stands alone that is at fault: the others do not wait for it. */
  async #carry(source: FactSource, facts: readonly JournalledFact[]): Promise<void> {
    try {
      await this.#apply(source, facts)
    } catch (error) {
      if (isHoldfastError(error) && error.retry) throw error
      const [only] = facts
      if (only !== undefined && facts.length === 1) {
        await this.#setAside(source, only, error)
        return
      }
      const middle = Math.ceil(facts.length / 2)
      await this.#carry(source, facts.slice(0, middle))
      await this.#carry(source, facts.slice(middle))
    }
  }

  async #apply(source: FactSource, facts: readonly JournalledFact[]): Promise<void> {
    const { repository, forwarded } = this.#parts
    const { touched, due } = await repository.apply(source, facts)
    forwarded(touched, due)
  }

  async #setAside(source: FactSource, journalled: JournalledFact, error: unknown): Promise<void> {
    const { repository, runtime } = this.#parts
    await repository.setAside(source, journalled, { error: String(error), at: runtime.clock.now() })
    runtime.log.error({ sequence: journalled.sequence, fact: journalled.fact.type, error }, 'a fact cannot be applied: set aside')
    runtime.metrics.count('holdfast_facts_set_aside_total')
  }

  #later(error: unknown): void {
    this.#parts.runtime.log.warn({ error, retryMs: this.#retryMs }, 'the catalogue takes no facts now: they wait in the journal')
    this.#parts.runtime.metrics.count('holdfast_catalogue_unreached_total')
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.poke()
    }, this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
    this.#wanted = false
  }
}
