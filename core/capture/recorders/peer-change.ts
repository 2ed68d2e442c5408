import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../../domain/errors.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { Recording, Segment } from '../../domain/recording.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { type Recorder, running } from './recorder.ts'

/**
 * The leg must be without any recorder for a frame before the new one begins: 11 ms were enough in 15 of 15 transfers,
 * 5 ms were not in 3 of 3; 25 ms leave room for a busy switch. Source: measured on Asterisk 22.10 of Debian.
 */
const WITHOUT_RECORDER_MS = 25

/** Who is heard no more, since when. */
interface Leaving {
  readonly recording: Recording
  readonly gone: readonly ChannelId[]
  readonly at: Date
}

/** Begins a new segment of a recording in which somebody is heard no more, unless the call just ends, or she is back by now. */
export async function cutAtPeerChange(context: CaptureContext, recorder: Recorder, { recording, gone, at }: Leaving): Promise<void> {
  const segment = openSegment(recording)
  if (context.peerChange === 'continue' || segment === null || at < segment.startedAt || isInConference(context, segment)) return
  const here = new Set(context.tracker.peers(segment.channelId).map(({ channel }) => channel.channelId))
  if (hasHeard(recording, segment, gone.filter((channelId) => !here.has(channelId)))) await cut(context, recorder, { recording, segment, at: context.adapter.now })
}

/** What a conference sends is its own mix, whoever comes and goes: there is no other party to change. */
function isInConference({ tracker }: CaptureContext, { channelId }: Segment): boolean {
  const recorded = tracker.find(channelId)
  return recorded !== null && recorded.bridgeId !== null && recorded.bridgeKind === 'conference'
}

/** Whether one of them was heard in this segment: one that began after they were gone needs no cut. */
function hasHeard(recording: Recording, segment: Segment, gone: readonly ChannelId[]): boolean {
  return recording.parties.some((party) => gone.includes(party.channelId) && (party.toAt === null || party.toAt > segment.startedAt))
}

/**
 * Ends a segment and begins the next on the same leg. The end is journalled before the PBX is told: a service that dies in
 * between, or never gets the answer, finds a recording without a running segment, and begins one (reconcile).
 */
export async function cut(context: CaptureContext, recorder: Recorder, { recording, segment, at }: { readonly recording: Recording; readonly segment: Segment; readonly at: Date }): Promise<void> {
  const { adapter, live, tracker, runtime, pbxId } = context
  const { channelId } = segment
  // We are late, and the leg is gone: its recorder ended with it, at the time that its hangup tells.
  if (tracker.find(channelId) === null) return
  await live.record({ type: 'segment-closed', recordingId: recording.id, index: segment.index, at })
  try {
    await adapter.stopSegment(running(segment))
  } catch (error) {
    // It may run on beside the next one: its file then has more than its segment says, and nothing is missing.
    if (!isHoldfastError(error)) throw error
    runtime.log.warn({ recordingId: recording.id, error }, 'the end of a segment was not confirmed')
  }
  await delay(WITHOUT_RECORDER_MS)
  const current = live.find(recording.id)
  if (current === null || tracker.find(channelId) === null) return
  runtime.metrics.count('holdfast_segments_cut_total', { pbx: pbxId })
  const begun = await recorder.startSegment(current, channelId)
  if (begun === 'refused' && tracker.find(channelId) !== null) await endRefused(context, recorder, recording.id)
}

/** What was recorded before is kept: the recording ends here, and says why. */
async function endRefused({ live, adapter, runtime, pbxId }: CaptureContext, recorder: Recorder, recordingId: Recording['id']): Promise<void> {
  const current = live.find(recordingId)
  if (current !== null) await recorder.ended(current, 'start-refused', adapter.now)
  runtime.metrics.count('holdfast_recordings_failed_total', { pbx: pbxId, reason: 'start-refused' })
}
