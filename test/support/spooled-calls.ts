import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryRecordingSource } from '../../adapters/spool/directory-recording-source.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing, type NewIdentity } from '../../core/crypto/key-ring.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { type RecordingId, parseCallId, parseChannelId, parseInteractionId, parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import { firstRecordingIdAt, nextRecordingId } from '../../core/domain/recording-id.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import { type IngestOptions, IngestWorker } from '../../core/ingest/ingest-worker.ts'
import { wavHeader } from '../../core/domain/wav-header.ts'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import type { Store } from '../../core/store/catalogue.ts'
import { openSqliteStore } from '../../core/store/sqlite-store.ts'
import { patternBytes } from './bytes.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { decisionWith } from './decisions.ts'

export const CALL_MS = 60_000
const RATE = 8000
const LANE_BYTES = (CALL_MS / 1000) * RATE * 2
const BEGAN = new Date('2026-01-01T12:00:00Z')
const ENDED = new Date(BEGAN.getTime() + CALL_MS)
const NODE = parseNodeName('node')
const CHANNEL = parseChannelId('1.1')

/** The samples of every call here, as the PBX's files hold them. */
export const LANES = { received: patternBytes(LANE_BYTES, 1), transmitted: patternBytes(LANE_BYTES, 2) } as const

/** Where everything of such an installation lies. */
export function places(folder: string): { readonly spool: string; readonly objects: string; readonly catalogue: string; readonly temporary: string } {
  return { spool: join(folder, 'spool'), objects: join(folder, 'objects'), catalogue: join(folder, 'catalogue.sqlite'), temporary: join(folder, 'tmp') }
}

/** Files of calls that have ended, in a spool directory. */
export async function spoolCalls(folder: string, count: number): Promise<readonly RecordingId[]> {
  const { spool, temporary } = places(folder)
  await mkdir(join(spool, 'holdfast'), { recursive: true })
  await mkdir(temporary)
  const ids: RecordingId[] = []
  for (let id = firstRecordingIdAt(BEGAN, 0); ids.length < count; id = nextRecordingId(id)) ids.push(id)
  const head = wavHeader({ channels: 1, sampleRateHz: RATE, dataBytes: LANE_BYTES })
  for (const { received, transmitted } of ids.map((id) => spoolFilesOf(id))) {
    await writeFile(join(spool, received), Buffer.concat([head, LANES.received]))
    await writeFile(join(spool, transmitted), Buffer.concat([head, LANES.transmitted]))
  }
  return ids
}

/** A real SQLite catalogue beside the spool. */
export function openCatalogue(folder: string): Promise<Store> {
  return openSqliteStore({ file: places(folder).catalogue, journalFile: null, node: NODE, nodeNumber: 0, runtime: quietRuntime() })
}

/** The catalogue learns of the calls, and has a job for each. */
export async function tellCalls(store: Store, ids: readonly RecordingId[]): Promise<void> {
  const facts = ids.flatMap((id) => factsOf(id))
  await store.repository.apply({ node: NODE, journal: 'of-the-test' }, facts.map((fact, index) => ({ sequence: index + 1, fact })))
}

/** A worker over the folder, with everything real. `around`: what stands between it and the object store. */
export async function openWorker(folder: string, store: Store, options: IngestOptions & {
  readonly identity: NewIdentity
  readonly around?: (blobs: BlobStore) => BlobStore
  readonly now?: () => Date
}): Promise<{ readonly worker: IngestWorker; readonly cipher: AgeCipher; readonly blobs: BlobStore }> {
  const { identity: { recipient, fileText }, around = (blobs) => blobs, now } = options
  const cipher = new AgeCipher(await KeyRing.load({ recipients: [{ place: 'test', text: recipient }], identities: [{ place: 'test', text: fileText }] }))
  const source = new DirectoryRecordingSource(places(folder).spool)
  const blobs = around(new DirectoryBlobStore(places(folder).objects))
  const worker = new IngestWorker({
    ...quietRuntime(now), recordings: store.repository, jobs: store.jobs, audit: store.audit, cipher, blobs,
    changes: { publish: () => undefined },
    placedOf: () => (name) => name, formatOf: () => 'wav', spoolOf: () => source,
  }, options)
  return { worker, cipher, blobs }
}

export function spoolFilesOf(id: RecordingId): SegmentFiles {
  return { received: `holdfast/${id}.0.rx.wav`, transmitted: `holdfast/${id}.0.tx.wav` }
}

function factsOf(recordingId: RecordingId): readonly CaptureFact[] {
  const of = { recordingId, at: BEGAN } as const
  return [
    {
      ...of, type: 'recording-requested', interactionId: parseInteractionId(`i-${recordingId}`), pbxId: parsePbxId('pbx'), site: null, callId: parseCallId('1.1'), channelId: CHANNEL,
      side: 'source', origin: 'controlled', direction: 'inbound', caller: { number: '100', name: null }, callee: { number: '200', name: null }, agent: null, queue: null, announcement: null, attachedChanges: [], clockOffsetMs: 0,
      decision: decisionWith({ partitions: ['/sales'], input: { attached: { CUSTOMER_TYPE: 'gold' } } }),
    },
    { ...of, type: 'segment-opened', index: 0, channelId: CHANNEL, files: spoolFilesOf(recordingId) },
    { ...of, type: 'segment-started', index: 0, recorderId: '0x1' },
    { ...of, type: 'answered' },
    { recordingId, at: ENDED, type: 'recording-stopped', reason: 'hangup' },
  ]
}
