import { dayLabel, isTimeZone, localTime } from '../rules/local-time.ts'

/** From an instant on, the clocks of a zone show so much more than UTC. */
export interface ZoneOffset {
  readonly from: Date
  readonly offsetMs: number
}

const MINUTE_MS = 60_000
/** No zone changes twice within it. */
const STEP_MS = 86_400_000

/**
 * What the clocks of a zone show between two instants: one piece from one change to the next, the first from `from` on.
 * @param zone - one that `isTimeZone` accepts
 */
export function zoneOffsets(zone: string, from: Date, to: Date): readonly ZoneOffset[] {
  const pieces: ZoneOffset[] = [{ from, offsetMs: offsetAt(zone, from.getTime()) }]
  let before = pieces[0]?.offsetMs ?? 0
  for (let start = from.getTime(); start < to.getTime(); start += STEP_MS) {
    const end = Math.min(start + STEP_MS, to.getTime())
    const after = offsetAt(zone, end)
    if (after === before) continue
    pieces.push({ from: new Date(changeBetween(zone, { start, end, after })), offsetMs: after })
    before = after
  }
  return pieces
}

/** The day that the clocks showed, as `2026-03-01`. @param localMs - the instant and the offset, added up */
export function dayOfLocalMs(localMs: number): string {
  return dayLabel(localTime(new Date(localMs), 'UTC'))
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** `2026-03-01`: where that day begins in the zone; `2026-03-01T09:30Z`: that instant. `null`: it is neither, or there is no such zone. */
export function reportTime(text: string, zone: string): Date | null {
  if (!DAY.test(text) && !INSTANT.test(text)) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || !isTimeZone(zone)) return null
  if (INSTANT.test(text)) return new Date(ms)
  // 30 February is read as a day in March.
  return dayOfLocalMs(ms) === text ? new Date(dayBegins(text, zone, ms)) : null
}

/**
 * The first instant of a day on the clocks of a zone: midnight, the first of two where the clocks go back over it, and the change where they go forward over it,
 * as in Havana and Santiago in spring. @param utcMidnight - of the day of that name
 */
function dayBegins(day: string, zone: string, utcMidnight: number): number {
  const midnights = [utcMidnight - STEP_MS, utcMidnight + STEP_MS].map((at) => utcMidnight - offsetAt(zone, at))
  const ofTheDay = midnights.filter((at) => dayOfLocalMs(at + offsetAt(zone, at)) === day)
  // A day that was left out, as 30 December 2011 in Samoa, is empty: it begins with the next one.
  return ofTheDay.length === 0 ? Math.max(...midnights) : Math.min(...ofTheDay)
}

/** The first minute at which the clocks show the new time. */
function changeBetween(zone: string, { start, end, after }: { readonly start: number; readonly end: number; readonly after: number }): number {
  let [low, high] = [Math.floor(start / MINUTE_MS), Math.ceil(end / MINUTE_MS)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle * MINUTE_MS) === after) high = middle
    else low = middle
  }
  return high * MINUTE_MS
}

function offsetAt(zone: string, ms: number): number {
  const minute = Math.floor(ms / MINUTE_MS) * MINUTE_MS
  const { year, month, day, minuteOfDay } = localTime(new Date(minute), zone)
  return Date.UTC(year, month - 1, day) + minuteOfDay * MINUTE_MS - minute
}
