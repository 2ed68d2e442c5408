import { type ChannelId, parseChannelId } from '../../core/domain/ids.ts'
import type { TransferLeg } from '../../core/domain/transfer.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { type Bridges, partnerIn, talkOf } from './bridges.ts'
import { otherChannel } from './channel-of.ts'
import type { EslMessage } from './esl-message.ts'
import type { EventContext, Subject } from './event-mapping.ts'
import type { Leg, Legs, TransferEnd } from './legs.ts'

/** Sends a leg, or both of a talk, to another number. */
export const TRANSFER_COMMAND = 'uuid_transfer'

/** The two whom somebody left are joined. */
export function attendedByLeaving({ pair: [one, other], at }: { readonly pair: readonly [ChannelId, ChannelId]; readonly at: Date }, { legs, consultations }: EventContext): readonly PbxEvent[] {
  const left = consultations.take(talkOf(one, other).bridgeId)
  const transferee = left === null ? null : legs.find(left.transferee)
  if (left === null || transferee === null) return []
  const to = legs.end(left.transferee === one ? other : one)
  return [transferred(transferee, at, { kind: 'attended', by: left.by, consultation: null, to })]
}

/** A telephone asked for it (REFER): the leg that goes on is named behind `blind:`. Source: FreeSWITCH 1.10 sofia.c, `sofia_handle_sip_i_refer` */
export function blindByRefer(message: EslMessage, { leg, at }: Subject, { legs, bridges }: EventContext): readonly PbxEvent[] {
  const transferee = partnerOf(leg, bridges, legs)
  const number = /^blind:(.*)$/s.exec(message.variable('transfer_destination') ?? '')?.[1] ?? null
  if (transferee === null) return []
  transferee.nextTransfer = 'told'
  return [transferred(transferee, at, { kind: 'blind', by: legs.end(leg.channel.channelId), consultation: null, to: toNumber(number) })]
}

/** A telephone joined its two calls (REFER with Replaces). */
export function attendedByRefer(message: EslMessage, { leg, at }: Subject, { legs }: EventContext): readonly PbxEvent[] {
  const original = otherChannel(message, 'att_xfer_original_call_id')
  const transferee = original === null ? null : legs.find(original)
  if (transferee === null) return []
  const second = otherChannel(message, 'att_xfer_destination_peer_uuid')
  const consulting = second === null ? null : legs.find(second)
  const target = otherChannel(message, 'att_xfer_destination_call_id')
  const to = target === null || legs.find(target) === null ? NO_LEG : legs.end(target)
  const consultation = consulting === null ? null : { channelId: consulting.channel.channelId, callId: consulting.channel.callId }
  return [transferred(transferee, at, { kind: 'attended', by: legs.end(leg.channel.channelId), consultation, to })]
}

/**
 * A leg was sent to another number while it talked, by a command or an application: FreeSWITCH notes the number in the leg that goes on.
 * Source: FreeSWITCH 1.10 switch_ivr.c, `switch_ivr_session_transfer`
 */
export function blindByCommand(message: EslMessage, { leg, at }: Subject, { legs, bridges }: Pick<EventContext, 'legs' | 'bridges'>): readonly PbxEvent[] {
  const source = message.variable('transfer_source')
  const by = leg.leftPartner ?? endOf(partnerOf(leg, bridges, legs), legs)
  leg.leftPartner = null
  if (source === null || source === leg.transferSource) return []
  const isTold = leg.nextTransfer === 'told'
  leg.transferSource = source
  leg.nextTransfer = 'untold'
  const number = /^\d+:[^:]*:bl_xfer:(.*)\/[^/]*\/[^/]*$/s.exec(source)?.[1]
  if (isTold || number === undefined || by === null) return []
  return [transferred(leg, at, { kind: 'blind', by, consultation: null, to: toNumber(number) })]
}

/**
 * Both legs of a talk are sent to one number, into a conference as a rule: neither passes the other on. The command is told
 * when the legs have been told to go, and what they tell of it follows (seen). Source: FreeSWITCH 1.10 mod_commands.c, `uuid_transfer <uuid> -both <number>`
 */
export function movedTogether(message: EslMessage, { legs, bridges }: Pick<EventContext, 'legs' | 'bridges'>): void {
  const id = message.get('API-Command') === TRANSFER_COMMAND ? /^\s*(\S+)\s+-both\s/i.exec(message.get('API-Command-Argument') ?? '')?.[1] : undefined
  const leg = id === undefined ? null : legs.find(parseChannelId(id))
  if (leg === null) return
  leg.nextTransfer = 'told'
  const partner = partnerOf(leg, bridges, legs)
  if (partner !== null) partner.nextTransfer = 'told'
}

const NO_LEG: TransferLeg = { channelId: null, identity: { number: null, name: null }, endpoint: null }

function toNumber(number: string | null): TransferLeg {
  return { ...NO_LEG, identity: { number, name: null } }
}

function partnerOf({ channel: { channelId } }: Leg, bridges: Bridges, legs: Legs): Leg | null {
  const joined = bridges.current(channelId)
  const partner = joined === null ? null : partnerIn(joined, channelId)
  return partner === null ? null : legs.find(partner)
}

function endOf(leg: Leg | null, legs: Legs): TransferEnd | null {
  return leg === null ? null : legs.end(leg.channel.channelId)
}

function transferred({ channel: { channelId, callId } }: Leg, at: Date, what: Pick<Extract<PbxEvent, { type: 'transferred' }>, 'kind' | 'by' | 'consultation' | 'to'>): PbxEvent {
  return { type: 'transferred', channelId, callId, at, ...what }
}
