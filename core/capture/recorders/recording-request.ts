import type { Channel, Direction, Identity } from '../../domain/call.ts'
import type { ChannelId, InteractionId, RecordingId } from '../../domain/ids.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'
import type { NativeRecording, PbxEvent, RecordingAsked } from '../../ports/pbx-event.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { inputOf } from '../rules/decision-inputs.ts'
import { diallers, speakerOf, telephonesBehind } from '../calls/dial-chain.ts'
import { gainsOf } from '../rules/gains.ts'
import { interactionFor, type InteractionView } from '../calls/interaction-id.ts'
import { isHeldBack, isPutOff } from '../calls/interaction-pauses.ts'
import type { Recorder, Wanted } from './recorder.ts'

/**
 * Answers the dialplan that waits: decides, arms what can be armed now, acknowledges. A leg that asks again, on another route maybe,
 * is decided anew: what it wanted before and still has goes on, what it has no more, such as the side of an agent who has left, begins.
 */
export async function answerRequest(context: CaptureContext, recorder: Recorder, event: RecordingAsked): Promise<void> {
  const { tracker, adapter, pbxId, runtime } = context
  const tracked = tracker.find(event.channelId)
  if (tracked === null) {
    runtime.log.warn({ pbxId, channelId: event.channelId }, 'a channel that is gone asked for a recording')
    return
  }
  const asker = { channelId: speakerOf(tracker, event.channelId), direction: event.direction }
  const asked = { ...wantedOf(context, tracked.channel, event), channelId: asker.channelId }
  const decision = await context.rules.decide(inputOf(context, { ...asked, tracked, occasion: 'route', agent: null }))
  tracker.change(asker.channelId, () => ({ decision, objection: null }))
  const { queue, agent } = decision.input
  const wanted = { ...asked, decision, queue, agent, announcement: tracked.announcement }
  const gains = decision.outcome === 'record' ? gainsOf(askedFor(context, asker.channelId), decision, event.at) : []
  if (gains.length > 0) await context.live.record(...gains)
  const answer = decision.outcome === 'record'
    ? await arm(context, recorder, { event: asker, wanted })
    : askedFor(context, asker.channelId)[0]?.id ?? context.wishes.idOf(asker.channelId) ?? await decline(context, recorder, wanted)
  tellSites(context, event.channelId, decision.input.interactionId)
  // No answer, when nothing could be armed: the dialplan then records by itself, and that recording is adopted.
  if (answer !== null) await adapter.acknowledge(event.channelId, event.requestId, answer !== 'no' && isBare(context, new Set([event.channelId, asker.channelId])) ? { insure: answer } : answer)
}

/**
 * What a leg has asked for and was not answered in time, where that is wanted of the legs alone that it dials: it is wanted all the same.
 * Gives its id; `null` where the leg itself is wanted, or nothing is, or all is to be silent.
 */
export async function wishLate(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<RecordingId | null> {
  const { tracker, rules } = context
  const { channelId, direction, announcement } = native
  const tracked = tracker.find(channelId)
  if (tracked === null) return null
  const asker = { channelId: speakerOf(tracker, channelId), direction }
  const asked = { ...wantedOf(context, tracked.channel, native), channelId: asker.channelId }
  const decision = await rules.decide(inputOf(context, { ...asked, tracked, occasion: 'route', agent: null }))
  const isOfOthers = decision.outcome === 'record' && isFromRoute({ decision }) && !decision.sides.includes(sideOfCaller(direction))
  if (!isOfOthers || isHeldBack(context.pauses, { ...asked, decision })) return null
  tracker.change(asker.channelId, () => ({ decision, objection: null }))
  const { queue, agent } = decision.input
  return await arm(context, recorder, { event: asker, wanted: { ...asked, decision, queue, agent, announcement } })
}

/** Before the answer, which lets the call go on, maybe to another site: the PBX does what it is told in order, so that nobody waits for it. */
function tellSites({ adapter, runtime, pbxId }: CaptureContext, channelId: ChannelId, interactionId: InteractionId): void {
  adapter.tellInteraction(channelId, interactionId).catch((error: unknown) => {
    runtime.log.warn({ pbxId, channelId, error }, 'a leg was not told its interaction: a site that it calls may give it another')
  })
}

/**
 * Whether all that was asked for is still to be dialled: then nothing runs, and nothing would, if we died now. A leg within the PBX has
 * asked in the name of the telephone behind it.
 */
function isBare({ live, tracker, pbxId }: CaptureContext, askers: ReadonlySet<ChannelId>): boolean {
  const asked = [...askers].flatMap((asker) => live.askedBy(pbxId, asker))
  const isWaiting = asked.every((recording) => recording.state === 'requested' && recording.segments.length === 0 && isFromRoute(recording))
  return asked.length > 0 && isWaiting && [...askers].every((asker) => tracker.peers(asker).length === 0)
}

/** What goes on by an earlier word of this leg, or on it: no later rule stops it. */
function askedFor({ live, pbxId }: CaptureContext, asker: ChannelId): readonly Recording[] {
  return live.askedByOrOn(pbxId, asker)
}

/** A leg that a decision was waiting for begins to ring: armed before it is answered, so that no first word is lost. */
export async function startWaiting(context: CaptureContext, recorder: Recorder, event: Extract<PbxEvent, { type: 'dial-began' }>): Promise<void> {
  const { callee } = event
  // A leg within the PBX (Local) is nobody: the telephone behind it is armed, when that one rings.
  if (callee.endpoint === null) return
  const wishes = diallers(context.tracker, callee.channelId).flatMap(({ channel }) => context.wishes.open(channel.channelId))
  for (const wish of wishes.filter(isFromRoute)) await armDialled(context, recorder, { wish, callee })
}

/** Two people are connected: what was to be recorded only then begins. */
export async function startConnected(context: CaptureContext, recorder: Recorder, channelId: ChannelId): Promise<void> {
  const { live, tracker, wishes, pbxId } = context
  const legs = [tracker.find(channelId), ...tracker.peers(channelId)].flatMap((tracked) => (tracked === null ? [] : [tracked.channel]))
  if (legs.length < 2) return
  for (const leg of legs) {
    const own = live.waitingOn(pbxId, leg.channelId).filter((recording) => !isPutOff(context.pauses, recording) && !isFromRoute(recording) && recording.side === sideOfCaller(recording.direction))
    for (const recording of own) {
      if (await recorder.startSegment(recording, leg.channelId) === 'refused') await recorder.failed(recording.id, 'start-refused')
    }
    for (const wish of wishes.open(leg.channelId).filter((each) => !isFromRoute(each))) {
      for (const callee of legs.filter((other) => other !== leg)) await armDialled(context, recorder, { wish, callee })
    }
  }
}

export function isFromRoute({ decision }: Pick<Recording, 'decision'>): boolean {
  return decision.terms.from === 'route'
}

/** A recording that waits for its leg, and a leg that is dialled for it. */
export interface Dialled {
  readonly wish: Recording
  readonly callee: Channel
}

/**
 * The first leg takes the recording that was asked for. Every other one, rung beside it or after it did not answer (queues,
 * hunt groups, a second trunk), gets a recording of its own by the same decision.
 */
export async function armDialled(context: CaptureContext, recorder: Recorder, { wish, callee }: Dialled): Promise<void> {
  const { live, pbxId } = context
  // One recorder hears both sides, whoever began it.
  if (live.onChannel(pbxId, callee.channelId).length > 0) return
  const waiting = live.waitingOn(pbxId, wish.channelId).find((recording) => recording.side === wish.side) ?? null
  if (isHeldBack(context.pauses, wish)) {
    // It begins at the resume; until then it shows that there is something to resume.
    if (waiting === null) await recorder.request(siblingOf(context, wish))
  } else if (waiting === null) await startSibling(context, recorder, { wish, callee })
  else if (await recorder.startSegment(waiting, callee.channelId) === 'refused') await recorder.failed(waiting.id, 'start-refused')
}

function siblingOf({ adapter }: CaptureContext, wish: Recording): Wanted {
  const { interactionId, pbxId, site, callId, channelId, side, direction, caller, callee, queue, decision, announcement } = wish
  return { interactionId, pbxId, site, callId, channelId, side, direction, caller, callee, queue, decision, announcement, agent: null, origin: 'controlled', at: adapter.now }
}

async function startSibling(context: CaptureContext, recorder: Recorder, { wish, callee }: Dialled): Promise<void> {
  const wanted = siblingOf(context, wish)
  const { at } = wanted
  const id = await recorder.request(wanted, (recordingId) => [recorder.opening({ recordingId, index: 0, channelId: callee.channelId }, at)])
  if (await recorder.begin({ recordingId: id, index: 0, channelId: callee.channelId }) === 'refused') await recorder.failed(id, 'start-refused')
}

/** Begins a recording that was requested before: on its own leg, or on those that this leg has dialled or dials later. */
export async function armRequested(context: CaptureContext, recorder: Recorder, recording: Recording): Promise<void> {
  if (recording.side !== sideOfCaller(recording.direction)) {
    await armAll(context, recorder, recording)
    return
  }
  const isTime = isFromRoute(recording) || context.tracker.peers(recording.channelId).length > 0
  if (isTime && await recorder.startSegment(recording, recording.channelId) === 'refused') await recorder.failed(recording.id, 'start-refused')
}

interface Request {
  readonly event: Pick<RecordingAsked, 'channelId' | 'direction'>
  readonly wanted: Omit<Wanted, 'side'>
}

/** Requests each wanted side; arms the caller's own now, the callee's when it is dialled. Gives the id for the answer. */
export async function arm(context: CaptureContext, recorder: Recorder, { event, wanted }: Request): Promise<RecordingId | null> {
  const { live, wishes, expectations, pbxId } = context
  const since = context.tracker.routeSince(event.channelId, wanted.at)
  let answer: RecordingId | null = null
  for (const side of wanted.decision.sides) {
    expectations.want({ ...wanted, side }, [])
    const isOwn = side === sideOfCaller(event.direction)
    const isKnown = (recording: Recording): boolean => recording.side === side && (isOwn || since === null || recording.requestedAt >= since)
    const known = live.askedBy(pbxId, event.channelId).find(isKnown)
      ?? (isOwn ? live.onChannel(pbxId, event.channelId)[0] : undefined)
      ?? wishes.of(event.channelId).find(isKnown)
    if (known === undefined && !isOwn) wishes.drop(event.channelId, side)
    const id = known?.id ?? await (isOwn ? startOwn(context, recorder, { ...wanted, side }) : wish(context, recorder, { ...wanted, side }))
    answer ??= id
  }
  return answer
}

/** Where only two people who are connected are recorded, nothing runs before; the answer is the same, or the dialplan would record by itself. */
async function startOwn(context: CaptureContext, recorder: Recorder, wanted: Wanted): Promise<RecordingId | null> {
  if (isHeldBack(context.pauses, wanted)) return await recorder.request(wanted)
  const isTime = isFromRoute(wanted) || context.tracker.peers(wanted.channelId).length > 0
  return isTime ? await startNow(recorder, wanted) : await recorder.request(wanted)
}

/** The leg to record is the one that this leg dials: it is armed when it rings, or now, if it was dialled already. */
async function wish(context: CaptureContext, recorder: Recorder, wanted: Wanted): Promise<RecordingId> {
  const id = await recorder.request(wanted)
  const recording = context.live.find(id)
  if (recording !== null) await armAll(context, recorder, recording)
  return id
}

/** The wish is remembered for the legs that are dialled later, and armed on those that there are. */
async function armAll(context: CaptureContext, recorder: Recorder, wished: Recording): Promise<void> {
  // A telephone that is recorded by itself says nothing of those that ring later.
  if (wished.decision.input.occasion !== 'telephone') context.wishes.remember(wished)
  const since = context.tracker.routeSince(wished.channelId, wished.requestedAt)
  // Whom it dialled on the route before may still be there, for a moment or for long: it talks with her no more.
  const isOfRoute = ({ channel }: TrackedChannel): boolean => since === null || channel.createdAt >= since
  const legs = isFromRoute(wished) ? telephonesBehind(context.tracker, wished.channelId).filter(isOfRoute) : context.tracker.peers(wished.channelId)
  for (const { channel } of legs) await armDialled(context, recorder, { wish: wished, callee: channel })
}

async function startNow(recorder: Recorder, wanted: Wanted): Promise<RecordingId | null> {
  const { channelId, at } = wanted
  const recordingId = await recorder.request(wanted, (id) => [recorder.opening({ recordingId: id, index: 0, channelId }, at)])
  const outcome = await recorder.begin({ recordingId, index: 0, channelId })
  if (outcome === 'refused') await recorder.failed(recordingId, 'start-refused')
  return outcome === 'running' ? recordingId : null
}

async function decline(context: CaptureContext, recorder: Recorder, wanted: Omit<Wanted, 'side'>): Promise<'no'> {
  await recorder.request({ ...wanted, side: sideOfCaller(wanted.direction) }, (recordingId) => [{ type: 'recording-declined', recordingId, reason: 'not-wanted', at: wanted.at }])
  context.runtime.metrics.count('holdfast_recordings_declined_total', { pbx: context.pbxId })
  return 'no'
}

/** Which side the leg that asks is on: on an outbound call the caller is the agent. Agent to agent, `source` is the caller's. */
export function sideOfCaller(direction: Direction): RecordedSide {
  return direction === 'outbound' ? 'destination' : 'source'
}

/** Everything about a wanted recording but what the decision adds. */
export function wantedOf(context: InteractionView & Pick<CaptureContext, 'site'>, channel: Channel, asked: Pick<RecordingAsked, 'direction' | 'callId' | 'interactionId' | 'at'>): Omit<Wanted, 'side' | 'decision' | 'queue' | 'agent' | 'announcement'> {
  const callee: Identity = { number: channel.dialled, name: null }
  return {
    interactionId: interactionFor(context, asked.callId, asked.interactionId),
    pbxId: context.pbxId,
    site: context.site,
    callId: asked.callId,
    channelId: channel.channelId,
    origin: 'controlled',
    direction: asked.direction,
    caller: channel.caller,
    callee,
    at: asked.at,
  }
}
