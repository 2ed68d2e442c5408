import type { ChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { conferenceOf, parkingOf, partnerIn, talkOf } from './bridges.ts'
import { otherChannel } from './channel-of.ts'
import type { EslMessage } from './esl-message.ts'
import type { Leg } from './legs.ts'
import { pickedUp } from './pick-up.ts'
import type { EventContext, EventMapping, Subject } from './event-mapping.ts'
import { DISCARDED } from './recorder-watch.ts'
import { attendedByLeaving, attendedByRefer, blindByRefer } from './transfers.ts'

/** Events of FreeSWITCH that we read, by name. Source: FreeSWITCH 1.10 switch_types.h, `switch_event_types_t` */
export const EVENT_MAPPINGS: Readonly<Record<string, EventMapping>> = {
  // What makes a leg known is the same for each event of it.
  CHANNEL_CREATE: () => [],
  CHANNEL_PARK: () => [],
  // A variable that was set shows behind the application that set it.
  CHANNEL_EXECUTE_COMPLETE: () => [],
  CALL_UPDATE: () => [],
  CHANNEL_ANSWER: (message, of, { legs }) => [{ type: 'channel-answered', ...told(of) }, ...dialEnded(of, 'ANSWER'), ...pickedUp(message, of, legs)],
  CHANNEL_BRIDGE: bridge,
  CHANNEL_UNBRIDGE: unbridge,
  CHANNEL_HOLD: (_message, of) => [{ type: 'held', ...told(of) }],
  CHANNEL_UNHOLD: (_message, of) => [{ type: 'unheld', ...told(of) }],
  CHANNEL_HANGUP: hangUp,
  CHANNEL_HANGUP_COMPLETE: ended,
  // Of a leg that never came so far as to hang up.
  CHANNEL_DESTROY: ended,
  RECORD_START: (message, of, { isOurs }) => (isOurs(message.get('Record-File-Path') ?? '') ? [{ type: 'recorder-started', ...told(of) }] : []),
  RECORD_STOP: recordStop,
}

/** CUSTOM events of FreeSWITCH's own modules that we read, by subclass. */
export const CUSTOM_MAPPINGS: Readonly<Record<string, EventMapping>> = {
  // Source: FreeSWITCH 1.10 mod_sofia sofia.c; told with the profile's `fire-transfer-events`
  'sofia::transferor': (message, of, context) => (message.known('att_xfer_original_call_id') === null ? blindByRefer(message, of, context) : attendedByRefer(message, of, context)),
  'conference::maintenance': (message, { channelId }, { bridges }) => {
    const conferenceId = message.known('Conference-Unique-ID')
    const action = message.get('Action')
    if (conferenceId !== null && action === 'add-member') bridges.enter(channelId, conferenceOf(conferenceId))
    if (conferenceId !== null && action === 'del-member') bridges.leave(channelId, conferenceOf(conferenceId))
    return []
  },
  'valet_parking::info': (message, { channelId }, { bridges }) => {
    if (message.get('Action') === 'hold') bridges.enter(channelId, parkingOf(channelId))
    else bridges.leave(channelId, parkingOf(channelId))
    return []
  },
  // Source: FreeSWITCH 1.10 mod_callcenter.c, `bridge-agent-start`; not tried on a real one
  'callcenter::info': (message, { at }, { legs }) => {
    const member = message.get('CC-Action') === 'bridge-agent-start' ? otherChannel(message, 'CC-Member-Session-UUID') : null
    const agentChannelId = otherChannel(message, 'CC-Agent-UUID')
    const leg = member === null ? null : legs.find(member)
    if (leg === null || agentChannelId === null) return []
    return [{ type: 'queue-connected', channelId: leg.channel.channelId, callId: leg.channel.callId, at, queue: message.get('CC-Queue') ?? '', agentChannelId, member: message.known('CC-Agent') }]
  },
}

/** What every event of a leg tells: which leg, of which call, and when by FreeSWITCH's clock. */
export function told({ leg, at }: Pick<Subject, 'leg' | 'at'>): { readonly channelId: ChannelId; readonly callId: Leg['channel']['callId']; readonly at: Date } {
  return { channelId: leg.channel.channelId, callId: leg.channel.callId, at }
}

/** At a hang-up every recorder ends: that is told by the hang-up. What became of its file nothing else tells. */
function recordStop(message: EslMessage, of: Subject, { isOurs, fileOf }: EventContext): readonly PbxEvent[] {
  const path = message.get('Record-File-Path') ?? ''
  if (!isOurs(path)) return []
  const stopped: readonly PbxEvent[] = of.leg.state === 'hung-up' ? [] : [{ type: 'recorder-stopped', ...told(of) }]
  const file = DISCARDED.has(message.get('Record-Completion-Cause') ?? '') ? fileOf(path) : null
  return file === null ? stopped : [...stopped, { type: 'recorder-discarded', ...told(of), file }]
}

function bridge(message: EslMessage, { at }: Subject, context: EventContext): readonly PbxEvent[] {
  const { legs, bridges } = context
  const [one, other] = pairOf(message)
  if (one === null || other === null) return []
  const [first, second] = [legs.find(one), legs.find(other)]
  // Two calls become one: FreeSWITCH names both legs after the first.
  if (first !== null && second !== null) second.channel = { ...second.channel, callId: first.channel.callId }
  for (const channelId of [one, other]) bridges.enter(channelId, talkOf(one, other))
  return attendedByLeaving({ pair: [one, other], at }, context)
}

function unbridge(message: EslMessage, _of: Subject, { legs, bridges }: EventContext): readonly PbxEvent[] {
  const [one, other] = pairOf(message)
  if (one === null || other === null) return []
  for (const [channelId, partner] of [[one, other], [other, one]] as const) {
    bridges.leave(channelId, talkOf(one, other))
    const leg = legs.find(channelId)
    if (leg !== null) leg.leftPartner = leg.leftPartner?.channelId === partner ? leg.leftPartner : legs.end(partner)
  }
  return []
}

function pairOf(message: EslMessage): readonly [ChannelId | null, ChannelId | null] {
  return [otherChannel(message, 'Bridge-A-Unique-ID'), otherChannel(message, 'Bridge-B-Unique-ID')]
}

/** It hears nobody from here on; what it leaves behind follows at the end of the leg. */
function hangUp(message: EslMessage, of: Subject, { legs, bridges, consultations }: EventContext): readonly PbxEvent[] {
  const { leg, channelId } = of
  if (leg.state === 'hung-up') return []
  const events = dialEnded(of, message.get('Hangup-Cause') ?? '')
  leg.state = 'hung-up'
  const joined = bridges.all(channelId)
  leg.leftAtEnd = joined
  consultations.leftBy(legs.end(channelId), joined)
  for (const partner of joined.map((each) => partnerIn(each, channelId))) {
    const other = partner === null ? null : legs.find(partner)
    if (other !== null) other.leftPartner = legs.end(channelId)
  }
  bridges.leaveAll(channelId)
  return events
}

function ended(message: EslMessage, of: Subject, context: EventContext): readonly PbxEvent[] {
  const cause = Number(message.variable('hangup_cause_q850') ?? Number.NaN)
  return [...hangUp(message, of, context), { type: 'hangup', ...told(of), causeQ850: Number.isInteger(cause) ? cause : null }]
}

/** How a dial ended, in the words of Asterisk's DIALSTATUS. Source: FreeSWITCH 1.10 switch_types.h, `switch_call_cause_t` */
const DIAL_STATUS: Readonly<Record<string, string>> = {
  ANSWER: 'ANSWER', USER_BUSY: 'BUSY', NO_ANSWER: 'NOANSWER', NO_USER_RESPONSE: 'NOANSWER', ALLOTTED_TIMEOUT: 'NOANSWER',
  ORIGINATOR_CANCEL: 'CANCEL', LOSE_RACE: 'CANCEL', PICKED_OFF: 'CANCEL', NORMAL_CLEARING: 'CANCEL',
}

function dialEnded({ leg, at }: Subject, how: string): readonly PbxEvent[] {
  if (leg.state !== 'ringing') return []
  leg.state = 'open'
  if (leg.dialledBy === null) return []
  const status = Object.hasOwn(DIAL_STATUS, how) ? (DIAL_STATUS[how] ?? '') : 'CHANUNAVAIL'
  return [{ type: 'dial-ended', channelId: leg.dialledBy, callId: leg.channel.callId, at, calleeId: leg.channel.channelId, status }]
}
