import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../domain/errors.ts'
import type { ChannelId } from '../domain/ids.ts'
import type { Recording, Segment } from '../domain/recording.ts'
import type { CaptureContext } from './capture-context.ts'
import { openSegment, recordedChannel } from './live-recordings.ts'
import { type Recorder, running } from './recorder.ts'

/**
 * The leg must be without any recorder for a frame before the new one begins: 11 ms were enough in 15 of 15 transfers,
 * 5 ms were not in 3 of 3; 25 ms leave room for a busy switch. Source: measured on Asterisk 22.10 of Debian.
 */
const WITHOUT_RECORDER_MS = 25

/** Begins a new segment of each recording that loses a peer by this channel's leaving, unless the call just ends. */
export async function cutAtPeerChange(context: CaptureContext, recorder: Recorder, leaving: ChannelId): Promise<void> {
  if (context.peerChange === 'continue') return
  for (const recording of context.live.ofPbx(context.pbxId)) {
    const segment = openSegment(recording)
    if (segment !== null && losesPeer(recording, segment, leaving)) await cut(context, recorder, { recording, segment })
  }
}

/** Whether somebody else was heard in this segment and now is not: a segment that had no peer yet needs no cut. */
function losesPeer(recording: Recording, segment: Segment, leaving: ChannelId): boolean {
  const own = recordedChannel(recording)
  const peers = recording.parties.filter((party) => party.channelId !== own && (party.toAt === null || party.toAt > segment.startedAt))
  return leaving === own ? peers.length > 0 : peers.some((party) => party.channelId === leaving)
}

async function cut(context: CaptureContext, recorder: Recorder, { recording, segment }: { readonly recording: Recording; readonly segment: Segment }): Promise<void> {
  const { adapter, live, tracker, runtime, pbxId } = context
  const { channelId } = segment
  try {
    const { at } = await adapter.stopSegment(running(segment))
    await live.record({ type: 'segment-closed', recordingId: recording.id, index: segment.index, at })
  } catch (error) {
    // The recorder goes on: a voice may be missing in it, but nothing is lost that was there.
    if (!isHoldfastError(error)) throw error
    runtime.log.warn({ recordingId: recording.id, error }, 'segment could not be cut at the change of a peer')
    return
  }
  await delay(WITHOUT_RECORDER_MS)
  const current = live.find(recording.id)
  if (current === null || tracker.find(channelId) === null) return
  runtime.metrics.count('holdfast_segments_cut_total', { pbx: pbxId })
  if (await recorder.startSegment(current, channelId) === 'refused' && tracker.find(channelId) !== null) await recorder.failed(recording.id, 'start-refused')
  else if (current.state === 'paused') await maskAgain(context, recording.id)
}

/** A recorder that is begun during a pause starts with sound: it is masked at once, and ingest silences what slipped in. */
async function maskAgain({ live, adapter }: CaptureContext, recordingId: Recording['id']): Promise<void> {
  const current = live.find(recordingId)
  const segment = current === null ? null : openSegment(current)
  if (segment !== null) await adapter.mask(running(segment))
}
