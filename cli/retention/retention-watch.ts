import type { RetentionSettings } from '../../config/retention-settings.ts'
import type { Actor } from '../../core/domain/audit-entry.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import type { RetentionRules } from '../../core/domain/retention/retention-rules.ts'
import { localTime } from '../../core/domain/rules/local-time.ts'
import type { RetentionStore } from '../../core/ports/retention-store.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import type { RetentionRunner } from '../../core/retention/retention-run.ts'
import { stampMinimums } from '../../core/retention/stamp-minimums.ts'

/** A recording is stamped so soon after it settled; until then the rules in force keep it all the same. */
const EVERY_MS = 60_000
const HOUR_MS = 3_600_000

interface WatchParts extends Pick<RetentionSettings, 'nightlyAt' | 'timeZone' | 'perSecond'> {
  readonly rules: () => RetentionRules
  readonly store: Pick<RetentionStore, 'candidates' | 'stamp' | 'runs'>
  readonly runner: Pick<RetentionRunner, 'run'>
  readonly runtime: Runtime
}

/** Of whom nobody asked it. */
const SCHEDULE: Actor = { type: 'system', id: 'retention' }

/** Stamps minimums as recordings settle, and carries the rules out once a day where the settings say so. */
export class RetentionWatch {
  readonly #parts: WatchParts
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> = Promise.resolve()
  /** The version that every recording was looked at by; `null`: none yet. */
  #stampedBy: string | null = null

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), EVERY_MS)
    void this.look()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#working
  }

  /** One look, behind the one that goes on; by itself once a minute. Never rejects. */
  look(): Promise<void> {
    this.#working = this.#working.then(async () => {
      await this.#guarded(() => this.#stamp())
      await this.#guarded(() => this.#nightly())
    })
    return this.#working
  }

  async #stamp(): Promise<void> {
    const { store, runtime } = this.#parts
    const rules = this.#parts.rules()
    await stampMinimums(store, { rules, reach: this.#stampedBy === rules.version ? 'recent' : 'all', now: runtime.clock.now(), signal: this.#stopping.signal })
    if (!this.#stopping.signal.aborted) this.#stampedBy = rules.version
  }

  /** At the hour that is named and within the one after it, unless a run began since: also one of another node. */
  async #nightly(): Promise<void> {
    const { nightlyAt, timeZone, perSecond, rules, store, runner, runtime } = this.#parts
    if (nightlyAt === null || this.#stopping.signal.aborted) return
    const now = runtime.clock.now()
    const [hours = 0, minutes = 0] = nightlyAt.split(':').map(Number)
    const sinceMs = ((localTime(now, timeZone).minuteOfDay - hours * 60 - minutes + 1440) % 1440) * 60_000
    if (sinceMs >= HOUR_MS) return
    const [last] = await store.runs({ first: 1, before: null })
    if (last !== undefined && last.state === 'ended' && last.begunAt.getTime() > now.getTime() - sinceMs - EVERY_MS) return
    const { run, outcomes, left } = await runner.run({ rules: rules(), by: SCHEDULE, perSecond, signal: this.#stopping.signal })
    runtime.log.info({ runId: run.id, outcomes, left }, 'the rules of retention were carried out')
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // Another node's run is no fault; for everything else the next turn looks again.
      if (this.#stopping.signal.aborted || isHoldfastError(error, 'RETENTION_RUNNING')) return
      this.#parts.runtime.log.error({ error }, 'retention failed')
    }
  }
}
