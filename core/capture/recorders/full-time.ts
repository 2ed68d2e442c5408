import type { Direction } from '../../domain/call.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Decision } from '../../domain/rules/decision.ts'
import type { DecisionInput } from '../../domain/rules/decision-input.ts'
import { concernsTelephone, hasTelephoneRules, isTelephoneRule } from '../../domain/rules/telephone-rules.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { LiveChannel, PbxEvent } from '../../ports/pbx-event.ts'
import { discard } from './adoption.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { inputOf, numbersOf } from '../rules/decision-inputs.ts'
import { dialler } from '../calls/dial-chain.ts'
import { Guard } from '../calls/guard.ts'
import { interactionFor } from '../calls/interaction-id.ts'
import { isHeldBack } from '../calls/interaction-pauses.ts'
import { openSegment } from '../calls/live-recordings.ts'
import type { Recorder } from './recorder.ts'
import { sideOfCaller, wantedOf } from './recording-request.ts'

/** Two legs of which one may be a telephone of ours. */
interface Pair {
  readonly caller: TrackedChannel
  /** `null`: an application of the PBX (a conference, voicemail), or nobody that we know. */
  readonly callee: TrackedChannel | null
  /** `rings`: armed now, the first word is kept. */
  readonly phase: 'rings' | 'talks'
  readonly at: Date
  /** Since when it might have been recorded: for a call that is found in its middle, else `null`. */
  readonly since: Date | null
}

/** A telephone rings. */
export async function armRinging(context: CaptureContext, recorder: Recorder, { callee, at }: Extract<PbxEvent, { type: 'dial-began' }>): Promise<void> {
  const rung = context.tracker.find(callee.channelId)
  if (rung === null || rung.channel.endpoint === null) return
  await arm(context, recorder, { ...rungPair(context, rung), phase: 'rings', at, since: null })
}

/** A telephone is answered: one that was rung, or one that called an application. What was armed for another that rang is given up. */
export async function armAnswered(context: CaptureContext, recorder: Recorder, { channelId, at, since = null }: Moment): Promise<void> {
  const leg = context.tracker.find(channelId)
  // A caller is told of the answer after the telephone that took it.
  if (leg === null || leg.channel.endpoint === null || context.tracker.dialledBy(channelId).length > 0) return
  const pair = rungPair(context, leg)
  if (await arm(context, recorder, { ...pair, phase: 'talks', at, since }) === 'unwanted' && pair.callee !== null) await giveUp(context, pair.caller)
}

/** Legs were brought together in a way that rings nobody: picked up, retrieved, bridged by hand. */
export async function armConnected(context: CaptureContext, recorder: Recorder, { channelId, at, since = null }: Moment): Promise<void> {
  const { tracker } = context
  const leg = tracker.find(channelId)
  const [peer, ...more] = tracker.peers(channelId).filter(({ channel }) => channel.endpoint !== null)
  if (leg === null || leg.channel.endpoint === null) return
  // In a conference everybody hears everybody: each telephone is recorded by itself, from its answer on.
  if (peer === undefined || more.length > 0 || leg.bridgeKind === 'conference') return
  const [caller, callee] = called(context, leg, peer) ? [peer, leg] : [leg, peer]
  await arm(context, recorder, { caller, callee, phase: 'talks', at, since })
}

interface Moment {
  readonly channelId: ChannelId
  readonly at: Date
  readonly since?: Date | null
}

/**
 * Calls that go on while we were away: they are recorded from now on, and what is missing is told.
 * @param lostAt - since when nobody looked; `null`: nobody ever did
 * @throws HoldfastError `STORE_FAILED`, after all were tried
 */
export async function armFound(context: CaptureContext, recorder: Recorder, { channels, at, lostAt: since }: { readonly channels: readonly LiveChannel[]; readonly at: Date; readonly lostAt: Date | null }): Promise<void> {
  const { live, pbxId, runtime } = context
  const guard = new Guard(context, 'a telephone that is in a call could not be recorded')
  for (const { channel: { channelId, endpoint, answeredAt } } of channels) {
    if (endpoint === null || answeredAt === null) continue
    const before = live.all().length
    await guard.run({ channelId }, async () => {
      await armConnected(context, recorder, { channelId, at, since })
      if (live.onChannel(pbxId, channelId).length === 0) await armAnswered(context, recorder, { channelId, at, since })
    })
    if (live.all().length === before) continue
    runtime.metrics.count('holdfast_recordings_begun_late_total', { pbx: pbxId })
    runtime.log.warn({ pbxId, channelId, since }, 'a telephone was in a call that nobody recorded: it is recorded from now on')
  }
  guard.rethrow()
}

function rungPair({ tracker }: CaptureContext, leg: TrackedChannel): Pick<Pair, 'caller' | 'callee'> {
  const by = dialler(tracker, leg.channel.channelId)
  return by === null ? { caller: leg, callee: null } : { caller: by, callee: leg }
}

/** Whether the first was called by the second. Where nobody saw one ring the other, the one that is older began the call. */
function called({ tracker }: CaptureContext, leg: TrackedChannel, other: TrackedChannel): boolean {
  const [by, of] = [leg, other].map(({ channel }) => dialler(tracker, channel.channelId))
  return by === other || (of !== leg && other.channel.createdAt < leg.channel.createdAt)
}

/** Asks the rules, and arms what they want of these two legs and nobody records yet. */
async function arm(context: CaptureContext, recorder: Recorder, pair: Pair): Promise<'done' | 'unwanted'> {
  const { rules, tracker } = context
  if (!hasTelephoneRules(rules.policy)) return 'done'
  const input = inputOfPair(context, pair)
  if (input === null || !concernsTelephone(rules.policy, input)) return 'unwanted'
  const decision = await rules.decide(input)
  const { caller } = pair
  const before = tracker.find(caller.channel.channelId)?.decision ?? null
  if (decision.outcome === 'do-not-record' && before === null) await decline(context, recorder, { pair, decision })
  if (before === null || before.input.occasion === 'telephone') tracker.change(caller.channel.channelId, () => ({ decision, objection: null }))
  if (decision.outcome === 'do-not-record') return 'unwanted'
  const waits = decision.terms.from === 'bridge' && (pair.phase === 'rings' || tracker.peers(caller.channel.channelId).length === 0)
  if (waits) return 'done'
  // Side by side: a telephone that answers in the same moment does not wait for the other leg.
  await Promise.all(legsOf(decision, pair).map(({ leg, side }) => start(context, recorder, { pair, decision, leg, side })))
  return 'done'
}

/** The call as the rules see it; `null` without a telephone of ours. */
function inputOfPair(context: CaptureContext, { caller, callee, at }: Pair): DecisionInput | null {
  const own = [caller, callee].filter((leg) => leg !== null).filter((leg) => context.telephones.has(leg))
  if (own.length === 0) return null
  const direction = caller.direction ?? directionOf(own, { caller, callee })
  const { callId } = caller.channel
  const input = inputOf(context, {
    tracked: caller, interactionId: interactionFor(context, callId, null), direction, occasion: caller.direction === null ? 'telephone' : 'route', at, agent: null,
  })
  const dialled = direction === 'internal' && callee !== null && input.dialled !== null ? [input.dialled] : []
  return { ...input, callee: callee?.channel.caller.number ?? input.dialled, extensions: [...new Set([...own.flatMap(numbersOf), ...dialled])] }
}

/** Who is no telephone of ours is a customer. An application belongs to the house. */
function directionOf(own: readonly TrackedChannel[], { caller, callee }: Pick<Pair, 'caller' | 'callee'>): Direction {
  if (callee === null || own.length > 1) return 'internal'
  return own[0] === caller ? 'outbound' : 'inbound'
}

interface Leg {
  readonly leg: TrackedChannel
  readonly side: RecordedSide
}

/** With an application there is one leg to record, whichever side is wanted. */
function legsOf({ sides, input: { direction } }: Decision, { caller, callee }: Pair): readonly Leg[] {
  const own = sideOfCaller(direction)
  if (callee === null) return [{ leg: caller, side: own }]
  return sides.map((side) => ({ side, leg: side === own ? caller : callee }))
}

interface Start extends Leg {
  readonly pair: Pair
  readonly decision: Decision
}

/** One recorder on one leg hears both sides: a leg that is recorded already, also by its route, is not recorded twice. */
async function start(context: CaptureContext, recorder: Recorder, { pair, decision, leg, side }: Start): Promise<void> {
  const { live, tracker, pbxId } = context
  const { channelId } = leg.channel
  if (leg.armedAt !== null || live.onChannel(pbxId, channelId).length > 0) return
  tracker.change(channelId, () => ({ armedAt: pair.at }))
  try {
    await request(context, recorder, { pair, decision, leg, side })
  } catch (error) {
    // What the journal refused is tried again: the leg is not armed yet.
    if (live.onChannel(pbxId, channelId).length === 0) tracker.change(channelId, () => ({ armedAt: null }))
    throw error
  }
}

async function request(context: CaptureContext, recorder: Recorder, { pair, decision, leg, side }: Start): Promise<void> {
  const { pauses, expectations } = context
  const { channelId } = leg.channel
  const wanted = { ...wantedFrom(context, { pair, decision }), side }
  if (pair.since !== null) await expectations.wantFound(wanted, channelId, pair.since > leg.channel.createdAt ? pair.since : leg.channel.createdAt)
  if (isHeldBack(pauses, wanted)) {
    // The end of the pause begins it.
    await recorder.request(wanted)
    return
  }
  const recordingId = await recorder.request(wanted, (id) => [recorder.opening({ recordingId: id, index: 0, channelId }, wanted.at)])
  if (await recorder.begin({ recordingId, index: 0, channelId }) === 'refused') await recorder.failed(recordingId, 'start-refused')
}

async function decline(context: CaptureContext, recorder: Recorder, { pair, decision }: Omit<Start, keyof Leg>): Promise<void> {
  const wanted = { ...wantedFrom(context, { pair, decision }), side: sideOfCaller(decision.input.direction) }
  await recorder.request(wanted, (recordingId) => [{ type: 'recording-declined', recordingId, reason: 'not-wanted', at: pair.at }])
  context.runtime.metrics.count('holdfast_recordings_declined_total', { pbx: context.pbxId })
}

function wantedFrom(context: CaptureContext, { pair: { caller, at }, decision }: Omit<Start, keyof Leg>): Omit<Parameters<Recorder['request']>[0], 'side'> {
  const { interactionId, direction, queue, agent } = decision.input
  const asked = { direction, callId: caller.channel.callId, interactionId, at }
  return { ...wantedOf(context, caller.channel, asked), decision, queue, agent, announcement: caller.announcement }
}

/** Several rang, and one that nobody records has answered: the caller was armed for another, and nobody has spoken yet. */
async function giveUp(context: CaptureContext, { channel: { channelId } }: TrackedChannel): Promise<void> {
  const { live, tracker, pbxId, rules, adapter } = context
  for (const recording of live.onChannel(pbxId, channelId)) {
    if (!isTelephoneRule(rules.policy, recording.decision.rule) || hasBeenTalking(recording)) continue
    const segment = openSegment(recording)
    tracker.change(channelId, () => ({ armedAt: null }))
    await live.record({ type: 'recording-declined', recordingId: recording.id, reason: 'not-wanted', at: adapter.now })
    if (segment !== null) await discard(context, segment)
  }
}

function hasBeenTalking({ parties, channelId }: Recording): boolean {
  return parties.some((party) => party.channelId !== channelId)
}
