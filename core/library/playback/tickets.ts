import { createHash, randomBytes } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Clock } from '../../ports/runtime.ts'

/** A page that was left open stops being a way in; a pause for a telephone call does not end the listening. */
export const TICKET_IDLE_MS = 5 * 60_000
/** Longer than the longest recording that is heard in one go; then a new ticket is asked for, and audited. */
export const TICKET_LIFETIME_MS = 4 * 60 * 60_000
/** Bounds memory; each ticket is about 1 kB, and an opened object behind it a few more. */
export const MAX_TICKETS = 10_000
/** A list of recordings with a player each fits; a client that leaks tickets hurts itself only. */
export const MAX_TICKETS_PER_ACTOR = 200
const TICKET_BYTES = 32

/** The right of one actor to hear one recording for a while. */
export interface Ticket {
  /** SHA-256 of its text: what is kept instead of the text. */
  readonly digest: string
  readonly recordingId: RecordingId
  readonly requester: Requester
  readonly issuedAt: Date
}

interface Issued {
  readonly ticket: Ticket
  usedAt: Date
}

/** Tickets that were handed out. Of their text only a digest is kept, and only in memory: a restart ends them all. */
export class PlaybackTickets {
  readonly #clock: Clock
  readonly #ended: (ticket: Ticket) => void
  readonly #issued = new Map<string, Issued>()
  /** Digests of tickets that are over, so that "expired" can be told from "never was". */
  readonly #past = new Set<string>()

  /** @param ended - called once for each ticket that is over, whatever ended it */
  constructor({ clock, ended }: { readonly clock: Clock; readonly ended: (ticket: Ticket) => void }) {
    this.#clock = clock
    this.#ended = ended
  }

  get size(): number {
    return this.#issued.size
  }

  /** A new ticket and the time at which it ends when nobody uses it. The oldest goes when there are too many. */
  issue(recordingId: RecordingId, requester: Requester): { readonly text: string; readonly expiresAt: Date } {
    this.sweep()
    this.#makeRoom(requester)
    const now = this.#clock.now()
    const text = randomBytes(TICKET_BYTES).toString('base64url')
    const ticket = { digest: digestOf(text), recordingId, requester, issuedAt: now }
    this.#issued.set(ticket.digest, { ticket, usedAt: now })
    return { text, expiresAt: new Date(now.getTime() + TICKET_IDLE_MS) }
  }

  /** The ticket behind the text, renewed. @throws HoldfastError `TICKET_INVALID`; `TICKET_EXPIRED` */
  use(text: string): Ticket {
    const digest = digestOf(text)
    if (!this.#issued.has(digest) && !this.#past.has(digest)) throw new HoldfastError('TICKET_INVALID', 'there is no such ticket')
    return this.#renew(digest)
  }

  /** Says that the ticket is being used, while a long answer is sent. @throws HoldfastError `TICKET_EXPIRED` */
  renew(ticket: Ticket): void {
    this.#renew(ticket.digest)
  }

  /** Ends it before its time: its actor is gone. */
  end(ticket: Ticket): void {
    if (!this.#issued.delete(ticket.digest)) return
    this.#past.add(ticket.digest)
    const oldest = this.#past.keys().next()
    if (this.#past.size > MAX_TICKETS && oldest.done !== true) this.#past.delete(oldest.value)
    this.#ended(ticket)
  }

  /** Ends those whose time is over: their keys must not stay in memory until somebody asks. */
  sweep(): void {
    const now = this.#clock.now()
    for (const issued of this.#issued.values()) if (isOver(issued, now)) this.end(issued.ticket)
  }

  /** Ends all that open this recording: it is destroyed. */
  endOf(recordingId: RecordingId): void {
    for (const { ticket } of this.#issued.values()) if (ticket.recordingId === recordingId) this.end(ticket)
  }

  endAll(): void {
    for (const { ticket } of this.#issued.values()) this.end(ticket)
  }

  #renew(digest: string): Ticket {
    const issued = this.#issued.get(digest)
    const now = this.#clock.now()
    if (issued !== undefined && isOver(issued, now)) this.end(issued.ticket)
    if (issued === undefined || !this.#issued.has(digest)) throw new HoldfastError('TICKET_EXPIRED', 'the ticket is over: ask for a new one')
    issued.usedAt = now
    return issued.ticket
  }

  #makeRoom({ actor }: Requester): void {
    const all = [...this.#issued.values()]
    const own = all.filter(({ ticket }) => ticket.requester.actor.id === actor.id)
    const oldest = own.length >= MAX_TICKETS_PER_ACTOR ? own[0] : all.length >= MAX_TICKETS ? all[0] : undefined
    if (oldest !== undefined) this.end(oldest.ticket)
  }
}

function isOver({ ticket, usedAt }: Issued, now: Date): boolean {
  return now.getTime() - usedAt.getTime() >= TICKET_IDLE_MS || now.getTime() - ticket.issuedAt.getTime() >= TICKET_LIFETIME_MS
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
