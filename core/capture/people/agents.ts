import { type AttachedChange, attachedValue } from '../../domain/attached-data.ts'
import { parseAgent } from '../../domain/desk.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { ChannelId, RecordingId } from '../../domain/ids.ts'
import type { Party, Recording } from '../../domain/recording.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'

type View = Pick<CaptureContext, 'pbxId' | 'tracker' | 'seating' | 'rules'>
type NamingContext = View & Pick<CaptureContext, 'live' | 'adapter'>

/** The person at a leg's telephone: whom attached data named for it, else who sat there when it was answered; `null` when nobody knows. */
export function agentAt({ pbxId, seating }: Pick<CaptureContext, 'pbxId' | 'seating'>, leg: TrackedChannel): string | null {
  const { agent, toldAgent, direction, channel: { endpoint } } = leg
  // A word about a leg of the company's own needs not wait for anybody.
  const own = direction === null || direction === 'inbound' ? null : toldAgent
  return agent ?? own ?? (endpoint === null ? null : seating.sitterOf({ pbxId, endpoint }, leg))
}

/** Whether a leg is known to be the customer's: by its trunk, where these are told; else who called in, or whom an agent called. */
export function isCustomers({ tracker, telephones }: Pick<CaptureContext, 'tracker' | 'telephones'>, leg: TrackedChannel): boolean {
  const whose = telephones.whose(leg)
  if (whose !== 'unknown') return whose === 'outside'
  return leg.direction === 'inbound' || (leg.dialledBy !== null && tracker.find(leg.dialledBy)?.direction === 'outbound')
}

/**
 * Hears who the attached data say will answer. The word holds for one telephone: the one that the call is connected to then, or
 * next. After a transfer it says nothing of the next one, although the call still carries it. Call it before the tracker is told.
 */
export function hearAgent(view: View, event: PbxEvent): void {
  const told = wordOf(view, event)
  if (told === null) return
  const { tracker } = view
  const leg = tracker.find(told.channelId)
  if (leg === null) return
  const isOwn = isAgentLeg(view, leg)
  // What a leg has from the one that dialled it is no word about itself.
  if (isOwn && told.agent === diallersWord(view, leg)) return
  // A leg of which nothing is known yet speaks for nobody but itself.
  const isHeard = leg.bridgeId !== null || leg.direction !== null
  const spoken = isOwn ? [leg] : isHeard ? connectedAgents(view, leg) : []
  const [only] = spoken
  if (only !== undefined && spoken.length === 1 && only.bridgeId !== null) tracker.change(only.channel.channelId, () => ({ agent: told.agent }))
  else tracker.change(told.channelId, () => ({ toldAgent: told.agent }))
}

/** Two legs are connected: a word that waited for its telephone has found it. Call it after the tracker was told. */
export function findAgents(view: View, channelId: ChannelId): void {
  const { tracker } = view
  for (const leg of [tracker.find(channelId), ...tracker.peers(channelId)]) {
    if (leg === null || leg.agent !== null || leg.channel.endpoint === null || !isAgentLeg(view, leg)) continue
    const waiting = [leg, ...tracker.ofCall(leg.channel.callId), ...tracker.peers(channelId)].find((other) => other.toldAgent !== null && speaksOf(view, other, leg))
    if (waiting === undefined) continue
    tracker.change(leg.channel.channelId, () => ({ agent: waiting.toldAgent }))
    tracker.change(waiting.channel.channelId, () => ({ toldAgent: null }))
  }
}

/** Whether an agent is heard of whom nobody knows who she is. */
export function hasNameless({ parties }: Recording): boolean {
  return parties.some(isNameless)
}

function isNameless({ side, agent, toAt }: Party): boolean {
  return side === 'agent' && agent === null && toAt === null
}

/** The attached data may have told who is heard: then the recordings tell it, too. */
export async function nameAgents(context: NamingContext, { change }: { readonly change: Pick<AttachedChange, 'key'> }): Promise<void> {
  if (change.key !== context.rules.policy.factKeys.agent) return
  for (const { id } of context.live.ofPbx(context.pbxId)) await nameParties(context, id)
}

/** Who is heard without a name, and has one now, is told; and so is another name of whom the attached data named. */
export async function nameParties(context: NamingContext, recordingId: RecordingId): Promise<void> {
  const { live, tracker, adapter } = context
  const heard = live.find(recordingId)?.parties.filter(({ side, toAt }) => side === 'agent' && toAt === null) ?? []
  for (const party of heard) {
    const tracked = tracker.find(party.channelId)
    const agent = tracked === null ? null : isNameless(party) ? agentAt(context, tracked) : tracked.agent
    if (agent === null || agent === party.agent || live.find(recordingId) === null) continue
    await live.record({ type: 'party-named', recordingId, channelId: party.channelId, agent, at: adapter.now })
  }
}

function wordOf({ rules, tracker }: View, event: PbxEvent): { readonly channelId: ChannelId; readonly agent: string } | null {
  const key = rules.policy.factKeys.agent
  if (key === null) return null
  if (event.type === 'attached-changed') return event.change.key === key && event.change.source !== 'sip-header' ? named(event.channelId, event.change.value) : null
  if (event.type !== 'recording-asked') return null
  const value = attachedValue(event.attached, key)
  // Told already by the variable itself; asked again on a new route, it is the old word.
  const isOld = value === attachedValue(tracker.find(event.channelId)?.attached ?? {}, key)
  return value === null || isOld ? null : named(event.channelId, value)
}

function named(channelId: ChannelId, text: string): { readonly channelId: ChannelId; readonly agent: string } | null {
  try {
    return { channelId, agent: parseAgent(text) }
  } catch (error) {
    // No name: the telephone's own sitter is asked.
    if (isHoldfastError(error, 'MALFORMED_ID')) return null
    throw error
  }
}

function connectedAgents(view: View, { channel: { callId, channelId } }: TrackedChannel): readonly TrackedChannel[] {
  return view.tracker.ofCall(callId).filter((leg) => leg.channel.channelId !== channelId && leg.bridgeId !== null && leg.channel.endpoint !== null && isAgentLeg(view, leg))
}

/** Whether a leg is the company's: the one that asked on an outbound call, or one that no such leg dialled. */
function isAgentLeg({ tracker }: View, { direction, dialledBy }: TrackedChannel): boolean {
  if (direction !== null) return direction !== 'inbound'
  return dialledBy !== null && tracker.find(dialledBy)?.direction !== 'outbound'
}

/** Whether a word that was told to one leg is about another: about itself, or told to the customer's. */
function speaksOf(view: View, told: TrackedChannel, leg: TrackedChannel): boolean {
  return told.channel.channelId === leg.channel.channelId ? !isInherited(view, leg) : !isAgentLeg(view, told)
}

/** Told to the leg before it was known who dialled it. */
function isInherited(view: View, leg: TrackedChannel): boolean {
  return leg.toldAgent !== null && leg.toldAgent === diallersWord(view, leg)
}

function diallersWord({ rules, tracker }: View, { dialledBy }: TrackedChannel): string | null {
  const key = rules.policy.factKeys.agent
  const dialler = dialledBy === null ? null : tracker.find(dialledBy)
  return key === null || dialler === null ? null : attachedValue(dialler.attached, key)
}
