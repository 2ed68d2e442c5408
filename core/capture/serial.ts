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

  /** Runs a task when it is its turn under each of the keys. Who gives the same keys gives them in the same order, or both wait for ever. */
  runUnder<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    return keys.reduceRight<() => Promise<T>>((inner, key) => () => this.run(key, inner), task)()
  }

  /** Resolves when everything that was given so far, and what it led to, has run. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values())
  }
}
