import { fromApi } from '../../domain/api-client.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'
import { onDemandRefusal } from '../../domain/rules/on-demand-terms.ts'
import { PAUSE_MEANS } from '../../domain/rules/pause-terms.ts'
import type { OnDemand, RecordingTerms } from '../../domain/rules/rule.ts'
import type { ControlCommand, ControlResult, LiveCall } from '../../ports/capture-control.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { isHeldBack } from '../calls/interaction-pauses.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { type Recorder, running } from './recorder.ts'
import { armRequested, wantedOf } from './recording-request.ts'
import { reconsider } from './reconsider.ts'

/** Capture on one PBX: what it knows, and what starts and stops its recorders. */
export interface CaptureSide {
  readonly context: CaptureContext
  readonly recorder: Recorder
}

/** Whose side is recorded of a call that the rules did not want. */
const SIDES_BY_HAND: readonly RecordedSide[] = ['source']

interface Start {
  readonly call: LiveCall
  readonly command: ControlCommand
}

/**
 * Records a call from now on, by hand: each side that the rules would have recorded, else the customer's. The decision stays the
 * one that the rules gave; that somebody asked is a fact beside it. What was stopped before is gone on with as a new recording.
 * @throws HoldfastError `START_NOT_ALLOWED`; `PBX_UNREACHABLE`
 */
export async function startOnDemand({ context, recorder }: CaptureSide, { call, command }: Start): Promise<readonly ControlResult[]> {
  const asker = askerOf(context, call)
  const decision = asker?.decision ?? null
  if (asker === null || decision === null) throw new HoldfastError('START_NOT_ALLOWED', 'no rule has looked at this call')
  if (!allows(decision.terms, 'start', command)) throw new HoldfastError('START_NOT_ALLOWED', `rule ${decision.rule} lets not everybody start a recording, or nobody`)
  if (context.adapter.linkState === 'down') throw new HoldfastError('PBX_UNREACHABLE', 'the link to the PBX is down')
  const isPaused = isHeldBack(context.pauses, { interactionId: decision.input.interactionId, decision })
  const results: ControlResult[] = []
  for (const side of decision.sides.length > 0 ? decision.sides : SIDES_BY_HAND) {
    const known = call.recordings.find((recording) => recording.side === side)
    if (known !== undefined) {
      results.push(known.segments.length === 0 ? { recordingId: known.id, outcome: 'waiting' } : { recordingId: known.id, outcome: 'already', effectiveAt: known.startedAt })
      continue
    }
    const requested = await request({ context, recorder }, { asker, side, command })
    // Nothing starts while its interaction is paused: it would hear what the pause keeps out. The resume begins it.
    results.push(isPaused ? { recordingId: requested.id, outcome: 'waiting' } : await begin({ context, recorder }, requested))
  }
  return results
}

/**
 * Ends a recording before its call does. The recorder may never have been there: then there was nobody to hear yet.
 * @throws HoldfastError `STOP_NOT_ALLOWED`; `PBX_UNREACHABLE`; `STOP_FAILED` (retry): it goes on
 */
export async function stopOnDemand({ context, recorder }: CaptureSide, { recording, command }: { readonly recording: Recording; readonly command: ControlCommand }): Promise<ControlResult> {
  const { live, adapter, runtime, wishes, pbxId } = context
  const { id: recordingId, channelId, callId, side } = recording
  // The rules that want it now count, too: what is known of the call by now may have brought one that lets nobody stop it.
  await reconsider(context, recorder, { channelId, callId, at: adapter.now })
  const wanting = context.tracker.find(channelId)?.wanting ?? null
  const refusal = [recording.decision, ...wanting?.sides.includes(side) === true ? [wanting] : []].find(({ terms }) => !allows(terms, 'stop', command))
  if (refusal !== undefined) throw new HoldfastError('STOP_NOT_ALLOWED', `rule ${refusal.rule} lets not everybody stop the recording, or nobody`, { recordingId })
  if (adapter.linkState === 'down') throw new HoldfastError('PBX_UNREACHABLE', 'the link to the PBX is down', { recordingId })
  await live.record({ type: 'stop-asked', recordingId, by: command.by.id, how: command.how, at: adapter.now, ...fromApi(command) })
  const segment = openSegment(recording)
  try {
    const at = segment === null ? adapter.now : (await adapter.stopSegment(running(segment))).at
    const current = live.find(recordingId)
    if (current !== null) await recorder.ended(current, 'stopped-on-demand', at)
    // Nobody who is dialled from now on is recorded by the wish that was stopped, unless one recording alone was meant.
    if (!('recordingId' in command.target)) wishes.drop(recording.channelId, recording.side)
    runtime.metrics.count('holdfast_recordings_stopped_on_demand_total', { pbx: pbxId })
    return { recordingId, outcome: 'done', effectiveAt: at }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    runtime.log.error({ recordingId, error }, 'the end of a recording was not confirmed: it goes on')
    if (live.find(recordingId) !== null) await live.record({ type: 'stop-failed', recordingId, at: adapter.now })
    throw new HoldfastError('STOP_FAILED', 'the PBX did not confirm: the recording goes on', { recordingId }, { cause: error })
  }
}

/** Whether somebody wants a recording to end, and nobody knows yet what became of it. */
export function isStopPending({ demands }: Recording): boolean {
  const last = demands.at(-1)
  return last?.action === 'stop' && last.failedAt === null
}

/** The service died between the wish and the PBX's word: the wish is carried out. */
export async function finishStop({ context, recorder }: CaptureSide, recording: Recording): Promise<void> {
  const { adapter, wishes } = context
  const segment = openSegment(recording)
  const { at } = segment === null ? { at: adapter.now } : await adapter.stopSegment(running(segment))
  await recorder.ended(recording, 'stopped-on-demand', at)
  wishes.drop(recording.channelId, recording.side)
}

function allows(terms: RecordingTerms, action: OnDemand, { how, person: by }: ControlCommand): boolean {
  return onDemandRefusal(terms, action, { way: PAUSE_MEANS.find((way) => way === how) ?? null, by }) === null
}

/** The leg whose dialplan asked the rules: by it the sides of the call are known. */
function askerOf({ tracker }: CaptureContext, { callId, channelId }: LiveCall): TrackedChannel | null {
  return [...tracker.ofCall(callId), ...tracker.peers(channelId)].find(({ decision }) => decision !== null) ?? null
}

interface Request {
  readonly asker: TrackedChannel
  readonly side: RecordedSide
  readonly command: ControlCommand
}

async function request({ context, recorder }: CaptureSide, { asker, side, command }: Request): Promise<Recording> {
  const { channel, decision, direction, announcement } = asker
  const at = context.adapter.now
  if (decision === null) throw new TypeError('a leg that asked has a decision')
  const { interactionId, queue, agent } = decision.input
  const asked = { direction: direction ?? decision.input.direction, callId: channel.callId, interactionId, at }
  const id = await recorder.request({ ...wantedOf(context, channel, asked), side, decision, queue, agent, announcement },
    (recordingId) => [{ type: 'start-asked', recordingId, by: command.by.id, how: command.how, at, ...fromApi(command) }])
  context.runtime.metrics.count('holdfast_recordings_started_on_demand_total', { pbx: context.pbxId })
  const requested = context.live.find(id)
  if (requested === null) throw new HoldfastError('START_FAILED', 'the call ended in this moment')
  return requested
}

async function begin({ context, recorder }: CaptureSide, requested: Recording): Promise<ControlResult> {
  const { id: recordingId } = requested
  await armRequested(context, recorder, requested)
  const current = context.live.find(recordingId)
  if (current === null) return { recordingId, outcome: 'failed', code: 'START_FAILED', message: 'the PBX did not begin to record' }
  return current.state === 'requested' ? { recordingId, outcome: 'waiting' } : { recordingId, outcome: 'done', effectiveAt: current.startedAt }
}
