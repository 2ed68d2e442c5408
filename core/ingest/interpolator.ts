/**
 * Makes `factor` samples of each one, on straight lines from the sample before to it. Holds one sample, so that blocks may be cut anywhere.
 * Straight lines: the voice of the lower rate is kept as it is, what they add lies above it and is weak, and exact zeros stay exact zeros.
 */
export class Interpolator {
  readonly #factor: number
  /** How many samples have been made of the present one. */
  #made: number
  #before = 0
  #present: number | null = null

  constructor(factor: number) {
    this.#factor = factor
    this.#made = factor
  }

  /** How many new samples the next `frames` are made of. */
  needs(frames: number): number {
    return Math.max(0, Math.ceil((frames - (this.#factor - this.#made)) / this.#factor))
  }

  /** Fills the target, in place. @param samples - as many as it needs */
  writeTo(target: Int16Array, samples: Int16Array): void {
    let taken = 0
    for (let at = 0; at < target.length; at += 1) {
      if (this.#made === this.#factor) {
        const sample = samples[taken] ?? 0
        this.#before = this.#present ?? sample
        this.#present = sample
        this.#made = 0
        taken += 1
      }
      this.#made += 1
      target[at] = Math.round(this.#before + (((this.#present ?? 0) - this.#before) * this.#made) / this.#factor)
    }
  }
}
