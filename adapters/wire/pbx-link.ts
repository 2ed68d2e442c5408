import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { PbxId } from '../../core/domain/ids.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { BackOff } from './back-off.ts'

/** A restarted Asterisk is back in half a second, a FreeSWITCH in three. */
const FIRST_RETRY_MS = 250
/** Recordings run on natively meanwhile; but a call that begins now waits for its rules until we are back. */
const LONGEST_RETRY_MS = 10_000
/** How often life is proved, and the heartbeat set: the dialplan calls it stale after 10 s, so that four may be lost. */
export const PROBE_INTERVAL_MS = 2_000

/** A connection to a PBX, from its login to its end. */
export interface PbxConnection {
  /** Resolves once, with the reason. */
  readonly closed: Promise<string>
  close(reason: string): void
}

/** What the owner of a link does with it. Nothing of it is called twice at a time. */
export interface PbxLinkOwner<C extends PbxConnection> {
  /** Connects and logs in. @param fault - told what is wrong on the connection and is no answer to anything */
  readonly open: (fault: (error: unknown) => void) => Promise<C>
  /** Asks for the events that are read. */
  readonly subscribe: (connection: C) => Promise<void>
  /** Proves life; gives the PBX's own time, or `null` where it tells none. */
  readonly probe: (connection: C) => Promise<Date | null>
  /** Events come already. The link ends when this rejects; else it is up, and what was resolved is called in that moment. */
  readonly established: (connection: C) => Promise<() => void>
  /** With every proof of life while the link is up. */
  readonly beat: (connection: C, pbxNow: Date) => Promise<void>
  /** After each connection that was established, or was being so. */
  readonly ended: () => void
}

export interface PbxLinkOptions<C extends PbxConnection> {
  readonly pbxId: PbxId
  /** For people: `AMI`, `ESL`. */
  readonly protocol: string
  readonly runtime: Runtime
  readonly random: () => number
  readonly owner: PbxLinkOwner<C>
}

/** Keeps one connection to one PBX, for ever: a new one after each end, with back-off. */
export class PbxLink<C extends PbxConnection> {
  readonly #options: PbxLinkOptions<C>
  readonly #backOff: BackOff
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #connection: C | null = null
  /** PBX's clock minus ours. */
  #clockOffsetMs = 0

  constructor(options: PbxLinkOptions<C>) {
    this.#options = options
    this.#backOff = new BackOff({ firstMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, random: options.random })
  }

  get state(): 'up' | 'down' {
    return this.#connection === null ? 'down' : 'up'
  }

  /**
   * The connection, while the link is up: nothing is queued while it is down.
   * @throws HoldfastError `PBX_UNREACHABLE`
   */
  get connection(): C {
    const { pbxId, protocol } = this.#options
    if (this.#connection === null) throw new HoldfastError('PBX_UNREACHABLE', `the ${protocol} link is down`, { pbxId })
    return this.#connection
  }

  /** The present by the PBX's clock, as far as it is known. */
  now(): Date {
    return new Date(this.#options.runtime.clock.now().getTime() + this.#clockOffsetMs)
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Something threw, or was refused, that no request waits for: counted and logged. */
  report(error: unknown): void {
    const { runtime, pbxId, protocol } = this.#options
    const code = isHoldfastError(error) ? error.code : 'bug'
    runtime.metrics.count('holdfast_pbx_link_failures_total', { pbx: pbxId, code })
    if (!isHoldfastError(error)) {
      runtime.log.error({ pbxId, code, err: error }, `${protocol} link failed unexpectedly`)
      return
    }
    // Foreseen, and said at each attempt: where in the program it was noticed tells nobody anything.
    const { message, details, cause } = error
    runtime.log.warn({ pbxId, code, reason: message, ...Object.keys(details).length === 0 ? {} : { details }, ...cause instanceof Error ? { cause: cause.message } : {} }, `${protocol} link failed`)
  }

  /** Ends the connection and the attempts. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#connection?.close('stopped')
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#live(signal)
      } catch (error) {
        // What was on its way as we ended the link ourselves is no failure of it.
        if (!signal.aborted) this.report(error)
      }
      await pause(this.#backOff.nextDelayMs(), signal)
    }
  }

  /** From the connection's beginning to its end. */
  async #live(signal: AbortSignal): Promise<void> {
    const { owner, runtime, pbxId, protocol } = this.#options
    const connection = await owner.open((error) => this.report(error))
    const close = (): void => connection.close('stopped')
    signal.addEventListener('abort', close)
    try {
      if (signal.aborted) return
      await owner.subscribe(connection)
      await this.#probe(connection)
      const announce = await owner.established(connection)
      this.#connection = connection
      announce()
      this.#backOff.reset()
      await this.#keepProving(connection, signal)
      if (!signal.aborted) runtime.log.warn({ pbxId, reason: await connection.closed }, `${protocol} link ended`)
    } finally {
      signal.removeEventListener('abort', close)
      this.#connection = null
      connection.close('given up')
      owner.ended()
    }
  }

  /** @throws HoldfastError when a proof of life does not come in time */
  async #keepProving(connection: C, signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    void connection.closed.then(() => ended.abort())
    const either = AbortSignal.any([signal, ended.signal])
    while (!either.aborted) {
      await this.#options.owner.beat(connection, this.now())
      await pause(PROBE_INTERVAL_MS, either)
      if (!either.aborted) await this.#probe(connection)
    }
  }

  /** The answer is taken to be as old as half of the way there and back. */
  async #probe(connection: C): Promise<void> {
    const { clock } = this.#options.runtime
    const sentMs = clock.now().getTime()
    const pbxNow = await this.#options.owner.probe(connection)
    const receivedMs = clock.now().getTime()
    if (pbxNow !== null) this.#clockOffsetMs = pbxNow.getTime() - (sentMs + receivedMs) / 2
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    // The wait was ended early, as it was meant to be.
    if (!signal.aborted) throw error
  }
}
