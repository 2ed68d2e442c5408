/** Audio as it was sent or received: pieces on a time line of samples. What lies between pieces was silence on the wire. */
export class AudioTrack {
  readonly #pieces: { readonly position: number; readonly samples: Int16Array }[] = []
  readonly #keeps: 'audio' | 'counts'
  #sampleCount = 0
  #end = 0

  /** With `counts` the audio itself is let go: for calls that last for hours. */
  constructor(keeps: 'audio' | 'counts') {
    this.#keeps = keeps
  }

  write(position: number, samples: Int16Array): void {
    this.#sampleCount += samples.length
    this.#end = Math.max(this.#end, position + samples.length)
    if (this.#keeps === 'audio') this.#pieces.push({ position, samples })
  }

  /** Samples that went over the wire. */
  get sampleCount(): number {
    return this.#sampleCount
  }

  /** Length of the time line in samples, gaps included. */
  get lengthSamples(): number {
    return this.#end
  }

  /** The whole time line; gaps are zeros. */
  toSamples(): Int16Array {
    const whole = new Int16Array(this.#end)
    for (const { position, samples } of this.#pieces) whole.set(samples, position)
    return whole
  }

  /** The last so many samples, to look at what is heard now. */
  lastSamples(count: number): Int16Array {
    const start = Math.max(0, this.#end - count)
    const window = new Int16Array(this.#end - start)
    for (const { position, samples } of this.#pieces.slice(-Math.ceil(count / 80) - 1)) {
      const from = Math.max(position, start)
      if (from < position + samples.length) window.set(samples.subarray(from - position), from - start)
    }
    return window
  }
}
