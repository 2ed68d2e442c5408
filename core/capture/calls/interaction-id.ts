import { isHoldfastError } from '../../domain/errors.ts'
import { type CallId, type InteractionId, parseInteractionId, type PbxId } from '../../domain/ids.ts'
import type { CaptureContext } from './capture-context.ts'

/**
 * The interaction that a call belongs to: the id that came with it from a trusted site, else the one that it came into by a
 * transfer, else one made of the PBX and its call id. Made so, a call that is met again after a crash, or adopted hours later,
 * gets the same id without asking anybody.
 */
export function interactionFor({ live, pbxId }: Pick<CaptureContext, 'live' | 'pbxId'>, callId: CallId, told: string | null): InteractionId {
  return toldInteraction(told) ?? live.interactions.ofCall(pbxId, callId)?.id ?? interactionOfCall(pbxId, callId)
}

function interactionOfCall(pbxId: PbxId, callId: CallId): InteractionId {
  return parseInteractionId(`${pbxId}-${callId.replace(/[^0-9A-Za-z._-]/g, '-')}`.slice(0, 96))
}

function toldInteraction(told: string | null): InteractionId | null {
  if (told === null || told === '') return null
  try {
    return parseInteractionId(told)
  } catch (error) {
    // A stranger's word: an id that is none is treated as if none had come.
    if (isHoldfastError(error, 'MALFORMED_ID')) return null
    throw error
  }
}
