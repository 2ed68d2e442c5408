import type { ChannelId } from '../domain/ids.ts'
import type { CallTracker, TrackedChannel } from './call-tracker.ts'

/** A queue that rings a follow-me that rings a Local channel: nobody builds more. It ends what should have no end. */
const MAX_LINKS = 10

/**
 * The telephone that made this leg ring, over whatever Local channels stand between; `null` when there is none (Originate), or when
 * it has gone. A dial that nobody saw (after a restart) is read from the call: it bears the name of the leg that began it.
 */
export function dialler(tracker: CallTracker, channelId: ChannelId): TrackedChannel | null {
  let leg = tracker.find(channelId)
  for (let link = 0; link < MAX_LINKS && leg !== null; link += 1) {
    const by: TrackedChannel | null = leg.dialledBy === null ? beginnerOf(tracker, leg) : tracker.find(leg.dialledBy)
    if (by === null || by.channel.endpoint !== null) return by
    leg = tracker.otherHalf(by.channel.channelId)
  }
  return null
}

function beginnerOf(tracker: CallTracker, { channel: { callId, channelId } }: TrackedChannel): TrackedChannel | null {
  return tracker.ofCall(callId).find(({ channel }) => channel.channelId === String(callId) && channel.channelId !== channelId) ?? null
}
