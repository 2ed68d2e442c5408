import { randomUUID } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AsteriskAdapter } from '../adapters/asterisk/asterisk-adapter.ts'
import { DirectoryRecordingSource } from '../adapters/spool/directory-recording-source.ts'
import type { PbxSettings, Settings } from '../config/settings.ts'
import { CallTracker } from '../core/capture/call-tracker.ts'
import { CaptureService } from '../core/capture/capture-service.ts'
import { JournalForwarder } from '../core/capture/journal-forwarder.ts'
import { LiveCaptureControl } from '../core/capture/live-capture-control.ts'
import { LiveRecordings } from '../core/capture/live-recordings.ts'
import { PauseLimit } from '../core/capture/pause-limit.ts'
import { SerialByKey } from '../core/capture/serial.ts'
import { AgeCipher } from '../core/crypto/age-cipher.ts'
import { KeyRing } from '../core/crypto/key-ring.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { IngestWorker } from '../core/ingest/ingest-worker.ts'
import { createLibrary, type Library } from '../core/library/library.ts'
import type { CaptureControl } from '../core/ports/capture-control.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import { DirectoryBlobStore } from '../core/store/directory-blob-store.ts'
import { InProcessRecordingChanges } from '../core/store/in-process-recording-changes.ts'
import { openSqliteStore, type SqliteStore } from '../core/store/sqlite-store.ts'
import { type HttpServer, startHttpServer } from '../graphql/server.ts'
import { readKeyTexts } from './keys/key-texts.ts'
import type { ServiceRuntime } from './runtime/service-runtime.ts'
import { Upkeep } from './upkeep.ts'

/** A service that runs: everything that the settings name, tied together. */
export interface Holdfast {
  /** Where GraphQL and playback are served, without a path; empty before `start`. */
  readonly url: string
  readonly store: SqliteStore
  start(): Promise<void>
  /** Ends in the reverse order of the start: first nobody asks, then nothing new is recorded, then what was learnt is written. */
  stop(): Promise<void>
}

interface Pbx {
  readonly settings: PbxSettings
  readonly adapter: AsteriskAdapter
  readonly source: RecordingSource
}

/**
 * Settings → running object graph; the one file that sees every layer.
 * @throws HoldfastError `CONFIG_INVALID`, `KEY_FILE_INVALID`, `NO_RECIPIENT`, `STORE_FAILED`, `STORE_NEWER`
 */
export async function compose(settings: Settings, runtime: ServiceRuntime): Promise<Holdfast> {
  const cipher = await openCipher(settings)
  await mkdir(settings.dataDirectory, { recursive: true, mode: 0o700 })
  const store = await openStore(settings, runtime)
  const blobs = new DirectoryBlobStore(settings.objects.path)
  const changes = new InProcessRecordingChanges()
  const pbxs = await Promise.all(settings.pbxs.map((pbx) => openPbx(pbx, settings, runtime)))
  const capture = composeCapture(settings, { runtime, store, pbxs, forwarded: () => ingest.wake(), changes })
  const spoolOf = (pbxId: string): RecordingSource | null => pbxs.find(({ adapter }) => adapter.pbxId === pbxId)?.source ?? null
  const ingest = new IngestWorker({
    ...runtime, recordings: store.repository, jobs: store.jobs, audit: store.audit, blobs, cipher, changes, spoolOf,
  }, { owner: `${settings.node.name}-${randomUUID()}` })
  const library = createLibrary({ repository: store.repository, audit: store.audit, tokens: store.tokens, blobs, cipher, capture: capture.control, changes, runtime })
  const upkeep = new Upkeep({ runtime, recordings: store.repository, audit: store.audit, blobs, spools: pbxs.map(({ adapter, source }) => ({ pbxId: adapter.pbxId, source })) })
  let http: HttpServer | null = null
  return {
    get url() {
      return http?.url ?? ''
    },
    store,
    async start() {
      await capture.start()
      ingest.start()
      upkeep.start()
      http = await serveHttp(settings, { runtime, library, pbxs })
    },
    async stop() {
      await http?.close()
      await upkeep.stop()
      await capture.stop()
      await ingest[Symbol.asyncDispose]()
      await store.close()
      runtime.log.flush()
    },
  }
}

async function openCipher(settings: Settings): Promise<AgeCipher> {
  const keys = await KeyRing.load(await readKeyTexts(settings.keys))
  if (keys.recipients.length === 0) throw new HoldfastError('NO_RECIPIENT', 'no recipient is configured: nothing can be stored, and nothing is ever stored unsealed')
  return new AgeCipher(keys)
}

async function openStore({ catalogue, dataDirectory, node }: Settings, runtime: ServiceRuntime): Promise<SqliteStore> {
  if (catalogue.type !== 'sqlite') throw new HoldfastError('CONFIG_INVALID', 'catalogue.type: this version serves from sqlite only', { type: catalogue.type })
  return await openSqliteStore({ file: catalogue.file, journalFile: join(dataDirectory, 'journal.db'), node: node.name, nodeNumber: node.number, runtime })
}

async function openPbx(settings: PbxSettings, { attachedData }: Settings, runtime: ServiceRuntime): Promise<Pbx> {
  const { id, ami, recordingDirectory, spoolFormat } = settings
  const tls = ami.tls === null ? null : { ca: ami.tls.caFile === null ? null : await readFile(ami.tls.caFile, 'utf8'), serverName: ami.tls.serverName }
  const adapter = new AsteriskAdapter({ pbxId: id, ami: { ...ami, tls }, recordingDirectory, spoolFormat, attachedKeys: attachedData.keys, runtime, random: Math.random })
  return { settings, adapter, source: sourceOf(settings) }
}

function sourceOf({ id, spool }: PbxSettings): RecordingSource {
  if (spool.type === 'directory') return new DirectoryRecordingSource(spool.path)
  throw new HoldfastError('CONFIG_INVALID', `pbx ${id}: spool.type ari is not served yet`, { pbx: id })
}

interface CaptureParts {
  readonly runtime: ServiceRuntime
  readonly store: SqliteStore
  readonly pbxs: readonly Pbx[]
  readonly changes: InProcessRecordingChanges
  readonly forwarded: () => void
}

function composeCapture(settings: Settings, { runtime, store, pbxs, changes, forwarded }: CaptureParts): { readonly control: CaptureControl; start(): Promise<void>; stop(): Promise<void> } {
  const { journal, repository } = store
  const serial = new SerialByKey()
  const forwarder = new JournalForwarder({ journal, repository, node: settings.node.name, runtime, forwarded: (touched) => {
    for (const id of touched) changes.publish(id)
    forwarded()
  } })
  const live = new LiveRecordings(journal, () => forwarder.poke())
  const services = pbxs.map(({ settings: { site, transferFault }, adapter, source }) => new CaptureService({
    pbxId: adapter.pbxId, site, adapter, source, journal, live, tracker: new CallTracker(), policy: () => settings.policy,
    peerChange: transferFault === 'ignore' ? 'continue' : 'segment', runtime, serial,
  }))
  const control = new LiveCaptureControl({ live, adapters: new Map(pbxs.map(({ adapter }) => [adapter.pbxId, adapter])), serial, runtime })
  const pauseLimit = new PauseLimit({ live, control, runtime, maxDurationMs: settings.pause.maxDurationMs })
  return {
    control,
    async start() {
      await live.restore()
      forwarder.poke()
      for (const service of services) service.start()
      pauseLimit.start()
    },
    async stop() {
      await pauseLimit.stop()
      await Promise.all(services.map((service) => service.stop()))
      await forwarder.settled()
      await forwarder.close()
    },
  }
}

async function serveHttp({ http }: Settings, { runtime, library, pbxs }: { readonly runtime: ServiceRuntime; readonly library: Library; readonly pbxs: readonly Pbx[] }): Promise<HttpServer> {
  const tls = http.tls === null ? {} : { tls: { certificatePem: await readFile(http.tls.certFile, 'utf8'), keyPem: await readFile(http.tls.keyFile, 'utf8') } }
  return await startHttpServer({
    host: http.host,
    port: http.port,
    ...tls,
    services: library,
    runtime,
    options: {
      readiness: async () => await Promise.resolve(pbxs.map(({ adapter }) => ({ component: `pbx ${adapter.pbxId}`, ok: adapter.linkState === 'up' }))),
      metrics: async () => ({ contentType: runtime.metrics.contentType, body: await runtime.metrics.text() }),
      metricsAccess: http.publicMetrics ? 'public' : 'token',
      introspection: http.introspection ? 'on' : 'off',
      queryPage: http.graphiql ? 'on' : 'off',
    },
  })
}
