import type { SelectQueryBuilder } from 'kysely'
import { HoldfastError } from '../../domain/errors.ts'
import { parseRecordingId } from '../../domain/ids.ts'
import type { Job, JobKind, JobMark, JobQueue } from '../../ports/job-queue.ts'
import { jobToQueue } from './job-rows.ts'
import { locked, lockedUnlessHeld, together } from './portable.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

/** Jobs as rows of the catalogue: whatever happens to a worker, its job is there, and after the lease it is anybody's. */
export class SqlJobQueue implements JobQueue {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  async enqueue(...[kind, recordingId, runAt, mark]: Parameters<JobQueue['enqueue']>): Promise<void> {
    await this.#database.change(async (tx) => {
      await jobToQueue(tx, kind, { recordingId, runAt }).execute()
      if (mark === undefined) return
      const { id } = await tx.selectFrom('jobs').select('id').where('kind', '=', kind).where('recording_id', '=', Number(recordingId)).executeTakeFirstOrThrow()
      await putMark(tx, { jobId: id, marks: await marksOf(tx, id).execute() }, mark)
    })
  }

  lease(...[kind, owner, now, leaseMs]: Parameters<JobQueue['lease']>): Promise<Job | null> {
    const leasedUntil = new Date(now.getTime() + leaseMs)
    return this.#database.change(async (tx) => {
      const due = tx.selectFrom('jobs').select(['id', 'recording_id', 'attempts']).where('kind', '=', kind)
        .where('available_at', '<=', now.getTime()).orderBy('available_at').orderBy('id').limit(1)
      const row = await lockedUnlessHeld(tx, due).executeTakeFirst()
      if (row === undefined) return null
      const attempts = row.attempts + 1
      const [, marks] = await together(tx, [
        tx.updateTable('jobs').set({ leased_by: owner, available_at: leasedUntil.getTime(), attempts }).where('id', '=', row.id),
        marksOf(tx, row.id),
      ])
      return { id: row.id, kind, recordingId: parseRecordingId(String(row.recording_id)), marks: marks.map(markOf), attempts, leasedUntil }
    })
  }

  async extend(job: Job, owner: string, until: Date): Promise<void> {
    await this.#database.change(async (tx) => {
      await holdLease(tx, job, owner)
      await tx.updateTable('jobs').set({ available_at: until.getTime() }).where('id', '=', job.id).execute()
    })
  }

  async mark(job: Job, owner: string, mark: JobMark): Promise<void> {
    await this.#database.change(async (tx) => {
      const [leases, marks] = await together(tx, [leaseOf(tx, job, owner), marksOf(tx, job.id)])
      mustHold(leases, job)
      await putMark(tx, { jobId: job.id, marks }, mark)
    })
  }

  async complete(job: Job, owner: string): Promise<void> {
    await this.#database.change(async (tx) => {
      await holdLease(tx, job, owner)
      await tx.deleteFrom('jobs').where('id', '=', job.id).execute()
    })
  }

  async retry(...[job, owner, runAt, error]: Parameters<JobQueue['retry']>): Promise<void> {
    await this.#database.change(async (tx) => {
      await holdLease(tx, job, owner)
      await tx.updateTable('jobs').set({ leased_by: null, available_at: runAt.getTime(), last_error: error.toWellFormed() }).where('id', '=', job.id).execute()
    })
  }

  async backlog(kind: JobKind, now: Date): Promise<{ readonly waiting: number; readonly oldestMs: number }> {
    const row = await this.#database.ask((db) => db.selectFrom('jobs').where('kind', '=', kind)
      .select((select) => [select.fn.countAll<number>().as('waiting'), select.fn.min('due_at').as('oldest')]).executeTakeFirstOrThrow())
    const oldest = row.oldest === null ? now.getTime() : row.oldest
    return { waiting: row.waiting, oldestMs: Math.max(0, now.getTime() - oldest) }
  }
}

/** The attempt tells this lease from a later one of the same owner. @throws HoldfastError `JOB_LEASE_LOST` */
async function holdLease(tx: Tx, job: Job, owner: string): Promise<void> {
  mustHold(await leaseOf(tx, job, owner).execute(), job)
}

function leaseOf(tx: Tx, job: Job, owner: string): SelectQueryBuilder<Tables, 'jobs', { readonly id: number }> {
  return locked(tx, tx.selectFrom('jobs').select('id').where('id', '=', job.id).where('leased_by', '=', owner).where('attempts', '=', job.attempts))
}

function mustHold(leases: readonly unknown[], job: Job): void {
  if (leases.length === 0) throw new HoldfastError('JOB_LEASE_LOST', 'the job is done or somebody else holds it', { jobId: job.id, kind: job.kind })
}

interface MarkRow {
  readonly step: string
  readonly data_json: string
}

function marksOf(tx: Tx, jobId: number): SelectQueryBuilder<Tables, 'job_marks', MarkRow> {
  return tx.selectFrom('job_marks').select(['step', 'data_json']).where('job_id', '=', jobId).orderBy('mark_index')
}

function markOf({ step, data_json: text }: MarkRow): JobMark {
  return { step, data: JSON.parse(text) as JobMark['data'] }
}

/** A step that is marked again is a step that ran again: its last word counts, in its old place. */
async function putMark(tx: Tx, { jobId, marks }: { readonly jobId: number; readonly marks: readonly MarkRow[] }, { step, data }: JobMark): Promise<void> {
  const known = marks.findIndex((mark) => mark.step === step)
  if (known === -1) await tx.insertInto('job_marks').values({ job_id: jobId, mark_index: marks.length, step, data_json: JSON.stringify(data) }).execute()
  else await tx.updateTable('job_marks').set({ data_json: JSON.stringify(data) }).where('job_id', '=', jobId).where('mark_index', '=', known).execute()
}
