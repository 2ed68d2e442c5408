/** Runs tasks of one key one after the other, in the order given; tasks of different keys run side by side. */
export class SerialByKey {
  readonly #tails = new Map<string, Promise<void>>()

  /** Resolves or rejects as the task does; a rejected task does not stop those behind it. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve()
    const result = before.then(task)
    const tail = result.then(() => undefined, () => undefined)
    this.#tails.set(key, tail)
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    })
    return result
  }

  /** Resolves when everything that was given so far, and what it led to, has run. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values())
  }
}
