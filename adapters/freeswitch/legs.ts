import type { Channel } from '../../core/domain/call.ts'
import type { ChannelId } from '../../core/domain/ids.ts'
import type { TransferLeg } from '../../core/domain/transfer.ts'
import type { Bridge } from './bridges.ts'

/** One end of a transfer that has a leg on this PBX. */
export type TransferEnd = TransferLeg & { readonly channelId: ChannelId }

/** What is remembered of a leg, because FreeSWITCH does not repeat it where it is needed. */
export interface Leg {
  channel: Channel
  /** The leg for which it was dialled. */
  readonly dialledBy: ChannelId | null
  /** `ringing` until its dial has ended; `hung-up` from the beginning of its end. */
  state: 'ringing' | 'open' | 'hung-up'
  /** Until its first bridge, FreeSWITCH shows who is behind it; from then on it may show whoever it talks with. */
  identity: 'open' | 'settled'
  /** The bridge that it is in as far as capture was told. */
  toldBridgeId: string | null
  /** Of each key that is kept its value. */
  readonly attached: Map<string, string>
  /** FreeSWITCH's note of the last transfer of this leg. */
  transferSource: string | null
  /** `told`: what FreeSWITCH is going to note was told already, by the telephone that asked for it. */
  nextTransfer: 'told' | 'untold'
  /** Whom it talked with until its last message. */
  leftPartner: TransferEnd | null
  /** The bridges that it was in when it hung up. */
  leftAtEnd: readonly Bridge[]
}

/** More than any FreeSWITCH has channels; what is beyond is not known. */
const MAX_LEGS = 100_000

/** The legs that are known of one FreeSWITCH, by their ids. */
export class Legs {
  readonly #legs = new Map<ChannelId, Leg>()

  find(channelId: ChannelId): Leg | null {
    return this.#legs.get(channelId) ?? null
  }

  add(leg: Leg): void {
    if (this.#legs.size < MAX_LEGS) this.#legs.set(leg.channel.channelId, leg)
  }

  all(): IterableIterator<Leg> {
    return this.#legs.values()
  }

  ids(): readonly ChannelId[] {
    return [...this.#legs.keys()]
  }

  forget(channelId: ChannelId): void {
    this.#legs.delete(channelId)
  }

  clear(): void {
    this.#legs.clear()
  }

  /** A leg as one end of a transfer; of one that is not known nothing but its id. */
  end(channelId: ChannelId): TransferEnd {
    const { caller, endpoint } = this.find(channelId)?.channel ?? { caller: { number: null, name: null }, endpoint: null }
    return { channelId, identity: caller, endpoint }
  }
}
