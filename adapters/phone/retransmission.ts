/** The estimate of a round trip from which all other times follow. Source: RFC 3261 §17.1.1.1 */
export const T1_MS = 500
/** The longest pause between two repetitions. Source: RFC 3261 §17.1.2.1 */
export const T2_MS = 4000
/** After this long without an answer the peer is given up: timers B, F and H. Source: RFC 3261 §17.1.1.2 */
export const TRANSACTION_DEADLINE_MS = 64 * T1_MS

/** Repeats a message at growing intervals until it is stopped or the deadline has passed. */
export class Retransmission {
  readonly #send: () => void
  readonly #onDeadline: () => void
  readonly #longestMs: number
  #repeat: NodeJS.Timeout | null = null
  #deadline: NodeJS.Timeout | null = null

  /** @param options.longestMs - T2, or Infinity for an INVITE, whose interval goes on doubling */
  constructor(options: { readonly send: () => void; readonly onDeadline: () => void; readonly longestMs: number }) {
    this.#send = options.send
    this.#onDeadline = options.onDeadline
    this.#longestMs = options.longestMs
  }

  start(): void {
    this.#deadline = setTimeout(() => {
      this.stop()
      this.#onDeadline()
    }, TRANSACTION_DEADLINE_MS)
    this.#sendAndRepeat(T1_MS)
  }

  stop(): void {
    this.pause()
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    this.#deadline = null
  }

  /** Ends the repetitions but not the waiting. */
  pause(): void {
    if (this.#repeat !== null) clearTimeout(this.#repeat)
    this.#repeat = null
  }

  #sendAndRepeat(intervalMs: number): void {
    this.#send()
    this.#repeat = setTimeout(() => this.#sendAndRepeat(Math.min(2 * intervalMs, this.#longestMs)), intervalMs)
  }
}
