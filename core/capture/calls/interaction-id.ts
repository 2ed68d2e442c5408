import { type CallId, type InteractionId, parseInteractionId, type PbxId } from '../../domain/ids.ts'
import type { CaptureContext } from './capture-context.ts'

/** Where it is known what a call belongs to. */
export type InteractionView = Pick<CaptureContext, 'live' | 'pbxId' | 'told' | 'tracker'>

/**
 * The interaction that a call belongs to: the id that came with it from a trusted site, else the one that it came into by a
 * transfer, else one made of the PBX and its call id. Made so, a call that is met again after a crash, or adopted hours later,
 * gets the same id without asking anybody.
 */
export function interactionFor(view: InteractionView, callId: CallId, told: string | null): InteractionId {
  const { live, pbxId } = view
  // What is told was believed when it came: by `ToldInteractions`, or by the rules.
  if (told !== null) return parseInteractionId(told)
  return live.interactions.ofCall(pbxId, callId)?.id ?? toldOfCall(view, callId) ?? interactionOfCall(pbxId, callId)
}

/** What another site said of any leg of a call. */
export function toldOfCall({ told, tracker }: Pick<InteractionView, 'told' | 'tracker'>, callId: CallId): InteractionId | null {
  return tracker.ofCall(callId).map(({ channel }) => told.of(channel.channelId)).find((id) => id !== null) ?? null
}

function interactionOfCall(pbxId: PbxId, callId: CallId): InteractionId {
  return parseInteractionId(`${pbxId}-${callId.replace(/[^0-9A-Za-z._-]/g, '-')}`.slice(0, 96))
}
