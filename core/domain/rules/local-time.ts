export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** What the calendar and the clock on the wall show somewhere. */
export interface LocalTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly weekday: Weekday
  /** Minutes since midnight by the clock on the wall: on the day of a change some come twice or never. */
  readonly minuteOfDay: number
}

const DAY_MS = 86_400_000
/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 3

/** Making one costs more than a hundred uses; there are no more than a few hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether this names a time zone of the IANA data base. Offsets such as `+02:00` do not: they know no summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    formatOf(zone)
    return true
  } catch {
    // Intl has no other way to say that it does not know a zone.
    return false
  }
}

/**
 * An instant on the clock of a place.
 * @param zone - one that {@link isTimeZone} accepts
 */
export function localTime(at: Date, zone: string): LocalTime {
  const parts = new Map(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const [year, month, day] = [part('year'), part('month'), part('day')]
  return { year, month, day, weekday: weekdayOf(dayNumber(year, month, day)), minuteOfDay: part('hour') * 60 + part('minute') }
}

/** `2026-11-22`. */
export function dayLabel({ year, month, day }: LocalTime): string {
  return `${monthLabel({ year, month })}-${pad(day, 2)}`
}

/** `2026-11`. */
export function monthLabel({ year, month }: Pick<LocalTime, 'year' | 'month'>): string {
  return `${pad(year, 4)}-${pad(month, 2)}`
}

/** `2026-W47`: weeks begin on Monday, and belong to the year of their Thursday. Source: ISO 8601. */
export function weekLabel({ year, month, day, weekday }: LocalTime): string {
  const thursday = dayNumber(year, month, day) - WEEKDAYS.indexOf(weekday) + WEEKDAYS.indexOf('thu')
  const itsYear = new Date(thursday * DAY_MS).getUTCFullYear()
  const week = Math.floor((thursday - dayNumber(itsYear, 1, 1)) / 7) + 1
  return `${pad(itsYear, 4)}-W${pad(week, 2)}`
}

export function dayBefore(weekday: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(weekday) + WEEKDAYS.length - 1) % WEEKDAYS.length] ?? weekday
}

/** `09:05`. */
export function clockText(minuteOfDay: number): string {
  return `${pad(Math.floor(minuteOfDay / 60), 2)}:${pad(minuteOfDay % 60, 2)}`
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** Days since 1970-01-01. */
function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS
}

function weekdayOf(dayNumber: number): Weekday {
  const index = (((dayNumber + WEEKDAY_OF_DAY_ZERO) % WEEKDAYS.length) + WEEKDAYS.length) % WEEKDAYS.length
  return WEEKDAYS[index] ?? 'mon'
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
