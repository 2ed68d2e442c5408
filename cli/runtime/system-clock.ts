import type { Clock } from '../../core/ports/runtime.ts'

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }
