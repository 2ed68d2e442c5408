import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { CallId } from '../../domain/ids.ts'
import { type CallOfPbx, survivor } from '../../domain/open-interaction.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from './capture-context.ts'
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
export async function joinCalls({ live, pbxId, runtime }: CaptureContext, { calls: [one, other], at }: JoinedCalls): Promise<boolean> {
  const { interactions } = live
  const [first, second] = [interactions.ofCall(pbxId, one), interactions.ofCall(pbxId, other)]
  if (first === null || second === null || first.id === second.id) return false
  const into = survivor(first, second)
  const merged = into === first ? second : first
  await live.record({ type: 'interaction-merged', interactionId: merged.id, mergedIntoId: into.id, at })
  runtime.log.info({ pbxId, interactionId: merged.id, mergedIntoId: into.id }, 'two interactions are one')
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
  const concerned = interactions.all().filter(({ calls }) => calls.some(isAsked))
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
    if (leg !== null && leg.channel.callId !== recording.callId) await joinCalls(context, { calls: [recording.callId, leg.channel.callId], at })
  }
}
