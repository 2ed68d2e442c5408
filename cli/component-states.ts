import { setTimeout as delay } from 'node:timers/promises'
import type { BlobStore } from '../core/ports/blob-store.ts'
import type { JobQueue } from '../core/ports/job-queue.ts'
import type { PbxAdapter } from '../core/ports/pbx-adapter.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import type { ComponentState } from '../graphql/http-options.ts'

/** What a database server that hangs is given up after: less than the probe's own deadline (graphql/probe-routes.ts), so that the others are told. */
const ANSWER_WITHIN_MS = 1000
/** A job waits for the last bytes of its files for seconds, and takes seconds; after this it has failed again and again, or nobody works. */
const INGEST_LATE_MS = 5 * 60_000

export interface Components {
  readonly runtime: Pick<Runtime, 'clock'>
  readonly adapters: readonly Pick<PbxAdapter, 'pbxId' | 'linkState'>[]
  readonly jobs: Pick<JobQueue, 'backlog'>
  /** `null`: nobody else could have the catalogue. */
  readonly sole: { readonly holds: boolean } | null
  readonly blobs: Pick<BlobStore, 'freeBytes'>
  readonly spools: readonly { readonly pbxId: string; readonly source: Pick<RecordingSource, 'freeBytes'> }[]
  readonly answerWithinMs?: number
}

/** What must work before traffic may come. Cheap, because everybody may ask. */
export async function componentStates({ runtime, adapters, jobs, sole, blobs, spools, answerWithinMs = ANSWER_WITHIN_MS }: Components): Promise<readonly ComponentState[]> {
  const late = new AbortController()
  const tooLate = delay(answerWithinMs, null, { signal: late.signal }).catch(() => null)
  const answers = async (asked: Promise<unknown>): Promise<boolean> => await Promise.race([asked.then(() => true, () => false), tooLate]) ?? false
  const [backlog, ...reached] = await Promise.all([
    Promise.race([jobs.backlog('ingest', runtime.clock.now()).catch(() => null), tooLate]),
    // Its folder may be a share that is not mounted, or hangs.
    ...spools.map(({ source }) => answers(source.freeBytes())),
  ])
  late.abort()
  return [
    ...adapters.map(({ pbxId, linkState }) => ({ component: `pbx ${pbxId}`, ok: linkState === 'up' })),
    ...spools.map(({ pbxId }, index) => ({ component: `spool ${pbxId}`, ok: reached[index] === true })),
    { component: 'catalogue', ok: backlog !== null && (sole?.holds ?? true) },
    { component: 'ingest', ok: backlog !== null && backlog.oldestMs <= INGEST_LATE_MS },
    { component: 'objects', ok: await blobs.freeBytes().then(() => true, () => false) },
  ]
}
