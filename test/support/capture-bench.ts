import type { PeerChange } from '../../core/capture/calls/capture-context.ts'
import { CallTracker } from '../../core/capture/calls/call-tracker.ts'
import { CaptureService } from '../../core/capture/capture-service.ts'
import { InteractionPauses } from '../../core/capture/calls/interaction-pauses.ts'
import { Insurances } from '../../core/capture/calls/insurances.ts'
import { LiveCalls } from '../../core/capture/control/live-calls.ts'
import { LiveChanges } from '../../core/capture/control/live-changes.ts'
import { LiveAttachedControl } from '../../core/capture/control/live-attached-control.ts'
import { LiveCaptureControl } from '../../core/capture/control/live-capture-control.ts'
import { LiveRecordings } from '../../core/capture/calls/live-recordings.ts'
import { PauseControl } from '../../core/capture/pauses/pause-control.ts'
import { PauseLimit } from '../../core/capture/pauses/pause-limit.ts'
import { Rulebook } from '../../core/capture/rules/rulebook.ts'
import { OwnStops } from '../../core/capture/calls/own-stops.ts'
import { OwnTelephones } from '../../core/capture/rules/own-telephones.ts'
import { Seating } from '../../core/capture/people/seating.ts'
import { SerialByKey } from '../../core/capture/calls/serial.ts'
import { ToldInteractions } from '../../core/capture/calls/told-interactions.ts'
import { Wishes } from '../../core/capture/calls/wishes.ts'
import type { HoldfastError } from '../../core/domain/errors.ts'
import type { Recording } from '../../core/domain/recording.ts'
import type { AttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import { PAUSE_MEANS, type PauseMeans } from '../../core/domain/rules/pause-terms.ts'
import type { Policy } from '../../core/domain/rules/policy.ts'
import { policyWithoutFile } from '../../config/policy/read-policy.ts'
import type { CaptureControl } from '../../core/ports/capture-control.ts'
import type { RecordingSource, SpoolFile } from '../../core/ports/recording-source.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { FakePbxAdapter } from './fakes/fake-pbx-adapter.ts'
import { MemoryCaptureJournal } from './fakes/memory-capture-journal.ts'
import { quietRuntime } from './quiet-runtime.ts'

/** The limit of pauses, and the warning before it, of every bench. */
const MAX_PAUSE_MS = 60_000
const WARN_BEFORE_MS = 10_000

interface BenchOptions {
  readonly policy?: Policy
  readonly attached?: AttachedSchema
  readonly spool?: Map<string, SpoolFile>
  readonly peerChange?: PeerChange
  readonly maxPauseMs?: number
  /** How far our clock is ahead of the PBX's. */
  readonly aheadMs?: number
  readonly trunks?: readonly string[]
  readonly trustedTrunks?: readonly string[]
  readonly ways?: readonly PauseMeans[]
  /** More PBXs of the same node. */
  readonly others?: readonly FakePbxAdapter[]
}

/** Keys that tests attach. */
const PLAIN_KEYS = ['case', 'CASE', 'CUSTOMER_ID', 'CUSTOMER_TYPE', 'GOOD', 'NOTE']

/** Capture on a fake PBX, or on more: what a unit test of it plays with. A killed service is a new bench over the old journal and PBX. */
export class CaptureBench {
  readonly pbx: FakePbxAdapter
  readonly journal: MemoryCaptureJournal
  readonly spool: Map<string, SpoolFile>
  /** When set, nothing is removed from the spool. */
  spoolFailure: HoldfastError | null = null
  readonly service: CaptureService
  readonly others: readonly CaptureService[]
  readonly control: LiveCaptureControl
  readonly pauses: InteractionPauses
  readonly pauseControl: PauseControl
  readonly pauseLimit: PauseLimit
  readonly runtime: Runtime
  /** What codes and routes command, where this node is not alone. */
  shared: CaptureControl | null = null
  readonly attached: LiveAttachedControl
  readonly live: LiveRecordings
  readonly rules: Rulebook
  readonly seating: Seating
  /** What was counted, by the metric's name. */
  readonly counted: ReadonlyMap<string, number>
  readonly #serial = new SerialByKey()

  private constructor(pbx: FakePbxAdapter, journal: MemoryCaptureJournal, options: BenchOptions) {
    this.pbx = pbx
    this.journal = journal
    this.spool = options.spool ?? new Map()
    const plain = policyWithoutFile(PLAIN_KEYS)
    const runtime = quietRuntime(() => new Date(pbx.now.getTime() + (options.aheadMs ?? 0)))
    this.counted = runtime.counted
    this.rules = new Rulebook({ policy: options.policy ?? plain.policy, attached: options.attached ?? plain.attached }, { journal, serial: this.#serial, runtime, appended: () => undefined })
    const adapters = new Map([pbx, ...options.others ?? []].map((each) => [each.pbxId, each] as const))
    const liveChanges = new LiveChanges()
    this.live = new LiveRecordings(journal, (changed) => {
      for (const recording of changed) liveChanges.recording(recording)
    })
    this.seating = new Seating({ journal, runtime, pbxIds: [...adapters.keys()], changed: () => {
      liveChanges.seats()
      this.service.seatsChanged()
    } })
    this.pauses = new InteractionPauses({ journal, live: this.live })
    this.runtime = runtime
    const pauseControl = new PauseControl({ live: this.live, pauses: this.pauses, adapters, serial: this.#serial, runtime, maxDurationMs: options.maxPauseMs ?? MAX_PAUSE_MS, resumed: (recordings) => {
      for (const service of [this.service, ...this.others]) service.resumed(recordings)
    } })
    this.pauseControl = pauseControl
    this.pauseLimit = new PauseLimit({ live: this.live, pauses: this.pauses, control: pauseControl, adapters, runtime, warnBeforeMs: WARN_BEFORE_MS })
    const serviceOf = (own: FakePbxAdapter): CaptureService => new CaptureService({
      pbxId: own.pbxId, site: null, adapter: own, source: spoolOf(this.spool, () => this.spoolFailure), journal, runtime, serial: this.#serial,
      live: this.live, liveChanges, seating: this.seating, pauses: this.pauses, pauseControl, linked: () => void this.pauseLimit.check(),
      tracker: new CallTracker(), wishes: new Wishes(), ownStops: new OwnStops(), insurances: new Insurances(),
      told: new ToldInteractions({ pbxId: own.pbxId, trustedTrunks: options.trustedTrunks ?? null, adapter: own, isOpen: (id) => this.live.interactions.find(id) !== null, runtime }),
      rules: this.rules, telephones: new OwnTelephones(this.rules, options.trunks ?? null), peerChange: options.peerChange ?? 'continue',
      pauseWays: options.ways ?? PAUSE_MEANS,
      control: { control: (command, signal) => (this.shared ?? this.control).control(command, signal), live: (target) => this.control.live(target), isConfirmedElsewhere: (id) => (this.shared ?? this.control).isConfirmedElsewhere(id) },
    })
    this.service = serviceOf(pbx)
    this.others = (options.others ?? []).map(serviceOf)
    const services = [this.service, ...this.others]
    this.attached = new LiveAttachedControl({ sides: services, serial: this.#serial })
    liveChanges.look(services.map(({ context }) => context))
    this.seating.look(services.map(({ context }) => context))
    this.control = new LiveCaptureControl({ live: this.live, calls: new LiveCalls(services.map(({ context }) => context), this.live), changes: liveChanges, sides: services, serial: this.#serial, pauses: pauseControl, ways: options.ways ?? PAUSE_MEANS })
  }

  static async open(options: BenchOptions & { readonly pbx?: FakePbxAdapter; readonly journal?: MemoryCaptureJournal } = {}): Promise<CaptureBench> {
    const bench = new CaptureBench(options.pbx ?? new FakePbxAdapter(), options.journal ?? new MemoryCaptureJournal(), options)
    await bench.live.restore()
    await bench.pauses.restore()
    await bench.seating.restore()
    for (const service of [bench.service, ...bench.others]) {
      await service.restore()
      service.start()
    }
    await bench.settled()
    return bench
  }

  /** Resolves when every event that was emitted has been handled. */
  async settled(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    await this.#serial.idle()
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    await this.#serial.idle()
  }

  recordings(): readonly Recording[] {
    return [...this.journal.all().values()]
  }

  only(): Recording {
    const recordings = this.recordings()
    const [recording] = recordings
    if (recordings.length !== 1 || recording === undefined) throw new Error(`${recordings.length} recordings, one expected`)
    return recording
  }
}

function spoolOf(files: Map<string, SpoolFile>, failure: () => HoldfastError | null): RecordingSource {
  return {
    list: async () => await Promise.resolve([...files.values()]),
    stat: async (name) => await Promise.resolve(files.get(name) ?? null),
    open: async () => await Promise.reject(new Error('capture never opens a spool file')),
    remove: async (name) => {
      const refusal = failure()
      if (refusal !== null) throw refusal
      files.delete(name)
      await Promise.resolve()
    },
    freeBytes: async () => await Promise.resolve(null),
  }
}
