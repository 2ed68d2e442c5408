import { setTimeout as delay } from 'node:timers/promises'

/** A run writes so long at a stretch; then whoever else wants to write has his turn. */
export const WORK_MS = 500
/**
 * So long a run then touches nothing. SQLite lets no writer in by turns: who waits for the file looks again after 100 ms at the latest, and a run that
 * writes without a rest is there before him again and again. In this time everybody who waits has looked once.
 * Source: SQLite main.c, sqliteDefaultBusyCallback
 */
export const REST_MS = 150

/** What time it is for a run, and how it waits; a test turns both. */
export interface RunTime {
  /** Milliseconds that never go back. */
  readonly nowMs: () => number
  /** Ends early, and without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

export const MACHINE_TIME: RunTime = {
  nowMs: () => performance.now(),
  pause: async (ms, signal) => {
    // An end in the middle of a rest is an end.
    await delay(ms, undefined, { signal }).catch(() => undefined)
  },
}

/** How fast a run of the retention rules goes: at its rate, and never long without a rest. */
export class RunPace {
  readonly #time: RunTime
  readonly #itemMs: number
  #workedSinceMs: number
  /** What rests took beyond the rate: the next items wait so much less. */
  #aheadMs = 0

  constructor(time: RunTime, perSecond: number) {
    this.#time = time
    this.#itemMs = 1000 / perSecond
    this.#workedSinceMs = time.nowMs()
  }

  nowMs(): number {
    return this.#time.nowMs()
  }

  /** Between two pages of what is written without a rate: only the rest, if it is due. */
  async afterPage(signal: AbortSignal): Promise<void> {
    if (this.#isRestDue()) await this.#rest(REST_MS, signal)
  }

  async afterItem(beganMs: number, signal: AbortSignal): Promise<void> {
    const owedMs = Math.max(0, this.#itemMs - (this.#time.nowMs() - beganMs))
    const waitMs = Math.max(0, owedMs - this.#aheadMs)
    const restMs = this.#isRestDue() ? Math.max(REST_MS, waitMs) : waitMs
    this.#aheadMs = Math.min(REST_MS, this.#aheadMs + restMs - owedMs)
    if (restMs >= REST_MS) await this.#rest(restMs, signal)
    else if (restMs > 0) await this.#time.pause(restMs, signal)
  }

  #isRestDue(): boolean {
    return this.#time.nowMs() - this.#workedSinceMs >= WORK_MS
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    await this.#time.pause(ms, signal)
    this.#workedSinceMs = this.#time.nowMs()
  }
}
