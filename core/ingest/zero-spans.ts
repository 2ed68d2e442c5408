import type { FrameSpan } from './frames.ts'
import type { LaneBlock } from './lane-reader.ts'

/** Collects the spans in which both lanes are exactly zero. Shorter ones than `leastFrames` are dropped, which bounds the list. */
export class ZeroSpans {
  readonly #leastFrames: number
  readonly #spans: FrameSpan[] = []
  #from: number | null = null
  #at = 0

  constructor(leastFrames: number) {
    this.#leastFrames = Math.max(1, leastFrames)
  }

  push({ received, transmitted }: LaneBlock): void {
    for (let index = 0; index < received.length; index += 1) {
      const silent = received[index] === 0 && transmitted[index] === 0
      if (silent && this.#from === null) this.#from = this.#at + index
      else if (!silent && this.#from !== null) this.#close(this.#at + index)
    }
    this.#at += received.length
  }

  /** All spans, the open one included. */
  end(): readonly FrameSpan[] {
    if (this.#from !== null) this.#close(this.#at)
    return this.#spans
  }

  #close(to: number): void {
    if (this.#from !== null && to - this.#from >= this.#leastFrames) this.#spans.push({ from: this.#from, to })
    this.#from = null
  }
}
