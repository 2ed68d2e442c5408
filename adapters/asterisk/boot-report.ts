import { setTimeout as delay } from 'node:timers/promises'
import type { AmiMessage } from './ami-message.ts'

/** Sent after each login to a booted Asterisk, whatever the filter; else when it has booted, and then the filter applies. Source: Asterisk 22 main/manager.c; seen */
export const BOOT_EVENT = 'FullyBooted'

/**
 * Asterisk takes a login while it still boots, and says `FullyBooted` when it has; to a user without the right `system` never.
 * Without it no restart can be told from a lost connection, so that it is waited for: a small PBX boots in half a second.
 */
const BOOT_GRACE_MS = 5_000

/** When Asterisk was started, to the second, as it tells once after each login. */
export class BootReport {
  readonly #told = Promise.withResolvers<Date | null>()

  tell(message: AmiMessage, now: Date): void {
    const uptimeSeconds = Number(message.get('Uptime') ?? Number.NaN)
    this.#told.resolve(Number.isFinite(uptimeSeconds) ? new Date(now.getTime() - uptimeSeconds * 1000) : null)
  }

  /** By our clock; `null` when it was not told in time. */
  async startedAt(): Promise<Date | null> {
    const stop = new AbortController()
    const late = delay(BOOT_GRACE_MS, null, { signal: stop.signal }).catch(() => null)
    try {
      return await Promise.race([this.#told.promise, late])
    } finally {
      stop.abort()
    }
  }
}
