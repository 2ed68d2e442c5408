import { isHoldfastError } from '../../core/domain/errors.ts'
import type { LiveChannel, NativePause, NativeRecording, QueueMember } from '../../core/ports/pbx-event.ts'
import type { AmiAction } from './ami-action.ts'
import { listBridges, listChannels, listNatives, listPauses, listQueues } from './ami-actions.ts'
import type { AmiConnection } from './ami-connection.ts'
import { type EventContext, memberOf } from './ami-events.ts'
import type { AmiMessage } from './ami-message.ts'
import { bridgeIdOf, isHolding } from './bridges.ts'
import { CHANNEL_STATE_UP, channelIdOf, channelOf, creationOf } from './channel-of.ts'
import { RECORDER_VARIABLE } from './dialplan-names.ts'
import { nativesFromTree, recorderIdOf } from './native-note.ts'
import { pausesFromTree } from './pause-note.ts'

/** What exists on the PBX now. */
export interface Snapshot {
  readonly channels: readonly LiveChannel[]
  readonly natives: readonly NativeRecording[]
  /** Of all queues; `null`: Asterisk did not say. */
  readonly members: readonly QueueMember[] | null
  readonly pauses: readonly NativePause[]
}

/** Errors as `AmiConnection.list`. */
export async function takeSnapshot(connection: AmiConnection, context: EventContext): Promise<Snapshot> {
  const [messages, notes, pauses, members] = await Promise.all([connection.list(listChannels()), notesOf(connection, listNatives()), notesOf(connection, listPauses()), queueMembers(connection, context)])
  const holding = await holdingBridges(connection, messages)
  const channels = messages.flatMap((message) => liveChannel(message, context)).map((live) => inOwnBridge(live, holding))
  const live = new Set(channels.map(({ channel }) => channel.channelId))
  return { channels, natives: nativesFromTree(notes, { ...context, isLive: (channelId) => live.has(channelId) }), pauses: pausesFromTree(pauses, context), members }
}

/** An Asterisk without queues refuses the question. */
async function queueMembers(connection: AmiConnection, context: EventContext): Promise<readonly QueueMember[] | null> {
  try {
    const messages = await connection.list(listQueues())
    return messages.filter((message) => message.get('Event') === 'QueueMember').flatMap((message) => knownMember(message, context) ?? [])
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return null
    throw error
  }
}

function knownMember(message: AmiMessage, context: EventContext): QueueMember | null {
  try {
    return memberOf(message, 'Location')
  } catch (error) {
    if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
    context.refused('request')
    return null
  }
}

/** Bridges in which nobody hears another: their channels are not together. */
async function holdingBridges(connection: AmiConnection, channels: readonly AmiMessage[]): Promise<ReadonlySet<string>> {
  if (!channels.some((message) => message.known('BridgeID') !== null)) return new Set()
  const bridges = await connection.list(listBridges())
  return new Set(bridges.filter(isHolding).map((message) => message.get('BridgeUniqueid') ?? ''))
}

function inOwnBridge(live: LiveChannel, holding: ReadonlySet<string>): LiveChannel {
  const { bridgeId, channel } = live
  return bridgeId !== null && holding.has(bridgeId) ? { ...live, bridgeId: bridgeIdOf(bridgeId, channel.channelId, 'holding') } : live
}

/** Where Asterisk has no `DBGetTree` (before 20), native recordings are known by their files alone. */
async function notesOf(connection: AmiConnection, list: AmiAction): Promise<readonly AmiMessage[]> {
  try {
    return await connection.list(list)
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return []
    throw error
  }
}

/**
 * The channel of an item. Where somebody wrote a second Uniqueid into the call, which one is Asterisk's cannot be told: both are
 * taken for live, because a recording must not be ended on a stranger's word.
 */
function liveChannel(message: AmiMessage, context: EventContext): readonly LiveChannel[] {
  const ids = [...new Set(message.all('Uniqueid'))]
  if (ids.length < 2) return oneChannel(message, context)
  return ids.flatMap((id) => oneChannel(message.with('Uniqueid', id), context))
}

function oneChannel(message: AmiMessage, context: EventContext): readonly LiveChannel[] {
  try {
    const now = context.now()
    // When it was answered is not told: from here on its sound is known to flow.
    const answeredAt = message.get('ChannelState') === CHANNEL_STATE_UP ? now : null
    const createdAt = creationOf(channelIdOf(message)) ?? now
    const { dialled, ...known } = channelOf(message, { pbxId: context.pbxId, prefix: '', createdAt, answeredAt })
    // In the middle of a call the extension may be one of a subroutine; what was dialled stays.
    const channel = { ...known, dialled: message.known('DNID') ?? dialled }
    return [{ channel, bridgeId: message.known('BridgeID'), recorderId: recorderOn(message) }]
  } catch (error) {
    if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
    context.refused('request')
    return []
  }
}

function recorderOn(message: AmiMessage): string | null {
  const assignment = message.all('Variable').find((one) => one.startsWith(`${RECORDER_VARIABLE}=`))
  return assignment === undefined ? null : recorderIdOf(assignment.slice(RECORDER_VARIABLE.length + 1))
}
