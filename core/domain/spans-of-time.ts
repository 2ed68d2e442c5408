/** A time from when to when (`toAt` not included; `null`: without an end). */
export interface TimeSpan {
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** The span without what lies in the other: what is before it, and what is behind it. */
export function without<T extends TimeSpan>(span: T, { fromAt, toAt }: TimeSpan): readonly T[] {
  const isApart = (toAt !== null && toAt <= span.fromAt) || (span.toAt !== null && span.toAt <= fromAt)
  if (isApart) return [span]
  const before = span.fromAt < fromAt ? [{ ...span, toAt: fromAt }] : []
  const behind = toAt !== null && (span.toAt === null || span.toAt > toAt) ? [{ ...span, fromAt: toAt }] : []
  return [...before, ...behind]
}

/** From when two histories of one thing differ; `null`: they do not. One that begins alike and ends otherwise differs from the earlier end on. */
export function differFrom<T extends TimeSpan>(one: readonly T[], other: readonly T[], textOf: (span: T) => string): Date | null {
  const times = [...apartFrom(one, other, textOf), ...apartFrom(other, one, textOf)]
  return times.length === 0 ? null : new Date(Math.min(...times))
}

function apartFrom<T extends TimeSpan>(spans: readonly T[], others: readonly T[], textOf: (span: T) => string): readonly number[] {
  const key = (span: T): string => `${span.fromAt.getTime()} ${textOf(span)}`
  const ends = new Map(others.map((span) => [key(span), span.toAt?.getTime() ?? Infinity]))
  return spans.flatMap((span) => {
    const [end, otherEnd] = [span.toAt?.getTime() ?? Infinity, ends.get(key(span))]
    if (otherEnd === undefined) return [span.fromAt.getTime()]
    return end === otherEnd ? [] : [Math.min(end, otherEnd)]
  })
}
