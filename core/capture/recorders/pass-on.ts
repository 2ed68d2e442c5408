import { isHoldfastError } from '../../domain/errors.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Transferred } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { openSegment, recordedChannel } from '../calls/live-recordings.ts'
import { type Recorder, running } from './recorder.ts'

/**
 * The recordings that a transfer is a part of: those of its call, of the consultation before it, and of any leg that it moves. What the
 * leg that was passed on has asked for on its new route, which runs before the PBX tells of the transfer, is none of them.
 */
export function passedOnWith({ live, tracker, pbxId }: Pick<CaptureContext, 'live' | 'tracker' | 'pbxId'>, { channelId, callId, kind, at, by, consultation, to }: Transferred): readonly Recording[] {
  const since = kind === 'blind' ? tracker.routeSince(channelId, at) : null
  const isOfNewRoute = (recording: Recording): boolean => since !== null && recording.channelId === channelId && recording.requestedAt >= since
  const legs = new Set([channelId, by.channelId, consultation?.channelId, to.channelId])
  const calls = new Set([callId, consultation?.callId])
  return live.ofPbx(pbxId).filter((recording) => !isOfNewRoute(recording) && (calls.has(recording.callId) || legs.has(recordedChannel(recording) ?? recording.channelId)))
}

/** Somebody passes a call on: told to a recording of it. An agent who does it ends the recording of her side (R5). */
export async function passOn(context: CaptureContext, recorder: Recorder, { event, recordingId }: { readonly event: Transferred; readonly recordingId: Recording['id'] }): Promise<void> {
  const { live } = context
  const { kind, at, by, to, consultation } = event
  const before = live.find(recordingId)
  if (before === null) return
  // Of her two legs, this recording is told the one that it follows.
  const own = recordedChannel(before)
  const from = own !== null && own === consultation?.channelId ? { ...by, channelId: own } : by
  await live.record({ type: 'transferred', recordingId, transfer: { kind, at, by: from, to }, at })
  const recording = live.find(recordingId)
  if (recording !== null && hasPassedOn(recording)) await endOfAgent(context, recorder, { recording, at })
}

/** Whether the agent whose side is recorded has passed the call on: a service that died before it ended the recording does it then. */
export function hasPassedOn(recording: Recording): boolean {
  const own = recordedChannel(recording)
  const isOfAgent = recording.side === 'destination' || recording.direction === 'internal'
  return isOfAgent && own !== null && recording.transfers.some(({ by }) => by.channelId === own)
}

/** Her leg may live on for a moment, or for long, with a telephone that does not hang up: what is said there is nobody's call. */
export async function endOfAgent({ adapter, runtime, live, tracker }: CaptureContext, recorder: Recorder, { recording, at }: { readonly recording: Recording; readonly at: Date }): Promise<void> {
  const segment = openSegment(recording)
  let endedAt = at
  try {
    // Of a leg that is gone already, because we are late, the PBX would tell the present.
    if (segment !== null && tracker.find(segment.channelId) !== null) endedAt = (await adapter.stopSegment(running(segment))).at
  } catch (error) {
    // It ends with her leg; its file then has more than its segment says, and nothing is missing.
    if (!isHoldfastError(error)) throw error
    runtime.log.warn({ recordingId: recording.id, error }, 'the recorder of an agent who passed her call on was not stopped')
  }
  const current = live.find(recording.id)
  if (current !== null) await recorder.ended(current, 'agent-left', endedAt < recording.startedAt ? at : endedAt)
}
