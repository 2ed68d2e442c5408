import type { Channel } from '../../domain/call.ts'
import type { CallId, ChannelId } from '../../domain/ids.ts'
import type { LiveChannel, PbxEvent } from '../../ports/pbx-event.ts'
import type { CallTracker } from '../calls/call-tracker.ts'
import { diallers } from '../calls/dial-chain.ts'
import { IndexedMap } from '../calls/indexed-map.ts'

/** What the PBX told of a leg. */
export interface Leg {
  /** Legs within the PBX (Local) are nobody's: they are followed, and not expected. */
  readonly kind: 'telephone' | 'within'
  readonly callId: CallId
  readonly createdAt: Date
  readonly answeredAt: Date | null
  /** Whether its answer was told, or it was found answered after a gap. */
  readonly answer: 'seen' | 'found'
  readonly bridgeId: string | null
  /** When it was first in a bridge with somebody. */
  readonly togetherAt: Date | null
  /** The legs that made it ring, over those within the PBX. */
  readonly askers: readonly ChannelId[]
  /** It is kept until somebody has taken note of its end. */
  readonly endedAt: Date | null
}

type Hear<T extends PbxEvent['type']> = (watch: LegWatch, event: Extract<PbxEvent, { type: T }>) => void

/**
 * When each leg was answered, connected, ended, and who made it ring: what the coverage ledger goes by. Unlike the tracker it keeps a
 * leg that has ended, because what follows from its events is written after the work on them.
 */
export class LegWatch {
  readonly #tracker: CallTracker
  readonly #legs = new IndexedMap<ChannelId, Leg, 'call' | 'bridge' | 'asker'>({
    call: ({ callId }) => [callId], bridge: ({ bridgeId }) => bridgeId === null ? [] : [bridgeId], asker: ({ askers }) => askers,
  })

  constructor(tracker: CallTracker) {
    this.#tracker = tracker
  }

  find(channelId: ChannelId): Leg | null {
    return this.#legs.get(channelId) ?? null
  }

  all(): readonly (readonly [ChannelId, Leg])[] {
    return this.#legs.all()
  }

  /** A leg, the others of its call, those that it made ring, and one more. */
  concerned({ channelId, callId }: { readonly channelId: ChannelId; readonly callId: CallId }, other: ChannelId | null): readonly (readonly [ChannelId, Leg])[] {
    const related = this.#legs.keysBy(['call', callId], ['asker', channelId])
    return [...new Set([...related, channelId, ...other === null ? [] : [other]])].flatMap((id) => {
      const leg = this.find(id)
      return leg === null ? [] : [[id, leg] as const]
    })
  }

  forget(channelId: ChannelId): void {
    this.#legs.delete(channelId)
  }

  /** Takes an event in its order, when the tracker has taken it. */
  hear(event: PbxEvent): void {
    const hear = HEAR[event.type] as Hear<PbxEvent['type']> | undefined
    hear?.(this, event)
  }

  add(channel: Channel): void {
    const { channelId, callId, createdAt, answeredAt } = channel
    if (this.#legs.has(channelId)) return
    this.#legs.set(channelId, { kind: kindOf(channel), callId, createdAt, answeredAt, answer: 'seen', bridgeId: null, togetherAt: null, askers: [], endedAt: null })
  }

  change(channelId: ChannelId, change: (leg: Leg) => Partial<Leg>): void {
    const leg = this.#legs.get(channelId)
    if (leg !== undefined) this.#legs.set(channelId, { ...leg, ...change(leg) })
  }

  rung(channelId: ChannelId): void {
    this.change(channelId, () => ({ askers: diallers(this.#tracker, channelId).map(({ channel }) => channel.channelId) }))
  }

  enter({ channelId, bridgeId, callId, at }: Extract<PbxEvent, { type: 'bridge-entered' }>): void {
    this.change(channelId, () => ({ bridgeId, callId }))
    const together = this.#legs.keysBy(['bridge', bridgeId]).filter((id) => this.find(id)?.endedAt === null)
    if (together.length < 2) return
    for (const id of together) this.change(id, (leg) => ({ togetherAt: leg.togetherAt ?? at }))
  }

  /** What the PBX says exists; what was seen of it before stays. */
  resync({ channels, at }: Extract<PbxEvent, { type: 'link-up' }>): void {
    const before = new Map(this.#legs.all())
    this.#legs.clear()
    for (const { channel, bridgeId } of channels) {
      this.add(channel)
      const known = before.get(channel.channelId)
      this.change(channel.channelId, ({ answeredAt }) => ({
        ...known, bridgeId, callId: channel.callId, answeredAt: known?.answeredAt ?? answeredAt, answer: known?.answeredAt == null ? 'found' : known.answer,
      }))
    }
    for (const [id, leg] of this.all()) if (isTogether(channels, id)) this.change(id, () => ({ togetherAt: leg.togetherAt ?? at }))
  }
}

const HEAR: { readonly [T in PbxEvent['type']]?: Hear<T> } = {
  'link-up': (watch, event) => watch.resync(event),
  'channel-created': (watch, { channel }) => watch.add(channel),
  'dial-began': (watch, { callee }) => {
    watch.add(callee)
    watch.rung(callee.channelId)
  },
  'picked-up': (watch, { channelId, byChannelId, at }) => {
    const askers = watch.find(channelId)?.askers ?? []
    // It was answered when it dialled the code; nobody talks on it before.
    watch.change(byChannelId, () => ({ askers, answeredAt: at }))
  },
  'channel-answered': (watch, { channelId, at }) => watch.change(channelId, ({ answeredAt }) => ({ answeredAt: answeredAt ?? at })),
  'bridge-entered': (watch, event) => watch.enter(event),
  'bridge-left': (watch, { channelId }) => watch.change(channelId, () => ({ bridgeId: null })),
  hangup: (watch, { channelId, at }) => watch.change(channelId, ({ endedAt }) => ({ endedAt: endedAt ?? at })),
}

function kindOf({ endpoint }: Channel): Leg['kind'] {
  return endpoint === null ? 'within' : 'telephone'
}

function isTogether(channels: readonly LiveChannel[], channelId: ChannelId): boolean {
  const bridge = channels.find(({ channel }) => channel.channelId === channelId)?.bridgeId ?? null
  return bridge !== null && channels.some(({ channel, bridgeId }) => bridgeId === bridge && channel.channelId !== channelId)
}
