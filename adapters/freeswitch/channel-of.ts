import type { Channel, Identity } from '../../core/domain/call.ts'
import { type CallId, type ChannelId, parseCallId, parseChannelId, type PbxId } from '../../core/domain/ids.ts'
import { epochMicroseconds } from './epoch.ts'
import type { EslMessage } from './esl-message.ts'

/**
 * The channel that a message tells of.
 * @throws HoldfastError `MALFORMED_ID`
 */
export function channelIdOf(message: EslMessage): ChannelId {
  return parseChannelId(message.get('Unique-ID') ?? '')
}

/** A channel that a message names besides, or `null`. @throws HoldfastError `MALFORMED_ID` */
export function otherChannel(message: EslMessage, header: string): ChannelId | null {
  const id = message.known(header)
  return id === null ? null : parseChannelId(id)
}

/**
 * The call as FreeSWITCH names it: after the leg that dialled. A leg that is left alone is soon called after itself, so that it is
 * believed of new legs and of bridges only.
 * @throws HoldfastError `MALFORMED_ID`
 */
export function callIdOf(message: EslMessage): CallId {
  return parseCallId(message.known('Channel-Call-UUID') ?? message.get('Unique-ID') ?? '')
}

/** The event's own time, by FreeSWITCH's clock; `null` where a message has none. */
export function timeOf(message: EslMessage): Date | null {
  return epochMicroseconds(message.get('Event-Date-Timestamp'))
}

/** Whether FreeSWITCH dialled this leg. A leg that called keeps its direction wherever it is transferred. */
export function isDialled(message: EslMessage): boolean {
  return message.get('Call-Direction') === 'outbound'
}

/** Channels behind which no telephone is. Source: FreeSWITCH 1.10 mod_loopback (`loopback`, `null`) */
const TECHNOLOGIES_WITHOUT_TELEPHONE: ReadonlySet<string> = new Set(['loopback', 'null'])

/**
 * The name that FreeSWITCH itself would give the leg. A caller names his leg as he likes by the header `X-FS-Channel-Name`, also as half
 * of a pair, and the legs that are dialled for him with it; who says that a leg is a telephone, and whose, is the profile that it came over.
 * Source: FreeSWITCH 1.10 mod_sofia sofia.c, sofia_handle_sip_i_invite; switch_ivr_originate.c, `push_channel_name` (seen with 1.10.12)
 */
function ownName(message: EslMessage): string {
  const name = message.get('Channel-Name') ?? ''
  const profile = message.variable('sofia_profile_name')
  if (profile === null) return name
  const isGiven = message.variable('push_channel_name') !== null || message.variable('origination_channel_name') !== null
  if (!isGiven && name.startsWith(`sofia/${profile}/`)) return name
  const address = message.variable(isDialled(message) ? 'sip_destination_url' : 'sip_from_uri') ?? ''
  return `sofia/${profile}/${address.replace(/^sips?:/, '')}`
}

/**
 * The telephone behind a leg: `user/200@example.org` where FreeSWITCH knows the user, who logged in or was dialled by that name;
 * `gateway/carrier`, with the address behind it where whoever calls has not proved who he is; else the profile and the address,
 * `internal/200@10.0.0.5`, which for a leg that called is what the caller says.
 */
export function endpointOf(message: EslMessage): string | null {
  const name = ownName(message)
  const [technology = '', ...rest] = name.split('/')
  if (rest.length === 0 || TECHNOLOGIES_WITHOUT_TELEPHONE.has(technology)) return null
  const dialled = isDialled(message)
  const user = dialled ? address(message.variable('dialed_user'), message.variable('dialed_domain')) : address(message.variable('user_name'), message.variable('domain_name'))
  if (user !== null) return `user/${dialled ? (message.known('Channel-Presence-ID') ?? user) : user}`
  const gateway = dialled ? message.variable('sip_gateway_name') : callingGateway(message)
  if (gateway !== null) return `gateway/${gateway}`
  const profiled = technology === 'sofia' && rest.length > 1 ? rest.join('/') : name
  return profiled.replace(/[;?].*$/s, '').replace(/:\d{1,5}$/, '')
}

/**
 * Whoever dials `…;gw=carrier` comes over the gateway `carrier`, by his own word: FreeSWITCH looks at nothing else. Where the profile did
 * not ask him for more, his address, which a packet must have come from, stands with it.
 * Source: FreeSWITCH 1.10 mod_sofia sofia.c, sofia_handle_sip_i_invite (seen with 1.10.12)
 */
function callingGateway(message: EslMessage): string | null {
  const gateway = message.variable('sip_gateway')
  if (gateway === null || message.variable('sip_authorized') === 'true') return gateway
  return `${gateway}@${message.variable('sip_network_ip') ?? 'unknown'}`
}

/** The name of a leg. The halves of a pair within FreeSWITCH are named so that each finds the other: FreeSWITCH calls those of every call to one number the same. */
export function nameOf(message: EslMessage): string {
  const name = ownName(message)
  const half = /^(loopback\/.*)-([ab])$/s.exec(name)
  if (half === null) return name
  const first = half[2] === 'a' ? message.get('Unique-ID') : message.variable('other_loopback_leg_uuid')
  return `${half[1]}-${first ?? ''};${half[2] === 'a' ? '1' : '2'}`
}

/** What FreeSWITCH says of somebody of whom it knows nothing. Source: FreeSWITCH 1.10 switch_ivr_originate.c */
const NOBODY: ReadonlySet<string> = new Set(['Outbound Call', 'unknown'])

/** Who is behind a leg. Of one that was dialled, the caller's number is that of the other end. */
export function identityOf(message: EslMessage): Identity {
  if (!isDialled(message)) return { number: message.known('Caller-Caller-ID-Number'), name: message.known('Caller-Caller-ID-Name') }
  const name = message.known('Caller-Callee-ID-Name')
  return { number: message.known('Caller-Callee-ID-Number') ?? message.known('Caller-Destination-Number'), name: name === null || NOBODY.has(name) ? null : name }
}

export interface ChannelDescription {
  readonly pbxId: PbxId
  readonly callId: CallId
  readonly createdAt: Date
  readonly answeredAt: Date | null
}

/** @throws HoldfastError `MALFORMED_ID` */
export function channelOf(message: EslMessage, { pbxId, callId, createdAt, answeredAt }: ChannelDescription): Channel {
  return {
    pbxId, callId, createdAt, answeredAt,
    channelId: channelIdOf(message),
    name: nameOf(message),
    endpoint: endpointOf(message),
    caller: identityOf(message),
    dialled: isDialled(message) ? null : message.known('Caller-Destination-Number'),
  }
}

function address(user: string | null, domain: string | null): string | null {
  return user === null || domain === null ? null : `${user}@${domain}`
}
