import type { ChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'

/** More than begin while events wait for their reader; beyond it the oldest is forgotten, and answered late. */
const MAX_GIVEN_UP = 50_000

/**
 * Requests whose route has gone on without an answer, and records by itself: known as soon as the PBX tells it, which for a reader
 * that is behind is before it comes to the request.
 */
export class WaitingRoutes {
  readonly #asked = new Map<ChannelId, string>()
  readonly #givenUp = new Set<string>()

  /** An event, in the order in which the PBX sent it. */
  note(event: PbxEvent): void {
    if (event.type === 'recording-asked') this.#asked.set(event.channelId, event.requestId)
    if (event.type === 'native-recording' && event.because !== 'insured') this.#giveUp(event.channelId)
    if (event.type === 'hangup') this.#asked.delete(event.channelId)
  }

  /** Asked once for each request, when it is its turn. */
  isWaiting(requestId: string): boolean {
    return !this.#givenUp.delete(requestId)
  }

  #giveUp(channelId: ChannelId): void {
    const requestId = this.#asked.get(channelId)
    if (requestId === undefined) return
    this.#asked.delete(channelId)
    this.#givenUp.add(requestId)
    const [oldest] = this.#givenUp
    if (this.#givenUp.size > MAX_GIVEN_UP && oldest !== undefined) this.#givenUp.delete(oldest)
  }
}
