/** The bounds of a back-off; `random` gives numbers in `[0, 1)`. */
export interface BackOffOptions {
  readonly firstMs: number
  readonly maxMs: number
  readonly random: () => number
}

/**
 * How long to wait before the next attempt: doubled each time up to a bound, for ever.
 * Half of each delay is random, so that many clients of a restarted server do not come back in the same instant.
 */
export class BackOff {
  readonly #options: BackOffOptions
  #ceilingMs: number

  constructor(options: BackOffOptions) {
    this.#options = options
    this.#ceilingMs = options.firstMs
  }

  nextDelayMs(): number {
    const ceilingMs = this.#ceilingMs
    this.#ceilingMs = Math.min(ceilingMs * 2, this.#options.maxMs)
    return Math.round(ceilingMs / 2 + (this.#options.random() * ceilingMs) / 2)
  }

  /** Called when an attempt has proved itself. */
  reset(): void {
    this.#ceilingMs = this.#options.firstMs
  }
}
