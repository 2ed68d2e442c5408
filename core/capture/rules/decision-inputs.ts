import type { Direction } from '../../domain/call.ts'
import type { InteractionId } from '../../domain/ids.ts'
import type { DecisionInput, Occasion } from '../../domain/rules/decision-input.ts'
import type { NativeRecording } from '../../ports/pbx-event.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { agentAt } from '../people/agents.ts'
import { interactionFor } from '../calls/interaction-id.ts'

/** A call as the rules see it, when its dialplan asks or something about it has changed. */
export interface Circumstances {
  readonly tracked: TrackedChannel
  readonly interactionId: InteractionId
  readonly direction: Direction
  readonly occasion: Occasion
  readonly at: Date
  /** What is known already of who speaks for the company. */
  readonly agent: string | null
}

export function inputOf(context: CaptureContext, { tracked, interactionId, direction, occasion, at, agent }: Circumstances): DecisionInput {
  const { pbxId, site, tracker } = context
  const { channel, attached, queue } = tracked
  const others = connected(tracker.peers(channel.channelId), tracker.dialledBy(channel.channelId))
  const phones = direction === 'inbound' ? others : direction === 'outbound' ? [tracked] : [tracked, ...others]
  const persons = unique((direction === 'outbound' ? [tracked] : others).map((phone) => agentAt(context, phone)).filter((name) => name !== null))
  const called = others[0]?.channel.caller.number ?? null
  return {
    ...NOT_TOLD,
    interactionId, occasion, at, attached, direction, queue, site,
    // While several telephones ring, it is nobody yet.
    agent: agent ?? (persons.length === 1 ? persons[0] ?? null : null),
    pbx: pbxId,
    caller: channel.caller.number,
    callee: called ?? channel.dialled,
    dialled: channel.dialled,
    extensions: unique([...phones.flatMap(numbersOf), ...dialledExtension(direction, channel.dialled)]),
  }
}

/** The same for a recording that the dialplan began by itself, maybe in a call that is over. */
export function inputOfNative(context: CaptureContext, native: NativeRecording): DecisionInput {
  const { pbxId, site } = context
  const { callId, interactionId, direction, caller, dialled, at } = native
  const own = direction === 'inbound' || caller.number === null ? [] : [caller.number]
  return {
    ...NOT_TOLD,
    interactionId: interactionFor(context, callId, interactionId),
    occasion: 'route', at, direction, site, dialled,
    attached: { ...native.headers, ...native.attached },
    pbx: pbxId,
    caller: caller.number,
    callee: dialled,
    extensions: unique([...own, ...dialledExtension(direction, dialled)]),
  }
}

/** Facts that attached data may tell (`withFactsOfKeys`), where the PBX has no word of its own. */
const NOT_TOLD = { queue: null, agent: null, businessUnit: null, customerType: null, language: null } as const

/** Who is on the other side: while several telephones ring, nobody is yet. */
function connected(peers: readonly TrackedChannel[], dialled: readonly TrackedChannel[]): readonly TrackedChannel[] {
  const phones = (peers.length > 0 ? peers : dialled).filter(({ channel }) => channel.endpoint !== null)
  return peers.length > 0 || phones.length === 1 ? phones : []
}

/** The number of a telephone, and the name of its endpoint: an outbound call often shows the company's number instead of the DN. */
export function numbersOf({ channel: { caller, endpoint } }: TrackedChannel): readonly string[] {
  const name = endpoint?.slice(endpoint.indexOf('/') + 1) ?? null
  return [caller.number, name].filter((number): number is string => number !== null && number !== '')
}

/** Among ourselves, what is dialled is a telephone of ours; from outside it may be a route, a queue, a menu. */
function dialledExtension(direction: Direction, dialled: string | null): readonly string[] {
  return direction === 'internal' && dialled !== null ? [dialled] : []
}

function unique(numbers: readonly string[]): readonly string[] {
  return [...new Set(numbers)]
}
