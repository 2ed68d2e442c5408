import type { PbxId } from '../core/domain/ids.ts'
import { SpoolSweep, type SweepSurroundings } from '../core/ingest/spool-sweep.ts'
import { restampAll } from '../core/library/people/restamping.ts'
import { forgetDestroyed } from '../core/retention/forget-destroyed.ts'
import type { DestructionLedger } from '../core/ports/destruction-ledger.ts'
import type { CaptureJournal } from '../core/ports/capture-journal.ts'
import type { PeopleStore } from '../core/ports/people-store.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import type { SweptBlobStore } from './open-blobs.ts'

/** Files that nobody claims are news of hours, not of seconds; free space is looked at as often. */
const EVERY_MS = 60_000
/** An object being written takes minutes at most; what is older was left by a process that died. */
const UNFINISHED_AFTER_MS = 24 * 3_600_000

interface Parts {
  readonly runtime: Runtime
  readonly journal: Pick<CaptureJournal, 'forgetQuotas' | 'forget' | 'forgottenUntil'>
  readonly people: PeopleStore
  readonly recordings: SweepSurroundings['recordings']
  readonly audit: SweepSurroundings['audit']
  readonly destructions: Pick<DestructionLedger, 'endedFrom'>
  readonly destroyer: { resume(): Promise<number> }
  /** `null`: nothing is archived. */
  readonly archive: { clearOriginals(signal: AbortSignal): Promise<void> } | null
  readonly blobs: readonly SweptBlobStore[]
  readonly spools: readonly { readonly pbxId: PbxId; readonly source: RecordingSource }[]
}

/** What must be looked at from time to time: spool files without a row, unfinished objects, destructions that a store or a crash held up, space, accounts of quotas that are over. */
export class Upkeep {
  readonly #parts: Parts
  readonly #sweep: SpoolSweep
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> = Promise.resolve()
  #restamping: Promise<void> | null = null
  readonly #stopping = new AbortController()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#sweep = new SpoolSweep({ ...parts.runtime, recordings: parts.recordings, audit: parts.audit })
  }

  start(): void {
    this.#timer = setInterval(() => this.#turn(), EVERY_MS)
    this.#turn()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#restamping
    await this.#working
  }

  #turn(): void {
    // Millions of recordings take half an hour: nothing else waits for that.
    this.#restamping ??= this.#guarded('restamping', () => this.#restamp()).finally(() => {
      this.#restamping = null
    })
    this.#working = this.#working.then(async () => {
      for (const { pbxId, source } of this.#parts.spools) await this.#guarded('spool sweep', () => this.#lookAt(pbxId, source))
      await this.#guarded('destruction', () => this.#parts.destroyer.resume())
      await this.#guarded('archive', () => this.#parts.archive?.clearOriginals(this.#stopping.signal) ?? Promise.resolve())
      await this.#guarded('forgetting', () => this.#forget())
      await this.#guarded('object sweep', () => this.#objects())
      await this.#guarded('quota sweep', () => this.#quotas())
    })
  }

  async #lookAt(pbxId: PbxId, source: RecordingSource): Promise<void> {
    const free = await source.freeBytes()
    if (free !== null) this.#parts.runtime.metrics.gauge('holdfast_spool_free_bytes', free, { pbx: pbxId })
    await this.#sweep.sweep(pbxId, source)
  }

  async #objects(): Promise<void> {
    const { blobs, runtime } = this.#parts
    const before = new Date(runtime.clock.now().getTime() - UNFINISHED_AFTER_MS)
    const free: number[] = []
    for (const store of blobs) {
      // One that is away must not hide how full the others are.
      await this.#guarded('object sweep', async () => {
        await store.sweep(before)
        const bytes = await store.freeBytes()
        if (bytes !== null) free.push(bytes)
      })
    }
    // The fullest is the first to fail.
    if (free.length > 0) runtime.metrics.gauge('holdfast_objects_free_bytes', Math.min(...free))
  }

  /** A quota per caller and day would fill the journal else. */
  async #quotas(): Promise<void> {
    const { journal, runtime } = this.#parts
    const forgotten = await journal.forgetQuotas(runtime.clock.now())
    if (forgotten > 0) runtime.log.info({ forgotten }, 'accounts of quotas that are over were forgotten')
  }

  /** A corrected tree, also one that was corrected at the console. */
  async #restamp(): Promise<void> {
    const { people, runtime } = this.#parts
    const done = await restampAll({ people, clock: runtime.clock }, this.#stopping.signal)
    if (done !== null) runtime.log.info({ looked: done.looked, changed: done.changed, share: done.share }, 'recordings were looked at again by the tree of units')
  }

  /** What this node's journal tells of recordings that were destroyed, here or by another node. */
  async #forget(): Promise<void> {
    const { journal, destructions, runtime } = this.#parts
    const facts = await forgetDestroyed({ ledger: destructions, journal }, this.#stopping.signal)
    if (facts > 0) runtime.log.info({ facts }, 'facts of destroyed recordings were removed from the journal')
  }

  async #guarded(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // The next turn looks again; recording does not depend on it.
      this.#parts.runtime.log.error({ what, error }, 'upkeep failed')
    }
  }
}
