import type { CodeAnswer } from '../../core/domain/feature-code.ts'
import { INTERACTION_HEADER } from '../../core/domain/attached-data.ts'
import type { ChannelId, InteractionId, PbxId } from '../../core/domain/ids.ts'
import type { PauseMeans } from '../../core/domain/rules/pause-terms.ts'
import { ACK_VARIABLE, ANSWER_VARIABLE, ARM_VARIABLE, HEARTBEAT_VARIABLE, INTERACTION_VARIABLE, NATIVE_VARIABLE, NATIVES_REALM, PAUSE_WAYS_VARIABLE, PAUSED_VARIABLE, PAUSES_REALM, PBX_VARIABLE, RECORDING_VARIABLE, STARTED_REALM } from './dialplan-names.ts'

/** A recorder of ours: its leg, and its file as FreeSWITCH sees it. Neither holds anything but what the parsers of both let through. */
export interface RecorderOnChannel {
  readonly channelId: ChannelId
  readonly path: string
  /** The file's own name, which its events tell, too. */
  readonly id: string
}

export interface NewRecorder extends RecorderOnChannel {
  /** Of the file, whatever the telephones speak. */
  readonly sampleRateHz: number
}

/**
 * They go before whatever the dialplan has set on the channel: nothing may be thrown away for being short, stop for being silent,
 * stop because it was begun twice, or hang up the call.
 * - `RECORD_STEREO`: what comes from the leg's own party on the left, what is sent to it on the right.
 * - `RECORD_PRE_BUFFER_FRAMES`: else half a second is missing where the far end is silent at first.
 * - `enable_file_write_buffering`: each frame is written as it comes, so that a crash costs no more than the last.
 * Source: FreeSWITCH 1.10 switch_ivr_async.c, `switch_ivr_record_session_event`
 */
const RECORDER_VARIABLES = {
  RECORD_STEREO: 'true', RECORD_STEREO_SWAP: 'false', RECORD_READ_ONLY: 'false', RECORD_WRITE_ONLY: 'false',
  RECORD_PRE_BUFFER_FRAMES: '0', enable_file_write_buffering: 'false', RECORD_USE_THREAD: 'true',
  RECORD_MIN_SEC: '0', RECORD_APPEND: 'false', RECORD_TOGGLE_ON_REPEAT: 'false', RECORD_CHECK_BRIDGE: 'false',
  RECORD_ANSWER_REQ: 'false', RECORD_BRIDGE_REQ: 'false', RECORD_HANGUP_ON_ERROR: 'false',
  RECORD_INITIAL_TIMEOUT_MS: '0', RECORD_FINAL_TIMEOUT_MS: '0', RECORD_SILENCE_THRESHOLD: '0',
} as const
/** The variable of a recorder that carries its id, in its events too. */
const RECORDER_ID_VARIABLE = 'rec_id'
/** How sofia keeps a header of a call. */
const INTERACTION_HEADER_VARIABLE = `sip_h_${INTERACTION_HEADER}`
/** Before the name of a file that the dialplan records by itself. */
const NATIVE_ID = 'native-'

/** Source: FreeSWITCH 1.10 `uuid_record <uuid> start <path> [<limit>] [<recording_vars>]`; a limit of 0 is none */
export function startRecorder({ channelId, path, id, sampleRateHz }: NewRecorder): string {
  const variables = Object.entries({ ...RECORDER_VARIABLES, record_sample_rate: sampleRateHz, [RECORDER_ID_VARIABLE]: id }).map(([name, value]) => `${name}=${value}`)
  return `uuid_record ${channelId} start ${path} 0 {${variables.join(',')}}`
}

/** Ends it, and closes its file. */
export function stopRecorder({ channelId, path }: RecorderOnChannel): string {
  return `uuid_record ${channelId} stop ${path}`
}

/** Silence from here on; the time line goes on. Source: FreeSWITCH 1.10 mod_commands.c, `uuid_record <uuid> mask <path>` */
export function maskRecorder({ channelId, path }: RecorderOnChannel): string {
  return `uuid_record ${channelId} mask ${path}`
}

/** Sound again. A recorder that is not masked stays as it is. */
export function unmaskRecorder({ channelId, path }: RecorderOnChannel): string {
  return `uuid_record ${channelId} unmask ${path}`
}

/**
 * A recorder that is started on a leg that rings would answer its caller with sound of ours (183), and take the ringing from him: it
 * is begun by FreeSWITCH itself, in the moment of the answer. Each has a variable of its own: one that the dialplan has armed in the
 * same moment must not be written over, nor taken back with ours.
 */
export function armRecorder(recorder: NewRecorder): string {
  return setVariable(recorder.channelId, armVariable(recorder), startRecorder(recorder))
}

/** What is armed begins silent. Variables are gone through in the order in which they were set (seen with 1.10.12). */
export function armMask(recorder: RecorderOnChannel): string {
  return setVariable(recorder.channelId, `${armVariable(recorder)}_mask`, maskRecorder(recorder))
}

/** It is not begun any more. A variable that is not set is no error. */
export function disarmRecorder(recorder: RecorderOnChannel): string {
  return unsetVariable(recorder.channelId, armVariable(recorder))
}

/** What is armed begins with sound. */
export function disarmMask(recorder: RecorderOnChannel): string {
  return unsetVariable(recorder.channelId, `${armVariable(recorder)}_mask`)
}

function armVariable({ id }: RecorderOnChannel): string {
  return id.startsWith(NATIVE_ID) ? ARM_VARIABLE : `${ARM_VARIABLE}_${id}`
}

/** For a dialplan that has to pause by itself: which recorder is ours. */
export function nameRecorder({ channelId, path }: Pick<RecorderOnChannel, 'channelId' | 'path'>): string {
  return setVariable(channelId, RECORDING_VARIABLE, path)
}

export function nameNoRecorder(channelId: ChannelId): string {
  return unsetVariable(channelId, RECORDING_VARIABLE)
}

/** `answered`, `ringing`, `early`, `hangup`; `-ERR no reply` of a leg that is not there. Source: FreeSWITCH 1.10 mod_commands.c, eval */
export function readAnswerState(channelId: ChannelId): string {
  return `eval uuid:${channelId} \${Answer-State}`
}

/** FreeSWITCH's own time, in microseconds. What one connection asks is done in its order: asked before and after a command, it tells when that was done. */
export function readClock(): string {
  return 'strmicroepoch'
}

/** What listens on a leg, recorders among it. */
export function listRecorders(channelId: ChannelId): string {
  return `uuid_buglist ${channelId}`
}

/** What the waiting dialplan looks for. */
export function setAcknowledgement(channelId: ChannelId, requestId: string, answer: string): string {
  return setVariable(channelId, ACK_VARIABLE, `${requestId}:${answer}`)
}

/** Sofia sends it on with every leg that this one dials, and it is where that which came with this one stood. Source: FreeSWITCH 1.10 mod_sofia, `sip_copy_custom_headers` */
export function setInteraction(channelId: ChannelId, interactionId: InteractionId): string {
  return `uuid_setvar_multi ${channelId} ${INTERACTION_HEADER_VARIABLE}=${interactionId};${INTERACTION_VARIABLE}=${interactionId}`
}

/** Prints `_undef_` where there is none. */
export function readInteraction(channelId: ChannelId): string {
  return `uuid_getvar ${channelId} ${INTERACTION_HEADER_VARIABLE}`
}

/** What the waiting extension of a feature code looks for. */
export function setCodeAnswer(channelId: ChannelId, requestId: string, answer: CodeAnswer): string {
  return setVariable(channelId, ANSWER_VARIABLE, `${requestId}:${answer}`)
}

/** What the dialplan looks at when it has to pause by itself. */
export function setPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): string {
  return setVariable(channelId, PAUSE_WAYS_VARIABLE, ways.length === 0 ? 'none' : ways.join('-'))
}

/** Whether a mask may be in force, for a dialplan that has to end it by itself. */
export function setPaused(channelId: ChannelId, state: 'on' | 'off'): string {
  return setVariable(channelId, PAUSED_VARIABLE, state === 'on' ? '1' : '0')
}

/** Until when, by the PBX's own clock, the service counts as there. */
export function setHeartbeat(epochSeconds: number): string {
  return `global_setvar ${HEARTBEAT_VARIABLE}=${epochSeconds}`
}

/** By which name the dialplan makes an interaction's id of a call that the service was not asked about. */
export function setPbxName(pbxId: PbxId): string {
  return `global_setvar ${PBX_VARIABLE}=${pbxId}`
}

/** The note goes from the leg, if it is still there, and from where it outlives it. */
export function forgetNative(channelId: ChannelId): readonly string[] {
  return [unsetVariable(channelId, NATIVE_VARIABLE), `hash delete/${NATIVES_REALM}/${channelId}`, `hash delete/${STARTED_REALM}/${channelId}`]
}

/** What the dialplan noted about recordings that it began by itself, and when they began. */
export function listNatives(): string {
  return `hash_dump db ${NATIVES_REALM}`
}

export function listStarted(): string {
  return `hash_dump db ${STARTED_REALM}`
}

/** What the dialplan noted about pauses of its own. */
export function listPauses(): string {
  return `hash_dump db ${PAUSES_REALM}`
}

export function forgetPause(key: string): string {
  return `hash delete/${PAUSES_REALM}/${key}`
}

function setVariable(channelId: ChannelId, name: string, value: string): string {
  return `uuid_setvar ${channelId} ${name} ${value}`
}

function unsetVariable(channelId: ChannelId, name: string): string {
  return `uuid_setvar ${channelId} ${name}`
}
