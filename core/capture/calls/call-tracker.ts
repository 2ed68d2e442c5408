import { type AttachedChange, type AttachedData, type AttachedSource, goesBefore, isAttachedKey, RECORD_KEY, withAttached } from '../../domain/attached-data.ts'
import type { Announcement, Channel, Direction } from '../../domain/call.ts'
import type { CallId, ChannelId } from '../../domain/ids.ts'
import type { Decision } from '../../domain/rules/decision.ts'
import type { BridgeKind, PbxEvent } from '../../ports/pbx-event.ts'
import { speakerOf } from './dial-chain.ts'
import { IndexedMap } from './indexed-map.ts'

/** Most keys that one channel may collect before it asks for a recording: a stranger's headers must not fill our memory. */
const MAX_KEYS_PER_CHANNEL = 64

/** A leg in a bridge. `fromAt` is `null` where nobody saw it enter, `toAt` while it is there. */
interface Stay {
  readonly fromAt: Date | null
  readonly toAt: Date | null
}

/** What is known of one leg, beyond what the PBX says of it. */
export interface TrackedChannel {
  readonly channel: Channel
  readonly bridgeId: string | null
  readonly bridgeKind: BridgeKind
  /** Since when it is with the others in its bridge; `null` outside, and where nobody saw it enter. */
  readonly bridgedAt: Date | null
  /** Its conversations so far, oldest first: from a bridge that it entered, to when it left it. */
  readonly stays: readonly Stay[]
  /** Since when its party has put the call on hold. */
  readonly heldAt: Date | null
  readonly attached: AttachedData
  /** Whom attached data named for this leg: see `agents.ts`. */
  readonly agent: string | null
  /** Whom they named for a telephone that is not connected yet. */
  readonly toldAgent: string | null
  /** Of each key the change that made its value. */
  readonly attachedBy: ReadonlyMap<string, AttachedChange>
  /** The leg that dialled this one, if any. */
  readonly dialledBy: ChannelId | null
  /** Whether others had begun its call when it came: then it is rung, also in the moment before it is told by whom. */
  readonly cameLater: boolean
  /** As the dialplan told when it asked for a recording. */
  readonly direction: Direction | null
  readonly queue: string | null
  /** Told to this leg before a recording was asked for. */
  readonly announcement: Announcement | null
  /** What the rules said last to a leg that asked; `null` also after a restart, when the recordings tell. */
  readonly decision: Decision | null
  /** What the rules would say to a leg that asked if it came now; `null` until something about it changed. */
  readonly wanting: Decision | null
  /** The rule that spoke last against a recording of this leg that goes on. */
  readonly objection: string | null
  /** When it was armed because of a telephone that is recorded full-time: once; what somebody stopped by hand is not begun again. */
  readonly armedAt: Date | null
}

/** Whether a leg's telephone has a call: it answered, or dialled itself. One that only rings has none yet. */
export function isTaken(leg: Pick<TrackedChannel, 'channel' | 'dialledBy' | 'cameLater'>): boolean {
  return leg.channel.answeredAt !== null || !isRung(leg)
}

/** Since when somebody has the call of a leg: who dials herself, from the beginning. */
export function answeredAt(leg: Pick<TrackedChannel, 'channel' | 'dialledBy' | 'cameLater'>): Date | null {
  return leg.channel.answeredAt ?? (isRung(leg) ? null : leg.channel.createdAt)
}

/**
 * A PBX makes the leg of a telephone before it dials it, and a desk that looked in between would be told of a call that nobody has taken.
 * Source: Asterisk 22, Newchannel comes some milliseconds before its DialBegin (fixture asterisk-22.10-blind-dtmf)
 */
function isRung({ dialledBy, cameLater }: Pick<TrackedChannel, 'dialledBy' | 'cameLater'>): boolean {
  return dialledBy !== null || cameLater
}

type Apply<T extends PbxEvent['type']> = (tracker: CallTracker, event: Extract<PbxEvent, { type: T }>) => void

/** A rename names no call; what the dialplan noted, or the PBX tells of others, may be older. */
const OF_ANOTHER_TIME: ReadonlySet<PbxEvent['type']> = new Set(['channel-renamed', 'native-recording'])

/** Older conversations of a leg are forgotten: no work on events is so late that a leg has been passed on so often meanwhile. */
const MAX_STAYS = 50

/** Which legs exist on one PBX, who dialled whom and who is together in a bridge. Fed with every event, in order. */
export class CallTracker {
  #channels = legs()
  /** Legs that are being moved, by the first leg of the pair that is taken out of their path. */
  readonly #shortcuts = new Map<ChannelId, readonly ChannelId[]>()

  find(channelId: ChannelId): TrackedChannel | null {
    return this.#channels.get(channelId) ?? null
  }

  /** The other legs that hear this one. */
  peers(channelId: ChannelId): readonly TrackedChannel[] {
    const bridgeId = this.find(channelId)?.bridgeId ?? null
    return bridgeId === null ? [] : this.inBridge(bridgeId).filter(({ channel }) => channel.channelId !== channelId)
  }

  /**
   * The legs that hear each other in a bridge. A pair of legs within the PBX joins two bridges into one conversation and is no party
   * of it: an attended transfer by feature code talks through such a pair, until Asterisk takes it out.
   */
  inBridge(bridgeId: string): readonly TrackedChannel[] {
    return this.#around(bridgeId).legs
  }

  /** The ends of pairs within the PBX through which legs in this bridge are heard: parties of nothing, though a route may run on one. */
  halvesIn(bridgeId: string): readonly TrackedChannel[] {
    return this.#around(bridgeId).halves
  }

  #around(bridgeId: string): { readonly legs: readonly TrackedChannel[]; readonly halves: readonly TrackedChannel[] } {
    const bridges = new Set([bridgeId])
    const legs: TrackedChannel[] = []
    const halves: TrackedChannel[] = []
    // A set that grows while it is walked through is walked to its end.
    for (const bridge of bridges) {
      for (const leg of this.#channels.by('bridge', bridge)) {
        const name = otherHalfOf(leg.channel.name)
        const far = name === null ? null : this.#named(name)?.bridgeId ?? null
        if (name === null) legs.push(leg)
        else halves.push(leg)
        if (far !== null) bridges.add(far)
      }
    }
    return { legs, halves }
  }

  /**
   * Since when a leg was on its route at an instant, where it had come from a conversation: whom it dialled before then has left it, also
   * when the PBX has not told yet that it was passed on (Asterisk tells that last, and the route runs meanwhile). `null` while it talked,
   * or where it never did. The leg may be further by now, and may have talked and left again.
   */
  routeSince(channelId: ChannelId, at: Date): Date | null {
    const stay = this.find(channelId)?.stays.findLast(({ fromAt }) => fromAt === null || fromAt < at) ?? null
    return stay === null || stay.toAt === null || stay.toAt > at ? null : stay.toAt
  }

  /** The other end of a pair of legs within the PBX, or `null`. */
  otherHalf(channelId: ChannelId): TrackedChannel | null {
    const name = otherHalfOf(this.find(channelId)?.channel.name ?? '')
    return name === null ? null : this.#named(name)
  }

  /** The legs that this one dialled and that still exist. */
  dialledBy(channelId: ChannelId): readonly TrackedChannel[] {
    return this.#channels.by('dialler', channelId)
  }

  /** All legs of one call. */
  ofCall(callId: CallId): readonly TrackedChannel[] {
    return this.#channels.by('call', callId)
  }

  /** Legs behind which a telephone is. */
  telephones(): readonly TrackedChannel[] {
    return this.#channels.values().filter(({ channel }) => channel.endpoint !== null)
  }

  /** All legs that exist. */
  ids(): readonly ChannelId[] {
    return this.#channels.keys()
  }

  /** Legs that ever asked for a recording, as far as this process has seen it. */
  askers(): readonly TrackedChannel[] {
    return this.#channels.values().filter(({ decision }) => decision !== null)
  }

  /** Whether the PBX is moving this leg to where it is heard already: what its bridge tells meanwhile is no change of who hears whom. */
  isShortcut(channelId: ChannelId): boolean {
    return [...this.#shortcuts.values()].some((legs) => legs.includes(channelId))
  }

  beginShortcut(pair: readonly [ChannelId, ChannelId]): void {
    const bridges = pair.flatMap((half) => this.find(half)?.bridgeId ?? [])
    this.#shortcuts.set(pair[0], [...pair, ...bridges.flatMap((bridge) => this.inBridge(bridge)).map(({ channel }) => channel.channelId)])
  }

  endShortcut(half: ChannelId): void {
    this.#shortcuts.delete(half)
  }

  attach(channelId: ChannelId, change: AttachedChange): void {
    this.change(channelId, (tracked) => withChange(tracked, change))
  }

  /** The call under which this event knows its leg, when that is another than before. */
  renamedBy(event: PbxEvent): CallId | null {
    if (!('callId' in event) || OF_ANOTHER_TIME.has(event.type)) return null
    const known = this.find(event.channelId)
    return known === null || known.channel.callId === event.callId ? null : event.callId
  }

  apply(event: PbxEvent): void {
    const callId = this.renamedBy(event)
    if (callId !== null && 'channelId' in event) this.change(event.channelId, ({ channel }) => ({ channel: { ...channel, callId } }))
    const apply = APPLY[event.type] as Apply<PbxEvent['type']> | undefined
    apply?.(this, event)
  }

  add(channel: Channel): void {
    if (this.#channels.has(channel.channelId)) return
    this.#channels.set(channel.channelId, { channel, cameLater: this.#isBegun(channel), bridgeId: null, bridgeKind: 'talk', bridgedAt: null, stays: [], heldAt: null, attached: {}, attachedBy: new Map(), agent: null, toldAgent: null, dialledBy: null, direction: null, queue: null, announcement: null, decision: null, wanting: null, objection: null, armedAt: null })
  }

  /** Whether others have begun the call of a leg: it bears the name of its first. */
  #isBegun({ callId, channelId }: Channel): boolean {
    return channelId !== String(callId) && this.ofCall(callId).some(({ channel }) => channel.channelId !== channelId)
  }

  remove(channelId: ChannelId): void {
    this.#channels.delete(channelId)
    this.endShortcut(channelId)
  }

  change(channelId: ChannelId, change: (tracked: TrackedChannel) => Partial<TrackedChannel>): void {
    const tracked = this.#channels.get(channelId)
    if (tracked !== undefined) this.#channels.set(channelId, { ...tracked, ...change(tracked) })
  }

  /** What the PBX says exists; what we knew besides is kept for those that still do. */
  resync(event: Extract<PbxEvent, { type: 'link-up' }>): void {
    const before = this.#channels
    this.#channels = legs()
    this.#shortcuts.clear()
    for (const { channel } of event.channels) this.add(channel)
    for (const { channel, bridgeId } of event.channels) {
      const known = before.get(channel.channelId)
      this.change(channel.channelId, () => ({ cameLater: this.#isBegun(channel), ...known, bridgeId, channel: { ...channel, answeredAt: known?.channel.answeredAt ?? channel.answeredAt } }))
    }
  }

  #named(name: string): TrackedChannel | null {
    return this.#channels.by('name', name)[0] ?? null
  }
}

function legs(): IndexedMap<ChannelId, TrackedChannel, 'call' | 'bridge' | 'dialler' | 'name'> {
  return new IndexedMap({
    call: ({ channel }) => [channel.callId], bridge: ({ bridgeId }) => bridgeId === null ? [] : [bridgeId],
    dialler: ({ dialledBy }) => dialledBy === null ? [] : [dialledBy], name: ({ channel }) => [channel.name],
  })
}

/** `Local/200@route-00000001;1` and `…;2` are two ends of one pair. Source: Asterisk 22 main/core_local.c */
function otherHalfOf(name: string): string | null {
  const half = /^(.*;)([12])$/.exec(name)
  return half === null ? null : `${half[1]}${half[2] === '1' ? '2' : '1'}`
}

/** A call that was originated has dialled what its route says; a leg within the PBX was named after the telephone that it rings first. */
function dialledBy({ dialled, endpoint }: Channel, told: string | null): string | null {
  return endpoint === null ? told ?? dialled : dialled ?? told
}

const APPLY: { readonly [T in PbxEvent['type']]?: Apply<T> } = {
  'link-up': (tracker, event) => tracker.resync(event),
  'channel-created': (tracker, event) => tracker.add(event.channel),
  'channel-answered': (tracker, { channelId, at }) => tracker.change(channelId, ({ channel }) => ({ channel: { ...channel, answeredAt: channel.answeredAt ?? at } })),
  'channel-renamed': (tracker, { channelId, name }) => tracker.change(channelId, ({ channel }) => ({ channel: { ...channel, name } })),
  'identity-changed': (tracker, { channelId, identity }) => tracker.change(channelId, ({ channel }) => ({ channel: { ...channel, caller: identity } })),
  'dial-began': (tracker, { channelId, callee }) => {
    tracker.add(callee)
    // Where a route runs on a leg of the PBX itself, it is the telephone behind that leg that calls.
    const isRoute = tracker.find(channelId)?.direction != null
    tracker.change(callee.channelId, () => ({ dialledBy: isRoute ? speakerOf(tracker, channelId) : channelId }))
  },
  // Who picks up is rung by whoever rang the other.
  'picked-up': (tracker, { channelId, byChannelId }) => tracker.change(byChannelId, () => ({ dialledBy: tracker.find(channelId)?.dialledBy ?? null })),
  'bridge-entered': (tracker, { channelId, bridgeId, kind, at }) => tracker.change(channelId, ({ stays }) => ({ bridgeId, bridgeKind: kind, bridgedAt: at, stays: entered(stays, at) })),
  'bridge-left': (tracker, { channelId, at }) => {
    if (!tracker.isShortcut(channelId)) tracker.change(channelId, ({ stays }) => ({ bridgeId: null, bridgedAt: null, stays: left(stays, at) }))
  },
  // Her leg may live on: it is none of those any more that the customer's leg has dialled.
  transferred: (tracker, { by }) => tracker.change(by.channelId, () => ({ dialledBy: null })),
  'shortcut-began': (tracker, { channelId, otherHalfId }) => tracker.beginShortcut([channelId, otherHalfId]),
  'shortcut-ended': (tracker, { channelId }) => tracker.endShortcut(channelId),
  held: (tracker, { channelId, at }) => tracker.change(channelId, () => ({ heldAt: at })),
  unheld: (tracker, { channelId }) => tracker.change(channelId, () => ({ heldAt: null })),
  'queue-connected': (tracker, { channelId, queue }) => tracker.change(channelId, () => ({ queue })),
  announced: (tracker, { channelId, announcement }) => tracker.change(channelId, () => ({ announcement })),
  'attached-changed': (tracker, { channelId, change }) => tracker.attach(channelId, change),
  'recording-asked': (tracker, { channelId, direction, dialled, attached, headers, at }) => {
    tracker.change(channelId, ({ channel }) => ({ direction, channel: { ...channel, dialled: dialledBy(channel, dialled) } }))
    const handedOver = (data: AttachedData, source: AttachedSource): void => {
      for (const [key, value] of Object.entries(data)) {
        const known = tracker.find(channelId)?.attachedBy.get(key)
        // VarSet is the truth where it was seen: the request's copy of a long value may have been cut by the dialplan's buffers. What is
        // asked for is one word, and a leg that asks again may ask for something else.
        if (known === undefined || known.source === 'sip-header' || key === RECORD_KEY) tracker.attach(channelId, { key, value, source, at })
      }
    }
    handedOver(attached, 'dialplan')
    handedOver(headers, 'sip-header')
  },
  hangup: (tracker, { channelId }) => tracker.remove(channelId),
}

function entered(stays: readonly Stay[], at: Date): readonly Stay[] {
  const before = stays.at(-1)?.toAt === null ? left(stays, at) : stays
  return [...before, { fromAt: at, toAt: null }].slice(-MAX_STAYS)
}

function left(stays: readonly Stay[], at: Date): readonly Stay[] {
  const last = stays.at(-1)
  if (last?.toAt !== null) return [...stays, { fromAt: null, toAt: at }].slice(-MAX_STAYS)
  return stays.toSpliced(-1, 1, { fromAt: last.fromAt, toAt: at })
}

function withChange({ attached, attachedBy }: TrackedChannel, change: AttachedChange): Pick<TrackedChannel, 'attached' | 'attachedBy'> {
  const { key, value } = change
  const known = attachedBy.get(key)
  const isFull = known === undefined && attachedBy.size >= MAX_KEYS_PER_CHANNEL
  if (isFull || !isAttachedKey(key) || !goesBefore(known, change)) return { attached, attachedBy }
  return { attached: withAttached(attached, key, value), attachedBy: new Map(attachedBy).set(key, change) }
}
