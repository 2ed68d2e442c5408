import type { ChannelId } from '../../core/domain/ids.ts'
import type { BridgeKind } from '../../core/ports/pbx-event.ts'

/** Whoever is in one bridge hears the others. FreeSWITCH names none: two legs are joined by their ids, and who waits alone is alone. */
export interface Bridge {
  readonly bridgeId: string
  readonly kind: BridgeKind
  /** The two legs of a talk; empty where they are told one by one. */
  readonly legs: readonly ChannelId[]
}

/** More than any FreeSWITCH has channels. */
const MAX_CHANNELS = 100_000
/** A consultation within a call, and one within that: nobody builds more. */
const MAX_DEPTH = 8

/** The bridge of two legs, whichever of them FreeSWITCH names first: after a transfer that is as often the one as the other. */
export function talkOf(one: ChannelId, other: ChannelId): Bridge {
  const legs = one < other ? [one, other] : [other, one]
  return { bridgeId: legs.join('+'), kind: 'talk', legs }
}

export function conferenceOf(conferenceId: string): Bridge {
  return { bridgeId: `conference/${conferenceId}`, kind: 'conference', legs: [] }
}

/** A parked leg hears nobody, also where others are parked. */
export function parkingOf(channelId: ChannelId): Bridge {
  return { bridgeId: `parked/${channelId}`, kind: 'talk', legs: [] }
}

/**
 * In which bridges a leg is. There may be several: who consults somebody (`att_xfer`) is joined to her from within the first bridge,
 * nothing is told of it when she leaves that, and nothing when she comes back.
 */
export class Bridges {
  readonly #ofLeg = new Map<ChannelId, readonly Bridge[]>()

  /** The one in which it hears somebody now. */
  current(channelId: ChannelId): Bridge | null {
    return this.#ofLeg.get(channelId)?.at(-1) ?? null
  }

  /** All, the outermost first. */
  all(channelId: ChannelId): readonly Bridge[] {
    return this.#ofLeg.get(channelId) ?? []
  }

  enter(channelId: ChannelId, bridge: Bridge): void {
    if (!this.#ofLeg.has(channelId) && this.#ofLeg.size >= MAX_CHANNELS) return
    const before = this.all(channelId).filter(({ bridgeId }) => bridgeId !== bridge.bridgeId)
    this.#ofLeg.set(channelId, [...before, bridge].slice(-MAX_DEPTH))
  }

  leave(channelId: ChannelId, { bridgeId }: Bridge): void {
    const left = this.all(channelId).filter((bridge) => bridge.bridgeId !== bridgeId)
    if (left.length === 0) this.#ofLeg.delete(channelId)
    else this.#ofLeg.set(channelId, left)
  }

  /** It hangs up. */
  leaveAll(channelId: ChannelId): void {
    this.#ofLeg.delete(channelId)
  }

  clear(): void {
    this.#ofLeg.clear()
  }
}

/** The other leg of a talk. */
export function partnerIn({ legs }: Bridge, channelId: ChannelId): ChannelId | null {
  return legs.find((leg) => leg !== channelId) ?? null
}
