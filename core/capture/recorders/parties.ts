import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { ChannelSide } from '../../domain/call.ts'
import type { ChannelId, RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { agentAt } from '../people/agents.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { recordedChannel } from '../calls/live-recordings.ts'
import type { Whose } from '../rules/own-telephones.ts'

interface Joining {
  readonly tracked: TrackedChannel
  /** What else is recorded of this leg, or of the one that dialled it. */
  readonly others: readonly Recording[]
  /** The person at that telephone, or `null`. */
  readonly agent: string | null
  /** By the trunks, where they are told (`own-telephones`). */
  readonly whose: Whose
  readonly at: Date
}

/** Who comes, and since when. */
interface Comer {
  readonly tracked: TrackedChannel
  /** `null` where nobody saw it. */
  readonly since: Date | null
}

/** Who is heard in a recording, against what it tells. */
export interface PartyChange {
  readonly joined: readonly Comer[]
  readonly gone: readonly ChannelId[]
}

/**
 * What has to be told of who is heard, as far as the work on events has come. The recorded party is there from the answer of her leg
 * until her recording ends: also while she waits for an agent, or asks a colleague, her voice is in it.
 */
export function partyChange(recording: Recording, { presences, tracker }: Pick<CaptureContext, 'presences' | 'tracker'>): PartyChange {
  const own = recordedChannel(recording)
  const present = own === null ? new Map<ChannelId, Comer>() : presences.of(own, tracker)
  const told = recording.parties.filter(({ toAt }) => toAt === null).map(({ channelId }) => channelId)
  return {
    joined: [...present].filter(([channelId]) => !told.includes(channelId)).map(([, comer]) => comer),
    gone: told.filter((channelId) => channelId !== own && !present.has(channelId)),
  }
}

/** Tells of whoever is heard and was not told of yet. Who came before anything was recorded is heard from the beginning on. */
export async function tellJoined(context: CaptureContext, { recordingId, at }: { readonly recordingId: RecordingId; readonly at: Date }): Promise<void> {
  const { live, pbxId, telephones, tracker } = context
  const recording = live.find(recordingId)
  for (const { tracked, since } of recording === null ? [] : partyChange(recording, context).joined) {
    const current = live.find(recordingId)
    if (current === null) return
    // What is known of her by now, unless she is gone by now.
    const leg = tracker.find(tracked.channel.channelId) ?? tracked
    await live.record(...joined(current, { tracked: leg, others: live.related(pbxId, { legs: [leg.channel.channelId, ...leg.dialledBy === null ? [] : [leg.dialledBy]] }), agent: agentAt(context, leg), whose: telephones.whose(leg), at: later(since ?? at, beginningOf(current)) }))
  }
}

/** Sound from before the recorder that was thought to be the first has turned up: whoever was there already is heard since then. */
export async function tellEarlier(context: CaptureContext, recordingId: RecordingId): Promise<void> {
  const recording = context.live.find(recordingId)
  const own = recording === null ? null : recordedChannel(recording)
  if (recording === null || own === null) return
  const present = context.presences.of(own, context.tracker)
  for (const party of recording.parties) {
    const since = present.get(party.channelId)?.since ?? null
    const fromAt = since === null ? null : later(since, beginningOf(recording))
    if (party.toAt === null && fromAt !== null && fromAt < party.fromAt) await context.live.record({ type: 'party-joined', recordingId, party: { ...party, fromAt }, at: fromAt })
  }
}

function beginningOf({ segments, startedAt }: Recording): Date {
  return segments.reduce((first, segment) => segment.startedAt < first ? segment.startedAt : first, segments[0]?.startedAt ?? startedAt)
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other
}

/** Somebody is heard in this recording from now on; and if it is the agent, who that is. */
function joined(recording: Recording, { tracked, others, agent, whose, at }: Joining): readonly CaptureFact[] {
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
