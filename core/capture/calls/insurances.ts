import type { ChannelId } from '../../domain/ids.ts'
import type { NativeRecording, PbxEvent } from '../../ports/pbx-event.ts'
import type { CallTracker } from './call-tracker.ts'
import { speakerOf } from './dial-chain.ts'

/** Older meetings of two legs are forgotten: no work on events is so late that they have parted and met so often meanwhile. */
const MAX_MEETINGS = 50

/**
 * Where only the leg is recorded that is going to be dialled, nothing runs until it rings: a service that dies in between would
 * leave the call unrecorded. So the dialplan records the asking leg meanwhile, and this is what it stands in for.
 */
export class Insurances {
  readonly #held = new Map<ChannelId, NativeRecording>()
  readonly #speakers = new Map<ChannelId, ChannelId>()
  /** When each leg that asked was joined with which other: work comes late, and finds legs elsewhere or gone. */
  readonly #met = new Map<ChannelId, Map<ChannelId, readonly Date[]>>()

  /** Telephones that have picked up what rang elsewhere, as far as nobody has seen to it. */
  readonly #pickingUp = new Set<ChannelId>()

  hold(native: NativeRecording, tracker: CallTracker): void {
    this.#speakers.set(native.channelId, this.speakerOf(native.channelId, tracker))
    this.#held.set(native.channelId, native)
  }

  /** In whose name this leg asks: as it was when it was insured, for a leg within the PBX may be gone before what it asked for. */
  speakerOf(channelId: ChannelId, tracker: CallTracker): ChannelId {
    return this.#speakers.get(channelId) ?? speakerOf(tracker, channelId)
  }

  of(channelId: ChannelId): NativeRecording | null {
    return this.#held.get(channelId) ?? null
  }

  /** Of this leg, and of each that it was connected with. */
  around(channelId: ChannelId): readonly NativeRecording[] {
    return [...this.#held.values()].filter((native) => native.channelId === channelId || this.wasWith(native, channelId))
  }

  /** Who is together, told in the instant in which the PBX tells it. */
  hear(event: PbxEvent, tracker: CallTracker): void {
    if (event.type === 'bridge-entered') {
      this.meet(event, tracker)
      const halves = tracker.halvesIn(event.bridgeId)
      // A leg within the PBX on which a route runs is nobody's peer, and meets whom it has dialled.
      for (const { channel: { channelId } } of halves) if (channelId !== event.channelId) this.meet({ channelId, at: event.at }, tracker)
      // Where it comes last, those whom it joins were told to be in their bridges before, and each alone.
      const joins = halves.some(({ channel: { channelId } }) => channelId === event.channelId)
      for (const { channel: { channelId } } of joins ? tracker.inBridge(event.bridgeId) : []) this.meet({ channelId, at: event.at }, tracker)
    }
    if (event.type === 'picked-up') this.#pickingUp.add(event.byChannelId)
  }

  /** Whoever is with this leg now has met it, and it them. */
  meet({ channelId, at }: Pick<NativeRecording, 'channelId' | 'at'>, tracker: CallTracker): void {
    for (const { channel: { channelId: other } } of tracker.peers(channelId)) {
      for (const [one, another] of [[channelId, other], [other, channelId]] as const) {
        const hasAsked = this.#held.has(one) || (tracker.find(one)?.direction ?? null) !== null
        if (hasAsked) this.#meet(one, another, at)
      }
    }
  }

  /** Whether the leg of this recording was connected with the other since it began. */
  wasWith({ channelId, at }: Pick<NativeRecording, 'channelId' | 'at'>, other: ChannelId | null): boolean {
    const metAt = other === null ? [] : this.#met.get(channelId)?.get(other) ?? []
    return metAt.some((each) => each >= at)
  }

  /** Whether it was connected with anybody: what was recorded of it is not simply dropped any more. */
  wasConnected(native: Pick<NativeRecording, 'channelId' | 'at'>): boolean {
    return this.firstMeeting(native) !== null
  }

  /** When the leg of this recording was connected with anybody for the first time since it began: what is said from then on may be nowhere else. */
  firstMeeting({ channelId, at }: Pick<NativeRecording, 'channelId' | 'at'>): Date | null {
    const times = [...this.#met.get(channelId)?.values() ?? []].flat().filter((metAt) => metAt >= at)
    return times.reduce<Date | null>((first, metAt) => first === null || metAt < first ? metAt : first, null)
  }

  /** Whether a recorder is about to follow to a leg that this one is connected with. */
  isPickedUp(native: NativeRecording): boolean {
    return [...this.#pickingUp].some((picker) => this.wasWith(native, picker))
  }

  /** Whatever was recorded of what rang goes on there by now. */
  hasPickedUp(picker: ChannelId): void {
    this.#pickingUp.delete(picker)
  }

  /** It has been seen to: adopted, or destroyed. */
  release(channelId: ChannelId): void {
    this.#held.delete(channelId)
  }

  /** The leg is gone. */
  forget(channelId: ChannelId): void {
    this.#held.delete(channelId)
    this.#speakers.delete(channelId)
    this.#met.delete(channelId)
    this.#pickingUp.delete(channelId)
  }

  #meet(one: ChannelId, another: ChannelId, at: Date): void {
    const others = this.#met.get(one) ?? new Map<ChannelId, readonly Date[]>()
    this.#met.set(one, others.set(another, [...others.get(another) ?? [], at].slice(-MAX_MEETINGS)))
  }

  /** After a gap in the events: what the PBX noted of legs that ended in it has been adopted. */
  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const channelId of [...this.#held.keys(), ...this.#speakers.keys(), ...this.#met.keys(), ...this.#pickingUp]) if (!existing.has(channelId)) this.forget(channelId)
  }
}
