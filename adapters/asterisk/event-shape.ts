import type { AmiMessage } from './ami-message.ts'

/** What describes a channel, in the order in which Asterisk writes it, all of it always. Source: Asterisk 22 main/manager_channels.c, ast_manager_build_channel_state_string_prefix */
const CHANNEL = ['channel', 'channelstate', 'channelstatedesc', 'calleridnum', 'calleridname', 'connectedlinenum', 'connectedlinename', 'language', 'accountcode', 'context', 'exten', 'priority', 'uniqueid', 'linkedid'] as const
/** Up to the first header that a caller fills, nothing of his stands between. */
const BEFORE_THE_CALLER = 4

/** Headers behind the time: the PBX's name, and with `debug = on` where the event was made. Source: Asterisk 22 main/manager.c, __ast_manager_event_multichan */
const OF_THE_PBX: ReadonlySet<string> = new Set(['systemname', 'sequencenumber', 'file', 'line', 'func'])

/** How events begin that tell of no channel, or of one in few words: nothing in them is a caller's. */
const WITHOUT_CALLER: Readonly<Record<string, readonly string[]>> = {
  Rename: ['channel', 'newname', 'uniqueid'],
  QueueMemberAdded: ['queue', 'membername', 'interface', 'stateinterface'],
  QueueMemberRemoved: ['queue', 'membername', 'interface', 'stateinterface'],
}
/** Whose description comes first, where that is not simply `Channel`. A call that no channel dialled has no caller. */
const FIRST_PREFIXES: Readonly<Record<string, readonly string[]>> = {
  DialBegin: ['', 'dest'], DialEnd: ['', 'dest'],
  BlindTransfer: ['transferer'], AttendedTransfer: ['origtransferer'],
  LocalOptimizationBegin: ['localone'], LocalOptimizationEnd: ['localone'],
}

/**
 * Whether an event has the headers that Asterisk writes, in its order. A number has room for 79 characters, an extension for as many
 * behind it. What a caller begins within his number would need 117 until Asterisk's own words go on; an event of his own that he
 * broke lacks the end of its channel. Names, class and channel alone would fit.
 * @param stamped - whether a time stands behind the class
 */
export function isWholeEvent(message: AmiMessage, { name, stamped }: { readonly name: string; readonly stamped: boolean }): boolean {
  if (message.names[0] !== 'event' || message.names[1] !== 'privilege') return false
  if (!/^[a-z]+(?:,[a-z]+)*$/.test(message.get('Privilege') ?? '')) return false
  const behind = message.names.slice(stamped ? 3 : 2)
  const body = behind.slice(behind.findIndex((header) => !OF_THE_PBX.has(header)))
  const beginning = Object.hasOwn(WITHOUT_CALLER, name) ? WITHOUT_CALLER[name] : undefined
  if (beginning !== undefined) return startsWith(body, beginning)
  if (name === 'UserEvent' && body[0] === 'userevent') return message.get('UserEvent') === 'HoldfastAttached' && !body.some(isCallersWord)
  const described = body.slice(body.findIndex((header) => header !== 'result' && !header.startsWith('bridge')))
  const prefixes = Object.hasOwn(FIRST_PREFIXES, name) ? FIRST_PREFIXES[name] : undefined
  return (prefixes ?? ['']).some((prefix) => isWholeChannel(described, CHANNEL.map((header) => prefix + header)))
}

/** A global variable: Asterisk names no channel. Source: Asterisk 22 main/manager_channels.c, channel_varset_cb */
export function isOfNoChannel(message: AmiMessage): boolean {
  return message.get('Channel') === 'none'
}

/** Another program's event names the leg; a description of one it has not. */
function isCallersWord(header: string): boolean {
  return header === 'calleridname' || header === 'priority'
}

function isWholeChannel(headers: readonly string[], wanted: readonly string[]): boolean {
  if (!startsWith(headers, wanted.slice(0, BEFORE_THE_CALLER))) return false
  const places = wanted.map((header) => headers.indexOf(header))
  return places.every((place, index) => place !== -1 && place > (places[index - 1] ?? -1))
}

function startsWith(headers: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((header, index) => headers[index] === header)
}
