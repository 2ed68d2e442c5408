import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { pid } from 'node:process'
import type { Settings } from '../config/settings.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import type { JobQueue } from '../core/ports/job-queue.ts'
import type { Repeat, Runtime } from '../core/ports/runtime.ts'
import { type OtherService, SERVICE_LEASE_MS, type ServiceLease, type ServiceRun } from '../core/ports/service-lease.ts'
import type { Store } from '../core/store/catalogue.ts'

/** Three of them may fail within a lease. */
const EXTEND_EVERY_MS = 5000

interface Parts {
  readonly lease: ServiceLease
  readonly run: ServiceRun
  readonly runtime: Runtime
  readonly repeat?: Repeat
}

/**
 * Sees to it that one service works on a catalogue that several machines reach. Whoever loses it goes on with capture, whose journal is
 * its own, and takes no job any more: its sound waits in the spool, and the other one cannot read that.
 */
export class SoleService {
  readonly #parts: Parts
  #end: () => void = () => undefined
  /** By our own clock: not later than the database believes. */
  #untilMs = Number.NEGATIVE_INFINITY
  #standing: Standing = { state: 'held' }
  #extending: Promise<void> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @throws HoldfastError `ALREADY_RUNNING` while another one serves over this catalogue; `STORE_FAILED` */
  async begin(): Promise<void> {
    const { lease, run, runtime: { clock }, repeat = repeatByTimer } = this.#parts
    const askedAtMs = clock.now().getTime()
    const other = await lease.take(run, 'start')
    if (other !== null) throw refusal(other)
    this.#untilMs = askedAtMs + SERVICE_LEASE_MS
    this.#tell(this.#standing)
    this.#end = repeat(EXTEND_EVERY_MS, () => this.#extendOnce())
  }

  /** Whether it is still ours, also by the time: a process that stood still, as with its machine, has missed its timer. */
  get holds(): boolean {
    return this.#parts.runtime.clock.now().getTime() < this.#untilMs
  }

  /** The same queue, which gives no job while the catalogue may be another service's. */
  guarded(jobs: JobQueue): JobQueue {
    return {
      enqueue: (...request) => jobs.enqueue(...request),
      lease: async (...request) => this.holds ? await jobs.lease(...request) : null,
      extend: (...request) => jobs.extend(...request),
      mark: (...request) => jobs.mark(...request),
      complete: (...request) => jobs.complete(...request),
      retry: (...request) => jobs.retry(...request),
      backlog: (...request) => jobs.backlog(...request),
    }
  }

  /** Lets go of it. Never rejects: it ends by itself. */
  async stop(): Promise<void> {
    const { lease, run, runtime: { log } } = this.#parts
    this.#end()
    await this.#extending
    await lease.release(run).catch((error: unknown) => log.warn({ error }, 'the catalogue could not be let go of: another service may have it when the lease is over'))
  }

  /** A database that hangs is not asked again meanwhile. */
  async #extendOnce(): Promise<void> {
    this.#extending ??= this.#extend().finally(() => {
      this.#extending = null
    })
    await this.#extending
  }

  async #extend(): Promise<void> {
    const { lease, run, runtime: { clock, log } } = this.#parts
    const askedAtMs = clock.now().getTime()
    try {
      const by = await lease.take(run, 'later')
      this.#untilMs = by === null ? askedAtMs + SERVICE_LEASE_MS : 0
      this.#tell(by === null ? { state: 'held' } : { state: 'taken', by })
    } catch (error) {
      // The next turn asks again; until the lease is over nobody else can have it.
      log.debug({ error }, 'the lease of the catalogue could not be extended')
      if (!this.holds) this.#tell({ state: 'unanswered' })
    }
  }

  #tell(standing: Standing): void {
    const { log, metrics } = this.#parts.runtime
    metrics.gauge('holdfast_catalogue_held', standing.state === 'held' ? 1 : 0)
    if (standing.state === this.#standing.state) return
    this.#standing = standing
    if (standing.state === 'held') log.info({}, 'the catalogue is this service\'s again')
    else if (standing.state === 'unanswered') log.warn({}, 'whether the catalogue is still this service\'s cannot be told: what is recorded waits in the spool')
    else log.error({ node: standing.by.node, host: standing.by.host, process: standing.by.process }, 'another service has taken over the catalogue: this one goes on recording, and what is recorded waits in the spool until that one ends')
  }
}

/** Whose the catalogue is, as far as we were told. */
type Standing = { readonly state: 'held' } | { readonly state: 'unanswered' } | { readonly state: 'taken'; readonly by: OtherService }

/** @returns `null` for a catalogue in a file, which the lock on the data directory guards @throws HoldfastError `STORE_FAILED` */
export async function openSoleService({ catalogue, node }: Settings, { store, runtime }: { readonly store: Store; readonly runtime: Runtime }): Promise<SoleService | null> {
  if (catalogue.type === 'sqlite') return null
  const run = { id: randomUUID(), journal: await store.journal.id(), node: node.name, host: hostname(), process: pid }
  return new SoleService({ lease: store.service, run, runtime })
}

function refusal({ node, host, process, ageMs }: OtherService): HoldfastError {
  const who = `${node} on ${host} (process ${process}), which was seen ${Math.max(0, Math.round(ageMs / 1000))} s ago`
  return new HoldfastError('ALREADY_RUNNING', `another holdfast serves over this catalogue: ${who}: end it first, or give this one a database of its own. If its machine is gone, try again in ${SERVICE_LEASE_MS / 1000} s`, { node, host, pid: process })
}

function repeatByTimer(everyMs: number, work: () => Promise<void>): () => void {
  const timer = setInterval(() => void work(), everyMs)
  return () => clearInterval(timer)
}
