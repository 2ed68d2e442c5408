/**
 * Writers of one SQLite file in this process, one after the other in the order in which they came. SQLite itself lets them try again
 * and again, and one that writes without a pause never lets the other in (measured: an append gave up after 10 s).
 */
export class WriteTurns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => { /* its own caller hears of it; the next one has its turn all the same */ })
    return turn
  }
}
