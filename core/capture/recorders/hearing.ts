import type { ChannelId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { agentAt } from '../people/agents.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { recordedChannel } from '../calls/live-recordings.ts'
import { joined, partyChange } from './parties.ts'
import { cutAtPeerChange } from './peer-change.ts'
import type { Recorder } from './recorder.ts'

/** Who hears whom may have changed for these legs. */
export interface Hearing {
  readonly legs: readonly ChannelId[]
  readonly at: Date
}

/** The legs that a bridge joins, and those that were joined to it by a pair of the PBX's own legs that has come or gone. */
export function legsAround({ tracker }: Pick<CaptureContext, 'tracker'>, channelId: ChannelId, bridgeId: string): readonly ChannelId[] {
  const far = tracker.otherHalf(channelId)?.bridgeId ?? null
  const legs = [...tracker.inBridge(bridgeId), ...far === null ? [] : tracker.inBridge(far)]
  return [channelId, ...legs.map(({ channel }) => channel.channelId)]
}

/**
 * Tells of each recording that these legs are heard in who came and who is gone, by where the legs are now. Its recorder is cut when
 * somebody is gone (see `peer-change`).
 */
export async function followHearing(context: CaptureContext, recorder: Recorder, { legs, at }: Hearing): Promise<void> {
  const about = new Set(legs)
  const isHeardIn = (recording: Recording): boolean => about.has(recordedChannel(recording) ?? recording.channelId)
    || recording.parties.some(({ channelId, toAt }) => toAt === null && about.has(channelId))
  for (const recording of context.live.related(context.pbxId, { legs: about }).filter(isHeardIn)) await followParties(context, recorder, { recording, at })
}

/** The same for one recording. */
export async function followParties(context: CaptureContext, recorder: Recorder, { recording, at }: { readonly recording: Recording; readonly at: Date }): Promise<void> {
  const { live, tracker } = context
  const { gone } = partyChange(recording, tracker)
  if (gone.length > 0) {
    await cutAtPeerChange(context, recorder, { recording, gone })
    const facts = live.find(recording.id) === null ? [] : gone.map((channelId) => ({ type: 'party-left', recordingId: recording.id, channelId, at }) as const)
    if (facts.length > 0) await live.record(...facts)
  }
  const current = live.find(recording.id)
  if (current === null) return
  for (const tracked of partyChange(current, tracker).joined) {
    const known = live.find(recording.id)
    if (known !== null) await live.record(...joined(known, { tracked, others: live.ofPbx(context.pbxId), agent: agentAt(context, tracked), whose: context.telephones.whose(tracked), at }))
  }
}
