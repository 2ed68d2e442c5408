import type { CallId, ChannelId, PbxId } from '../../core/domain/ids.ts'
import { callIdOf, channelOf, isDialled, otherChannel } from './channel-of.ts'
import { epochMicroseconds } from './epoch.ts'
import type { EslMessage } from './esl-message.ts'
import type { Leg, Legs } from './legs.ts'

export interface NewLegContext {
  readonly pbxId: PbxId
  readonly at: Date
  /** Those that are known. */
  readonly legs: Pick<Legs, 'find'>
}

/** A leg as its first event describes it. @throws HoldfastError `MALFORMED_ID` */
export function newLeg(message: EslMessage, { pbxId, at, legs }: NewLegContext): Leg {
  const dialledBy = dialledFor(message)
  // Its answer is told by an event of its own, which may be this one.
  const answeredAt = message.get('Event-Name') === 'CHANNEL_ANSWER' ? null : epochMicroseconds(message.get('Caller-Channel-Answered-Time'))
  const createdAt = epochMicroseconds(message.get('Caller-Channel-Created-Time')) ?? at
  const channel = channelOf(message, { pbxId, callId: callOf(message, dialledBy, legs), createdAt, answeredAt })
  return { channel, dialledBy, state: dialledBy !== null && answeredAt === null ? 'ringing' : 'open', identity: 'open', toldBridgeId: null, attached: new Map(), transferSource: message.variable('transfer_source'), nextTransfer: 'untold', leftPartner: null, leftAtEnd: [] }
}

function dialledFor(message: EslMessage): ChannelId | null {
  if (!isDialled(message)) return null
  return otherChannel(message, 'variable_originator') ?? (message.get('Other-Type') === 'originator' ? otherChannel(message, 'Other-Leg-Unique-ID') : null)
}

/** A leg belongs to the call of the one for which it was dialled; the far half of a pair within FreeSWITCH to that of the near one. */
function callOf(message: EslMessage, dialledBy: ChannelId | null, legs: NewLegContext['legs']): CallId {
  const before = dialledBy ?? otherChannel(message, 'variable_other_loopback_leg_uuid')
  return (before === null ? null : legs.find(before)?.channel.callId) ?? callIdOf(message)
}
