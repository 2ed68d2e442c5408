import type { ChannelId } from '../../core/domain/ids.ts'
import { type Bridge, partnerIn, talkOf } from './bridges.ts'
import type { TransferEnd } from './legs.ts'

/** More consultations than end in the same second; beyond it the oldest is forgotten. */
const MAX_CONSULTATIONS = 1000

interface Consultation {
  readonly by: TransferEnd
  readonly transferee: ChannelId
}

/**
 * Who left a call and her consultation within it, so that the other two may now be joined: FreeSWITCH tells nothing else of a transfer
 * by its own `att_xfer`.
 */
export class Consultations {
  readonly #left = new Map<string, Consultation>()
  /** Of each who left, the bridge that the other two would have. */
  readonly #awaited = new Map<ChannelId, string>()

  leftBy(by: TransferEnd, joined: readonly Bridge[]): void {
    const [outer, inner] = joined.slice(-2)
    if (outer === undefined || inner === undefined) return
    const [transferee, to] = [partnerIn(outer, by.channelId), partnerIn(inner, by.channelId)]
    if (transferee === null || to === null) return
    const { bridgeId } = talkOf(transferee, to)
    this.#left.set(bridgeId, { by, transferee })
    this.#awaited.set(by.channelId, bridgeId)
    const [oldest] = this.#left.keys()
    if (this.#left.size > MAX_CONSULTATIONS && oldest !== undefined) this.take(oldest)
  }

  take(bridgeId: string): Consultation | null {
    const left = this.#left.get(bridgeId) ?? null
    this.#left.delete(bridgeId)
    if (left !== null) this.#awaited.delete(left.by.channelId)
    return left
  }

  /** Whether those whom somebody left may still be joined. */
  awaits(channelId: ChannelId): boolean {
    return this.#awaited.has(channelId)
  }

  clear(): void {
    this.#left.clear()
    this.#awaited.clear()
  }
}
