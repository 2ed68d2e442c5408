import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { PbxId } from '../../core/domain/ids.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { BackOff } from '../wire/back-off.ts'
import type { AmiAction } from './ami-action.ts'
import { chooseEvents, ping } from './ami-actions.ts'
import { AmiConnection } from './ami-connection.ts'
import type { AmiMessage } from './ami-message.ts'
import type { AmiEndpoint } from './ami-route.ts'

/** A restarted Asterisk is back in half a second. */
const FIRST_RETRY_MS = 250
/** Recordings run on natively meanwhile; but a call that begins now waits for its rules until we are back. */
const LONGEST_RETRY_MS = 10_000
/** How often life is proved, and the heartbeat set: the dialplan calls it stale after 10 s, so that four may be lost. */
export const PROBE_INTERVAL_MS = 2_000

/** What the owner of a link does with it. Nothing of it is called twice at a time. */
export interface AmiLinkOwner {
  /** Logged in; events come already. The link ends when this rejects; else it is up, and what was resolved is called in that moment. */
  readonly established: (connection: AmiConnection) => Promise<() => void>
  /** An event, in order. */
  readonly event: (message: AmiMessage) => void
  /** After each connection that was established, or was being so. */
  readonly ended: () => void
  /** Sent with every proof of life while the link is up. */
  readonly heartbeat: (pbxNow: Date) => AmiAction | null
}

export interface AmiLinkOptions {
  readonly pbxId: PbxId
  readonly endpoint: AmiEndpoint
  readonly runtime: Runtime
  readonly random: () => number
  readonly owner: AmiLinkOwner
}

/** Keeps one AMI connection to one Asterisk, for ever: a new one after each end, with back-off. */
export class AmiLink {
  readonly #options: AmiLinkOptions
  readonly #backOff: BackOff
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #connection: AmiConnection | null = null
  /** PBX's clock minus ours. */
  #clockOffsetMs = 0

  constructor(options: AmiLinkOptions) {
    this.#options = options
    this.#backOff = new BackOff({ firstMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, random: options.random })
  }

  get state(): 'up' | 'down' {
    return this.#connection === null ? 'down' : 'up'
  }

  /** The present by the PBX's clock, as far as it is known. */
  now(): Date {
    return new Date(this.#options.runtime.clock.now().getTime() + this.#clockOffsetMs)
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Errors as `AmiConnection.request`. Nothing is queued while the link is down. */
  async request(action: AmiAction): Promise<AmiMessage> {
    if (this.#connection === null) throw new HoldfastError('PBX_UNREACHABLE', 'the AMI link is down', { pbxId: this.#options.pbxId })
    return this.#connection.request(action)
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
        this.#report(error)
      }
      await pause(this.#backOff.nextDelayMs(), signal)
    }
  }

  /** From the connection's beginning to its end. */
  async #live(signal: AbortSignal): Promise<void> {
    const { endpoint, owner, runtime, pbxId } = this.#options
    const connection = await AmiConnection.open(endpoint, { event: owner.event, fault: (error) => this.#report(error), withheld: (message) => this.#withheld(message) })
    const close = (): void => connection.close('stopped')
    signal.addEventListener('abort', close)
    try {
      if (signal.aborted) return
      await connection.request(chooseEvents())
      await this.#probe(connection)
      const announce = await owner.established(connection)
      this.#connection = connection
      announce()
      this.#backOff.reset()
      await this.#keepProving(connection, signal)
      if (!signal.aborted) runtime.log.warn({ pbxId, reason: await connection.closed }, 'AMI link ended')
    } finally {
      signal.removeEventListener('abort', close)
      this.#connection = null
      connection.close('given up')
      owner.ended()
    }
  }

  #withheld(message: AmiMessage): void {
    const { runtime, pbxId } = this.#options
    runtime.metrics.count('holdfast_pbx_events_forged_total', { pbx: pbxId })
    runtime.log.warn({ pbxId, event: message.get('Event') }, 'an event with its end torn off: somebody writes line breaks into a call')
  }

  /** @throws HoldfastError when a proof of life does not come in time */
  async #keepProving(connection: AmiConnection, signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    void connection.closed.then(() => ended.abort())
    const either = AbortSignal.any([signal, ended.signal])
    while (!either.aborted) {
      const heartbeat = this.#options.owner.heartbeat(this.now())
      if (heartbeat !== null) await connection.request(heartbeat)
      await pause(PROBE_INTERVAL_MS, either)
      if (!either.aborted) await this.#probe(connection)
    }
  }

  async #probe(connection: AmiConnection): Promise<void> {
    const sentMs = this.#options.runtime.clock.now().getTime()
    const pong = await connection.request(ping())
    const receivedMs = this.#options.runtime.clock.now().getTime()
    const pbxSeconds = Number(pong.get('Timestamp') ?? Number.NaN)
    if (Number.isFinite(pbxSeconds)) this.#clockOffsetMs = pbxSeconds * 1000 - (sentMs + receivedMs) / 2
  }

  #report(error: unknown): void {
    const { runtime, pbxId } = this.#options
    const code = isHoldfastError(error) ? error.code : 'bug'
    runtime.metrics.count('holdfast_pbx_link_failures_total', { pbx: pbxId, code })
    const fields = { pbxId, code, err: error }
    if (code === 'bug') runtime.log.error(fields, 'AMI link failed unexpectedly')
    else runtime.log.warn(fields, 'AMI link failed')
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
