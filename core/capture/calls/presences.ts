import type { ChannelId } from '../../domain/ids.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CallTracker, TrackedChannel } from './call-tracker.ts'

/** Somebody who is heard on a leg: its own party, or another with whom it is connected. */
interface Presence {
  /** As the leg was then. */
  readonly tracked: TrackedChannel
  /** By the PBX; `null` where nobody saw her come. */
  readonly since: Date | null
}

/** Who is heard on a leg, by channel. */
type Company = ReadonlyMap<ChannelId, Presence>

/** Who is heard on a leg since an event. */
interface State {
  readonly sequence: number
  readonly at: Date
  readonly company: Company
}

/** Legs on which somebody came or went in one instant. */
export interface Step {
  readonly legs: readonly ChannelId[]
  readonly at: Date
}

const NOBODY: Company = new Map()
/** A leg comes to be: from then on it is known who is heard on it. */
const FIRST: ReadonlySet<PbxEvent['type']> = new Set(['channel-created', 'dial-began'])
const CHANGING: ReadonlySet<PbxEvent['type']> = new Set(['channel-answered', 'bridge-entered', 'bridge-left', 'hangup'])

/**
 * Who is heard on which leg, noted in the instant in which the PBX tells it. Work on events comes late on a busy machine, and finds
 * legs elsewhere or gone: it goes by the note of its own event, so that what happened meanwhile is told by the work that follows.
 */
export class Presences {
  /** As of the last event that was told. */
  readonly #told = new Map<ChannelId, Company>()
  /** As of the last event that work has come to. */
  readonly #reached = new Map<ChannelId, State>()
  /** What work has not come to, oldest first. */
  readonly #waiting = new Map<ChannelId, readonly State[]>()
  readonly #notes = new WeakMap<PbxEvent, { readonly sequence: number; readonly legs: readonly ChannelId[] }>()
  #sequence = 0

  /** Call it with every event, once the tracker knows it. */
  hear(event: PbxEvent, tracker: CallTracker): void {
    this.#sequence += 1
    if (event.type === 'link-up') this.#begin(event.at, tracker)
    else if ('channelId' in event && (FIRST.has(event.type) || CHANGING.has(event.type))) this.#note(event, tracker)
  }

  /**
   * Goes through what was noted of the legs of this event up to it, oldest first: work on two calls may overtake each other, and what
   * is overtaken is told all the same. A step is done when the next is asked for; one that fails is there again.
   */
  *reach(event: PbxEvent): Iterable<Step> {
    const { sequence: last, legs } = this.#notes.get(event) ?? { sequence: 0, legs: [] }
    const due = legs.flatMap((channelId) => (this.#waiting.get(channelId) ?? []).filter(({ sequence }) => sequence <= last).map((state) => ({ channelId, state })))
    const bySequence = Map.groupBy(due.toSorted((one, other) => one.state.sequence - other.state.sequence), ({ state }) => state.sequence)
    for (const group of bySequence.values()) {
      for (const { channelId, state } of group) this.#advance(channelId, state)
      yield { legs: group.map(({ channelId }) => channelId), at: group[0]?.state.at ?? event.at }
      for (const { channelId, state } of group) this.#done(channelId, state)
    }
  }

  /** Who is heard on a leg, as far as the work on events has come. */
  of(channelId: ChannelId, tracker: CallTracker): Company {
    return this.#reached.get(channelId)?.company ?? companyOf(channelId, tracker)
  }

  /** The leg is gone, and its recordings have ended. */
  forget(channelId: ChannelId): void {
    this.#told.delete(channelId)
    this.#reached.delete(channelId)
    this.#waiting.delete(channelId)
  }

  /** After a gap in the events it is known who is there, and not since when. */
  #begin(at: Date, tracker: CallTracker): void {
    for (const known of [this.#told, this.#reached, this.#waiting]) known.clear()
    for (const channelId of tracker.ids()) {
      const company = companyOf(channelId, tracker)
      this.#told.set(channelId, company)
      this.#reached.set(channelId, { sequence: this.#sequence, at, company })
    }
  }

  #note(event: Extract<PbxEvent, { readonly channelId: ChannelId }>, tracker: CallTracker): void {
    const legs = [...this.#concerned(event, tracker)].filter((leg) => leg === event.channelId || tracker.find(leg) !== null)
    for (const channelId of legs) {
      const company = since(event.at, this.#told.get(channelId) ?? NOBODY, companyOf(channelId, tracker))
      const state = { sequence: this.#sequence, at: event.at, company }
      this.#told.set(channelId, company)
      if (CHANGING.has(event.type)) this.#waiting.set(channelId, [...this.#waiting.get(channelId) ?? [], state])
      // Nothing that waits can know more of a leg that is new.
      else if (!this.#reached.has(channelId)) this.#advance(channelId, state)
    }
    if (CHANGING.has(event.type)) this.#notes.set(event, { sequence: this.#sequence, legs })
    if (event.type === 'hangup') this.#told.delete(event.channelId)
  }

  /** The leg itself, and those that it was heard by, and is. */
  #concerned(event: Extract<PbxEvent, { readonly channelId: ChannelId }>, tracker: CallTracker): ReadonlySet<ChannelId> {
    const { channelId } = event
    const legs = [event.type === 'dial-began' ? event.callee.channelId : channelId]
    const far = tracker.otherHalf(channelId)?.bridgeId ?? null
    const bridges = [...'bridgeId' in event ? [event.bridgeId] : [], ...far === null ? [] : [far]]
    legs.push(...bridges.flatMap((bridge) => tracker.inBridge(bridge)).map(({ channel }) => channel.channelId))
    const heard = legs.flatMap((leg) => [...this.#told.get(leg)?.keys() ?? [], ...tracker.peers(leg).map((peer) => peer.channel.channelId)])
    return new Set([...legs, ...heard])
  }

  #advance(channelId: ChannelId, state: State): void {
    if ((this.#reached.get(channelId)?.sequence ?? 0) <= state.sequence) this.#reached.set(channelId, state)
  }

  #done(channelId: ChannelId, state: State): void {
    const left = this.#waiting.get(channelId)?.filter((each) => each !== state) ?? []
    if (left.length === 0) this.#waiting.delete(channelId)
    else this.#waiting.set(channelId, left)
  }
}

/** Her own party is heard from the answer of a leg on, and in whatever it is connected with before that. */
function companyOf(channelId: ChannelId, tracker: CallTracker): Company {
  const own = tracker.find(channelId)
  const peers = tracker.peers(channelId)
  const present = own !== null && (own.channel.answeredAt !== null || peers.length > 0) ? [own, ...peers] : peers
  return new Map(present.map((tracked) => [tracked.channel.channelId, { tracked, since: null }]))
}

/** Whoever was there before is there since then; all others came now. */
function since(at: Date, before: Company, now: Company): Company {
  return new Map([...now].map(([channelId, { tracked }]) => {
    const known = before.get(channelId)
    return [channelId, { tracked, since: known === undefined ? at : known.since }]
  }))
}
