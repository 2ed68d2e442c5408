import { attachedValue, RECORD_KEY } from '../../domain/attached-data.ts'
import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { CallId, ChannelId } from '../../domain/ids.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Decision } from '../../domain/rules/decision.ts'
import type { DecisionInput, Occasion } from '../../domain/rules/decision-input.ts'
import type { Reevaluation } from '../../domain/rules/reevaluate.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { inputOf } from '../rules/decision-inputs.ts'
import { gainsOf } from '../rules/gains.ts'
import { isHeldBack } from '../calls/interaction-pauses.ts'
import type { Recorder } from './recorder.ts'
import { arm, wantedOf } from './recording-request.ts'

/** Which legs something is new about, and since when. */
export interface News {
  readonly callId: CallId
  readonly channelId: ChannelId
  readonly at: Date
}

/** A leg whose dialplan asked for a recording, and what was said to it. */
interface Asker {
  readonly tracked: TrackedChannel
  readonly recordings: readonly Recording[]
  readonly previous: Decision
}

/**
 * Something has changed about a call: its rules are asked again. Recording may start late, or gain partitions and labels; it
 * never stops; what was stopped by hand begins again for a mandatory rule that lets nobody stop it. What the rules would no longer record goes on, and is told to the audit.
 */
export async function reconsider(context: CaptureContext, recorder: Recorder, news: News): Promise<void> {
  for (const asker of askersOf(context, news)) await reconsiderOne(context, recorder, { asker, at: news.at })
}

/** A change on one leg is known to all that asked in this call; but each leg's request for a side is its own. */
export function spread({ tracker }: CaptureContext, { channelId, callId, change }: Pick<Extract<PbxEvent, { type: 'attached-changed' }>, 'channelId' | 'callId' | 'change'>): void {
  if (change.key === RECORD_KEY) return
  for (const { channel } of tracker.ofCall(callId)) if (channel.channelId !== channelId) tracker.attach(channel.channelId, change)
}

function askersOf({ tracker, live, pbxId }: CaptureContext, { callId, channelId }: News): readonly Asker[] {
  const concerned = tracker.ofCall(callId)
  const own = tracker.find(channelId)
  return [...concerned, ...own === null || concerned.includes(own) ? [] : [own]].flatMap((tracked) => {
    const recordings = live.related(pbxId, { legs: [tracked.channel.channelId] }).filter((recording) => recording.channelId === tracked.channel.channelId)
    const previous = tracked.decision ?? rememberedBy(recordings)
    return previous === null ? [] : [{ tracked, recordings, previous }]
  })
}

/** After a restart nothing is known but what the live recordings hold. */
function rememberedBy([first]: readonly Recording[]): Decision | null {
  return first === undefined ? null : { ...first.decision, partitions: first.partitions, labels: first.labels }
}

async function reconsiderOne(context: CaptureContext, recorder: Recorder, { asker, at }: { readonly asker: Asker; readonly at: Date }): Promise<void> {
  const { tracked, recordings, previous } = asker
  const direction = tracked.direction ?? recordings[0]?.direction ?? null
  if (direction === null) return
  const attached = { ...recordings[0]?.attached, ...tracked.attached }
  const agentKey = context.rules.policy.factKeys.agent
  const isTold = agentKey !== null && (attachedValue(attached, agentKey) ?? '') !== ''
  const agent = isTold ? null : recordings.find((recording) => recording.agent !== null)?.agent ?? null
  const input = stillWith(previous, inputOf(context, { tracked: { ...tracked, attached }, interactionId: previous.input.interactionId, direction, occasion: occasionOf(tracked, previous), at, agent }))
  const renewed = await context.rules.reconsider(previous, input)
  const facts = factsOf(renewed, asker, at)
  if (facts.length > 0) await context.live.record(...facts)
  if (facts.some(({ type }) => type === 'would-stop')) alarm(context, renewed)
  context.tracker.change(tracked.channel.channelId, () => ({ wanting: renewed.anew }))
  const again = startedAgain(context, asker, renewed.anew)
  // The wish of before was stopped with what it made.
  for (const side of again) context.wishes.drop(tracked.channel.channelId, side)
  if (await startLate(context, recorder, { asker, renewed: { ...renewed, starts: [...renewed.starts, ...again] }, agent: isTold ? renewed.anew.input.agent : null, at }) === 'put-off') return
  const objection = renewed.wouldStop.length > 0 ? renewed.anew.rule : null
  context.tracker.change(tracked.channel.channelId, () => ({ decision: renewed.decision, objection }))
}

/** What somebody stopped by hand, under rules that let her, begins again for a mandatory rule under which she could not have. */
function startedAgain({ rules, live, pbxId }: CaptureContext, { tracked, recordings }: Asker, anew: Decision): readonly RecordedSide[] {
  const isMandatory = rules.policy.rules.some(({ name, dialplan }) => name === anew.rule && dialplan === 'overruled')
  if (!isMandatory || anew.terms.onDemand.includes('stop')) return []
  const stopped = live.stoppedByHand(pbxId).filter(({ channelId }) => channelId === tracked.channel.channelId)
  return anew.sides.filter((side) => stopped.some((recording) => recording.side === side) && !recordings.some((recording) => recording.side === side))
}

/** After a restart it is not known whether the route asked: the decision remembers. */
function occasionOf({ direction }: TrackedChannel, previous: Decision): Occasion {
  return direction === null ? previous.input.occasion : 'route'
}

/** A call that is recorded because of a telephone stays one when that telephone has passed it on. */
function stillWith({ input: { occasion, extensions } }: Decision, input: DecisionInput): DecisionInput {
  return occasion === 'route' ? input : { ...input, extensions: [...new Set([...extensions, ...input.extensions])] }
}

function factsOf({ anew, partitionsGained, labelsGained, wouldStop }: Reevaluation, { recordings, tracked }: Asker, at: Date): readonly CaptureFact[] {
  const { rule, policyVersion } = anew
  const objected = recordings.filter(({ side }) => wouldStop.includes(side) && tracked.objection !== rule)
  return [
    ...gainsOf(recordings, { rule, policyVersion, partitions: partitionsGained, labels: labelsGained }, at),
    ...objected.map(({ id: recordingId }) => ({ type: 'would-stop', recordingId, at, rule, policyVersion }) as const),
  ]
}

/** What runs is never stopped by a rule; that one of `never` speaks against it is somebody's business now. */
function alarm({ runtime, pbxId }: CaptureContext, { anew }: Reevaluation): void {
  runtime.metrics.count('holdfast_recordings_against_rules_total', { pbx: pbxId, decider: anew.decider })
  const about = { pbxId, interactionId: anew.input.interactionId, rule: anew.rule }
  if (anew.decider === 'never') runtime.log.error(about, 'a recording goes on that a rule says is never made')
  else runtime.log.warn(about, 'a recording goes on that the rules would not begin now')
}

interface Late {
  readonly asker: Asker
  readonly renewed: Reevaluation
  /** Whom attached data name. Whoever spoke before on another leg may not be the one who is heard from now on. */
  readonly agent: string | null
  readonly at: Date
}

/** Nothing starts while the interaction is paused: it would hear what the pause keeps out. The resume leads here again. */
async function startLate(context: CaptureContext, recorder: Recorder, { asker: { tracked, previous }, renewed: { anew, starts }, agent, at }: Late): Promise<'done' | 'put-off'> {
  if (starts.length === 0) return 'done'
  const { interactionId } = previous.input
  if (isHeldBack(context.pauses, { interactionId, decision: anew })) return 'put-off'
  const { channel, announcement } = tracked
  const event = { channelId: channel.channelId, direction: anew.input.direction }
  const { queue } = anew.input
  const wanted = { ...wantedOf(context, channel, { ...event, callId: channel.callId, interactionId, at }), decision: { ...anew, sides: starts }, queue, agent, announcement }
  await arm(context, recorder, { event, wanted })
  context.runtime.log.info({ pbxId: context.pbxId, interactionId, rule: anew.rule }, 'recording starts in the middle of a call')
  return 'done'
}
