import type { ChannelId } from '../../domain/ids.ts'
import type { CallTracker, TrackedChannel } from './call-tracker.ts'

/** A queue that rings a follow-me that rings a Local channel: nobody builds more. It ends what should have no end. */
const MAX_LINKS = 10

/** The legs that made this one ring, the nearest first: over pairs of legs within the PBX (Local), up to a telephone where there is one. */
export function diallers(tracker: CallTracker, channelId: ChannelId): readonly TrackedChannel[] {
  const chain: TrackedChannel[] = []
  for (let leg = tracker.find(channelId), link = 0; leg !== null && leg.dialledBy !== null && link < MAX_LINKS; link += 1) {
    const by = tracker.find(leg.dialledBy)
    const half = by === null || by.channel.endpoint !== null ? null : tracker.otherHalf(by.channel.channelId)
    chain.push(...[by, half].filter((each) => each !== null))
    leg = half
  }
  return chain
}

/**
 * The telephone that made this leg ring; `null` when there is none (Originate), or when it has gone. A dial that nobody saw (after a
 * restart) is read from the call: it bears the name of the leg that began it.
 */
export function dialler(tracker: CallTracker, channelId: ChannelId): TrackedChannel | null {
  const leg = tracker.find(channelId)
  if (leg?.dialledBy === null) return beginnerOf(tracker, leg)
  return diallers(tracker, channelId).find(({ channel }) => channel.endpoint !== null) ?? null
}

function beginnerOf(tracker: CallTracker, { channel: { callId, channelId } }: TrackedChannel): TrackedChannel | null {
  return tracker.ofCall(callId).find(({ channel }) => channel.channelId === String(callId) && channel.channelId !== channelId && channel.endpoint !== null) ?? null
}

/** The telephones that ring, or were answered, because of this leg: those that it dialled, and those behind pairs of legs that it dialled. */
export function telephonesBehind(tracker: CallTracker, channelId: ChannelId): readonly TrackedChannel[] {
  const found: TrackedChannel[] = []
  const open = [channelId]
  for (const next of open) {
    for (const leg of tracker.dialledBy(next)) {
      if (leg.channel.endpoint !== null) found.push(leg)
      else if (open.length < MAX_LINKS * MAX_LINKS) open.push(leg.channel.channelId, ...[tracker.otherHalf(leg.channel.channelId)?.channel.channelId ?? []].flat())
    }
  }
  return found
}

/**
 * The telephone that speaks on a leg: the leg itself, or the one that was answered behind a pair of legs within the PBX. A desk's
 * program that originates a call to `Local/…` lets such a leg go through the route.
 */
export function speakerOf(tracker: CallTracker, channelId: ChannelId): ChannelId {
  const half = tracker.find(channelId)?.channel.endpoint === null ? tracker.otherHalf(channelId) : null
  const telephones = half === null ? [] : telephonesBehind(tracker, half.channel.channelId).filter(({ channel }) => channel.answeredAt !== null)
  return telephones[0]?.channel.channelId ?? channelId
}
