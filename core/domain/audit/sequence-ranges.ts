/** Places in a chain as stretches, so that many beside each other cost as much as one. */
export class SequenceRanges {
  /** `[from, to]`, ascending, never touching each other. */
  readonly #ranges: [number, number][] = []

  /** Of ascending places. */
  static of(sequences: Iterable<number>): SequenceRanges {
    const ranges = new SequenceRanges()
    for (const sequence of sequences) ranges.add(sequence, sequence)
    return ranges
  }

  /** `5-8,12`, as {@link toString} writes it; `null` for anything else. */
  static parse(text: string): SequenceRanges | null {
    const ranges = new SequenceRanges()
    if (text === '') return ranges
    for (const part of text.split(',')) {
      const [, from = '', to = from] = /^([1-9][0-9]{0,15})(?:-([1-9][0-9]{0,15}))?$/.exec(part) ?? []
      if (from === '' || Number(to) < Number(from)) return null
      ranges.add(Number(from), Number(to))
    }
    return ranges
  }

  get count(): number {
    return this.#ranges.reduce((count, [from, to]) => count + to - from + 1, 0)
  }

  add(from: number, to: number): void {
    const last = this.#ranges.at(-1)
    // As a rule they come in their order.
    if (last === undefined || from > last[1] + 1) this.#ranges.push([from, to])
    else if (from >= last[0]) last[1] = Math.max(last[1], to)
    else this.#insert(from, to)
  }

  addAll(other: SequenceRanges): void {
    for (const [from, to] of other.#ranges) this.add(from, to)
  }

  /** The first place that the other has not; `null`: it has all. */
  firstBeyond(other: SequenceRanges): number | null {
    for (const [from, to] of this.#ranges) {
      let at = from
      for (const [otherFrom, otherTo] of other.#ranges) if (otherFrom <= at && at <= otherTo) at = otherTo + 1
      if (at <= to) return at
    }
    return null
  }

  toString(): string {
    return this.#ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(',')
  }

  #insert(from: number, to: number): void {
    const all = [...this.#ranges, [from, to] as [number, number]].sort((one, other) => one[0] - other[0])
    this.#ranges.length = 0
    for (const [start, end] of all) this.add(start, end)
  }
}
