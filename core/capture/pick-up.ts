import type { Recording } from '../domain/recording.ts'
import type { PbxEvent } from '../ports/pbx-event.ts'
import { discard } from './adoption.ts'
import type { CaptureContext } from './capture-context.ts'
import { armRinging } from './full-time.ts'
import { openSegment } from './live-recordings.ts'
import { type Recorder, withdrawn } from './recorder.ts'
import { startWaiting } from './recording-request.ts'

type PickedUp = Extract<PbxEvent, { type: 'picked-up' }>

/**
 * A telephone takes what rang at another. The leg that rang becomes its leg, and the recorder that was armed on it records the
 * conversation: the recording follows. A recorder that this telephone had of its own hung on what is gone now, and heard nothing.
 */
export async function pickUp(context: CaptureContext, recorder: Recorder, event: PickedUp): Promise<void> {
  const { tracker, live, pbxId } = context
  const { channelId, callId, byChannelId, at } = event
  const own = live.onChannel(pbxId, byChannelId)
  for (const recording of live.onChannel(pbxId, channelId)) await follow(context, recorder, { recording, event })
  for (const recording of own) {
    const segment = openSegment(recording)
    await live.record({ type: 'recording-declined', recordingId: recording.id, reason: 'superseded', at })
    if (segment !== null) await discard(context, segment)
  }
  const picker = tracker.find(byChannelId)
  const dialledBy = tracker.find(channelId)?.dialledBy ?? null
  if (picker === null || dialledBy === null) return
  tracker.change(byChannelId, () => ({ dialledBy, armedAt: null }))
  const rung = { type: 'dial-began', channelId: dialledBy, callId, callee: picker.channel, at } as const
  await startWaiting(context, recorder, rung)
  await armRinging(context, recorder, rung)
}

interface Following {
  readonly recording: Recording
  readonly event: PickedUp
}

/** A recorder that began only after the pick-up hangs on what was left behind, and hears nothing: another begins. */
async function follow({ live }: CaptureContext, recorder: Recorder, { recording, event: { byChannelId, at } }: Following): Promise<void> {
  const segment = openSegment(recording)
  if (segment === null) return
  if (segment.startedAt < at) {
    await live.record({ type: 'segment-moved', recordingId: recording.id, index: segment.index, channelId: byChannelId, at })
    return
  }
  await live.record(withdrawn(recording.id, segment))
  const current = live.find(recording.id)
  if (current !== null && await recorder.startSegment(current, byChannelId) === 'refused') await recorder.failed(recording.id, 'start-refused')
}
