import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import type { Recording } from '../domain/recording.ts'
import type { CaptureControl } from '../ports/capture-control.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { LiveRecordings } from './live-recordings.ts'

/** How often pauses are looked at: a forgotten pause lasts at most this much too long. */
const CHECK_EVERY_MS = 1000
/** Resuming is one command to the PBX; its adapter has a shorter deadline of its own. */
const RESUME_DEADLINE_MS = 10_000

interface Parts {
  readonly live: LiveRecordings
  readonly control: CaptureControl
  readonly runtime: Runtime
  readonly maxDurationMs: number
}

/** Ends pauses that nobody ends (R7), also those whose limit passed while Holdfast was down. */
export class PauseLimit {
  readonly #parts: Parts
  #timer: NodeJS.Timeout | null = null
  #checking: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#checking = this.#checking.then(() => this.check())
    }, CHECK_EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#checking
  }

  /** Resumes every recording whose pause is older than the limit. */
  async check(): Promise<void> {
    const { live, runtime, maxDurationMs } = this.#parts
    const now = runtime.clock.now().getTime()
    for (const recording of live.all().filter((candidate) => pausedSince(candidate) <= now - (limitOf(candidate) ?? maxDurationMs))) await this.#resume(recording)
  }

  async #resume({ id: recordingId, pbxId }: Recording): Promise<void> {
    const { control, runtime } = this.#parts
    try {
      const results = await control.control({ action: 'resume', target: { recordingId }, by: { type: 'system', id: 'pause-limit' }, person: null, how: 'limit' }, AbortSignal.timeout(RESUME_DEADLINE_MS))
      const failure = results.find((result) => result.outcome === 'failed')
      if (failure !== undefined) throw new HoldfastError(failure.code, failure.message, { recordingId })
      runtime.metrics.count('holdfast_pauses_expired_total', { pbx: pbxId })
      runtime.log.warn({ recordingId }, 'forgotten pause ended by its limit')
    } catch (error) {
      // Tried again at the next check: the call may have ended meanwhile, or the link be down.
      if (!isHoldfastError(error)) throw error
      runtime.log.warn({ recordingId, error }, 'forgotten pause could not be ended')
    }
  }
}

/** The rule's own limit, or `null`. */
function limitOf({ decision: { terms: { pause } } }: Recording): number | null {
  return pause.type === 'allowed' ? pause.maxDurationMs : null
}

/** Milliseconds since 1970; for a recording that is not paused, a time that never comes. */
function pausedSince(recording: Recording): number {
  const effectiveAt = recording.state === 'paused' ? recording.pauses.at(-1)?.effectiveAt : null
  return effectiveAt?.getTime() ?? Number.POSITIVE_INFINITY
}
