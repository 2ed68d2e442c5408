import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../domain/errors.ts'
import type { Job } from '../ports/job-queue.ts'
import { KeptLease } from '../ports/kept-lease.ts'
import type { Repeat } from '../ports/runtime.ts'
import { draft } from './catalogue.ts'
import { failuresOf, type Fate, fateOf, lookAfter } from './fate.ts'
import { type IngestStep, runIngest } from './ingest-job.ts'
import type { IngestSurroundings } from './ingest-surroundings.ts'

export interface IngestOptions {
  /** Unique among all workers of all nodes. */
  readonly owner: string
  /** Jobs at once. Each holds a block of sound; the cipher runs on the event loop in slices of 64 KiB. */
  readonly concurrency?: number
  readonly leaseMs?: number
  readonly pollMs?: number
  /** Between two looks, until the time is over or the signal; a timer, unless a test has another. */
  readonly rest?: (ms: number, woken: AbortSignal) => Promise<void>
  /** What extends the lease; a timer, unless a test turns it. */
  readonly repeat?: Repeat
  /** Told before each step. */
  readonly onStep?: (job: Job, step: IngestStep) => void
}

/** A worker that dies is replaced after this, which a service that was killed and started again has to wait for. */
const LEASE_MS = 10_000
const POLL_MS = 500
/** Between two looks at a queue that fails: an outage of hours is not to fill the log. What comes back tells of ended recordings, and that wakes. */
const LONGEST_WAIT_MS = 10_000
const CONCURRENCY = 2
/** Four hours of sound over a slow link; what takes longer hangs (a guess). */
const JOB_DEADLINE_MS = 3_600_000
/** At the stop: the present block is finished, and the job is given back. */
const STOP_DEADLINE_MS = 10_000

/** How often a file may not be there yet before somebody has to look: looks of a second each, and half a minute of doubled waits. */
const QUIET_ATTEMPTS: Readonly<Record<string, number>> = { SPOOL_FILE_INCOMPLETE: 15, SPOOL_FILE_MISSING: 5 }

/** Takes ended recordings from the queue and brings them in, until it is disposed. */
export class IngestWorker implements AsyncDisposable {
  readonly #around: IngestSurroundings
  readonly #owner: string
  readonly #leaseMs: number
  readonly #pollMs: number
  readonly #concurrency: number
  readonly #repeat: Repeat | undefined
  readonly #rest: NonNullable<IngestOptions['rest']>
  readonly #onStep: (job: Job, step: IngestStep) => void
  readonly #stop = new AbortController()
  #loops: Promise<unknown> | null = null
  #woken = new AbortController()
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(around: IngestSurroundings, options: IngestOptions) {
    this.#around = around
    this.#owner = options.owner
    this.#leaseMs = options.leaseMs ?? LEASE_MS
    this.#pollMs = options.pollMs ?? POLL_MS
    this.#concurrency = options.concurrency ?? CONCURRENCY
    this.#repeat = options.repeat
    this.#rest = options.rest ?? restByTimer
    this.#onStep = options.onStep ?? (() => undefined)
  }

  /** Idempotent. */
  start(): void {
    this.#loops ??= Promise.all(Array.from({ length: this.#concurrency }, (_, index) => this.#loop(index === 0)))
  }

  /** There is something to do: look now, and not at the next poll. */
  wake(): void {
    this.#woken.abort()
    this.#woken = new AbortController()
  }

  /** Runs one job that is due, to its end or its failure. Failures are dealt with here; only a queue that fails is thrown. */
  async runOnce(): Promise<'worked' | 'idle'> {
    const { jobs, clock } = this.#around
    const job = await jobs.lease('ingest', this.#owner, clock.now(), this.#leaseMs)
    if (job === null) return 'idle'
    await this.#run(job)
    return 'worked'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.wake()
    const done = new AbortController()
    await Promise.race([this.#loops, delay(STOP_DEADLINE_MS, undefined, { signal: done.signal })])
    done.abort()
  }

  async #loop(measures: boolean): Promise<void> {
    let waitMs = this.#pollMs
    while (!this.#stop.signal.aborted) {
      const woken = this.#woken.signal
      try {
        if (measures) await this.#measureBacklog()
        const did = await this.runOnce()
        waitMs = this.#pollMs
        if (did === 'worked') continue
      } catch (error) {
        this.#around.log.error({ error }, 'the job queue failed')
        this.#around.metrics.count('holdfast_ingest_queue_failures_total')
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      }
      await this.#rest(waitMs, woken)
    }
  }

  async #run(job: Job): Promise<void> {
    const { log, metrics, clock } = this.#around
    const began = clock.now().getTime()
    using lease = this.#kept(job)
    try {
      const signal = AbortSignal.any([this.#stop.signal, lease.lost, AbortSignal.timeout(JOB_DEADLINE_MS)])
      const outcome = await runIngest({ job, owner: this.#owner, around: this.#around, lease, signal, onStep: (step) => {
        metrics.count('holdfast_ingest_steps_total', { step })
        this.#onStep(job, step)
      } })
      metrics.observe('holdfast_ingest_seconds', (clock.now().getTime() - began) / 1000)
      const fields = { recordingId: job.recordingId, attempts: job.attempts }
      if (outcome === 'quarantined') log.error(fields, 'recording quarantined, nothing of it is stored: a pause in it cannot be found; `holdfast quarantine list` tells where it is expected')
      else log.info({ ...fields, outcome }, 'recording ingested')
    } catch (error) {
      await this.#afterFailure(job, error, lease)
    }
  }

  #kept(job: Job): KeptLease {
    const { jobs, clock, log } = this.#around
    return new KeptLease({
      clock,
      until: job.leasedUntil,
      leaseMs: this.#leaseMs,
      extend: (until) => jobs.extend(job, this.#owner, until),
      onFault: (error) => log.warn({ recordingId: job.recordingId, error }, 'a lease could not be extended'),
      ...(this.#repeat === undefined ? {} : { repeat: this.#repeat }),
    })
  }

  async #afterFailure(job: Job, error: unknown, lease: KeptLease): Promise<void> {
    const { jobs, clock, log, metrics } = this.#around
    const now = clock.now().getTime()
    const fields = { recordingId: job.recordingId, attempts: job.attempts, error }
    try {
      if (this.#stop.signal.aborted) {
        await jobs.retry(job, this.#owner, new Date(now), 'stopped')
        return
      }
      const fate = fateOf(error, failuresOf(job))
      metrics.count('holdfast_ingest_failures_total', { fate: fate.type })
      if (fate.type === 'dropped') log.warn(fields, 'another worker took the job over')
      if (fate.type === 'again') {
        this.#tellAgain(job, error, fate.afterMs)
        const look = lookAfter(error, job.marks)
        if (look !== null) await jobs.mark(job, this.#owner, look)
        await jobs.retry(job, this.#owner, new Date(now + fate.afterMs), codeOf(error))
      }
      if (fate.type === 'given-up') {
        // What is failed once cannot be stored by whoever has taken the job over.
        await lease.renew()
        await this.#giveUp(job, error, fate.reason)
      }
    } catch (failure) {
      // The lease ends by itself, and the job is tried again.
      log.error({ ...fields, failure }, 'a failed job could not be given back')
    }
  }

  /** Who looks right after a hang-up finds files that the PBX still writes, or, of a telephone that rang, that it never will. */
  #tellAgain({ recordingId, attempts }: Job, error: unknown, afterMs: number): void {
    const { log } = this.#around
    const fields = { recordingId, attempts, afterMs }
    if (isExpected(codeOf(error), attempts)) log.debug({ ...fields, code: codeOf(error) }, 'ingest waits for the files of the PBX')
    else log.warn({ ...fields, error }, 'ingest is going to be tried again')
  }

  /** Loudly: the recording says that it failed and why, the audit has it, an alarm counts it. Its files stay. */
  async #giveUp(job: Job, error: unknown, reason: Extract<Fate, { type: 'given-up' }>['reason']): Promise<void> {
    const { recordings, jobs, clock, log, metrics, changes } = this.#around
    log.error({ recordingId: job.recordingId, attempts: job.attempts, error }, 'ingest was given up')
    const recording = await recordings.find(job.recordingId, { type: 'all' })
    if (recording !== null) {
      const told = draft(recording, { at: clock.now(), action: 'recording.failed', outcome: 'failed', reason, details: { code: codeOf(error), attempts: job.attempts } })
      await recordings.closeWithoutMedia(recording.id, { state: 'failed', reason, findings: [] }, told)
      changes.publish(recording.id)
    }
    metrics.count('holdfast_ingest_given_up_total', { reason })
    await jobs.complete(job, this.#owner)
  }

  /** No oftener than a worker looks for work: many jobs in a row are not counted after each. */
  async #measureBacklog(): Promise<void> {
    const { jobs, clock, metrics } = this.#around
    const now = clock.now()
    if (Math.abs(now.getTime() - this.#measuredAtMs) < this.#pollMs) return
    this.#measuredAtMs = now.getTime()
    const { waiting, oldestMs } = await jobs.backlog('ingest', now)
    metrics.gauge('holdfast_ingest_waiting_jobs', waiting)
    metrics.gauge('holdfast_ingest_oldest_seconds', oldestMs / 1000)
  }
}

function isExpected(code: string, attempts: number): boolean {
  return attempts <= (QUIET_ATTEMPTS[code] ?? 0)
}

function codeOf(error: unknown): string {
  return error instanceof HoldfastError ? error.code : 'UNFORESEEN'
}

async function restByTimer(ms: number, woken: AbortSignal): Promise<void> {
  await Promise.allSettled([delay(ms, undefined, { signal: woken })])
}
