import { type ChannelId, parseChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { EslMessage } from './esl-message.ts'
import type { Subject } from './event-mapping.ts'
import type { Leg, Legs } from './legs.ts'

/** How a dialplan takes what rings elsewhere. Source: FreeSWITCH 1.10 mod_dptools.c, `intercept [-bleg] <uuid>` */
const INTERCEPT = 'intercept'

/**
 * Who takes a call that rings at another telephone is answered from within the application that takes it, and before the other stops
 * ringing (seen): no event is of the pick-up itself. It names the leg of whoever calls, or with `-bleg` the one that rings. Of several
 * that ring one is what she took; the others were not answered. Source: FreeSWITCH 1.10 switch_ivr_bridge.c, `switch_ivr_intercept_session`
 * @throws HoldfastError `MALFORMED_ID`
 */
export function pickedUp(message: EslMessage, { leg, at }: Subject, legs: Legs): readonly PbxEvent[] {
  if (message.variable('current_application') !== INTERCEPT) return []
  const [, isBehind, id] = /^\s*(-bleg\s+)?(\S+)/.exec(message.variable('current_application_data') ?? '') ?? []
  const rang = id === undefined ? null : ringing(parseChannelId(id), isBehind === undefined ? 'caller' : 'callee', legs)
  if (rang === null) return []
  const { channelId, callId } = rang.channel
  return [{ type: 'picked-up', channelId, callId, at, byChannelId: leg.channel.channelId, byCallId: leg.channel.callId }]
}

function ringing(id: ChannelId, named: 'caller' | 'callee', legs: Legs): Leg | null {
  const isMeant = ({ channel, dialledBy }: Leg): boolean => (named === 'caller' ? dialledBy : channel.channelId) === id
  return [...legs.all()].find((each) => each.state === 'ringing' && isMeant(each)) ?? null
}
