/** Runs tasks of one key one after the other, in the order given; tasks of different keys run side by side. */
export class SerialByKey {
  readonly #tails = new Map<string, Promise<void>>()

  /** Resolves or rejects as the task does; a rejected task does not stop those behind it. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    return this.runUnder([key], task)
  }

  /**
   * Runs a task when it is its turn under each of the keys. It takes its place under all of them in this instant, so that nobody waits
   * in a circle, in whatever order keys are given, and nothing that is given later comes before it. A task must not wait for another key.
   */
  runUnder<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const [before = Promise.resolve(), ...more] = keys.flatMap((key) => this.#tails.get(key) ?? [])
    const result = (more.length === 0 ? before : Promise.all([before, ...more])).then(task)
    const tail = result.then(() => undefined, () => undefined)
    for (const key of keys) this.#tails.set(key, tail)
    void tail.then(() => {
      for (const key of keys) if (this.#tails.get(key) === tail) this.#tails.delete(key)
    })
    return result
  }

  /** Resolves when everything that was given so far, and what it led to, has run. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values())
  }
}
