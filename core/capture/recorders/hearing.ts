import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { Recording } from '../../domain/recording.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { recordedChannel } from '../calls/live-recordings.ts'
import type { Step } from '../calls/presences.ts'
import { partyChange, tellJoined } from './parties.ts'
import { cutAtPeerChange } from './peer-change.ts'
import type { Recorder } from './recorder.ts'

/**
 * Tells of each recording that the legs of this event are heard in who came and who is gone, by where the legs were then. Its recorder
 * is cut when somebody is gone (see `peer-change`).
 */
export async function followHearing(context: CaptureContext, recorder: Recorder, event: PbxEvent): Promise<void> {
  for (const step of context.presences.reach(event)) await followStep(context, recorder, step)
}

async function followStep(context: CaptureContext, recorder: Recorder, { legs, at }: Step): Promise<void> {
  const about = new Set(legs)
  const isHeardIn = (recording: Recording): boolean => about.has(recordedChannel(recording) ?? recording.channelId)
    || recording.parties.some(({ channelId, toAt }) => toAt === null && about.has(channelId))
  for (const recording of context.live.related(context.pbxId, { legs: about }).filter(isHeardIn)) await followParties(context, recorder, { recording, at })
}

/** The same for one recording. */
export async function followParties(context: CaptureContext, recorder: Recorder, { recording, at }: { readonly recording: Recording; readonly at: Date }): Promise<void> {
  const { live } = context
  const { gone } = partyChange(recording, context)
  if (gone.length > 0) {
    await cutAtPeerChange(context, recorder, { recording, gone, at })
    const parties = live.find(recording.id)?.parties ?? []
    const facts = parties.filter(({ channelId, toAt }) => toAt === null && gone.includes(channelId))
      .map(({ channelId, fromAt }) => ({ type: 'party-left', recordingId: recording.id, channelId, at: at < fromAt ? fromAt : at }) as const)
    if (facts.length > 0) await live.record(...facts)
  }
  await tellJoined(context, { recordingId: recording.id, at })
}
