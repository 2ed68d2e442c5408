import { type HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { CodeAnswer } from '../../domain/feature-code.ts'
import type { ChannelId, InteractionId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { type ControlAction, type ControlAnswer, type ControlCommand, type ControlResult, isUnconfirmed } from '../../ports/capture-control.ts'
import type { CodePressed, NativePause } from '../../ports/pbx-event.ts'
import { agentAt } from '../people/agents.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { toldOfCall } from '../calls/interaction-id.ts'
import { isToBeSilent } from '../calls/interaction-pauses.ts'

/** The dialplan waits 750 ms, and then acts by itself: what is confirmed later is journalled, and nobody hears of it. */
const CONTROL_DEADLINE_MS = 5000

const ANSWERS: Readonly<Record<ControlAction, CodeAnswer>> = { pause: 'paused', resume: 'recording', start: 'recording', stop: 'stopped' }
const REFUSALS = ['PAUSE_NOT_ALLOWED', 'STOP_NOT_ALLOWED'] as const

/**
 * What agents ask for with the keys of their telephones, and routes in their place. A code reaches every recording of the call that
 * the leg is in now; the answer says that it was done only when the PBX has confirmed it of all that run.
 */
export class FeatureCodes {
  /** The last code of each leg: told twice, it is done once. */
  readonly #last = new Map<ChannelId, { readonly requestId: string; readonly answer: Promise<CodeAnswer> }>()

  /** Does it, and tells the dialplan. */
  async press(context: CaptureContext, event: CodePressed): Promise<void> {
    const { channelId, requestId, action, way } = event
    const last = this.#last.get(channelId)
    const answer = last?.requestId === requestId ? last.answer : answerTo(context, event)
    this.#last.set(channelId, { requestId, answer })
    const told = await answer
    context.runtime.metrics.count('holdfast_codes_total', { pbx: context.pbxId, action, answer: told })
    context.runtime.log.info({ pbxId: context.pbxId, channelId, action, way, answer: told }, 'feature code')
    await context.adapter.answerCode(channelId, requestId, told)
  }

  /** The dialplan did it by itself, while we were only slow: what it could not reach follows. */
  async follow(context: CaptureContext, { channelId, action, way }: NativePause): Promise<void> {
    const target = { channel: { pbxId: context.pbxId, channelId } }
    await commanded(context, { action, target, ...actorOf(context, { channelId, way }), how: way }, [])
  }

  /** The leg has gone: it presses no more. */
  forget(channelId: ChannelId): void {
    this.#last.delete(channelId)
  }

  /** After a gap in the events: what ended in it was not seen to end. */
  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const channelId of this.#last.keys()) if (!existing.has(channelId)) this.forget(channelId)
  }
}

async function answerTo(context: CaptureContext, event: CodePressed): Promise<CodeAnswer> {
  const { control, pbxId, runtime } = context
  const { channelId, way } = event
  const target = { channel: { pbxId, channelId } }
  const recordings = await control.live(target)
  if (way === 'dtmf' && recordings.some((recording) => recording.pbxId === pbxId && isCustomer(recording, channelId))) {
    // The administrator has armed the wrong leg: a customer must not silence what is recorded of her.
    runtime.log.error({ pbxId, channelId }, 'a feature code came from the customer: only the agent\'s leg may have it')
    return 'failed'
  }
  const action = actionOf(context, event, recordings)
  const command: ControlCommand = { action, target, ...actorOf(context, event), how: way }
  const results = await commanded(context, command, recordings)
  await noteRefusals(context, command, results)
  return confirmed(results) ? answerOf(action, results) : 'failed'
}

/** Who was told that a pause failed, because not every site confirmed it, asks for it again. */
function actionOf(context: CaptureContext, { action, channelId }: CodePressed, recordings: readonly Recording[]): ControlAction {
  if (action !== 'toggle') return action
  const { live, pauses, control } = context
  const interactions = recordings.length > 0 ? recordings.map(({ interactionId }) => interactionId) : unrecorded(context, channelId)
  const whole = [...new Set(interactions.flatMap((id) => live.ofInteraction(id)))]
  const isPartial = whole.some((recording) => recording.state === 'recording' && isToBeSilent(pauses, recording)) || !interactions.every((id) => control.isConfirmedElsewhere(id))
  const isPaused = recordings.length > 0 ? recordings.some(({ state }) => state === 'paused') : interactions.some((id) => pauses.of(id) !== null)
  return !isPartial && isPaused ? 'resume' : 'pause'
}

/** The conversation of a call of which nothing is recorded at any PBX of this node, but maybe at another's. */
function unrecorded(context: CaptureContext, channelId: ChannelId): readonly InteractionId[] {
  const leg = context.tracker.find(channelId)
  const interactionId = leg === null ? null : context.live.interactions.ofCall(context.pbxId, leg.channel.callId)?.id ?? toldOfCall(context, leg.channel.callId)
  return interactionId === null ? [] : [interactionId]
}

function isCustomer({ parties }: Recording, channelId: ChannelId): boolean {
  return parties.some((party) => party.channelId === channelId && party.toAt === null && party.side === 'customer')
}

/** Who it was: the person at the telephone, or the telephone itself. Behind a route there is nobody. */
function actorOf(context: CaptureContext, { channelId, way }: Pick<CodePressed, 'channelId' | 'way'>): Pick<ControlCommand, 'by' | 'person'> {
  const leg = context.tracker.find(channelId)
  if (way === 'dialplan' || leg === null) return { by: { type: 'pbx', id: context.pbxId }, person: null }
  return { by: { type: 'pbx', id: agentAt(context, leg) ?? leg.channel.endpoint ?? channelId }, person: 'agent' }
}

/** A command that could not even be begun failed for all. */
async function commanded({ control, runtime, pbxId }: CaptureContext, command: ControlCommand, recordings: readonly Recording[]): Promise<readonly ControlAnswer[]> {
  try {
    return await control.control(command, AbortSignal.timeout(CONTROL_DEADLINE_MS))
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    runtime.log.warn({ pbxId, action: command.action, error }, 'feature code refused')
    return recordings.map(({ id }) => failed(id, error))
  }
}

function failed(recordingId: Recording['id'], { code, message }: HoldfastError): ControlResult {
  return { recordingId, outcome: 'failed', code, message }
}

/** One that does not run, because its leg has not been dialled yet, says nothing that would have to be silenced. */
function confirmed(results: readonly ControlAnswer[]): boolean {
  const running = results.filter((result) => result.outcome !== 'failed' || result.code !== 'RECORDING_NOT_ACTIVE')
  return running.length > 0 && running.every(({ outcome }) => outcome !== 'failed' && outcome !== 'unconfirmed')
}

/** What was started during a pause waits for its end: until then nothing is recorded. */
function answerOf(action: ControlAction, results: readonly ControlAnswer[]): CodeAnswer {
  return action === 'start' && results.every(({ outcome }) => outcome === 'waiting') ? 'paused' : ANSWERS[action]
}

/** What the rules or the settings refuse is on record, as a refusal to the API is. */
async function noteRefusals({ live, adapter }: CaptureContext, { action, by, how }: ControlCommand, results: readonly ControlAnswer[]): Promise<void> {
  for (const result of results) {
    const reason = result.outcome === 'failed' ? REFUSALS.find((code) => code === result.code) : undefined
    if (reason === undefined || isUnconfirmed(result) || live.find(result.recordingId) === null) continue
    await live.record({ type: 'control-refused', recordingId: result.recordingId, action, by: by.id, how, reason, at: adapter.now })
  }
}
