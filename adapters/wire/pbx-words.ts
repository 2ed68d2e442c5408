import { type AnnouncementOutcome, ANNOUNCEMENT_OUTCOMES, type Direction, DIRECTIONS } from '../../core/domain/call.ts'

/** The entry under this key: a stranger's word may be the name of something inherited. */
export function entryOf<T>(table: Readonly<Partial<Record<string, T>>>, key: string): T | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null
}

/** As a dialplan writes it; `null` for any other word. */
export function directionOf(text: string | null): Direction | null {
  return DIRECTIONS.find((direction) => direction === text) ?? null
}

/** As a dialplan writes it; `null` for any other word. */
export function announcementOutcomeOf(text: string | null): AnnouncementOutcome | null {
  return ANNOUNCEMENT_OUTCOMES.find((outcome) => outcome === text) ?? null
}
