import { destination, type DestinationStream, pino, stdTimeFunctions } from 'pino'
import type { Log } from '../../core/ports/runtime.ts'
import { prettyLine } from './pretty-line.ts'
import { redacted, redactedText } from './redact.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogOptions {
  readonly level: LogLevel
  /** Lines for people instead of JSON. */
  readonly pretty: boolean
  /** Written with each line; `null` for tools. */
  readonly node: string | null
}

/** A log that can be emptied before the process ends. */
export interface FlushableLog extends Log {
  flush(): void
}

/** When nobody reads our output, lines beyond this are dropped: a log must not eat the memory of a recorder. Guess. */
const MAX_WAITING_BYTES = 1024 * 1024

/**
 * Pino behind the port.
 * @param to - a file descriptor (1, 2), written without blocking the event loop, or anything that takes lines
 */
export function createLog({ level, pretty, node }: LogOptions, to: number | DestinationStream): FlushableLog {
  const file = typeof to === 'number' ? destination({ fd: to, sync: false, minLength: 0, maxLength: MAX_WAITING_BYTES }) : null
  const raw: DestinationStream = file ?? (to as DestinationStream)
  const sink: DestinationStream = pretty ? { write: (line) => raw.write(prettyLine(line)) } : raw
  const log = pino({
    level,
    base: node === null ? {} : { node },
    timestamp: stdTimeFunctions.isoTime,
    messageKey: 'event',
    formatters: { level: (label) => ({ level: label }), log: redacted },
  }, sink)
  return {
    debug: (fields, message) => log.debug(fields, redactedText(message)),
    info: (fields, message) => log.info(fields, redactedText(message)),
    warn: (fields, message) => log.warn(fields, redactedText(message)),
    error: (fields, message) => log.error(fields, redactedText(message)),
    flush: () => file?.flushSync(),
  }
}
