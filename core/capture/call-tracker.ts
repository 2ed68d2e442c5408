import { type AttachedData, isAttachedKey, withAttached } from '../domain/attached-data.ts'
import type { Announcement, Channel, Direction } from '../domain/call.ts'
import type { CallId, ChannelId } from '../domain/ids.ts'
import type { Decision } from '../domain/rules/decision.ts'
import type { PbxEvent } from '../ports/pbx-event.ts'

/** Most keys that one channel may collect before it asks for a recording: a stranger's headers must not fill our memory. */
const MAX_KEYS_PER_CHANNEL = 64

/** What is known of one leg, beyond what the PBX says of it. */
export interface TrackedChannel {
  readonly channel: Channel
  readonly bridgeId: string | null
  /** Since when it is with the others in its bridge; `null` outside, and where nobody saw it enter. */
  readonly bridgedAt: Date | null
  /** Since when its party has put the call on hold. */
  readonly heldAt: Date | null
  readonly attached: AttachedData
  /** The leg that dialled this one, if any. */
  readonly dialledBy: ChannelId | null
  /** As the dialplan told when it asked for a recording. */
  readonly direction: Direction | null
  readonly queue: string | null
  /** Told to this leg before a recording was asked for. */
  readonly announcement: Announcement | null
  /** What the rules said last to a leg that asked; `null` also after a restart, when the recordings tell. */
  readonly decision: Decision | null
  /** The rule that spoke last against a recording of this leg that goes on. */
  readonly objection: string | null
  /** When it was armed because of a telephone that is recorded full-time: once; what somebody stopped by hand is not begun again. */
  readonly armedAt: Date | null
}

type Apply<T extends PbxEvent['type']> = (tracker: CallTracker, event: Extract<PbxEvent, { type: T }>) => void

/** Which legs exist on one PBX, who dialled whom and who is together in a bridge. Fed with every event, in order. */
export class CallTracker {
  #channels = new Map<ChannelId, TrackedChannel>()

  find(channelId: ChannelId): TrackedChannel | null {
    return this.#channels.get(channelId) ?? null
  }

  /** The other legs in the same bridge. */
  peers(channelId: ChannelId): readonly TrackedChannel[] {
    const bridgeId = this.find(channelId)?.bridgeId ?? null
    if (bridgeId === null) return []
    return [...this.#channels.values()].filter((other) => other.bridgeId === bridgeId && other.channel.channelId !== channelId)
  }

  /** The legs that this one dialled and that still exist. */
  dialledBy(channelId: ChannelId): readonly TrackedChannel[] {
    return [...this.#channels.values()].filter((other) => other.dialledBy === channelId)
  }

  /** All legs of one call. */
  ofCall(callId: CallId): readonly TrackedChannel[] {
    return [...this.#channels.values()].filter(({ channel }) => channel.callId === callId)
  }

  /** The legs of one telephone. */
  atEndpoint(endpoint: string): readonly TrackedChannel[] {
    return [...this.#channels.values()].filter(({ channel }) => channel.endpoint === endpoint)
  }

  /** Legs that ever asked for a recording, as far as this process has seen it. */
  askers(): readonly TrackedChannel[] {
    return [...this.#channels.values()].filter(({ decision }) => decision !== null)
  }

  attach(channelId: ChannelId, key: string, value: string): void {
    this.change(channelId, ({ attached }) => ({ attached: attach(attached, key, value) }))
  }

  apply(event: PbxEvent): void {
    const apply = APPLY[event.type] as Apply<PbxEvent['type']> | undefined
    apply?.(this, event)
  }

  add(channel: Channel): void {
    if (this.#channels.has(channel.channelId)) return
    this.#channels.set(channel.channelId, { channel, bridgeId: null, bridgedAt: null, heldAt: null, attached: {}, dialledBy: null, direction: null, queue: null, announcement: null, decision: null, objection: null, armedAt: null })
  }

  remove(channelId: ChannelId): void {
    this.#channels.delete(channelId)
  }

  change(channelId: ChannelId, change: (tracked: TrackedChannel) => Partial<TrackedChannel>): void {
    const tracked = this.#channels.get(channelId)
    if (tracked !== undefined) this.#channels.set(channelId, { ...tracked, ...change(tracked) })
  }

  /** What the PBX says exists; what we knew besides is kept for those that still do. */
  resync(event: Extract<PbxEvent, { type: 'link-up' }>): void {
    const before = this.#channels
    this.#channels = new Map()
    for (const { channel, bridgeId } of event.channels) {
      this.add(channel)
      const known = before.get(channel.channelId)
      this.change(channel.channelId, () => ({ ...known, bridgeId, channel: { ...channel, answeredAt: known?.channel.answeredAt ?? channel.answeredAt } }))
    }
  }
}

const APPLY: { readonly [T in PbxEvent['type']]?: Apply<T> } = {
  'link-up': (tracker, event) => tracker.resync(event),
  'channel-created': (tracker, event) => tracker.add(event.channel),
  'channel-answered': (tracker, { channelId, at }) => tracker.change(channelId, ({ channel }) => ({ channel: { ...channel, answeredAt: channel.answeredAt ?? at } })),
  'channel-renamed': (tracker, { channelId, name }) => tracker.change(channelId, ({ channel }) => ({ channel: { ...channel, name } })),
  'dial-began': (tracker, { channelId, callee }) => {
    tracker.add(callee)
    tracker.change(callee.channelId, () => ({ dialledBy: channelId }))
  },
  'bridge-entered': (tracker, { channelId, bridgeId, callId, at }) => tracker.change(channelId, ({ channel }) => ({ bridgeId, bridgedAt: at, channel: { ...channel, callId } })),
  'bridge-left': (tracker, { channelId }) => tracker.change(channelId, () => ({ bridgeId: null, bridgedAt: null })),
  held: (tracker, { channelId, at }) => tracker.change(channelId, () => ({ heldAt: at })),
  unheld: (tracker, { channelId }) => tracker.change(channelId, () => ({ heldAt: null })),
  'queue-connected': (tracker, { channelId, queue }) => tracker.change(channelId, () => ({ queue })),
  announced: (tracker, { channelId, announcement }) => tracker.change(channelId, () => ({ announcement })),
  'attached-changed': (tracker, { channelId, change }) => tracker.attach(channelId, change.key, change.value),
  'recording-asked': (tracker, { channelId, direction, attached }) => tracker.change(channelId, (tracked) => ({
    direction,
    // VarSet is the truth where it was seen: the request's copy of a long value may have been cut by the dialplan's buffers.
    attached: Object.entries(attached).reduce((all, [key, value]) => Object.hasOwn(all, key) ? all : attach(all, key, value), tracked.attached),
  })),
  hangup: (tracker, { channelId }) => tracker.remove(channelId),
}

function attach(attached: AttachedData, key: string, value: string): AttachedData {
  const full = !Object.hasOwn(attached, key) && Object.keys(attached).length >= MAX_KEYS_PER_CHANNEL
  return full || !isAttachedKey(key) ? attached : withAttached(attached, key, value)
}
