/** A day, or a time of it to the millisecond, with Z, an offset, or neither. */
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/
export const INSTANT = 'a time such as 2026-03-01 or 2026-03-01T09:30Z; UTC where it names no offset'

/** UTC unless it says otherwise: one file means the same on every machine. `null`: it is none. */
export function parseInstant(text: string): Date | null {
  if (!ISO_TIME.test(text)) return null
  const whole = text.length === 10 ? `${text}T00:00Z` : /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`
  const at = new Date(whole)
  // The 30th of February is the 2nd of March to the parser.
  return Number.isNaN(at.getTime()) || (whole.endsWith('Z') && !at.toISOString().startsWith(text.slice(0, 10))) ? null : at
}
