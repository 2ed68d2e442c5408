import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import { FIRST_HEADER_VERSION, headerBlobName } from '../domain/header-blob.ts'
import { isLive } from '../domain/lifecycle.ts'
import type { Recording } from '../domain/recording.ts'
import type { Job, JobMark } from '../ports/job-queue.ts'
import type { KeptLease } from '../ports/kept-lease.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { catalogue } from './catalogue.ts'
import type { IngestSurroundings } from './ingest-surroundings.ts'
import { type Sealed, sealedFromMark, sealedToMark, verdictFromMark, verdictToMark } from './mark-data.ts'
import { releaseOf } from './quarantine.ts'
import { removeSpool } from './remove-spool.ts'
import { sealAndStore } from './seal-and-store.ts'
import { type SeenFiles, unread } from './spool-names.ts'
import type { StitchPlan, Verdict } from './stitch-plan.ts'
import { verify } from './verify.ts'

export const INGEST_STEPS = ['verify', 'seal-and-store', 'catalogue', 'remove-spool'] as const
/** In this order. Each leaves a durable mark but the last, whose mark is that the job is gone; each may run twice. */
export type IngestStep = (typeof INGEST_STEPS)[number]

/** One job in one worker's hands. */
export interface IngestRun {
  readonly job: Job
  readonly owner: string
  readonly around: IngestSurroundings
  /** Asked for before each step: a process that stood still meanwhile may have lost it. */
  readonly lease: Pick<KeptLease, 'check'>
  readonly signal: AbortSignal
  /** Told before each step: for metrics, and for tests that break off there. */
  readonly onStep: (step: IngestStep) => void
}

type Run = IngestRun & { readonly recording: Recording; readonly source: RecordingSource }

/**
 * Brings one ended recording from the spool into the store. A process that dies anywhere in it costs a repetition:
 * what is marked is not done again, and the spool files go only after the last mark.
 * @throws HoldfastError of any step; `RECORDING_NOT_FOUND`; `PBX_UNKNOWN`; `JOB_LEASE_LOST`
 */
export async function runIngest(run: IngestRun): Promise<Sealed['outcome'] | 'brought-in-before'> {
  const { job, around } = run
  const recording = await around.recordings.find(job.recordingId, { type: 'all' })
  if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'a job has no recording', { recordingId: job.recordingId })
  const source = around.spoolOf(recording.pbxId)
  if (source === null) throw new HoldfastError('PBX_UNKNOWN', 'a recording is of a PBX that the configuration does not know', { pbxId: recording.pbxId })
  if (isLive(recording.state)) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a recording that goes on cannot be stored yet', { state: recording.state })
  const sealed = await bringIn({ ...run, recording, source })
  await run.lease.check()
  run.onStep('remove-spool')
  await removeSpool({ ...run, recording, source }, sealed)
  await around.jobs.complete(job, run.owner)
  return sealed?.outcome ?? 'brought-in-before'
}

/** The steps up to the last mark. `null`: this job found it brought in already, or declined, and knows nothing of its files. */
async function bringIn(run: Run): Promise<Sealed | null> {
  const { recording, around, job } = run
  if (recording.media !== null || recording.state === 'not-recorded' || recording.state === 'purged') {
    const mark = job.marks.find((done) => done.step === 'seal-and-store')
    return mark === undefined ? null : sealedFromMark(mark.data)
  }
  await around.recordings.beginIngest(recording.id)
  const verdict = await step(run, {
    name: 'verify',
    work: () => verify({ ...run, byHand: releaseOf(job), now: around.clock.now() }),
    toMark: verdictToMark,
    fromMark: verdictFromMark,
  })
  const sealed = await step(run, { name: 'seal-and-store', work: () => seal(run, verdict), toMark: sealedToMark, fromMark: sealedFromMark, refused: (result) => withdraw(run, result) })
  await step(run, { name: 'catalogue', work: () => catalogue(recording, sealed, around), toMark: () => ({}), fromMark: () => undefined })
  around.changes.publish(recording.id)
  return sealed
}

/** Somebody else has the job by now: nobody will ever ask for this object, and nobody would find it when the recording is destroyed. */
async function withdraw({ around }: Run, sealed: Sealed): Promise<void> {
  if (sealed.outcome !== 'stored') return
  const { payloadName } = sealed.stored.media
  await around.blobs.remove(headerBlobName(payloadName, FIRST_HEADER_VERSION))
  await around.blobs.remove(payloadName)
}

async function seal(run: Run, marked: Verdict): Promise<Sealed> {
  const { recording, source, signal, job, around } = run
  // The verdict is as old as the attempt that marked it.
  const verdict = await holds(run, marked) ? marked : await verify({ recording, source, byHand: releaseOf(job), now: around.clock.now(), signal })
  if (verdict.outcome !== 'sound') return verdict
  const stored = await sealAndStore({ ...around, placed: around.placedOf(recording.pbxId), wanted: recording.decision.terms.mediaFormat ?? around.formatOf(recording.pbxId), recording, attempt: job.attempts, plan: verdict.plan, findings: verdict.findings, source, now: around.clock.now(), signal })
  if (!await allSeen(run, verdict.files)) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file turned up while the others were sealed')
  return { outcome: 'stored', stored, files: verdict.files }
}

async function holds(run: Run, verdict: Verdict): Promise<boolean> {
  if (verdict.outcome === 'quarantined') return true
  if (verdict.outcome === 'sound' && !await unchanged(verdict.plan, run.source, run.signal)) return false
  return allSeen(run, verdict.files)
}

async function allSeen(run: Run, files: SeenFiles): Promise<boolean> {
  return (await unread(run.recording, files, run)).length === 0
}

async function unchanged(plan: StitchPlan, source: RecordingSource, signal: AbortSignal): Promise<boolean> {
  for (const { received, transmitted } of plan.segments) {
    for (const lane of [received, transmitted]) {
      if (lane !== null && (await source.stat(lane.name, signal))?.sizeBytes !== lane.sizeBytes) return false
    }
  }
  return true
}

interface StepWork<T> {
  readonly name: IngestStep
  readonly work: () => Promise<T>
  readonly toMark: (result: T) => JobMark['data']
  readonly fromMark: (data: JobMark['data']) => T
  /** What undoes the work whose mark was refused, because the lease is lost. */
  readonly refused?: (result: T) => Promise<void>
}

async function step<T>(run: IngestRun, { name, work, toMark, fromMark, refused }: StepWork<T>): Promise<T> {
  const done = run.job.marks.find((mark) => mark.step === name)
  if (done !== undefined) return fromMark(done.data)
  run.signal.throwIfAborted()
  await run.lease.check()
  run.onStep(name)
  const result = await work()
  try {
    await run.around.jobs.mark(run.job, run.owner, { step: name, data: toMark(result) })
  } catch (error) {
    if (isHoldfastError(error, 'JOB_LEASE_LOST')) await refused?.(result)
    throw error
  }
  return result
}
