/** A stretch of time, in milliseconds since 1970; `to` is beyond it. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The same time as spans that are in order and apart; empty ones are dropped. */
export function union(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = []
  for (const span of spans.filter(({ from, to }) => from < to).toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1)
    if (last === undefined || span.from > last.to) merged.push(span)
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return merged
}

/** What of the first lies in none of the second. */
export function subtract(spans: readonly Span[], holes: readonly Span[]): readonly Span[] {
  return union(holes).reduce((left, hole) => left.flatMap((span) => [
    { from: span.from, to: Math.min(span.to, hole.from) },
    { from: Math.max(span.from, hole.to), to: span.to },
  ].filter(({ from, to }) => from < to)), union(spans))
}

/** What of the first lies in the second. */
export function intersect(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const within = union(others)
  return union(spans).flatMap((span) => within
    .map((other) => ({ from: Math.max(span.from, other.from), to: Math.min(span.to, other.to) }))
    .filter(({ from, to }) => from < to))
}

export function lengthOf(spans: readonly Span[]): number {
  return union(spans).reduce((sum, { from, to }) => sum + to - from, 0)
}
