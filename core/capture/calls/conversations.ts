import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { CallId, ChannelId, InteractionId } from '../../domain/ids.ts'
import { type CallOfPbx, survivor } from '../../domain/open-interaction.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from './capture-context.ts'
import { interactionFor } from './interaction-id.ts'
import { recordedChannel } from './live-recordings.ts'

/** Two calls of a PBX that have become one. */
export interface JoinedCalls {
  readonly calls: readonly [CallId, CallId]
  readonly at: Date
}

/**
 * Calls that an event tells to be one: a leg goes on under another call, or enters the bridge of one, or hands over to a call of its
 * own. Asked before the tracker hears of the event.
 */
export function joinsOf({ tracker, live, pbxId }: CaptureContext, event: PbxEvent): readonly JoinedCalls[] {
  if (!('callId' in event)) return []
  const { callId, at } = event
  const before = tracker.renamedBy(event) === null ? null : tracker.find(event.channelId)?.channel.callId ?? null
  if (before !== null) live.interactions.renamed({ pbxId, callId: before }, callId)
  const met = event.type === 'bridge-entered' ? tracker.inBridge(event.bridgeId).map(({ channel }) => channel.callId) : []
  const consulted = event.type === 'transferred' && event.consultation !== null ? [event.consultation.callId] : []
  const others = new Set([...before === null ? [] : [before], ...met, ...consulted])
  return [...others].filter((other) => other !== callId).map((other) => ({ calls: [other, callId], at }))
}

/**
 * Two calls are one conversation from now on (a consultation was joined, a call was picked up into another): their interactions merge.
 * Whatever was asked for under either holds for both; recordings keep the id and the decision under which they were made. Told
 * again, it changes nothing.
 * @returns whether anything merged
 */
export async function joinCalls(context: CaptureContext, { calls: [one, other], at }: JoinedCalls): Promise<boolean> {
  const { live: { interactions }, pbxId } = context
  const [first, second] = [interactions.ofCall(pbxId, one), interactions.ofCall(pbxId, other)]
  if (first === null && second === null) return false
  if (first !== null && second !== null) return await merge(context, { ids: [first.id, second.id], at })
  // A call that nobody records here may be recorded at the site to which it goes, under the id that it was given on its way.
  const [known, call] = first === null ? [second, one] : [first, other]
  return known !== null && isOfSite(context, call) && await merge(context, { ids: [known.id, interactionFor(context, call, null)], at })
}

function isOfSite({ tracker, told }: CaptureContext, callId: CallId): boolean {
  return tracker.ofCall(callId).some(({ channel }) => told.isTrusted(channel.endpoint))
}

/**
 * Legs that came from another site with the id of their interaction are in one conversation with these calls: a call that was asked about
 * before its own PBX knew whose it was, or an INVITE that takes the place of a leg here (REFER with Replaces, between two sites).
 * @returns whether anything merged
 */
export async function joinTold(context: CaptureContext, event: PbxEvent): Promise<boolean> {
  const { tracker, told, live, pbxId } = context
  if (event.type !== 'bridge-entered' && event.type !== 'recording-asked') return false
  const leg = tracker.find(event.channelId)
  const legs = event.type === 'bridge-entered' ? tracker.inBridge(event.bridgeId) : leg === null ? [] : [leg]
  const ids = legs.flatMap(({ channel }) => told.of(channel.channelId) ?? [])
  const open = legs.flatMap(({ channel }) => live.interactions.ofCall(pbxId, channel.callId)?.id ?? [])
  let isMerged = false
  for (const id of ids) for (const other of open) isMerged = await merge(context, { ids: [id, other], at: event.at }) || isMerged
  return isMerged
}

/** The legs whose word about the conversation of this event's leg counts. */
export function legsHeard({ tracker }: CaptureContext, event: PbxEvent): readonly ChannelId[] {
  if (!('callId' in event)) return []
  const met = event.type === 'bridge-entered' ? tracker.inBridge(event.bridgeId) : []
  return [event.channelId, ...[...tracker.ofCall(event.callId), ...met].map(({ channel }) => channel.channelId)]
}

/** One of two may be unknown here, because another site records it: then the first goes on. The catalogue, which hears of all sites, knows both. */
async function merge({ live, pbxId, runtime }: CaptureContext, { ids: [one, other], at }: { readonly ids: readonly [InteractionId, InteractionId]; readonly at: Date }): Promise<boolean> {
  const { interactions } = live
  if (interactions.isSame(one, other)) return false
  const [first, second] = [interactions.rootOf(one), interactions.rootOf(other)]
  const [known, met] = [interactions.find(first), interactions.find(second)]
  const into = known === null || met === null ? first : survivor(known, met).id
  const merged = into === first ? second : first
  await live.record({ type: 'interaction-merged', interactionId: merged, mergedIntoId: into, at })
  runtime.log.info({ pbxId, interactionId: merged, mergedIntoId: into }, 'two interactions are one')
  return true
}

/**
 * Calls whose legs are all gone are over, and with the last of them their interaction. An interaction whose recording still waits
 * for its end to be told is not.
 * @param callId - `null`: all calls of this PBX, after a gap in its events
 */
export async function endWhatIsOver({ live, tracker, pbxId, runtime }: CaptureContext, { callId, at }: { readonly callId: CallId | null; readonly at: Date }): Promise<void> {
  const { interactions } = live
  const isAsked = (call: CallOfPbx): boolean => call.pbxId === pbxId && (callId === null || call.callId === callId || interactions.nowCalled(call) === callId)
  const concerned = (callId === null ? interactions.all() : interactions.around(pbxId, callId)).filter(({ calls }) => calls.some(isAsked))
  for (const call of concerned.flatMap(({ calls }) => calls).filter(isAsked)) {
    if (tracker.ofCall(call.callId).length === 0 && tracker.ofCall(interactions.nowCalled(call)).length === 0) interactions.callIsGone(call)
  }
  for (const root of new Set(concerned.map(({ id }) => interactions.rootOf(id)))) {
    if (!interactions.isOver(root) || live.ofInteraction(root).length > 0) continue
    const facts = interactions.members(root).map(({ id: interactionId }): CaptureFact => ({ type: 'interaction-ended', interactionId, at }))
    if (facts.length === 0) continue
    await live.record(...facts)
    runtime.log.info({ pbxId, interactionId: root }, 'interaction ended')
  }
}

/** After a gap in the events: what goes on under another call than it was asked for in has become part of that. */
export async function joinUnseen(context: CaptureContext, at: Date): Promise<void> {
  const { live, tracker, pbxId } = context
  for (const recording of live.ofPbx(pbxId)) {
    const leg = tracker.find(recordedChannel(recording) ?? recording.channelId)
    if (leg === null || leg.channel.callId === recording.callId) continue
    await joinCalls(context, { calls: [recording.callId, leg.channel.callId], at })
    live.interactions.renamed({ pbxId, callId: recording.callId }, leg.channel.callId)
  }
}
