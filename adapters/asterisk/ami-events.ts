import { type AttachedChange, isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../../core/domain/attached-data.ts'
import type { CallId, ChannelId, PbxId } from '../../core/domain/ids.ts'
import type { TransferLeg } from '../../core/domain/transfer.ts'
import { isEndpoint, parseAgent } from '../../core/domain/desk.ts'
import type { PbxEvent, QueueMember } from '../../core/ports/pbx-event.ts'
import type { AmiMessage } from './ami-message.ts'
import { unescapeC } from './ami-text.ts'
import { bridgeIdOf, bridgeKindOf, isHolding } from './bridges.ts'
import { callIdOf, CHANNEL_STATE_UP, channelIdOf, channelOf, type ChannelPrefix, endpointOf, identityOf, timeOf } from './channel-of.ts'

/** What the mapping needs to know besides the message. */
export interface EventContext {
  readonly pbxId: PbxId
  /** Keys of attached data that are kept. */
  readonly attachedKeys: ReadonlySet<string>
  /** By the PBX's clock: for events without a time of their own. */
  readonly now: () => Date
  /** A value was not kept, and why. */
  readonly refused: (reason: RefusedWord) => void
  /** Whether a native recording lies where we read: what lies elsewhere is told to the operator, and left as it is. */
  readonly isHere: (channelId: ChannelId, notedDirectory: string | null) => boolean
}

/** Why a word of the dialplan was not kept. */
export type RefusedWord = 'attached-key' | 'attached-value' | 'direction' | 'request' | 'prompt' | 'hand-over' | 'code'

/** What an event means to us: `null` when nothing. @throws HoldfastError `MALFORMED_ID` for ids that are none */
export type EventMapping = (message: AmiMessage, context: EventContext) => PbxEvent | null

/** Events of Asterisk that we read, by name. The event filter that `holdfast pbx-config asterisk` prints is made from this table. Source: Asterisk 22 `manager show event …` */
export const EVENT_MAPPINGS: Readonly<Record<string, EventMapping>> = {
  Newchannel: (message, context) => {
    const of = subject(message, context)
    const answeredAt = message.get('ChannelState') === CHANNEL_STATE_UP ? of.at : null
    return { type: 'channel-created', ...of, channel: channelOf(message, { pbxId: context.pbxId, prefix: '', createdAt: of.at, answeredAt }) }
  },
  Newstate: (message, context) => (message.get('ChannelState') === CHANNEL_STATE_UP ? { type: 'channel-answered', ...subject(message, context) } : null),
  Rename: (message, context) => ({ type: 'channel-renamed', ...subject(message, context), name: message.get('Newname') ?? '' }),
  // A leg that was originated, or that the dialplan gave another number, was created under none or another.
  NewCallerid: (message, context) => ({ type: 'identity-changed', ...subject(message, context), identity: identityOf(message, '') }),
  DialBegin: (message, context) => {
    // A call that no channel dialled (Originate) has no caller yet; its Newchannel was told.
    if (message.get('Uniqueid') === null) return null
    const of = subject(message, context)
    return { type: 'dial-began', ...of, callee: channelOf(message, { pbxId: context.pbxId, prefix: 'Dest', createdAt: of.at, answeredAt: null }) }
  },
  DialEnd: (message, context) => {
    if (message.get('Uniqueid') === null) return null
    return { type: 'dial-ended', ...subject(message, context), calleeId: channelIdOf(message, 'Dest'), status: message.get('DialStatus') ?? '' }
  },
  BridgeEnter: (message, context) => ({ type: 'bridge-entered', ...bridged(message, context), kind: bridgeKindOf(message) }),
  BridgeLeave: (message, context) => ({ type: 'bridge-left', ...bridged(message, context) }),
  // The leg that rang lives on under the other's name and Uniqueid, with all that hangs on it. Source: Asterisk 22 main/pickup.c, ast_do_pickup
  Pickup: (message, context) => ({ type: 'picked-up', ...subject(message, context, 'Target'), byChannelId: channelIdOf(message), byCallId: callIdOf(message) }),
  Hold: (message, context) => ({ type: 'held', ...subject(message, context) }),
  Unhold: (message, context) => ({ type: 'unheld', ...subject(message, context) }),
  Hangup: (message, context) => ({ type: 'hangup', ...subject(message, context), causeQ850: causeOf(message) }),
  BlindTransfer: blindTransfer,
  AttendedTransfer: attendedTransfer,
  LocalOptimizationBegin: (message, context) => ({ type: 'shortcut-began', ...subject(message, context, 'LocalOne'), otherHalfId: channelIdOf(message, 'LocalTwo') }),
  LocalOptimizationEnd: (message, context) => ({ type: 'shortcut-ended', ...subject(message, context, 'LocalOne') }),
  AgentConnect: (message, context) => ({
    type: 'queue-connected', ...subject(message, context), queue: message.get('Queue') ?? '',
    agentChannelId: channelIdOf(message, 'Dest'), member: message.known('MemberName') ?? message.known('Interface'),
  }),
  QueueMemberAdded: (message, context) => queueMember(message, context, 'queue-member-added'),
  QueueMemberRemoved: (message, context) => queueMember(message, context, 'queue-member-removed'),
  AgentLogin: (message, context) => agentLogin(message, context, 'agent-logged-in'),
  AgentLogoff: (message, context) => agentLogin(message, context, 'agent-logged-out'),
  MixMonitorStart: (message, context) => ({ type: 'recorder-started', ...subject(message, context) }),
  MixMonitorStop: (message, context) => ({ type: 'recorder-stopped', ...subject(message, context) }),
  MixMonitorMute: (message, context) => ({ type: 'recorder-muted', ...subject(message, context), muted: mutedOf(message) }),
  VarSet: (message, context) => {
    const change = attachedChange(message, context)
    return change === null ? null : { type: 'attached-changed', ...subject(message, context), change }
  },
}

/** The forms in which a variable is set: plain, inherited by the next channel, inherited by all. */
export const VARIABLE_FORMS = ['', '_', '__'] as const

interface Subject {
  readonly channelId: ChannelId
  readonly callId: CallId
  readonly at: Date
}

/** The channel, call and time of a message. @throws HoldfastError `MALFORMED_ID` */
export function subject(message: AmiMessage, context: Pick<EventContext, 'now'>, prefix: ChannelPrefix = ''): Subject {
  return { channelId: channelIdOf(message, prefix), callId: callIdOf(message, prefix), at: timeOf(message) ?? context.now() }
}

function bridged(message: AmiMessage, context: EventContext): Subject & { readonly bridgeId: string } {
  const of = subject(message, context)
  return { ...of, bridgeId: bridgeIdOf(message.get('BridgeUniqueid') ?? '', of.channelId, isHolding(message) ? 'holding' : 'joining') }
}

/** A bridge of more than two that is transferred has no single transferee; who then hears whom is told by BridgeEnter. */
function isTransfer(message: AmiMessage): boolean {
  return message.get('TransfereeUniqueid') !== null && message.get('Result') === 'Success'
}

function blindTransfer(message: AmiMessage, context: EventContext): PbxEvent | null {
  if (!isTransfer(message)) return null
  const to = { channelId: null, identity: { number: message.known('Extension'), name: null }, endpoint: null }
  return { type: 'transferred', ...subject(message, context, 'Transferee'), kind: 'blind', by: transferLeg(message, 'Transferer'), consultation: null, to }
}

/** Done by the PBX itself, the transferer has one leg; done by her telephone (REFER with Replaces), the consultation is a call of its own. */
function attendedTransfer(message: AmiMessage, context: EventContext): PbxEvent | null {
  if (!isTransfer(message)) return null
  const by = transferLeg(message, 'OrigTransferer')
  const second = channelIdOf(message, 'SecondTransferer')
  const consultation = second === by.channelId ? null : { channelId: second, callId: callIdOf(message, 'SecondTransferer') }
  // Where the target is no leg but an application, such as a queue, nothing is told of it.
  const to = message.get('TransferTargetUniqueid') === null ? NO_LEG : transferLeg(message, 'TransferTarget')
  return { type: 'transferred', ...subject(message, context, 'Transferee'), kind: 'attended', by, consultation, to }
}

const NO_LEG: TransferLeg = { channelId: null, identity: { number: null, name: null }, endpoint: null }

function transferLeg(message: AmiMessage, prefix: ChannelPrefix): TransferLeg & { readonly channelId: ChannelId } {
  return { channelId: channelIdOf(message, prefix), identity: identityOf(message, prefix), endpoint: endpointOf(message.get(`${prefix}Channel`) ?? '') }
}

function queueMember(message: AmiMessage, context: EventContext, type: 'queue-member-added' | 'queue-member-removed'): PbxEvent | null {
  const member = memberOf(message, 'Interface')
  return member === null ? null : { type, at: timeOf(message) ?? context.now(), member }
}

/** The person of a queue's member, where it has a name besides that of its telephone. @throws HoldfastError `MALFORMED_ID` */
export function memberOf(message: AmiMessage, header: 'Interface' | 'Location'): QueueMember | null {
  const name = message.known(header === 'Interface' ? 'MemberName' : 'Name')
  const endpoint = [message.known(header), message.known('StateInterface')].find((text): text is string => text !== null && isEndpoint(text) && !text.startsWith('Local/')) ?? null
  return endpoint === null || name === null || name === message.known(header) || isEndpoint(name) ? null : { queue: message.get('Queue') ?? '', agent: parseAgent(name), endpoint }
}

function agentLogin(message: AmiMessage, context: EventContext, type: 'agent-logged-in' | 'agent-logged-out'): PbxEvent | null {
  const endpoint = endpointOf(message.get('Channel') ?? '')
  const agent = message.known('Agent')
  return endpoint === null || agent === null ? null : { type, at: timeOf(message) ?? context.now(), login: { agent: parseAgent(agent), endpoint } }
}

function causeOf(message: AmiMessage): number | null {
  const cause = Number(message.known('Cause') ?? Number.NaN)
  return Number.isInteger(cause) ? cause : null
}

function mutedOf(message: AmiMessage): 'both' | 'read' | 'write' | 'none' {
  const direction = message.get('Direction')
  if (message.get('State') !== '1') return 'none'
  return direction === 'read' || direction === 'write' ? direction : 'both'
}

function attachedChange(message: AmiMessage, context: EventContext): AttachedChange | null {
  const key = (message.get('Variable') ?? '').replace(/^__?/, '')
  if (!context.attachedKeys.has(key)) return null
  if (!isAttachedKey(key)) return refuse(context, 'attached-key')
  const value = unescapeC(message.get('Value') ?? '')
  if (Buffer.byteLength(value) > MAX_ATTACHED_VALUE_BYTES) return refuse(context, 'attached-value')
  return { key, value, source: 'dialplan', at: timeOf(message) ?? context.now() }
}

function refuse(context: EventContext, reason: RefusedWord): null {
  context.refused(reason)
  return null
}
