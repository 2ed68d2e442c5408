import { createHash, randomBytes } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import type { Actor } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'

/** Bounds memory: each is about 1 kB. */
const MAX_TICKETS = 1000
/** Whoever asks for more loses her own oldest, and nobody else's. A list of downloads that are begun one after the other fits. */
export const MAX_TICKETS_PER_ACTOR = 50
const TICKET_BYTES = 32

interface Ticketed {
  readonly requester: Requester
  readonly until: Date
}

/** Tickets of things that leave the house. Of their text only a digest is kept, and only in memory: a restart ends them all. */
export class TakeawayTickets<T extends Ticketed> {
  readonly #issued = new Map<string, T>()

  /** A new ticket's text. Those whose time is over make room first, then the oldest of the same actor, then the oldest of the actor who has most. */
  issue(ticketed: T, now: Date): string {
    for (const [digest, { until }] of this.#issued) if (until <= now) this.#issued.delete(digest)
    const own = this.#of(ticketed.requester.actor)
    if (own.length >= MAX_TICKETS_PER_ACTOR) this.#forget(own)
    else if (this.#issued.size >= MAX_TICKETS) this.#forget(this.#longest())
    const text = randomBytes(TICKET_BYTES).toString('base64url')
    this.#issued.set(digestOf(text), ticketed)
    return text
  }

  /** @param bearer - the actor of the token that came with the ticket; `null`: none came. @throws HoldfastError `TICKET_INVALID`, for one that is somebody else's too */
  find(text: string, bearer: Actor | null): T {
    const found = this.#issued.get(digestOf(text))
    if (found === undefined || (bearer !== null && !isSame(found.requester.actor, bearer))) throw new HoldfastError('TICKET_INVALID', 'there is no such ticket')
    return found
  }

  end(text: string): void {
    this.#issued.delete(digestOf(text))
  }

  #of(actor: Actor): readonly string[] {
    return [...this.#issued].flatMap(([digest, { requester }]) => isSame(requester.actor, actor) ? [digest] : [])
  }

  #longest(): readonly string[] {
    const byActor = Map.groupBy(this.#issued, ([, { requester: { actor } }]) => `${actor.type} ${actor.id}`)
    return [...byActor.values()].reduce((most, each) => each.length > most.length ? each : most, []).map(([digest]) => digest)
  }

  #forget([oldest]: readonly string[]): void {
    if (oldest !== undefined) this.#issued.delete(oldest)
  }
}

function isSame(one: Actor, other: Actor): boolean {
  return one.type === other.type && one.id === other.id
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
