import type { ChannelId, InteractionId } from '../domain/ids.ts'
import type { Desk } from '../domain/desk.ts'
import type { Recording } from '../domain/recording.ts'
import type { ControlTarget, LiveCall } from '../ports/capture-control.ts'
import type { TrackedChannel } from './call-tracker.ts'
import type { CaptureContext } from './capture-context.ts'
import { type LiveRecordings, recordedChannel } from './live-recordings.ts'

/** Where a call is looked for: what the parts of capture on one PBX know. */
export type CallView = Pick<CaptureContext, 'pbxId' | 'tracker' | 'live'>

/** The calls that go on, over all PBXs of this node: which, and what of them is recorded. */
export class LiveCalls {
  readonly #views: readonly CallView[]
  readonly #live: LiveRecordings

  constructor(views: readonly CallView[], live: LiveRecordings) {
    this.#views = views
    this.#live = live
  }

  /** The live recordings of a target. */
  recordings(target: ControlTarget): readonly Recording[] {
    if ('interactionId' in target) return this.#live.ofInteraction(target.interactionId)
    if ('recordingId' in target) return [this.#live.find(target.recordingId)].filter((recording) => recording !== null)
    return this.calls(target)[0]?.recordings ?? []
  }

  /** The calls of a target that go on. Of a desk: the one that it has now. */
  calls(target: ControlTarget): readonly LiveCall[] {
    if ('desk' in target) return this.#views.flatMap((view) => callsAt(view, target.desk)).slice(0, 1)
    if ('channel' in target) return this.#views.flatMap((view) => view.pbxId === target.channel.pbxId ? callOf(view, target.channel.channelId) ?? [] : [])
    const found = this.#views.flatMap((view) => legsOf(view, target).flatMap((channelId) => callOf(view, channelId) ?? []))
    return [...new Map(found.map((call) => [`${call.pbxId} ${call.callId}`, call])).values()]
  }
}

function legsOf({ tracker, live, pbxId }: CallView, target: { readonly recordingId: Recording['id'] } | { readonly interactionId: InteractionId }): readonly ChannelId[] {
  const recordings = live.ofPbx(pbxId).filter((recording) => 'recordingId' in target ? recording.id === target.recordingId : recording.interactionId === target.interactionId)
  const askers = 'recordingId' in target ? [] : tracker.askers().filter(({ decision }) => decision?.input.interactionId === target.interactionId)
  return [...askers.map(({ channel }) => channel.channelId), ...recordings.map((recording) => recordedChannel(recording) ?? recording.channelId)]
}

/** The calls of a telephone, the one that is spoken in first. A telephone that only rings has none yet. */
function callsAt(view: CallView, { pbxId, endpoint }: Desk): readonly LiveCall[] {
  if (view.pbxId !== pbxId) return []
  const legs = view.tracker.atEndpoint(endpoint).filter(isTaken).toSorted((one, other) => rank(other) - rank(one) || since(other) - since(one))
  return legs.flatMap(({ channel }) => callOf(view, channel.channelId) ?? [])
}

/** Answered, or dialled from here. */
function isTaken({ channel, dialledBy }: TrackedChannel): boolean {
  return channel.answeredAt !== null || dialledBy === null
}

function rank({ bridgeId, heldAt }: TrackedChannel): number {
  if (heldAt !== null) return 0
  return bridgeId === null ? 1 : 2
}

function since({ channel, bridgedAt }: TrackedChannel): number {
  return (bridgedAt ?? channel.createdAt).getTime()
}

function callOf(view: CallView, channelId: ChannelId): LiveCall | null {
  const { tracker, live, pbxId } = view
  const leg = tracker.find(channelId)
  if (leg === null) return null
  const { callId } = leg.channel
  const legs = [...new Map([...tracker.ofCall(callId), leg, ...tracker.peers(channelId)].map((each) => [each.channel.channelId, each])).values()]
  const recordings = concerned(live.ofPbx(pbxId), legs, callId)
  const asker = legs.find(({ decision }) => decision !== null) ?? null
  const interactionId = recordings[0]?.interactionId ?? asker?.decision?.input.interactionId ?? null
  return {
    pbxId, callId, channelId, interactionId,
    direction: asker?.direction ?? recordings[0]?.direction ?? null,
    beganAt: new Date(Math.min(...legs.map(({ channel }) => channel.createdAt.getTime()))),
    decision: asker?.decision ?? recordings[0]?.decision ?? null,
    recordings,
  }
}

/** What is recorded of these legs, and whatever belongs to the same interactions. */
function concerned(all: readonly Recording[], legs: readonly TrackedChannel[], callId: LiveCall['callId']): readonly Recording[] {
  const ids = new Set(legs.map(({ channel }) => channel.channelId))
  const direct = all.filter((recording) => recording.callId === callId || ids.has(recordedChannel(recording) ?? recording.channelId) || ids.has(recording.channelId))
  const interactions = new Set(direct.map(({ interactionId }) => interactionId))
  return all.filter((recording) => interactions.has(recording.interactionId))
}
