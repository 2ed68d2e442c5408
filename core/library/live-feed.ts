import type { Requester } from '../domain/actor.ts'
import { HoldfastError } from '../domain/errors.ts'
import type { InteractionId, RecordingId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { RecordingChanges } from '../ports/recording-changes.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import { scopeFor } from './access.ts'
import type { Authentication } from './authentication.ts'

/** A desk has one or two; each costs a look-up per change. */
const MAX_FEEDS_PER_ACTOR = 16

/** What to watch; `null` = everything that may be seen. */
export interface FeedFilter {
  readonly recordingId: RecordingId | null
  readonly interactionId: InteractionId | null
}

/** News of recordings, as far as the requester may see them, for as long as the requester stands. */
export class LiveFeed {
  readonly #changes: RecordingChanges
  readonly #repository: RecordingRepository
  readonly #authentication: Authentication
  readonly #open = new Map<string, number>()

  constructor({ changes, repository, authentication }: { readonly changes: RecordingChanges; readonly repository: RecordingRepository; readonly authentication: Authentication }) {
    this.#changes = changes
    this.#repository = repository
    this.#authentication = authentication
  }

  /** Subscriptions that are open now. */
  get feeds(): number {
    return this.#open.values().reduce((sum, open) => sum + open, 0)
  }

  /**
   * Each recording as it stands after a change, until the signal.
   * @throws HoldfastError `FORBIDDEN`; `RATE_LIMITED`; `UNAUTHENTICATED` once the requester's token is over
   */
  async *watch(requester: Requester, filter: FeedFilter, signal: AbortSignal): AsyncGenerator<Recording, void> {
    const scope = scopeFor(requester, 'search')
    const actor = requester.actor.id
    const open = this.#open.get(actor) ?? 0
    if (open >= MAX_FEEDS_PER_ACTOR) throw new HoldfastError('RATE_LIMITED', 'too many subscriptions at once for one token', { most: MAX_FEEDS_PER_ACTOR })
    this.#open.set(actor, open + 1)
    try {
      for await (const id of this.#changes.subscribe(signal)) {
        if (filter.recordingId !== null && filter.recordingId !== id) continue
        if (!await this.#authentication.stands(requester.actor)) throw new HoldfastError('UNAUTHENTICATED', 'the token was revoked or has expired')
        const recording = await this.#repository.find(id, scope)
        if (recording !== null && (filter.interactionId === null || recording.interactionId === filter.interactionId)) yield recording
      }
    } finally {
      this.#close(actor)
    }
  }

  #close(actor: string): void {
    const open = (this.#open.get(actor) ?? 1) - 1
    if (open === 0) this.#open.delete(actor)
    else this.#open.set(actor, open)
  }
}
