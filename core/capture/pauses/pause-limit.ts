import { isHoldfastError } from '../../domain/errors.ts'
import type { PbxId } from '../../domain/ids.ts'
import type { PbxAdapter } from '../../ports/pbx-adapter.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InteractionPauses, PauseInForce } from '../calls/interaction-pauses.ts'
import type { LiveRecordings } from '../calls/live-recordings.ts'
import type { PauseControl } from './pause-control.ts'

/** How often pauses are looked at: a forgotten pause lasts at most this much too long. */
const CHECK_EVERY_MS = 1000
/** A pause that is shorter than the time of the warning is warned of in its middle. */
const EARLIEST_WARNING_SHARE = 0.5

interface Parts {
  readonly live: LiveRecordings
  readonly pauses: InteractionPauses
  readonly control: PauseControl
  readonly adapters: ReadonlyMap<PbxId, PbxAdapter>
  readonly runtime: Runtime
  /** How long before the limit it is told that it comes. */
  readonly warnBeforeMs: number
}

/**
 * Ends pauses that nobody ends (R7), and warns before. Both by the clock of the PBX, which dates the pauses. While its link is
 * down nothing can be ended; what passed meanwhile is ended as soon as it is up, and ingest names the silence that was too much.
 */
export class PauseLimit {
  readonly #parts: Parts
  #timer: NodeJS.Timeout | null = null
  #checking: Promise<void> = Promise.resolve()
  /** A look that has not begun yet: a PBX that answers slowly must not make a queue of them. */
  #next: Promise<void> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), CHECK_EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#checking
  }

  /** One look at all pauses; never fails, and one look at a time. */
  check(): Promise<void> {
    this.#next ??= this.#checking.then(async () => {
      this.#next = null
      await this.#look()
    })
    this.#checking = this.#next
    return this.#next
  }

  async #look(): Promise<void> {
    const { pauses, adapters, control, runtime } = this.#parts
    for (const [pbxId, adapter] of adapters) {
      const ofPbx = pauses.all().filter((pause) => pause.pbxId === pbxId)
      runtime.metrics.gauge('holdfast_pauses_in_force', ofPbx.length, { pbx: pbxId })
      if (adapter.linkState === 'up') await Promise.all(ofPbx.map((pause) => this.#guarded(pause, () => this.#lookAt(pause, adapter.now.getTime()))))
    }
    try {
      await control.settle()
    } catch (error) {
      this.#tell(error, {})
    }
  }

  async #lookAt(pause: PauseInForce, nowMs: number): Promise<void> {
    if (await this.#parts.control.endForbidden(pause.interactionId)) return
    const endMs = pause.at.getTime() + pause.limitMs
    const beforeMs = Math.min(this.#parts.warnBeforeMs, pause.limitMs * EARLIEST_WARNING_SHARE)
    if (nowMs >= endMs) await this.#end(pause)
    else if (beforeMs > 0 && nowMs >= endMs - beforeMs) await this.#warn(pause, { endsInMs: endMs - nowMs, at: new Date(nowMs) })
  }

  async #end({ interactionId, pbxId }: PauseInForce): Promise<void> {
    const { control, pauses, runtime } = this.#parts
    const results = await control.resume([interactionId], { by: { type: 'system', id: 'pause-limit' }, how: 'limit' })
    // The link broke in this moment: nothing was noted, and the next look ends it.
    if (pauses.of(interactionId) !== null) return
    runtime.metrics.count('holdfast_pauses_expired_total', { pbx: pbxId })
    // What is not confirmed is asked for again at the next look.
    runtime.log.warn({ interactionId, unconfirmed: results.filter(({ outcome }) => outcome === 'failed').length }, 'forgotten pause ended by its limit')
  }

  /** Once for each recording: a fact, so that it is seen wherever the recording is. */
  async #warn({ interactionId, pbxId }: PauseInForce, { endsInMs, at }: { readonly endsInMs: number; readonly at: Date }): Promise<void> {
    const { live, runtime } = this.#parts
    const unwarned = live.ofInteraction(interactionId).filter(({ state, pauses }) => state === 'paused' && pauses.at(-1)?.warnedAt === null)
    if (unwarned.length === 0) return
    for (const { id: recordingId } of unwarned) await live.record({ type: 'pause-warned', recordingId, at })
    runtime.metrics.count('holdfast_pauses_warned_total', { pbx: pbxId })
    runtime.log.warn({ interactionId, endsInMs }, 'a pause is going to be ended by its limit')
  }

  async #guarded({ interactionId }: PauseInForce, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#tell(error, { interactionId })
    }
  }

  /** Tried again at the next look: the journal may take it then, or the call be over. */
  #tell(error: unknown, about: Readonly<Record<string, string>>): void {
    const { runtime } = this.#parts
    if (isHoldfastError(error)) runtime.log.warn({ ...about, error }, 'a pause could not be looked after')
    else runtime.log.error({ ...about, error }, 'a pause could not be looked after, unforeseen')
  }
}
