import { setTimeout as delay } from 'node:timers/promises'
import type { CheckpointOutlet } from '../../ports/audit-evidence.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** A server that takes longer for one line is as good as away. */
export const DELIVERY_DEADLINE_MS = 10_000
/** At the stop of the service, for all that waits: the service itself has ten seconds. */
const LAST_CHANCE_MS = 2000
const FIRST_PAUSE_MS = 1000
/** A syslog server that is mended is found within five minutes. */
const LONGEST_PAUSE_MS = 300_000
/** Each checkpoint covers all that were before it: of many that could not be delivered, the newest are enough. */
const MOST_WAITING = 1000

/** Takes checkpoints to one place outside, in their order, for as long as that takes. Nobody waits for it. */
export class CheckpointDelivery {
  readonly #outlet: CheckpointOutlet
  readonly #runtime: Runtime
  readonly #told: (state: 'fails' | 'works', name: CheckpointOutlet['name']) => void
  readonly #waiting: string[] = []
  readonly #stopping = new AbortController()
  #working: Promise<void> | null = null
  #state: 'fails' | 'works' = 'works'

  /** @param told - called when the place stops working, and when it works again */
  constructor({ outlet, runtime, told }: { readonly outlet: CheckpointOutlet; readonly runtime: Runtime; readonly told: (state: 'fails' | 'works', name: CheckpointOutlet['name']) => void }) {
    this.#outlet = outlet
    this.#runtime = runtime
    this.#told = told
  }

  add(line: string): void {
    this.#waiting.push(line)
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()
    this.#working ??= this.#work().finally(() => {
      this.#working = null
    })
  }

  /** Tries what waits once more, and ends. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#working
    try {
      const lastChance = AbortSignal.timeout(LAST_CHANCE_MS)
      // The newest first: it covers the others.
      for (const line of this.#waiting.splice(0).toReversed()) await this.#write(line, lastChance)
    } catch (error) {
      this.#failed(error)
    }
    await this.#outlet.close()
  }

  async #work(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    for (let [line] = this.#waiting; line !== undefined && !this.#stopping.signal.aborted; [line] = this.#waiting) {
      try {
        await this.#write(line, AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(DELIVERY_DEADLINE_MS)]))
        pauseMs = FIRST_PAUSE_MS
        const at = this.#waiting.indexOf(line)
        if (at !== -1) this.#waiting.splice(at, 1)
        this.#change('works')
      } catch (error) {
        if (!this.#stopping.signal.aborted) this.#failed(error)
        await delay(pauseMs, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      }
    }
  }

  async #write(line: string, signal: AbortSignal): Promise<void> {
    await this.#outlet.write(line, signal)
    this.#runtime.metrics.count('holdfast_audit_checkpoints_delivered_total', { outlet: this.#outlet.name })
  }

  #failed(error: unknown): void {
    this.#runtime.metrics.count('holdfast_audit_checkpoints_undelivered_total', { outlet: this.#outlet.name })
    this.#runtime.log.error({ outlet: this.#outlet.name, error }, 'audit checkpoint not delivered')
    this.#change('fails')
  }

  #change(state: 'fails' | 'works'): void {
    if (this.#state === state) return
    this.#state = state
    this.#told(state, this.#outlet.name)
  }
}
