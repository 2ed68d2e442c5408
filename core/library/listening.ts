import { HoldfastError } from '../domain/errors.ts'
import type { Runtime } from '../ports/runtime.ts'
import { type AuditWriter, recordingFacts } from './audit-writer.ts'
import type { TicketedMedia } from './playback.ts'
import type { Ticket } from './tickets.ts'

/** One listener, a few tabs; more from one ticket is a leak or an attack. */
const MAX_STREAMS_PER_TICKET = 8
const MAX_ADDRESSES_PER_TICKET = 32

interface Heard {
  /** The audit entry that this listening began, by address: awaited by every reader before the first byte. */
  readonly begun: Map<string, Promise<void>>
  streams: number
  incidentTold: boolean
}

/** Who listens now, and what of it stands in the audit. */
export class Listening {
  readonly #audit: AuditWriter
  readonly #runtime: Runtime
  readonly #heard = new WeakMap<Ticket, Heard>()
  #streams = 0

  constructor({ audit, runtime }: { readonly audit: AuditWriter; readonly runtime: Runtime }) {
    this.#audit = audit
    this.#runtime = runtime
  }

  /** Answers that are being read now. */
  get streams(): number {
    return this.#streams
  }

  /** Counts one more answer until it is disposed. @throws HoldfastError `RATE_LIMITED` */
  enter(ticket: Ticket): Disposable {
    const heard = this.#of(ticket)
    if (heard.streams >= MAX_STREAMS_PER_TICKET) throw new HoldfastError('RATE_LIMITED', 'too many answers at once for one ticket', { most: MAX_STREAMS_PER_TICKET })
    heard.streams += 1
    this.#streams += 1
    return {
      [Symbol.dispose]: () => {
        heard.streams -= 1
        this.#streams -= 1
      },
    }
  }

  /**
   * Says in the audit that somebody begins to listen, once for each ticket and address: a ticket that was passed on shows.
   * @throws HoldfastError `AUDIT_UNAVAILABLE`
   */
  async begin({ ticket, recording, bearer: { address } }: TicketedMedia): Promise<void> {
    const { begun } = this.#of(ticket)
    const known = begun.get(address)
    if (known !== undefined) return known
    // Forgotten addresses are audited again: better an entry too many than a stranger's addresses without end.
    if (begun.size >= MAX_ADDRESSES_PER_TICKET) begun.clear()
    const entry = this.#audit.require({ ...ticket.requester, address }, { action: 'playback.begun', outcome: 'ok', reason: null, ...recordingFacts(recording) })
    begun.set(address, entry)
    try {
      await entry
    } catch (error) {
      // The next reader tries again: without the entry there is no byte.
      begun.delete(address)
      throw error
    }
  }

  /** An altered object: logged and counted each time, audited once for each ticket, however often a player tries. */
  async tellIncident({ ticket, recording }: TicketedMedia, { details }: HoldfastError): Promise<void> {
    this.#runtime.metrics.count('holdfast_integrity_incidents_total')
    this.#runtime.log.error({ recordingId: recording.id, ...details }, 'sealed object altered')
    const heard = this.#of(ticket)
    if (heard.incidentTold) return
    heard.incidentTold = true
    const facts = recordingFacts(recording)
    await this.#audit.attempt(ticket.requester, { action: 'recording.incident', outcome: 'failed', reason: 'INTEGRITY_MISMATCH', ...facts, details: { ...facts.details, ...details } })
  }

  #of(ticket: Ticket): Heard {
    const known = this.#heard.get(ticket)
    if (known !== undefined) return known
    const fresh: Heard = { begun: new Map(), streams: 0, incidentTold: false }
    this.#heard.set(ticket, fresh)
    return fresh
  }
}
