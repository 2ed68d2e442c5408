import { HoldfastError } from '../../../core/domain/errors.ts'
import type { RecordingId } from '../../../core/domain/ids.ts'
import type { Job, JobKind, JobMark, JobQueue } from '../../../core/ports/job-queue.ts'

interface Entry {
  readonly id: number
  readonly kind: JobKind
  readonly recordingId: RecordingId
  readonly marks: JobMark[]
  attempts: number
  runAt: Date
  owner: string | null
  leasedUntil: Date
  lastError: string | null
}

/** A queue in memory, with leases that end. */
export class MemoryJobQueue implements JobQueue {
  readonly entries: Entry[] = []
  #nextId = 1

  async enqueue(...[kind, recordingId, runAt, mark]: Parameters<JobQueue['enqueue']>): Promise<void> {
    let entry = this.entries.find((each) => each.kind === kind && each.recordingId === recordingId)
    if (entry === undefined) {
      entry = { id: this.#nextId, kind, recordingId, marks: [], attempts: 0, runAt, owner: null, leasedUntil: new Date(0), lastError: null }
      this.entries.push(entry)
      this.#nextId += 1
    }
    if (mark !== undefined) put(entry.marks, mark)
  }

  async lease(...[kind, owner, now, leaseMs]: Parameters<JobQueue['lease']>): Promise<Job | null> {
    const due = this.entries
      .filter((entry) => entry.kind === kind && entry.runAt <= now && (entry.owner === null || entry.leasedUntil <= now))
      .toSorted((one, other) => one.runAt.getTime() - other.runAt.getTime())
    const [entry] = due
    if (entry === undefined) return null
    entry.owner = owner
    entry.attempts += 1
    entry.leasedUntil = new Date(now.getTime() + leaseMs)
    return { id: entry.id, kind, recordingId: entry.recordingId, marks: structuredClone(entry.marks), attempts: entry.attempts, leasedUntil: entry.leasedUntil }
  }

  async extend(job: Job, owner: string, until: Date): Promise<void> {
    this.#held(job, owner).leasedUntil = until
  }

  async mark(job: Job, owner: string, mark: JobMark): Promise<void> {
    put(this.#held(job, owner).marks, mark)
  }

  async complete(job: Job, owner: string): Promise<void> {
    this.entries.splice(this.entries.indexOf(this.#held(job, owner)), 1)
  }

  async retry(...[job, owner, runAt, error]: Parameters<JobQueue['retry']>): Promise<void> {
    const entry = this.#held(job, owner)
    entry.owner = null
    entry.runAt = runAt
    entry.lastError = error
  }

  async backlog(wanted: JobKind, now: Date): Promise<{ readonly waiting: number; readonly oldestMs: number }> {
    const entries = this.entries.filter(({ kind }) => kind === wanted)
    return { waiting: entries.length, oldestMs: Math.max(0, ...entries.map(({ runAt }) => now.getTime() - runAt.getTime())) }
  }

  #held(job: Job, owner: string): Entry {
    const entry = this.entries.find(({ id }) => id === job.id)
    if (entry === undefined || entry.owner !== owner || entry.attempts !== job.attempts) {
      throw new HoldfastError('JOB_LEASE_LOST', 'the job is in other hands')
    }
    return entry
  }
}

/** A step that is marked again keeps its place. */
function put(marks: JobMark[], mark: JobMark): void {
  const known = marks.findIndex(({ step }) => step === mark.step)
  marks.splice(known === -1 ? marks.length : known, known === -1 ? 0 : 1, structuredClone(mark))
}
