import type { Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { RecordingChanges } from '../../ports/recording-changes.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import { scopeFor } from '../access/access.ts'
import { type Authentication, OVER } from '../sign-in/authentication.ts'
import type { OpenFeeds } from './open-feeds.ts'

/** What to watch; `null` = everything that may be seen. */
export interface FeedFilter {
  readonly recordingId: RecordingId | null
  readonly interactionId: InteractionId | null
}

/** A recording as it stands, and whoever is told of it with the rights of now: what else is shown of it goes by them. */
export interface FeedNews {
  readonly recording: Recording
  readonly requester: Requester
}

/** News of recordings, as far as the requester may see them, for as long as the requester stands. */
export class LiveFeed {
  readonly #changes: RecordingChanges
  readonly #repository: RecordingRepository
  readonly #authentication: Authentication
  readonly #feeds: OpenFeeds

  constructor({ changes, repository, authentication, feeds }: { readonly changes: RecordingChanges; readonly repository: RecordingRepository; readonly authentication: Authentication; readonly feeds: OpenFeeds }) {
    this.#changes = changes
    this.#repository = repository
    this.#authentication = authentication
    this.#feeds = feeds
  }

  /** Subscriptions that are open now. */
  get feeds(): number {
    return this.#feeds.count
  }

  /**
   * Each recording as it stands after a change, until the signal.
   * @throws HoldfastError `FORBIDDEN`; `RATE_LIMITED`; `UNAUTHENTICATED` once the requester's token is over
   */
  async *watch(requester: Requester, filter: FeedFilter, signal: AbortSignal): AsyncGenerator<FeedNews, void> {
    scopeFor(requester, 'search')
    using _feed = this.#feeds.open(requester.actor.id)
    for await (const id of this.#changes.subscribe(signal)) {
      if (filter.recordingId !== null && filter.recordingId !== id) continue
      const still = await this.#authentication.again(requester)
      if (still === null) throw new HoldfastError('UNAUTHENTICATED', OVER)
      const recording = await this.#repository.find(id, scopeFor(still, 'search'))
      if (recording !== null && (filter.interactionId === null || recording.interactionId === filter.interactionId)) yield { recording, requester: still }
    }
  }
}
