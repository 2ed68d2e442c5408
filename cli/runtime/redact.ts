import type { LogFields } from '../../core/ports/runtime.ts'

/** Names whose values are never written, wherever they stand. */
const SECRET_NAMES = new Set(['secret', 'password', 'passphrase', 'token', 'ticket', 'authorization', 'cookie', 'identity', 'filekey', 'privatekey', 'apikey', 'api_key'])
/** age identities, and passwords within URLs. */
const SECRET_TEXT = /AGE-SECRET-KEY-[0-9A-Z-]+|(?<=:\/\/)[^/\s@]+(?=@)/gi
const HIDDEN = '[hidden]'
/** Enough for a stack; a caller's 4 KB value is not worth a log. */
const MAX_TEXT = 2000
const MAX_DEPTH = 6

/** The fields without what must not be written: a second net, the first is not to log secrets at all. */
export function redacted(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, SECRET_NAMES.has(name.toLowerCase()) ? HIDDEN : plain(value, 1)]))
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactedText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return errorFields(value, depth)
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, SECRET_NAMES.has(name.toLowerCase()) ? HIDDEN : plain(item, depth + 1)]))
}

/** Text without secrets, and of a length that a log can bear. */
export function redactedText(text: string): string {
  const clean = text.replace(SECRET_TEXT, HIDDEN)
  return clean.length <= MAX_TEXT ? clean : `${clean.slice(0, MAX_TEXT)}… (${clean.length} characters)`
}

/** What an error says: our code and details, its stack and its cause. */
function errorFields(error: Error, depth: number): Record<string, unknown> {
  const own = Object.fromEntries(Object.entries(error).map(([name, value]) => [name, plain(value, depth + 1)]))
  return {
    ...own,
    name: error.name,
    message: redactedText(error.message),
    stack: redactedText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) }),
  }
}
