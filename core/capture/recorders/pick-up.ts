import { isHoldfastError } from '../../domain/errors.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { RunningSegment } from '../../ports/pbx-adapter.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import { discard } from './adoption.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { armRinging } from './full-time.ts'
import { settleConnected } from './insurance.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { tellJoined } from './parties.ts'
import { type Recorder, withdrawn } from './recorder.ts'
import { startWaiting } from './recording-request.ts'

type PickedUp = Extract<PbxEvent, { type: 'picked-up' }>

/**
 * A telephone takes what rang at another. The leg that rang becomes its leg, and the recorder that was armed on it records the
 * conversation: the recording follows. A recorder that this telephone had of its own hung on what is gone now, and heard nothing: it
 * begins again, unless the other one has it all. Queue it in the order of both calls: what the picker's own answer has begun has to be there first.
 */
export async function pickUp(context: CaptureContext, recorder: Recorder, event: PickedUp): Promise<void> {
  const { live, pbxId } = context
  const { channelId, callId, byChannelId, at } = event
  const own = live.onChannel(pbxId, byChannelId)
  const ringing = live.onChannel(pbxId, channelId)
  for (const recording of ringing) await follow(context, recorder, { recording, event })
  for (const recording of own) {
    const segment = openSegment(recording)
    if (segment === null) continue
    // What is recorded because of this telephone alone is decided anew, with the other leg.
    if (ringing.length === 0 && recording.decision.input.occasion === 'route') await beginAnew(context, recorder, { recording, channelId: byChannelId })
    else await live.record({ type: 'recording-declined', recordingId: recording.id, reason: 'superseded', at })
    await discard(context, segment)
  }
  await ringAt(context, recorder, event)
  context.insurances.hasPickedUp(byChannelId)
  await settleConnected(context, recorder, { channelId: byChannelId, callId })
}

/** It is rung by whoever rang the other, and answers at once. */
async function ringAt(context: CaptureContext, recorder: Recorder, { callId, byChannelId, at }: PickedUp): Promise<void> {
  const { tracker } = context
  const picker = tracker.find(byChannelId)
  if (picker === null || picker.dialledBy === null) return
  tracker.change(byChannelId, () => ({ armedAt: null }))
  const rung = { type: 'dial-began', channelId: picker.dialledBy, callId, callee: picker.channel, at } as const
  await startWaiting(context, recorder, rung)
  await armRinging(context, recorder, rung)
}

interface Following {
  readonly recording: Recording
  readonly event: PickedUp
}

/** A recorder that began while the pick-up was under way may hang on what was left behind, and hear nothing: then another begins. */
async function follow(context: CaptureContext, recorder: Recorder, { recording, event: { byChannelId, at } }: Following): Promise<void> {
  const { live } = context
  const segment = openSegment(recording)
  if (segment === null) return
  if (await isOn(context, recording, { channelId: byChannelId, recorderId: segment.recorderId })) {
    // Who picks up has been answered before; what was armed while it rang writes from here on.
    await live.record({ type: 'segment-moved', recordingId: recording.id, index: segment.index, channelId: byChannelId, at }, { type: 'answered', recordingId: recording.id, at })
    // Asterisk may have connected them before it tells of the pick-up: that was told of a leg which nobody recorded then.
    await tellJoined(context, { recordingId: recording.id, at })
    return
  }
  await beginAnew(context, recorder, { recording, channelId: byChannelId })
}

async function beginAnew({ live }: CaptureContext, recorder: Recorder, { recording, channelId }: { readonly recording: Recording; readonly channelId: ChannelId }): Promise<void> {
  const segment = openSegment(recording)
  if (segment !== null) await live.record(withdrawn(recording.id, segment))
  const current = live.find(recording.id)
  if (current !== null && await recorder.startSegment(current, channelId) === 'refused') await recorder.failed(recording.id, 'start-refused')
}

/** Whether the recorder is there: it is told once more what it does anyway, and one that is not there cannot be told. */
export async function isOn({ adapter }: CaptureContext, { state }: Recording, segment: RunningSegment): Promise<boolean> {
  if (segment.recorderId === null) return false
  try {
    await (state === 'paused' ? adapter.mask(segment) : adapter.unmask(segment))
    return true
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED') || isHoldfastError(error, 'CHANNEL_GONE')) return false
    throw error
  }
}
