import { INTERACTION_HEADER } from '../../core/domain/attached-data.ts'
import type { ChannelId, InteractionId } from '../../core/domain/ids.ts'
import type { AmiAction } from './ami-action.ts'
import type { PauseMeans } from '../../core/domain/rules/pause-terms.ts'
import { ACK_VARIABLE, ANSWER_VARIABLE, ASTDB_FAMILY, HEARTBEAT_VARIABLE, INTERACTION_VARIABLE, PAUSE_WAYS_VARIABLE, PAUSED_VARIABLE, PAUSES_FAMILY, RECORDER_VARIABLE } from './dialplan-names.ts'

/** The paths as the PBX sees them, absolute. */
export interface RecorderFiles {
  readonly received: string
  readonly transmitted: string
}

/** A recorder on a channel, by the id that `MixMonitor` gave. */
export interface RecorderOnChannel {
  readonly channelId: ChannelId
  readonly recorderId: string
}

/** Classes of events that we read; AMI users have rights by the same names. Source: Asterisk 22 `manager show command Events` */
export const EVENT_CLASSES = ['call', 'user', 'dialplan', 'agent', 'system'] as const

/** asterisk-manager sends the header `Event` at login, which Asterisk does not read: the choice has to be sent by itself. */
export function chooseEvents(): AmiAction {
  return { name: 'Events', fields: { EventMask: EVENT_CLASSES.join(',') } }
}

/** Its reply tells the PBX's own time, too. */
export function ping(): AmiAction {
  return { name: 'Ping', fields: {} }
}

/** A global variable: the dialplan compares it with its own clock. */
export function setHeartbeat(epochSeconds: number): AmiAction {
  return { name: 'Setvar', fields: { Variable: HEARTBEAT_VARIABLE, Value: String(epochSeconds) } }
}

/**
 * Records what the channel's party says and what it hears into two files, and no mixed one. A channel is addressed by its Uniqueid,
 * which stays when the channel is renamed. Without option `i` the reply would not name the recorder.
 * Source: Asterisk 22 `core show application MixMonitor`; `manager show command MixMonitor`
 */
export function startRecorder(channelId: ChannelId, files: RecorderFiles): AmiAction {
  return { name: 'MixMonitor', fields: { Channel: channelId, Options: `r(${files.received})t(${files.transmitted})i(${RECORDER_VARIABLE})` } }
}

/** Without the recorder's id Asterisk would stop the newest one on the channel, whoever started it. */
export function stopRecorder({ channelId, recorderId }: RecorderOnChannel): AmiAction {
  return { name: 'StopMixMonitor', fields: { Channel: channelId, MixMonitorID: recorderId } }
}

/** `MixMonitorID` is honoured since 18.18, though `manager show command MixMonitorMute` does not list it. */
export function muteRecorder({ channelId, recorderId }: RecorderOnChannel, state: 'on' | 'off'): AmiAction {
  return { name: 'MixMonitorMute', fields: { Channel: channelId, MixMonitorID: recorderId, Direction: 'both', State: state === 'on' ? '1' : '0' } }
}

/** What the waiting dialplan looks for. */
export function setAcknowledgement(channelId: ChannelId, requestId: string, answer: string): AmiAction {
  return { name: 'Setvar', fields: { Channel: channelId, Variable: ACK_VARIABLE, Value: `${requestId}:${answer}` } }
}

/** What legs that this one dials to another PBX tell: inherited by them, and by those that they dial. */
export function setInteraction(channelId: ChannelId, interactionId: InteractionId): AmiAction {
  return { name: 'Setvar', fields: { Channel: channelId, Variable: `__${INTERACTION_VARIABLE}`, Value: interactionId } }
}

/** Of a leg that came over SIP. Source: Asterisk 22 `core show function PJSIP_HEADER` */
export function readInteraction(channelId: ChannelId): AmiAction {
  return { name: 'Getvar', fields: { Channel: channelId, Variable: `PJSIP_HEADER(read,${INTERACTION_HEADER})` } }
}

/** What the waiting subroutine of a feature code looks for. */
export function setCodeAnswer(channelId: ChannelId, requestId: string, answer: string): AmiAction {
  return { name: 'Setvar', fields: { Channel: channelId, Variable: ANSWER_VARIABLE, Value: `${requestId}:${answer}` } }
}

/** What the dialplan looks at when it has to pause by itself. */
export function setPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): AmiAction {
  return { name: 'Setvar', fields: { Channel: channelId, Variable: PAUSE_WAYS_VARIABLE, Value: ways.length === 0 ? 'none' : ways.join('-') } }
}

/** Whether a mask may be in force, for a dialplan that has to end it by itself. */
export function setPaused(channelId: ChannelId, state: 'on' | 'off'): AmiAction {
  return { name: 'Setvar', fields: { Channel: channelId, Variable: PAUSED_VARIABLE, Value: state === 'on' ? '1' : '0' } }
}

/** What the dialplan noted about pauses of its own. A list. */
export function listPauses(): AmiAction {
  return { name: 'DBGetTree', fields: { Family: PAUSES_FAMILY } }
}

export function forgetPauses(name: string): AmiAction {
  return { name: 'DBDelTree', fields: { Family: `${PAUSES_FAMILY}/${name}` } }
}

/** The recorder that our files belong to, when only the channel is remembered. */
export function readRecorder(channelId: ChannelId): AmiAction {
  return { name: 'Getvar', fields: { Channel: channelId, Variable: RECORDER_VARIABLE } }
}

/** Every channel, its bridge, and our recorder on it. A list. Source: Asterisk 22 `manager show command Status` */
export function listChannels(): AmiAction {
  return { name: 'Status', fields: { Variables: RECORDER_VARIABLE } }
}

/** Every bridge, and of which kind it is. A list. Source: Asterisk 22 `manager show command BridgeList` */
export function listBridges(): AmiAction {
  return { name: 'BridgeList', fields: {} }
}

/** What the dialplan noted about recordings that it began by itself. A list. Source: Asterisk 22 `manager show command DBGetTree` */
export function listNatives(): AmiAction {
  return { name: 'DBGetTree', fields: { Family: ASTDB_FAMILY } }
}

/** The members of all queues, among other things. A list that anybody who logs in may ask for. Source: Asterisk 22 `manager show command QueueStatus` */
export function listQueues(): AmiAction {
  return { name: 'QueueStatus', fields: {} }
}

/** A global variable of the dialplan. */
export function setGlobal(name: string, value: string): AmiAction {
  return { name: 'Setvar', fields: { Variable: name, Value: value } }
}

/** Which release this is, among other things. Source: Asterisk 22 `manager show command CoreSettings` */
export function readSettings(): AmiAction {
  return { name: 'CoreSettings', fields: {} }
}

/** Of this session alone. Needs the right `system`. Source: Asterisk 22 `manager show command Filter` */
export function addEventFilter(criteria: string, value: string): AmiAction {
  return { name: 'Filter', fields: { Operation: 'Add', MatchCriteria: criteria, Filter: value } }
}

export function forgetNative(name: string): AmiAction {
  return { name: 'DBDelTree', fields: { Family: `${ASTDB_FAMILY}/${name}` } }
}
