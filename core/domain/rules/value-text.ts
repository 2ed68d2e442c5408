/** Digits that a JavaScript number keeps apart. */
const NUMBER = /^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?$/
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
/** A time needs its offset: without one it would mean another instant on another machine. */
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/

/** The number that a text is, `null` when it is none: decimal, a point, up to 15 digits on either side. */
export function numberOf(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null
}

/** Milliseconds since 1970 of an ISO 8601 day (its midnight in UTC) or of a time with offset; `null` when it is neither. */
export function instantOf(text: string): number | null {
  if (!DAY.test(text) && !INSTANT.test(text)) return null
  const instant = Date.parse(text)
  // The parser takes the 31st of February for the 3rd of March.
  const exists = Number.isFinite(instant) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10))
  return exists ? instant : null
}
