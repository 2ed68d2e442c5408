import type { Settings } from '../../config/settings.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { createLog, type FlushableLog } from './pino-log.ts'
import { createMetrics, type ExposedMetrics } from './prom-metrics.ts'
import { systemClock } from './system-clock.ts'

/** The runtime of a service: its log can be flushed, its metrics shown. */
export interface ServiceRuntime extends Runtime {
  readonly log: FlushableLog
  readonly metrics: ExposedMetrics
}

/** Standard output, and standard error for commands whose output is a document. */
export const STANDARD_OUTPUT = 1
export const STANDARD_ERROR = 2

/** Clock, log and metrics as the settings want them. */
export function serviceRuntime({ log, node, pbxs }: Pick<Settings, 'log' | 'node' | 'pbxs'>, to: number | { write(line: string): void } = STANDARD_OUTPUT): ServiceRuntime {
  return {
    clock: systemClock,
    log: createLog({ ...log, node: node.name }, to),
    metrics: createMetrics({ pbxIds: pbxs.map(({ id }) => id), unlisted: 'count', ofProcess: 'with' }),
  }
}

/** The runtime of a command at the console: warnings in words, and nobody who asks for metrics. */
export function consoleRuntime(): ServiceRuntime {
  return {
    clock: systemClock,
    log: createLog({ level: 'warn', pretty: true, node: null }, STANDARD_ERROR),
    metrics: createMetrics({ pbxIds: [], unlisted: 'count', ofProcess: 'without' }),
  }
}
