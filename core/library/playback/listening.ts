import { HoldfastError } from '../../domain/errors.ts'
import { heardOf, SentBytes, type SoundPlace } from '../../domain/heard.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { type AuditWriter, recordingFacts } from '../audit/audit-writer.ts'
import type { TicketedMedia } from './ticketed-media.ts'
import type { Ticket } from './tickets.ts'

/** One listener, a few tabs; more from one ticket is a leak or an attack. */
const MAX_STREAMS_PER_TICKET = 8
const MAX_ADDRESSES_PER_TICKET = 32

interface Heard {
  /** The audit entry that this listening began, by address: awaited by every reader before the first byte. */
  readonly begun: Map<string, Promise<void>>
  /** What each address was sent: told when the ticket is over. */
  readonly sent: Map<string, { readonly found: TicketedMedia; readonly bytes: SentBytes }>
  /** Where the sound lies in the file; `null`: not read yet. */
  places: readonly SoundPlace[] | null
  streams: number
  incidentTold: boolean
  /** The ticket is over; what is still being sent is told with the rest. */
  over: boolean
}

/** Who listens now, and what of it stands in the audit. */
export class Listening {
  readonly #audit: AuditWriter
  readonly #runtime: Runtime
  readonly #heard = new WeakMap<Ticket, Heard>()
  readonly #telling = new Set<Promise<void>>()
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
        if (heard.over && heard.streams === 0) this.#tellEnd(heard)
      },
    }
  }

  /**
   * Says in the audit that somebody begins to listen, once for each ticket and address: a ticket that was passed on shows.
   * @throws HoldfastError `AUDIT_UNAVAILABLE`
   */
  async begin({ ticket, recording, bearer: { address }, heard }: TicketedMedia): Promise<void> {
    const { begun } = this.#of(ticket)
    const known = begun.get(address)
    if (known !== undefined) return known
    // Forgotten addresses are audited again: better an entry too many than a stranger's addresses without end.
    if (begun.size >= MAX_ADDRESSES_PER_TICKET) begun.clear()
    const facts = recordingFacts(recording)
    // That a part was silence for her is as much a fact as that she listened.
    const details = heard.version === '' ? facts.details : { ...facts.details, hears: 'own-parts' }
    const entry = this.#audit.require({ ...ticket.requester, address }, { action: 'playback.begun', outcome: 'ok', reason: null, ...facts, details })
    begun.set(address, entry)
    try {
      await entry
    } catch (error) {
      // The next reader tries again: without the entry there is no byte.
      begun.delete(address)
      throw error
    }
  }

  /** Learns where the sound lies in the file, once for each ticket. @throws what reading it throws */
  async learnPlaces(ticket: Ticket, read: () => Promise<readonly SoundPlace[]>): Promise<void> {
    const heard = this.#of(ticket)
    heard.places ??= await read()
  }

  /** Bytes `[start, end)` went to whoever listens. */
  sent(found: TicketedMedia, start: number, end: number): void {
    const { sent } = this.#of(found.ticket)
    const { address } = found.bearer
    const known = sent.get(address)
    // Forgotten addresses are told before: what they were sent must stand somewhere.
    if (known === undefined && sent.size >= MAX_ADDRESSES_PER_TICKET) this.#tellEnd(this.#of(found.ticket))
    const heard = known ?? { found, bytes: new SentBytes() }
    sent.set(address, heard)
    heard.bytes.add(start, end)
  }

  /** The ticket is over: says in the audit how much was heard by it. A listening that sent nothing is told by its beginning. */
  ended(ticket: Ticket): void {
    const heard = this.#heard.get(ticket)
    if (heard === undefined) return
    heard.over = true
    if (heard.streams === 0) this.#tellEnd(heard)
  }

  /** Resolves when every end that was told is durable, or lost. */
  async settled(): Promise<void> {
    await Promise.all(this.#telling)
  }

  #tellEnd({ sent, places }: Heard): void {
    for (const { found: { ticket, recording, media, heard: { file }, bearer: { address } }, bytes } of sent.values()) {
      const facts = recordingFacts(recording)
      const told = heardOf({ ...file, durationMs: media.durationMs }, bytes, places ?? [])
      const details = { ...facts.details, seconds: told.seconds, ofSeconds: media.durationMs / 1000, stretches: told.stretches }
      // The sound was sent already: what cannot be written is logged and counted.
      const telling = this.#audit.attempt({ ...ticket.requester, address }, { action: 'playback.ended', outcome: 'ok', reason: null, ...facts, details }).finally(() => this.#telling.delete(telling))
      this.#telling.add(telling)
    }
    sent.clear()
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
    const fresh: Heard = { begun: new Map(), sent: new Map(), places: null, streams: 0, incidentTold: false, over: false }
    this.#heard.set(ticket, fresh)
    return fresh
  }
}
