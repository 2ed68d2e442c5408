import type { ChannelId, InteractionId } from '../../domain/ids.ts'
import { type CallOwner, isSameDesk } from '../../domain/desk.ts'
import type { Recording } from '../../domain/recording.ts'
import type { ControlTarget, LiveCall } from '../../ports/capture-control.ts'
import { isTaken, type TrackedChannel } from '../calls/call-tracker.ts'
import { agentAt, isCustomers } from '../people/agents.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import type { PauseInForce } from '../calls/interaction-pauses.ts'
import { toldOfCall } from '../calls/interaction-id.ts'
import { type LiveRecordings, recordedChannel } from '../calls/live-recordings.ts'

/** Where a call is looked for: what the parts of capture on one PBX know. */
export type CallView = Pick<CaptureContext, 'pbxId' | 'tracker' | 'live' | 'pauses' | 'seating' | 'telephones' | 'told'>

/** The calls that go on, over all PBXs of this node: which, and what of them is recorded. */
export class LiveCalls {
  readonly #views: readonly CallView[]
  readonly #live: LiveRecordings

  constructor(views: readonly CallView[], live: LiveRecordings) {
    this.#views = views
    this.#live = live
  }

  /** The live recordings of a target; of a call of which its own PBX records nothing, those that other sites make of its conversation. */
  recordings(target: ControlTarget): readonly Recording[] {
    if ('interactionId' in target) return this.#live.ofInteraction(target.interactionId)
    if ('recordingId' in target) return [this.#live.find(target.recordingId)].filter((recording) => recording !== null)
    const [call] = this.calls(target)
    if (call === undefined) return []
    return call.recordings.length > 0 ? call.recordings : call.elsewhere
  }

  /** The calls of a target that go on; of an owner, the one that is spoken in first. */
  calls(target: ControlTarget): readonly LiveCall[] {
    if ('owner' in target) return this.#ofOwner(target.owner)
    if ('channel' in target) return this.#views.flatMap((view) => view.pbxId === target.channel.pbxId ? callOf(view, target.channel.channelId) ?? [] : [])
    const found = this.#views.flatMap((view) => legsOf(view, target).flatMap((channelId) => callOf(view, channelId) ?? []))
    return once(found)
  }

  /** A telephone that only rings has no call yet. */
  #ofOwner(owner: CallOwner): readonly LiveCall[] {
    const legs = this.#views.flatMap((view) => view.tracker.telephones().filter((leg) => isTaken(leg) && isOwn(view, owner, leg)).map((leg) => ({ view, leg })))
    const spokenInFirst = legs.toSorted((one, other) => rank(other.leg) - rank(one.leg) || since(other.leg) - since(one.leg))
    return once(spokenInFirst.filter(({ view, leg }) => !isAlone(view, leg)).flatMap(({ view, leg }) => callOf(view, leg.channel.channelId) ?? []))
  }
}

function legsOf({ tracker, live, pbxId }: CallView, target: { readonly recordingId: Recording['id'] } | { readonly interactionId: InteractionId }): readonly ChannelId[] {
  const recordings = live.ofPbx(pbxId).filter((recording) => 'recordingId' in target ? recording.id === target.recordingId : live.interactions.isSame(recording.interactionId, target.interactionId))
  const askers = 'recordingId' in target ? [] : tracker.askers().filter(({ decision }) => decision !== null && live.interactions.isSame(decision.input.interactionId, target.interactionId))
  return [...askers.map(({ channel }) => channel.channelId), ...recordings.map((recording) => recordedChannel(recording) ?? recording.channelId)]
}

function once(calls: readonly LiveCall[]): readonly LiveCall[] {
  const first = new Map<string, LiveCall>()
  for (const call of calls) if (!first.has(`${call.pbxId} ${call.callId}`)) first.set(`${call.pbxId} ${call.callId}`, call)
  return [...first.values()]
}

/** Nobody is there, nothing was asked for: who has logged in at her telephone waits so for the next call. */
function isAlone({ tracker, live, pbxId }: CallView, { decision, channel: { callId, channelId } }: TrackedChannel): boolean {
  return decision === null && tracker.ofCall(callId).length < 2 && tracker.peers(channelId).length === 0 && live.onChannel(pbxId, channelId).length === 0
}

/**
 * The person goes before the telephone: her call is where she sat when it was answered, and at her telephone only while nobody says that
 * she sits elsewhere. Nobody sits at a customer's.
 */
function isOwn(view: CallView, { agent, desks }: CallOwner, leg: TrackedChannel): boolean {
  if (isCustomers(view, leg)) return false
  const person = agentAt(view, leg)
  if (agent !== null && person === agent) return true
  const { endpoint } = leg.channel
  if (endpoint === null) return false
  const here = { pbxId: view.pbxId, endpoint }
  if (!desks.some((desk) => isSameDesk(desk, here))) return false
  if (agent === null) return true
  const sitsAt = view.seating.desksOf(agent)
  return person === null && (sitsAt.length === 0 || sitsAt.some((desk) => isSameDesk(desk, here)))
}

function rank({ bridgeId, heldAt }: TrackedChannel): number {
  if (heldAt !== null) return 0
  return bridgeId === null ? 1 : 2
}

function since({ channel, bridgedAt }: TrackedChannel): number {
  return (bridgedAt ?? channel.createdAt).getTime()
}

function endOf(pause: PauseInForce | null): Date | null {
  return pause === null ? null : new Date(pause.at.getTime() + pause.limitMs)
}

function callOf(view: CallView, channelId: ChannelId): LiveCall | null {
  const { tracker, live, pbxId } = view
  const leg = tracker.find(channelId)
  if (leg === null) return null
  const { callId } = leg.channel
  const legs = [...new Map([...tracker.ofCall(callId), leg, ...tracker.peers(channelId)].map((each) => [each.channel.channelId, each])).values()]
  const ids = new Set(legs.map(({ channel }) => channel.channelId))
  const recordings = concerned(live, live.ofPbx(pbxId).filter((recording) => isOfCall(recording, legs, callId)))
  const asker = legs.find(({ decision }) => decision !== null) ?? null
  const interactionId = recordings[0]?.interactionId ?? asker?.decision?.input.interactionId ?? toldOfCall(view, callId)
  return {
    pbxId, callId, channelId, interactionId,
    direction: asker?.direction ?? recordings[0]?.direction ?? null,
    beganAt: new Date(Math.min(...legs.map(({ channel }) => channel.createdAt.getTime()))),
    decision: asker?.decision ?? recordings[0]?.decision ?? null,
    wanting: asker?.wanting ?? null,
    recordings,
    elsewhere: interactionId === null ? [] : live.ofInteraction(interactionId).filter((recording) => recording.pbxId !== pbxId),
    stopped: live.stoppedByHand(pbxId).filter((recording) => ids.has(recording.channelId)),
    pauseEndsAt: interactionId === null ? null : endOf(view.pauses.of(interactionId)),
  }
}

function isOfCall(recording: Recording, legs: readonly TrackedChannel[], callId: LiveCall['callId']): boolean {
  const ids = new Set(legs.map(({ channel }) => channel.channelId))
  return recording.callId === callId || ids.has(recordedChannel(recording) ?? recording.channelId) || ids.has(recording.channelId)
}

/** With whatever belongs to the same conversations. */
function concerned(live: LiveRecordings, direct: readonly Recording[]): readonly Recording[] {
  return [...new Set(direct.flatMap(({ pbxId, interactionId }) => live.ofInteraction(interactionId).filter((recording) => recording.pbxId === pbxId)))]
}
