import { attachedValue } from '../domain/attached-data.ts'
import type { CaptureFact } from '../domain/capture-fact.ts'
import type { ChannelSide } from '../domain/call.ts'
import type { Recording } from '../domain/recording.ts'
import type { TrackedChannel } from './call-tracker.ts'
import { recordedChannel } from './live-recordings.ts'

/** Key of attached data that names the person at the agent's telephone. */
const AGENT_KEY = 'agent'

/** Somebody is heard in this recording from now on; and if it is the agent, who that is. */
export function joined(recording: Recording, tracked: TrackedChannel, at: Date): readonly CaptureFact[] {
  const { channel } = tracked
  const side = partySide(recording, tracked)
  const known = recording.parties.some((party) => party.channelId === channel.channelId && party.toAt === null)
  if (known) return []
  const party = { channelId: channel.channelId, side, identity: channel.caller, endpoint: channel.endpoint, fromAt: at, toAt: null }
  const facts: CaptureFact[] = [{ type: 'party-joined', recordingId: recording.id, party, at }]
  if (side === 'agent' && recording.agent === null && channel.endpoint !== null) {
    facts.push({ type: 'agent-known', recordingId: recording.id, agent: attachedValue(recording.attached, AGENT_KEY) ?? channel.endpoint, at })
  }
  return facts
}

/**
 * Whose voice a leg is, seen from a recording: the recorded leg is the customer's in a `source` recording and the agent's in
 * a `destination` one, its peers are the other side. Legs without a telephone (Asterisk's Local) are internal.
 */
export function partySide(recording: Recording, { channel }: TrackedChannel): ChannelSide {
  if (channel.endpoint === null) return 'internal'
  const recorded = channel.channelId === recordedChannel(recording)
  if (recording.direction === 'internal') return 'agent'
  return (recording.side === 'source') === recorded ? 'customer' : 'agent'
}
