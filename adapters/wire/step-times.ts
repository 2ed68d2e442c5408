/** Waits for one step, from before it is asked for. */
export class ExpectedStep implements Disposable {
  readonly #told = Promise.withResolvers<Date>()
  readonly #forget: (step: ExpectedStep) => void

  constructor(forget: (step: ExpectedStep) => void) {
    this.#forget = forget
  }

  /** When it was done, by its event: it may have come already. `null`: none within this time. */
  async within(ms: number): Promise<Date | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>()
    const timer = setTimeout(() => resolve(null), ms)
    try {
      return await Promise.race([this.#told.promise, late])
    } finally {
      clearTimeout(timer)
    }
  }

  tell(at: Date): void {
    this.#told.resolve(at)
  }

  [Symbol.dispose](): void {
    this.#forget(this)
  }
}

/** When a PBX really did what it was told: its event has a time, the reply has none. Of who waits for the same, the first is told. */
export class StepTimes {
  readonly #expected = new Map<ExpectedStep, string>()

  note(step: string, at: Date): void {
    for (const [expected, awaited] of this.#expected) {
      if (awaited !== step) continue
      this.#expected.delete(expected)
      expected.tell(at)
      return
    }
  }

  expect(step: string): ExpectedStep {
    const expected = new ExpectedStep((done) => this.#expected.delete(done))
    this.#expected.set(expected, step)
    return expected
  }
}
