import type { Channel, Identity } from '../../core/domain/call.ts'
import { type CallId, type ChannelId, parseCallId, parseChannelId, type PbxId } from '../../core/domain/ids.ts'
import type { AmiMessage } from './ami-message.ts'

/** Where in a message a channel is described: its headers have this prefix, such as `Dest`. */
export type ChannelPrefix = '' | 'Dest' | 'Target' | 'Transferer' | 'Transferee' | 'OrigTransferer' | 'SecondTransferer' | 'TransferTarget' | 'LocalOne' | 'LocalTwo'

/**
 * The channel that a message tells of.
 * @throws HoldfastError `MALFORMED_ID`
 */
export function channelIdOf(message: AmiMessage, prefix: ChannelPrefix = ''): ChannelId {
  return parseChannelId(message.get(`${prefix}Uniqueid`) ?? '')
}

/**
 * The call that it belongs to. Events without a Linkedid (Rename) name the channel instead.
 * @throws HoldfastError `MALFORMED_ID`
 */
export function callIdOf(message: AmiMessage, prefix: ChannelPrefix = ''): CallId {
  return parseCallId(message.get(`${prefix}Linkedid`) ?? message.get(`${prefix}Uniqueid`) ?? '')
}

/**
 * The event's own time. `null` without `timestampevents = yes` in manager.conf.
 */
export function timeOf(message: AmiMessage): Date | null {
  const seconds = Number(message.get('Timestamp') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 && seconds < MAX_EPOCH_SECONDS ? new Date(seconds * 1000) : null
}

/** Beyond it no `Date` can be made. Source: ECMA-262 §Time Values */
const MAX_EPOCH_SECONDS = 8_640_000_000_000

/** Channels behind which no telephone is. Source: Asterisk 22, `core show channeltypes` */
const TECHNOLOGIES_WITHOUT_TELEPHONE: ReadonlySet<string> = new Set([
  'Local', 'Message', 'Announcer', 'Recorder', 'Snoop', 'UnicastRTP', 'MulticastRTP', 'AsyncGoto', 'Surrogate', 'CBAnn', 'CBRec', 'Bridge', 'ParkingBridge', 'OutgoingSpool',
])

/** `PJSIP/agentA-0000001c` → `PJSIP/agentA`; `null` for legs without a telephone. */
export function endpointOf(channelName: string): string | null {
  const slash = channelName.indexOf('/')
  if (slash <= 0 || TECHNOLOGIES_WITHOUT_TELEPHONE.has(channelName.slice(0, slash))) return null
  const endpoint = channelName.replace(/-[0-9A-Za-z]+(?:<\w+>)?$/, '')
  return endpoint.length > slash + 1 ? endpoint : null
}

/** State `Up`. Source: Asterisk 22 include/asterisk/channelstate.h, AST_STATE_UP */
export const CHANNEL_STATE_UP = '6'
/** Extensions that nobody dials: where a channel stands before, or besides, the dialplan. Source: Asterisk's special extensions */
const UNDIALLED: ReadonlySet<string> = new Set(['s', 'h', 'i', 't', 'T', 'o', 'a', 'e', 'failed'])

export interface ChannelDescription {
  readonly pbxId: PbxId
  readonly prefix: ChannelPrefix
  readonly createdAt: Date
  readonly answeredAt: Date | null
}

/** @throws HoldfastError `MALFORMED_ID` */
export function channelOf(message: AmiMessage, { pbxId, prefix, createdAt, answeredAt }: ChannelDescription): Channel {
  const name = message.get(`${prefix}Channel`) ?? ''
  const dialled = message.known(`${prefix}Exten`)
  return {
    pbxId,
    channelId: channelIdOf(message, prefix),
    callId: callIdOf(message, prefix),
    name,
    endpoint: endpointOf(name),
    caller: identityOf(message, prefix),
    dialled: dialledNumber(dialled),
    createdAt,
    answeredAt,
  }
}

/** An extension, as a number that somebody dialled; `null` when nobody dials it. */
export function dialledNumber(extension: string | null): string | null {
  return extension === null || extension === '' || UNDIALLED.has(extension) ? null : extension
}

export function identityOf(message: AmiMessage, prefix: ChannelPrefix): Identity {
  return { number: message.known(`${prefix}CallerIDNum`), name: message.known(`${prefix}CallerIDName`) }
}

/** When a channel was created, to the second: `siteA-1795326065.0` says it. */
export function creationOf(channelId: ChannelId): Date | null {
  const seconds = /(?:^|-)(\d{9,11})\.\d+$/.exec(channelId)?.[1]
  return seconds === undefined ? null : new Date(Number(seconds) * 1000)
}
