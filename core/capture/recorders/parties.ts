import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { ChannelSide } from '../../domain/call.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { CallTracker, TrackedChannel } from '../calls/call-tracker.ts'
import { recordedChannel } from '../calls/live-recordings.ts'
import type { Whose } from '../rules/own-telephones.ts'

export interface Joining {
  readonly tracked: TrackedChannel
  /** What else is recorded on this PBX. */
  readonly others: readonly Recording[]
  /** The person at that telephone, or `null`. */
  readonly agent: string | null
  /** By the trunks, where they are told (`own-telephones`). */
  readonly whose: Whose
  readonly at: Date
}

/** Who is heard in a recording by now, against what it tells. */
export interface PartyChange {
  readonly joined: readonly TrackedChannel[]
  readonly gone: readonly ChannelId[]
}

/**
 * What has to be told of who is heard. The recorded party is there from the answer of her leg until her recording ends: also while she
 * waits for an agent, or asks a colleague, her voice is in it.
 */
export function partyChange(recording: Recording, tracker: CallTracker): PartyChange {
  const own = recordedChannel(recording)
  const recorded = own === null ? null : tracker.find(own)
  const peers = own === null ? [] : tracker.peers(own)
  const present = recorded !== null && (recorded.channel.answeredAt !== null || peers.length > 0) ? [recorded, ...peers] : peers
  const told = recording.parties.filter(({ toAt }) => toAt === null).map(({ channelId }) => channelId)
  return {
    joined: present.filter(({ channel }) => !told.includes(channel.channelId)),
    gone: told.filter((channelId) => channelId !== own && !present.some(({ channel }) => channel.channelId === channelId)),
  }
}

/** Somebody is heard in this recording from now on; and if it is the agent, who that is. */
export function joined(recording: Recording, { tracked, others, agent, whose, at }: Joining): readonly CaptureFact[] {
  const { channel } = tracked
  const side = recording.direction === 'internal' && others.some((other) => isCustomersLeg(other, tracked)) ? 'customer' : partySide(recording, tracked, whose)
  const party = { channelId: channel.channelId, side, identity: channel.caller, endpoint: channel.endpoint, agent: side === 'agent' ? agent : null, fromAt: at, toAt: null }
  const facts: CaptureFact[] = [{ type: 'party-joined', recordingId: recording.id, party, at }]
  if (side === 'agent' && recording.agent === null && channel.endpoint !== null) {
    facts.push({ type: 'agent-known', recordingId: recording.id, agent: agent ?? channel.endpoint, at })
  }
  return facts
}

/** A call among colleagues knows no customer. When one is joined with it, the recording of her own call knows who she is. */
function isCustomersLeg(recording: Recording, tracked: TrackedChannel): boolean {
  if (recording.direction === 'inbound') return recording.channelId === tracked.channel.channelId
  if (recording.direction === 'internal') return false
  return recordedChannel(recording) === tracked.channel.channelId ? recording.side === 'source' : tracked.dialledBy === recording.channelId
}

/**
 * Whose voice a leg is. Who calls in, or is called by the leg that asked, is the customer; whoever else takes part speaks for the
 * company: the agent, a colleague whom she asks, the one to whom the call is passed on. Legs without a telephone are internal.
 */
export function partySide(recording: Pick<Recording, 'direction' | 'side' | 'channelId' | 'segments'>, { channel, dialledBy }: Pick<TrackedChannel, 'channel' | 'dialledBy'>, whose: Whose): ChannelSide {
  const { direction, channelId: asked, side } = recording
  if (channel.endpoint === null) return 'internal'
  if (channel.channelId === asked && direction !== 'internal') return direction === 'inbound' ? 'customer' : 'agent'
  if (direction === 'outbound' && side === 'source' && channel.channelId === recordedChannel(recording)) return 'customer'
  if (whose !== 'unknown') return whose === 'outside' ? 'customer' : 'agent'
  if (direction !== 'outbound' || side === 'source') return 'agent'
  // After a restart nobody remembers who dialled whom: whom an agent speaks with is the customer then.
  return dialledBy === null || dialledBy === asked ? 'customer' : 'agent'
}
