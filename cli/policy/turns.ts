import { HoldfastError } from '../../core/domain/errors.ts'

export interface TurnLimits {
  readonly maxWaiting: number
  readonly deadlineMs: number
}

/** One piece of work at a time. Few may wait for their turn, and none for long. */
export class Turns {
  readonly #limits: TurnLimits
  readonly #waiting: (() => void)[] = []
  #isTaken = false

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  /** @throws HoldfastError `RATE_LIMITED` (retry) when too many wait, or for too long; then nothing was begun */
  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true
      return
    }
    const { maxWaiting, deadlineMs } = this.#limits
    if (this.#waiting.length >= maxWaiting) throw new HoldfastError('RATE_LIMITED', 'too many wait for the same: one at a time', { maxWaiting })
    const turn = Promise.withResolvers<void>()
    this.#waiting.push(turn.resolve)
    const timer = setTimeout(() => {
      // Out of the queue first: a turn that nobody takes would be the last one.
      const place = this.#waiting.indexOf(turn.resolve)
      if (place >= 0) this.#waiting.splice(place, 1)
      turn.reject(new HoldfastError('RATE_LIMITED', 'the turn did not come in time: one at a time', { deadlineMs }))
    }, deadlineMs)
    try {
      await turn.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Handed over, and not given back: nobody gets in between. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#isTaken = false
    else next()
  }
}
