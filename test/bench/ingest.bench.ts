import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryRecordingSource } from '../../adapters/spool/directory-recording-source.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing, newIdentity } from '../../core/crypto/key-ring.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { type RecordingId, parseCallId, parseChannelId, parseInteractionId, parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import { firstRecordingIdAt, nextRecordingId } from '../../core/domain/recording-id.ts'
import { IngestWorker } from '../../core/ingest/ingest-worker.ts'
import { wavHeader } from '../../core/ingest/wav.ts'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import { type SqliteStore, openSqliteStore } from '../../core/store/sqlite-store.ts'
import { patternBytes } from '../support/bytes.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { type Bench, ratio, timed } from './bench.ts'

const CALLS = 100
const CALL_MS = 60_000
const RATE = 8000
const LANE_BYTES = (CALL_MS / 1000) * RATE * 2
const BEGAN = new Date('2026-01-01T12:00:00Z')
const ENDED = new Date(BEGAN.getTime() + CALL_MS)
const PBX = parsePbxId('bench')
const NODE = parseNodeName('bench')
const CHANNEL = parseChannelId('1.1')

/** Bringing in calls of one minute, two lanes of 8 kHz: directory spool, age, directory store, SQLite, all with fsync. */
export const bench: Bench = async (folder) => {
  const ids = await spoolAndTell(folder)
  const store = await openStore(folder)
  try {
    await tell(store, ids)
    const worker = await workerOf(folder, store)
    const copiedMs = await timed(() => copyAll(folder, ids))
    const ingestedMs = await timed(async () => {
      // As many at once as the service runs.
      await Promise.all([drain(worker), drain(worker)])
    })
    const { recordings } = await store.repository.search({ filter: STORED, scope: { type: 'all' }, first: CALLS, before: null })
    if (recordings.length !== CALLS) throw new Error(`${recordings.length} of ${CALLS} recordings are stored`)
    return {
      title: `Ingest of ${CALLS} calls of one minute`,
      columns: ['', 'recordings/s', 'times real time', 'to copying'],
      rows: [
        ['copying both spool files, with fsync', perSecond(copiedMs), Math.round(CALLS * CALL_MS / copiedMs), '1.00×'],
        ['ingest: verify, stitch, measure, seal, store, read back, catalogue, remove', perSecond(ingestedMs), Math.round(CALLS * CALL_MS / ingestedMs), ratio(copiedMs, ingestedMs)],
      ],
      notes: [
        'Two jobs at once in one process. "Times real time": how many calls may go on at once, on average, for the spool not to fill.',
        'Copying reads and writes the same bytes and waits for the disk once a file; ingest waits for it twice an object (file and folder) and for seven transactions of SQLite.',
      ],
    }
  } finally {
    await store.close()
  }
}

const STORED = {
  startedFrom: null, startedTo: null, caller: null, callee: null, agent: null, queue: null, interactionId: null,
  partitionUnder: null, states: ['stored'], minDurationMs: null, maxDurationMs: null, attached: [],
} as const

async function spoolAndTell(folder: string): Promise<readonly RecordingId[]> {
  await mkdir(join(folder, 'spool', 'holdfast'), { recursive: true })
  const ids: RecordingId[] = [firstRecordingIdAt(BEGAN, 0)]
  while (ids.length < CALLS) ids.push(nextRecordingId(ids.at(-1) ?? firstRecordingIdAt(BEGAN, 0)))
  const lane = Buffer.concat([wavHeader({ channels: 1, sampleRateHz: RATE, dataBytes: LANE_BYTES }), patternBytes(LANE_BYTES)])
  for (const name of ids.flatMap((id) => Object.values(filesOf(id)))) await writeFile(join(folder, 'spool', name), lane)
  return ids
}

function openStore(folder: string): Promise<SqliteStore> {
  return openSqliteStore({ file: join(folder, 'catalogue.sqlite'), journalFile: null, node: NODE, nodeNumber: 0, runtime: quietRuntime() })
}

async function tell(store: SqliteStore, ids: readonly RecordingId[]): Promise<void> {
  const facts = ids.flatMap((id) => factsOf(id))
  await store.repository.apply(NODE, facts.map((fact, index) => ({ sequence: index + 1, fact })))
}

async function workerOf(folder: string, store: SqliteStore): Promise<IngestWorker> {
  const { recipient } = await newIdentity(BEGAN)
  const cipher = new AgeCipher(await KeyRing.load({ recipients: [{ place: 'bench', text: recipient }], identities: [] }))
  const source = new DirectoryRecordingSource(join(folder, 'spool'))
  return new IngestWorker({
    ...quietRuntime(), recordings: store.repository, jobs: store.jobs, audit: store.audit, cipher,
    blobs: new DirectoryBlobStore(join(folder, 'objects')),
    changes: { publish: () => undefined },
    spoolOf: () => source,
  }, { owner: 'bench' })
}

async function drain(worker: IngestWorker): Promise<void> {
  while (await worker.runOnce() === 'worked');
}

/** The least that any ingest must do: every byte read, written and on the disk. */
async function copyAll(folder: string, ids: readonly RecordingId[]): Promise<void> {
  await mkdir(join(folder, 'copies'))
  for (const name of ids.flatMap((id) => Object.values(filesOf(id)))) {
    const file = await open(join(folder, 'copies', name.slice('holdfast/'.length)), 'w')
    await file.write(await readFile(join(folder, 'spool', name)))
    await file.sync()
    await file.close()
  }
  await rm(join(folder, 'copies'), { recursive: true })
}

function filesOf(id: RecordingId): { readonly received: string; readonly transmitted: string } {
  return { received: `holdfast/${id}.0.rx.wav`, transmitted: `holdfast/${id}.0.tx.wav` }
}

function factsOf(recordingId: RecordingId): readonly CaptureFact[] {
  const of = { recordingId, at: BEGAN } as const
  return [
    {
      ...of, type: 'recording-requested', interactionId: parseInteractionId(`i-${recordingId}`), pbxId: PBX, site: null, callId: parseCallId('1.1'), channelId: CHANNEL,
      side: 'source', origin: 'controlled', direction: 'inbound', caller: { number: '100', name: null }, callee: { number: '200', name: null }, agent: null, queue: null, announcement: null,
      decision: { outcome: 'record', sides: ['source'], rule: 'all', policyVersion: '1', partitions: ['/sales'], pause: 'allowed', input: { attached: { CUSTOMER_TYPE: 'gold' }, caller: '100', callee: '200' } },
    },
    { ...of, type: 'segment-opened', index: 0, channelId: CHANNEL, files: filesOf(recordingId) },
    { ...of, type: 'segment-started', index: 0, recorderId: '0x1' },
    { ...of, type: 'answered' },
    { recordingId, at: ENDED, type: 'recording-stopped', reason: 'hangup' },
  ]
}

function perSecond(ms: number): string {
  return ((CALLS * 1000) / ms).toFixed(1)
}
