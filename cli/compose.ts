import { mkdir, readFile } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import { CallTracker } from '../core/capture/calls/call-tracker.ts'
import { CaptureService } from '../core/capture/capture-service.ts'
import { InteractionPauses } from '../core/capture/calls/interaction-pauses.ts'
import { Insurances } from '../core/capture/calls/insurances.ts'
import { JournalForwarder } from '../core/capture/journal-forwarder.ts'
import { LiveCalls } from '../core/capture/control/live-calls.ts'
import { LiveChanges } from '../core/capture/control/live-changes.ts'
import { LiveAttachedControl } from '../core/capture/control/live-attached-control.ts'
import { LiveCaptureControl } from '../core/capture/control/live-capture-control.ts'
import { LiveRecordings } from '../core/capture/calls/live-recordings.ts'
import { OwnStops } from '../core/capture/calls/own-stops.ts'
import { OwnTelephones } from '../core/capture/rules/own-telephones.ts'
import { PauseControl } from '../core/capture/pauses/pause-control.ts'
import { PauseLimit } from '../core/capture/pauses/pause-limit.ts'
import { Rulebook } from '../core/capture/rules/rulebook.ts'
import { Seating } from '../core/capture/people/seating.ts'
import { SerialByKey } from '../core/capture/calls/serial.ts'
import { ToldInteractions } from '../core/capture/calls/told-interactions.ts'
import { Wishes } from '../core/capture/calls/wishes.ts'
import type { PbxId } from '../core/domain/ids.ts'
import type { Recording } from '../core/domain/recording.ts'
import { CoverageKeeper } from '../core/ingest/coverage-keeper.ts'
import type { Library } from '../core/library/library.ts'
import type { AttachedControl } from '../core/ports/attached-control.ts'
import type { CaptureControl } from '../core/ports/capture-control.ts'
import type { CaptureJournal } from '../core/ports/capture-journal.ts'
import type { PbxAdapter } from '../core/ports/pbx-adapter.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import { InProcessRecordingChanges } from '../core/store/in-process-recording-changes.ts'
import type { Store } from '../core/store/catalogue.ts'
import type { ComponentState } from '../graphql/http-options.ts'
import { type HttpServer, startHttpServer } from '../graphql/server.ts'
import { tellWhatIsMissing } from './catalogue-behind.ts'
import { componentStates } from './component-states.ts'
import { ExportLoop } from './export/open-exports.ts'
import { openKeys } from './keys/open-keys.ts'
import { openAuditWatch } from './open-audit.ts'
import { openBlobs } from './open-blobs.ts'
import { openIngest } from './open-ingest.ts'
import { openLibrary } from './open-library.ts'
import { openNodes } from './open-nodes.ts'
import { openPbx, type Pbx, peerChangeOf } from './open-pbx.ts'
import { readOperations } from './operations-file.ts'
import { openStore } from './open-store.ts'
import { openSoleService, type SoleService } from './sole-service.ts'
import { openPolicy } from './policy/open-policy.ts'
import { openDestruction } from './retention/open-destruction.ts'
import type { ServiceRuntime } from './runtime/service-runtime.ts'
import { Upkeep } from './upkeep.ts'

/** A service that runs: everything that the settings name, tied together. */
export interface Holdfast {
  /** Where GraphQL and playback are served, without a path; empty before `start`. */
  readonly url: string
  readonly store: Store
  /** Commands to the calls of this node. */
  readonly control: CaptureControl
  /** Listens, then connects to the PBXs. When it throws, `stop` is still owed. @throws HoldfastError `LISTEN_FAILED`; `STORE_FAILED` */
  start(): Promise<void>
  /** Reads the policy file and that of the retention rules again. One with faults changes nothing but an alarm. */
  reloadRules(): Promise<void>
  /** Ends in the reverse order of the start: first nobody asks, then nothing new is recorded, then what was learnt is written. */
  stop(): Promise<void>
}

/**
 * Settings → running object graph; the one file that sees every layer.
 * @throws HoldfastError `CONFIG_INVALID`, `KEY_FILE_INVALID`, `NO_RECIPIENT`, `STORE_FAILED`, `STORE_NEWER`; `ALREADY_RUNNING` over the same catalogue
 */
export async function compose(settings: Settings, runtime: ServiceRuntime): Promise<Holdfast> {
  const { cipher, standing } = await openKeys(settings)
  await mkdir(settings.dataDirectory, { recursive: true, mode: 0o700 })
  const store = await openStore(settings, runtime)
  await using stack = new AsyncDisposableStack()
  // A server's connections would keep the process.
  stack.defer(() => store.close())
  const sole = await openSoleService(settings, { store, runtime })
  // Before anything is written: whose the catalogue is, learns nothing of a service that is refused.
  if (sole !== null) stack.defer(() => sole.stop())
  await sole?.begin()
  await tellWhatIsMissing({ ...store, node: settings.node.name, runtime })
  const holdfast = await composeOver(store, settings, { runtime, cipher, standing, sole })
  stack.move()
  return holdfast
}

interface OverCatalogue extends Pick<Awaited<ReturnType<typeof openKeys>>, 'cipher' | 'standing'> {
  readonly runtime: ServiceRuntime
  readonly sole: SoleService | null
}

async function composeOver(store: Store, settings: Settings, { runtime, cipher, standing, sole }: OverCatalogue): Promise<Holdfast> {
  const jobs = sole?.guarded(store.jobs) ?? store.jobs
  const { blobs, each } = openBlobs(settings)
  const changes = new InProcessRecordingChanges()
  const pbxs = await Promise.all(settings.pbxs.map((pbx) => openPbx(pbx, settings, runtime)))
  const capture = await composeCapture(settings, { runtime, store, pbxs, ended: () => ingest.wake(), changes })
  const policy = openPolicy(settings, { pbxs, capture, audit: store.audit, runtime })
  const spoolOf = (pbxId: string): RecordingSource | null => pbxs.find(({ adapter }) => adapter.pbxId === pbxId)?.source ?? null
  const ingest = openIngest(settings, { ...runtime, recordings: store.repository, jobs, audit: store.audit, blobs, cipher, changes, spoolOf })
  const { destroyer, retention, archive } = await openDestruction(settings, { ledger: store.destructions, archived: store.archived, retention: store.retention, holds: store.holds, blobs, spoolOf, runtime, changes, playback: () => library.playback }, 'service')
  const exporting = new ExportLoop(settings, { register: store.exports, runtime })
  const library: Library = await openLibrary(settings, { store, blobs, cipher, standing, changes, policy, destroyer, runtime, capture, packages: exporting.packages, retention: retention.control })
  const spools = pbxs.map(({ adapter, source }) => ({ pbxId: adapter.pbxId, source }))
  const upkeep = new Upkeep({ runtime, archive, destroyer, destructions: store.destructions, journal: store.journal, people: store.people, recordings: store.repository, audit: store.audit, blobs: each, spools })
  const keeper = new CoverageKeeper({ ledger: store.coverage, runtime, pbxIds: pbxs.map(({ adapter }) => adapter.pbxId), ...settings.coverage })
  const audit = await openAuditWatch(settings, { store, runtime })
  let http: HttpServer | null = null
  return {
    get url() {
      return http?.url ?? ''
    },
    store,
    control: capture.control,
    async start() {
      await capture.restore()
      // Before any PBX is touched: who cannot serve must not record unseen beside the one that holds the port.
      http = await serveHttp(settings, { runtime, library, readiness: () => componentStates({ runtime, jobs: store.jobs, sole, blobs, adapters: pbxs.map(({ adapter }) => adapter), spools }) })
      await capture.start()
      // Recording waits for no audit entry.
      void policy.begin()
      ingest.start()
      for (const part of [upkeep, keeper, retention.watch, audit]) part.start()
      exporting.start(library.exportWorker)
    },
    reloadRules: async () => void await Promise.all([policy.reloadBySignal(), retention.reload()]),
    async stop() {
      await http?.close()
      await Promise.all([upkeep.stop(), exporting.stop(), retention.watch.stop()])
      await keeper.stop()
      await policy.settled()
      await capture.stop()
      await ingest[Symbol.asyncDispose]()
      await Promise.all(pbxs.map((pbx) => pbx.close()))
      await audit.stop()
      await sole?.stop()
      await store.close()
      runtime.log.flush()
    },
  }
}

interface CaptureParts {
  readonly runtime: ServiceRuntime
  readonly store: Store
  readonly pbxs: readonly Pbx[]
  readonly changes: InProcessRecordingChanges
  /** Recordings have ended, and are to be brought in. */
  readonly ended: () => void
}

interface Capture {
  readonly control: CaptureControl
  readonly attached: AttachedControl
  readonly seating: Seating
  readonly rules: Rulebook
  rulesChanged(): void
  restore(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

async function composeCapture(settings: Settings, { runtime, store, pbxs, changes, ended }: CaptureParts): Promise<Capture> {
  const { journal, repository } = store
  const serial = new SerialByKey()
  const forwarder = new JournalForwarder({ journal, repository, node: settings.node.name, runtime, forwarded: (touched, due) => {
    for (const id of touched) changes.publish(id)
    if (due.length > 0) ended()
  } })
  const { live, liveChanges, seating } = believed({ journal, runtime, pbxs, appended: () => forwarder.poke(), moved: () => {
    for (const service of services) service.seatsChanged()
  } })
  const rules = new Rulebook(settings, { journal, serial, runtime, appended: () => forwarder.poke() })
  const { adapters, pauses, pauseControl, pauseLimit } = pausing(settings, { journal, live, pbxs, serial, runtime, resumed: (recordings) => {
    for (const service of services) service.resumed(recordings)
  } })
  const services = pbxs.map(({ settings: pbx, adapter, source }) => new CaptureService({
    pbxId: adapter.pbxId, site: pbx.site, adapter, source, peerChange: peerChangeOf(pbx), journal, runtime, serial, live, liveChanges, seating, pauses, pauseControl, linked: () => void pauseLimit.check(),
    tracker: new CallTracker(), wishes: new Wishes(), ownStops: new OwnStops(), insurances: new Insurances(), rules, telephones: new OwnTelephones(rules, pbx.trunks), pauseWays: settings.pause.ways,
    told: new ToldInteractions({ pbxId: adapter.pbxId, trustedTrunks: pbx.trustedTrunks, adapter, isOpen: (id) => live.interactions.find(id) !== null, runtime }),
    control: { control: (command, signal) => nodes.control.control(command, signal), live: (target) => nodes.control.live(target), isConfirmedElsewhere: (id) => nodes.control.isConfirmedElsewhere(id) },
  }))
  seating.look(services.map(({ context }) => context))
  const local = new LiveCaptureControl({ calls: new LiveCalls(liveChanges.look(services.map(({ context }) => context)), live), live, changes: liveChanges, sides: services, serial, pauses: pauseControl, ways: settings.pause.ways })
  const nodes = await openNodes(settings, { local, live, pauses, control: pauseControl, adapters, runtime })
  return {
    control: nodes.control,
    seating,
    attached: new LiveAttachedControl({ sides: services, serial }),
    rules,
    rulesChanged() {
      for (const service of services) service.rulesChanged()
    },
    async restore() {
      for (const part of [live, pauses, seating, ...services]) await part.restore()
    },
    async start() {
      forwarder.poke()
      // What another node has paused is heard of before anything is recorded.
      await nodes.start()
      for (const service of services) service.start()
      pauseLimit.start()
    },
    async stop() {
      await nodes.stop()
      await pauseLimit.stop()
      await Promise.all(services.map((service) => service.stop()))
      await forwarder.settled()
      await forwarder.close()
    },
  }
}

interface PausingParts {
  readonly journal: CaptureJournal
  readonly live: LiveRecordings
  readonly pbxs: readonly Pbx[]
  readonly serial: SerialByKey
  readonly runtime: ServiceRuntime
  /** Recordings have sound again. */
  readonly resumed: (recordings: readonly Recording[]) => void
}

/** What pauses on this node, and ends pauses. */
function pausing({ pause }: Settings, { journal, live, pbxs, serial, runtime, resumed }: PausingParts): { readonly adapters: ReadonlyMap<PbxId, PbxAdapter>; readonly pauses: InteractionPauses; readonly pauseControl: PauseControl; readonly pauseLimit: PauseLimit } {
  const adapters = new Map<PbxId, PbxAdapter>(pbxs.map(({ adapter }) => [adapter.pbxId, adapter]))
  const pauses = new InteractionPauses({ journal, live })
  const pauseControl = new PauseControl({ live, pauses, adapters, serial, runtime, maxDurationMs: pause.maxDurationMs, resumed })
  return { adapters, pauses, pauseControl, pauseLimit: new PauseLimit({ live, pauses, control: pauseControl, adapters, runtime, warnBeforeMs: pause.warnBeforeMs }) }
}

interface BeliefParts {
  readonly journal: CaptureJournal
  readonly runtime: ServiceRuntime
  readonly pbxs: readonly Pbx[]
  readonly appended: () => void
  readonly moved: () => void
}

interface Beliefs {
  readonly live: LiveRecordings
  readonly liveChanges: LiveChanges
  readonly seating: Seating
}

/** What capture believes of recordings and desks; facts go to the catalogue, and news to those who watch. */
function believed({ journal, runtime, pbxs, appended, moved }: BeliefParts): Beliefs {
  const liveChanges = new LiveChanges()
  const live = new LiveRecordings(journal, (changed) => {
    appended()
    for (const recording of changed) liveChanges.recording(recording)
  })
  const seating = new Seating({ journal, runtime, pbxIds: pbxs.map(({ adapter }) => adapter.pbxId), changed: () => {
    appended()
    liveChanges.seats()
    moved()
  } })
  return { live, liveChanges, seating }
}

interface HttpParts {
  readonly runtime: ServiceRuntime
  readonly library: Library
  readonly readiness: () => Promise<readonly ComponentState[]>
}

async function serveHttp({ http }: Settings, { runtime, library, readiness }: HttpParts): Promise<HttpServer> {
  const tls = http.tls === null ? {} : { tls: { certificatePem: await readFile(http.tls.certFile, 'utf8'), keyPem: await readFile(http.tls.keyFile, 'utf8') } }
  return await startHttpServer({
    host: http.host,
    port: http.port,
    ...tls,
    services: library,
    runtime,
    options: {
      readiness,
      metrics: async () => ({ contentType: runtime.metrics.contentType, body: await runtime.metrics.text() }),
      metricsAccess: http.publicMetrics ? 'public' : 'token',
      introspection: http.introspection ? 'on' : 'off',
      corsOrigins: http.corsOrigins,
      publicOrigin: http.publicOrigin,
      operations: http.operationsFile === null ? null : await readOperations(http.operationsFile),
      rates: { burst: http.requestBurst, perMinute: http.requestsPerMinute },
      queryPage: http.graphiql ? 'on' : 'off',
    },
  })
}
