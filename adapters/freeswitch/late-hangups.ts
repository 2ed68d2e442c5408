import type { ChannelId } from '../../core/domain/ids.ts'
import { type Bridge, type Bridges, partnerIn } from './bridges.ts'
import type { EslMessage } from './esl-message.ts'
import type { Legs } from './legs.ts'
import type { Consultations } from './consultations.ts'

/** What becomes of whom she left is told within 20 ms by another thread of FreeSWITCH (seen); a machine that is overloaded gets the rest. Then she has just hung up. */
const TOLD_WITHIN_MS = 1_000

interface LateEnd {
  readonly left: readonly Bridge[]
  readonly messages: EslMessage[]
  readonly at: Date
}

/**
 * The last messages of legs whose partner has not said yet that he is alone. Whoever is passed on by a command is told so by the leg that
 * goes on, and the end of the one that is left may come before that: who had passed her call on would have hung up.
 */
export class LateHangups {
  readonly #ends = new Map<ChannelId, LateEnd>()
  readonly #context: { readonly legs: Legs; readonly bridges: Bridges; readonly consultations: Consultations }

  constructor(context: { readonly legs: Legs; readonly bridges: Bridges; readonly consultations: Consultations }) {
    this.#context = context
  }

  /** Whether the message waits here: it is the last of a leg, or follows that. */
  keeps(message: EslMessage, channelId: ChannelId, at: Date): boolean {
    const kept = this.#ends.get(channelId)
    if (kept !== undefined) {
      kept.messages.push(message)
      return true
    }
    const left = this.#context.legs.find(channelId)?.leftAtEnd ?? []
    if (message.get('Event-Name') !== 'CHANNEL_HANGUP_COMPLETE' || !this.#isOpen(channelId, left)) return false
    this.#ends.set(channelId, { left, messages: [message], at })
    return true
  }

  /** What need not wait any longer, in order. */
  take(now: Date): readonly EslMessage[] {
    const due = [...this.#ends].filter(([channelId, { left, at }]) => now.getTime() - at.getTime() > TOLD_WITHIN_MS || !this.#isOpen(channelId, left))
    for (const [channelId] of due) this.#ends.delete(channelId)
    return due.flatMap(([, { messages }]) => messages)
  }

  clear(): void {
    this.#ends.clear()
  }

  /** Whether somebody whom she left is where she left him, or may be joined with another by that. */
  #isOpen(channelId: ChannelId, left: readonly Bridge[]): boolean {
    const { bridges, consultations } = this.#context
    return consultations.awaits(channelId) || left.some((bridge) => {
      const partner = partnerIn(bridge, channelId)
      return partner !== null && bridges.all(partner).some(({ bridgeId }) => bridgeId === bridge.bridgeId)
    })
  }
}
