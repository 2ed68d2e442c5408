import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import type { IngestWorker } from '../../core/ingest/ingest-worker.ts'
import { ANY_RECORDING } from '../../core/ports/recording-repository.ts'
import { CALL_MS, openCatalogue, openWorker, places, spoolCalls, spoolFilesOf, tellCalls } from '../support/spooled-calls.ts'
import { type Bench, type BenchForm, ratio, timed } from './bench.ts'

const CALLS: Readonly<Record<BenchForm, number>> = { full: 100, quick: 4 }

/** Bringing in calls of one minute, two lanes of 8 kHz: directory spool, age, directory store, SQLite, all with fsync. */
export const bench: Bench = async (folder, form) => {
  const calls = CALLS[form]
  const ids = await spoolCalls(folder, calls)
  const store = await openCatalogue(folder)
  try {
    await tellCalls(store, ids)
    const { worker } = await openWorker(folder, store, { owner: 'bench', identity: await newIdentity(new Date()) })
    const copiedMs = await timed(() => copyAll(folder, ids))
    const cpuBefore = process.cpuUsage()
    // As many at once as the service runs.
    const ingestedMs = await timed(() => Promise.all([drain(worker), drain(worker)]))
    const { user, system } = process.cpuUsage(cpuBefore)
    const { recordings } = await store.repository.search({ filter: STORED, scope: { type: 'all' }, first: calls, before: null })
    if (recordings.length !== calls) throw new Error(`${recordings.length} of ${calls} recordings are stored`)
    return {
      title: `Ingest of ${calls} calls of one minute`,
      columns: ['', 'recordings/s', 'times real time', 'to copying'],
      rows: [
        ['copying both spool files, with fsync', perSecond(calls, copiedMs), Math.round(calls * CALL_MS / copiedMs), '1.00×'],
        ['ingest: verify, stitch, measure, seal, store, read back, catalogue, remove', perSecond(calls, ingestedMs), Math.round(calls * CALL_MS / ingestedMs), ratio(copiedMs, ingestedMs)],
      ],
      notes: [
        `Two jobs at once in one process; ${Math.round((user + system) / 1000 / calls)} ms of processor time for a recording, all threads together.`,
        '"Times real time": how many calls may go on at once, on average, before the spool fills.',
        'Copying reads and writes the same bytes and waits for the disk once a file; ingest waits for it twice an object (file and folder) and for the transactions of its steps.',
      ],
    }
  } finally {
    await store.close()
  }
}

const STORED = { ...ANY_RECORDING, states: ['stored'] } as const

async function drain(worker: IngestWorker): Promise<void> {
  while (await worker.runOnce() === 'worked');
}

/** The least that any ingest must do: every byte read, written and on the disk. */
async function copyAll(folder: string, ids: readonly RecordingId[]): Promise<void> {
  const copies = join(folder, 'copies')
  await mkdir(copies)
  for (const name of ids.flatMap((id) => Object.values(spoolFilesOf(id)))) {
    const file = await open(join(copies, basename(name)), 'w')
    await file.write(await readFile(join(places(folder).spool, name)))
    await file.sync()
    await file.close()
  }
  await rm(copies, { recursive: true })
}

function perSecond(calls: number, ms: number): string {
  return ((calls * 1000) / ms).toFixed(1)
}
