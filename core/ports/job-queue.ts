import type { RecordingId } from '../domain/ids.ts'

export const JOB_KINDS = ['ingest', 'rotate'] as const
export type JobKind = (typeof JOB_KINDS)[number]

/** Durable work on one recording. At most one job of a kind for a recording. */
export interface Job {
  readonly id: number
  readonly kind: JobKind
  readonly recordingId: RecordingId
  /** Steps that are done, in order, each with what later steps need from it. */
  readonly marks: readonly JobMark[]
  readonly attempts: number
  readonly leasedUntil: Date
}

export interface JobMark {
  readonly step: string
  readonly data: Readonly<Record<string, string | number>>
}

/** Work that survives its worker. Lives in the catalogue's database, so that a job and its row are one transaction. */
export interface JobQueue {
  /** Idempotent by kind and recording. @param mark - what the work has to know from outside: it takes the place of one of the same step */
  enqueue(kind: JobKind, recordingId: RecordingId, runAt: Date, mark?: JobMark): Promise<void>
  /** The oldest job that is due and that nobody holds, now held by `owner`; or `null`. Two workers never hold the same. */
  lease(kind: JobKind, owner: string, now: Date, leaseMs: number): Promise<Job | null>
  /** @throws HoldfastError `JOB_LEASE_LOST` */
  extend(job: Job, owner: string, until: Date): Promise<void>
  /** Durable. @throws HoldfastError `JOB_LEASE_LOST` */
  mark(job: Job, owner: string, mark: JobMark): Promise<void>
  /** Done: the job is gone. @throws HoldfastError `JOB_LEASE_LOST` */
  complete(job: Job, owner: string): Promise<void>
  /** Given back, to be run again at `runAt`. @throws HoldfastError `JOB_LEASE_LOST` */
  retry(job: Job, owner: string, runAt: Date, error: string): Promise<void>
  /** Unfinished jobs of a kind, and how long the oldest has been due. */
  backlog(kind: JobKind, now: Date): Promise<{ readonly waiting: number; readonly oldestMs: number }>
}
