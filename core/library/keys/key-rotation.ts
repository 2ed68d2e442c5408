import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../domain/errors.ts'
import { recipientSet } from '../../domain/recipients.ts'
import type { Job, JobQueue } from '../../ports/job-queue.ts'
import type { KeyCatalogue, RecipientSet } from '../../ports/key-catalogue.ts'
import { HeaderRotation, type HeaderRotationParts, type RotationIntent, type RotationOutcome, type RotationStep } from './header-rotation.ts'

/** A worker that dies is replaced after this. One recording takes milliseconds; an object store far away, seconds. */
const LEASE_MS = 60_000
/** How long a run waits before it looks again for work that another one holds, or that failed and is to be tried again. */
const IDLE_MS = 1000
/** A store that was away for a moment is tried again; what fails so often in one run needs somebody to look. */
const MAX_ATTEMPTS = 5
const RETRY_AFTER_MS = 2000
/** Recordings that are named in the report; the others are counted. */
const MAX_NAMED = 20
/** The mark of a job, by which the work can be cleared up without its recording. */
const INTENT = 'intended'

export interface KeyRotationParts extends Omit<HeaderRotationParts, 'catalogue'> {
  readonly catalogue: KeyCatalogue
  readonly jobs: JobQueue
  /** Recipients whose identities are here: what is sealed to none of them cannot be rotated here. */
  readonly openable: readonly string[]
  /** Unique among all workers. */
  readonly owner: string
}

/** What a run would do. */
export interface RotationPlan {
  /** Sealed to others than is wanted, and opened by an identity here. */
  readonly toRotate: readonly RecipientSet[]
  /** Sealed to others than is wanted, and opened by none here: they stay as they are. */
  readonly unopened: readonly RecipientSet[]
  readonly asWanted: number
  /** Recordings that earlier runs left behind in the queue. */
  readonly queued: number
}

export interface RotationReport {
  readonly rotated: number
  readonly asWanted: number
  readonly gone: number
  readonly failed: number
  /** The first failures, with their codes. */
  readonly failures: readonly { readonly recordingId: string; readonly reason: string }[]
  /** Not done: the run was ended before. The next one goes on with them. */
  readonly left: number
}

export interface RotationRun {
  readonly perSecond: number
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, left: number) => void
  readonly onStep?: (step: RotationStep) => void
}

/** Seals everything that is stored to the present recipients: headers alone are written, one recording at a time, and a run that dies is gone on with. */
export class KeyRotation {
  readonly #parts: KeyRotationParts
  readonly #headers: HeaderRotation

  constructor(parts: KeyRotationParts) {
    this.#parts = parts
    this.#headers = new HeaderRotation(parts)
  }

  async plan(): Promise<RotationPlan> {
    const { catalogue, jobs, clock, recipients, openable } = this.#parts
    const wanted = recipientSet(recipients)
    const sets = await catalogue.recipientSets()
    const others = sets.filter((set) => recipientSet(set.recipients) !== wanted)
    const opens = (set: RecipientSet): boolean => set.recipients.some((recipient) => openable.includes(recipient))
    return {
      toRotate: others.filter(opens),
      unopened: others.filter((set) => !opens(set)),
      asWanted: sets.filter((set) => recipientSet(set.recipients) === wanted).reduce((sum, { recordings }) => sum + recordings, 0),
      queued: (await jobs.backlog('rotate', clock.now())).waiting,
    }
  }

  /** Does it, until nothing is left or the signal ends it: at a recording's end, never within. */
  async run({ toRotate }: RotationPlan, { perSecond, signal, onProgress, onStep }: RotationRun): Promise<RotationReport> {
    const { catalogue, jobs, clock } = this.#parts
    await catalogue.queueRotation(toRotate, clock.now())
    const counts: Record<RotationOutcome | 'failed', number> = { rotated: 0, 'as-wanted': 0, gone: 0, failed: 0 }
    const failures: { readonly recordingId: string; readonly reason: string }[] = []
    const attempts = new Map<string, number>()
    const left = async (): Promise<number> => (await jobs.backlog('rotate', clock.now())).waiting
    let waiting = await left()
    const pace = pacer(perSecond)
    while (!signal.aborted) {
      const job = await jobs.lease('rotate', this.#parts.owner, clock.now(), LEASE_MS)
      if (job === null) {
        waiting = await left() - [...attempts.values()].filter((count) => count >= MAX_ATTEMPTS).length
        if (waiting <= 0) break
        await delay(IDLE_MS, undefined, { signal }).catch(() => undefined)
        continue
      }
      const { outcome, reason } = await this.#one(job, attempts, onStep)
      if (outcome === 'again') continue
      counts[outcome] += 1
      waiting -= 1
      if (outcome === 'failed' && failures.length < MAX_NAMED) failures.push({ recordingId: job.recordingId, reason })
      onProgress?.(Object.values(counts).reduce((sum, count) => sum + count, 0), Math.max(0, waiting))
      await pace(signal)
    }
    return { rotated: counts.rotated, asWanted: counts['as-wanted'], gone: counts.gone, failed: counts.failed, failures, left: await left() }
  }

  async #one(job: Job, attempts: Map<string, number>, onStep: RotationRun['onStep']): Promise<{ readonly outcome: RotationOutcome | 'failed' | 'again'; readonly reason: string }> {
    const { jobs, owner, clock } = this.#parts
    try {
      const outcome = await this.#headers.rotate({
        recordingId: job.recordingId,
        intended: intentOf(job),
        // A mark is refused when the lease is lost.
        intend: (intent) => jobs.mark(job, owner, { step: INTENT, data: { ...intent } }),
        ...(onStep === undefined ? {} : { onStep }),
      })
      await jobs.complete(job, owner)
      return { outcome, reason: '' }
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error
      // Whoever has it now finishes it.
      if (error.code === 'JOB_LEASE_LOST') return { outcome: 'again', reason: error.code }
      if (error.retry) {
        // It keeps its place whatever comes: the header may have changed, and what is left of the old one is still to be removed.
        const tried = (attempts.get(job.recordingId) ?? 0) + 1
        attempts.set(job.recordingId, tried)
        await jobs.retry(job, owner, new Date(clock.now().getTime() + RETRY_AFTER_MS), error.code)
        return { outcome: tried === MAX_ATTEMPTS ? 'failed' : 'again', reason: error.code }
      }
      // Found before anything was changed: its header is as it was, and the next run tries it again.
      await jobs.complete(job, owner)
      return { outcome: 'failed', reason: error.code }
    }
  }
}

function intentOf({ marks }: Job): RotationIntent | null {
  const data = marks.find(({ step }) => step === INTENT)?.data
  const payloadName = data?.['payloadName']
  const version = data?.['version']
  return typeof payloadName === 'string' && typeof version === 'number' ? { payloadName, version } : null
}

/** No more than so many a second, over the whole run: what shares disk and processor with it is not to suffer. */
function pacer(perSecond: number): (signal: AbortSignal) => Promise<void> {
  const began = performance.now()
  let done = 0
  return async (signal) => {
    done += 1
    const aheadMs = began + (done / perSecond) * 1000 - performance.now()
    if (aheadMs > 0) await delay(aheadMs, undefined, { signal }).catch(() => undefined)
  }
}
