import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from '../../config/settings.ts'
import { sealerTo } from '../../core/crypto/sealer-to.ts'
import type { ExportWorker } from '../../core/library/export/export-worker.ts'
import type { PackageParts } from '../../core/library/library.ts'
import type { ExportRegister } from '../../core/ports/export-register.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import { FfmpegEncoder } from './ffmpeg-encoder.ts'

/** How often the queue is looked at where nobody wakes us: an order at the console, or what another worker left. */
const EVERY_MS = 5000
/** How often what is over is destroyed, and unfinished objects of workers who died are swept. */
const SWEEP_EVERY_MS = 60_000
const UNFINISHED_AFTER_MS = 24 * 3_600_000

/** Where packages lie, sealed, until they are fetched or expire. */
function exportBlobs({ dataDirectory }: Pick<Settings, 'dataDirectory'>): DirectoryBlobStore {
  return new DirectoryBlobStore(join(dataDirectory, 'exports'))
}

/** What the library needs to make packages. */
export function openPackages(settings: Pick<Settings, 'dataDirectory' | 'node'>, { register, wake }: { readonly register: ExportRegister; readonly wake: () => void }): PackageParts {
  return { register, blobs: exportBlobs(settings), encoder: new FfmpegEncoder(), sealerTo, owner: `${settings.node.name}-${randomUUID()}`, wake }
}

/** Makes what was ordered, one package at a time, and destroys what is over, as long as the service runs. */
export class ExportLoop {
  readonly packages: PackageParts
  readonly #blobs: DirectoryBlobStore
  readonly #runtime: Runtime
  readonly #stopping = new AbortController()
  #woken = new AbortController()
  #sweptAt = 0
  #running: Promise<void> = Promise.resolve()

  constructor(settings: Pick<Settings, 'dataDirectory' | 'node'>, { register, runtime }: { readonly register: ExportRegister; readonly runtime: Runtime }) {
    this.packages = openPackages(settings, { register, wake: () => this.#woken.abort() })
    this.#blobs = exportBlobs(settings)
    this.#runtime = runtime
  }

  start(worker: ExportWorker): void {
    this.#running = this.#run(worker)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#woken.abort()
    await this.#running
  }

  async #run(worker: ExportWorker): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = new AbortController()
      try {
        await this.#sweep(worker)
        while (!this.#stopping.signal.aborted && await worker.work(this.#stopping.signal, { only: null }) !== null);
      } catch (error) {
        // The store was away: the next turn looks again, and recording does not depend on it.
        this.#runtime.log.error({ error }, 'exports cannot be worked on')
      }
      if (!this.#stopping.signal.aborted) await delay(EVERY_MS, undefined, { signal: this.#woken.signal }).catch(() => undefined)
    }
  }

  async #sweep(worker: ExportWorker): Promise<void> {
    await worker.sweep()
    const now = this.#runtime.clock.now().getTime()
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return
    this.#sweptAt = now
    await this.#blobs.sweep(new Date(now - UNFINISHED_AFTER_MS))
  }
}
