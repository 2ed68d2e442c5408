/** The present. Tests put a fake here. */
export interface Clock {
  now(): Date
}

/** Does something again and again until what it gives is called. Tests put a timer here that they turn by hand. @param work - never rejects */
export type Repeat = (everyMs: number, work: () => Promise<void>) => () => void

export type LogFields = Readonly<Record<string, unknown>>
/** A log line is an event name and fields; pino fits. Never attached-data values, numbers or keys above debug. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** Counters and gauges, by names that `cli/runtime/metric-list.ts` lists; labels are closed sets. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void
  observe(name: string, value: number, labels?: Readonly<Record<string, string>>): void
}

/** What every service needs from its surroundings. */
export interface Runtime {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}
