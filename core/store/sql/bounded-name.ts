import { createHash } from 'node:crypto'

/** Longest text in a `name` column. Source: sql-dialect.ts, varchar(160) */
const MAX_NAME_LENGTH = 160
/** What is kept of a longer one, before a mark and its SHA-256. */
const KEPT_LENGTH = 95

/** A stranger's word where only a short one fits: a long one keeps its beginning and is told from others by its digest. */
export function boundedName(text: string): string {
  if (text.length <= MAX_NAME_LENGTH) return text.toWellFormed()
  return `${text.slice(0, KEPT_LENGTH).toWellFormed()}~${createHash('sha256').update(text).digest('hex')}`
}
