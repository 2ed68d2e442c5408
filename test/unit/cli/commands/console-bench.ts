import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConsoleStore, openConsoleStore } from '../../../../cli/console-store.ts'
import { run } from '../../../../cli/program.ts'
import { loadSettings } from '../../../../config/load-settings.ts'
import type { Settings } from '../../../../config/settings.ts'
import type { CaptureFact } from '../../../../core/domain/capture-fact.ts'
import { parseNodeName, type RecordingId } from '../../../../core/domain/ids.ts'
import type { QualityFinding } from '../../../../core/domain/media.ts'
import type { StateReason } from '../../../../core/domain/recording.ts'
import type { Job } from '../../../../core/ports/job-queue.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt, seconds, wholeLife } from '../../../support/recording-facts.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
export const NO_FILTER = { objectId: null, actorId: null, action: null, from: null, to: null } as const
/** Long after every job is due. */
const LATER = new Date('2100-01-01T00:00:00.000Z')
const LEASE_MS = 1000

export interface Bench {
  /** What the command printed, and how it ended. */
  holdfast(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** The same, without the settings. */
  bare(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** A recording whose ingest was given up: `failed`, without a job. */
  givenUp(second: number, reason?: StateReason, findings?: readonly QualityFinding[]): Promise<RecordingId>
  tell(...facts: readonly CaptureFact[]): Promise<void>
  /** Takes every job that waits. */
  takeJobs(): Promise<readonly RecordingId[]>
  /** Takes the next one, whole. */
  takeJob(): Promise<Job | null>
  readonly store: ConsoleStore
  readonly settings: Settings
}

/** A catalogue in a temporary folder, and the command line over it. */
export async function bench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  // A spool in which was recorded.
  await mkdir(join(directory, 'holdfast'))
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]`)
  const settings = loadSettings(file, {})
  await using store = await openConsoleStore(settings)
  let sequence = 0
  const tell = async (...facts: readonly CaptureFact[]): Promise<void> => {
    await store.repository.apply(SOURCE, facts.map((fact) => ({ sequence: sequence += 1, fact })))
  }
  const takeJobs = async (): Promise<readonly RecordingId[]> => {
    const taken: RecordingId[] = []
    for (let job = await store.jobs.lease('ingest', 'test', LATER, LEASE_MS); job !== null; job = await store.jobs.lease('ingest', 'test', LATER, LEASE_MS)) {
      taken.push(job.recordingId)
      await store.jobs.complete(job, 'test')
    }
    return taken
  }
  await test({
    store, settings, tell, takeJobs,
    takeJob: () => store.jobs.lease('ingest', 'test', LATER, LEASE_MS),
    bare: printed,
    holdfast: async (...words) => await printed(...words, '--config', file),
    givenUp: async (second, reason = 'ingest-failed', findings = []) => {
      const id = idAt(second)
      await tell(...wholeLife({ id }))
      await store.repository.beginIngest(id)
      await store.repository.closeWithoutMedia(id, { state: 'failed', reason, findings }, {
        at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.failed', object: { type: 'recording', id }, outcome: 'failed', reason, details: {}, personal: {},
      })
      await takeJobs()
      return id
    },
  })
}

async function printed(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await run(words, { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
