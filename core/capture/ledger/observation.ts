import type { UnobservedBecause } from '../../domain/coverage.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'

/** A process that is killed says nothing more: what it saw is noted this often, and the ledger counts at most so much of it as unseen. */
const NOTE_EVERY_MS = 5000

type LinkUp = Extract<PbxEvent, { type: 'link-up' }>
type Parts = Pick<CaptureContext, 'pbxId' | 'journal' | 'live' | 'adapter' | 'runtime'>

/** When a PBX was seen and when not, as facts: what nobody saw cannot be proved, and has to be said. Times are the PBX's. */
export class ObservationLog {
  readonly #parts: Parts
  #timer: NodeJS.Timeout | null = null
  #noting: Promise<void> = Promise.resolve()
  /** A journal that is slow is not asked twice. */
  #isNoting = false
  /** The PBX's clock against ours. */
  #offsetMs = 0
  #lostAt: Date | null = null
  #isBegun = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Since when the PBX is not seen; `null` while it is, and before it ever was. */
  get lostAt(): Date | null {
    return this.#lostAt
  }

  /** Goes on where the process before ended. A death without a word is told now. @throws HoldfastError `STORE_FAILED` */
  async restore(): Promise<void> {
    const { journal, pbxId } = this.#parts
    const known = await journal.observation(pbxId)
    if (known === null) return
    this.#lostAt = known.lostAt ?? known.until
    if (known.lostAt === null) await this.#tell('process-down', known.until)
  }

  start(): void {
    // It keeps no process alive.
    this.#timer = setInterval(() => this.#note(), NOTE_EVERY_MS).unref()
  }

  /** The process ends in order: from here on nothing is seen. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    await this.#noting
    // Before the link was ever up, nothing was seen that could be lost now.
    if (this.#lostAt === null && this.#isBegun) await this.lost(this.#pbxNow(), 'stopped')
  }

  /** The link is down. While it is, telling it again changes nothing. @throws HoldfastError `STORE_FAILED` */
  async lost(at: Date, because: UnobservedBecause): Promise<void> {
    if (this.#lostAt !== null) return
    await this.#tell(because, at)
    this.#lostAt = at
  }

  /** The PBX is seen again, and what became of its calls is known. @throws HoldfastError `STORE_FAILED` */
  async regained({ at, pbxStartedAt }: LinkUp, callsFound: number): Promise<void> {
    const wasRestarted = pbxStartedAt !== null && this.#lostAt !== null && pbxStartedAt > this.#lostAt
    this.#offsetMs = at.getTime() - this.#parts.runtime.clock.now().getTime()
    const { journal, live, pbxId } = this.#parts
    if (this.#lostAt === null) await journal.noteObserved(pbxId, at)
    else await live.record({ type: 'observation-regained', pbxId, because: wasRestarted ? 'pbx-restarted' : null, callsFound, at })
    this.#lostAt = null
    this.#isBegun = true
  }

  async #tell(because: UnobservedBecause, at: Date): Promise<void> {
    await this.#parts.live.record({ type: 'observation-lost', pbxId: this.#parts.pbxId, because, at })
  }

  #note(): void {
    if (this.#isNoting || this.#lostAt !== null || this.#parts.adapter.linkState === 'down') return
    this.#isNoting = true
    this.#noting = this.#noteNow().finally(() => {
      this.#isNoting = false
    })
  }

  /** Nobody waits for it. What fails is noted by the next turn, with a later time: the gap of a death in between is told longer than it was. */
  async #noteNow(): Promise<void> {
    const { journal, pbxId, runtime } = this.#parts
    try {
      await journal.noteObserved(pbxId, this.#pbxNow())
    } catch (error) {
      runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
      runtime.log.error({ pbxId, error }, 'it could not be noted that the PBX is seen')
    }
  }

  #pbxNow(): Date {
    return new Date(this.#parts.runtime.clock.now().getTime() + this.#offsetMs)
  }
}
