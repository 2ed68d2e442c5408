import { isHoldfastError } from '../domain/errors.ts'
import type { Recording } from '../domain/recording.ts'
import type { Transferred } from '../ports/pbx-event.ts'
import type { CaptureContext } from './capture-context.ts'
import { openSegment, recordedChannel } from './live-recordings.ts'
import { type Recorder, running } from './recorder.ts'

/**
 * Somebody passes a call on: told to each recording of the call; an agent who does it ends the recording of her side (R5); and what
 * the customer's leg dials from then on is another route, whose recording that route has to ask for.
 */
export async function passOn(context: CaptureContext, recorder: Recorder, event: Transferred): Promise<void> {
  const { live, wishes, pbxId } = context
  const { kind, at, by, to, consultation, channelId } = event
  if (kind === 'blind') wishes.forget(channelId)
  const legs = new Set([channelId, by.channelId, consultation?.channelId, to.channelId])
  const calls = new Set([event.callId, consultation?.callId])
  const isConcerned = (recording: Recording): boolean => calls.has(recording.callId) || legs.has(recordedChannel(recording) ?? recording.channelId)
  for (const { id: recordingId } of live.ofPbx(pbxId).filter(isConcerned)) {
    // Of her two legs, this recording is told the one that it follows.
    const own = live.find(recordingId)?.segments.at(-1)?.channelId
    const from = own !== undefined && own === consultation?.channelId ? { ...by, channelId: own } : by
    await live.record({ type: 'transferred', recordingId, transfer: { kind, at, by: from, to }, at })
    const recording = live.find(recordingId)
    if (recording !== null && hasPassedOn(recording)) await endOfAgent(context, recorder, { recording, at })
  }
}

/** Whether the agent whose side is recorded has passed the call on: a service that died before it ended the recording does it then. */
export function hasPassedOn(recording: Recording): boolean {
  const own = recordedChannel(recording)
  const isOfAgent = recording.side === 'destination' || recording.direction === 'internal'
  return isOfAgent && own !== null && recording.transfers.some(({ by }) => by.channelId === own)
}

/** Her leg may live on for a moment, or for long, with a telephone that does not hang up: what is said there is nobody's call. */
export async function endOfAgent({ adapter, runtime, live }: CaptureContext, recorder: Recorder, { recording, at }: { readonly recording: Recording; readonly at: Date }): Promise<void> {
  const segment = openSegment(recording)
  let endedAt = at
  try {
    if (segment !== null) endedAt = (await adapter.stopSegment(running(segment))).at
  } catch (error) {
    // It ends with her leg; its file then has more than its segment says, and nothing is missing.
    if (!isHoldfastError(error)) throw error
    runtime.log.warn({ recordingId: recording.id, error }, 'the recorder of an agent who passed her call on was not stopped')
  }
  const current = live.find(recording.id)
  if (current !== null) await recorder.ended(current, 'agent-left', endedAt < recording.startedAt ? at : endedAt)
}
