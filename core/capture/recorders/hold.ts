import type { ChannelId } from '../../domain/ids.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { cut } from './peer-change.ts'
import type { Recorder } from './recorder.ts'

interface OfLeg {
  readonly channelId: ChannelId
  readonly at: Date
}

/**
 * A telephone holds, and the PBX gives its recorder nothing meanwhile: the next segment begins now, and stands still until the hold is
 * over, so that what is said then stands where it was said, and no word of it falls into a cut. Idempotent.
 */
export async function holdBegan(context: CaptureContext, recorder: Recorder, { channelId, at }: OfLeg): Promise<void> {
  const { adapter, live, pbxId } = context
  if (adapter.capabilities.hold === 'goes-on') return
  for (const recording of live.onChannel(pbxId, channelId)) {
    const segment = openSegment(recording)
    const wasHeard = segment !== null && segment.recorderId !== null && recording.answeredAt !== null && segment.startedAt < at
    if (!wasHeard || (segment.heldAt !== null && segment.answeredAt === null)) continue
    await cut(context, recorder, { recording, segment, at })
    const current = live.find(recording.id)
    const next = current === null ? null : openSegment(current)
    if (next !== null && next.index > segment.index) await live.record({ type: 'segment-held', recordingId: recording.id, index: next.index, at })
  }
}

/** Its sound flows from here on. */
export async function holdEnded({ live, pbxId }: CaptureContext, { channelId, at }: OfLeg): Promise<void> {
  for (const recording of live.onChannel(pbxId, channelId)) {
    const segment = openSegment(recording)
    if (segment !== null && segment.heldAt !== null && segment.answeredAt === null) await live.record({ type: 'segment-unheld', recordingId: recording.id, index: segment.index, at })
  }
}
