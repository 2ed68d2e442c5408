/**
 * The names that this adapter shares with `dialplan/freeswitch/holdfast.xml`. A test keeps the two equal.
 */

/** One more with each change that a PBX has to be given: the global that the file sets as it is loaded. */
export const DIALPLAN_VERSION = '1'
export const VERSION_VARIABLE = 'HOLDFAST_DIALPLAN'
/**
 * Global: epoch seconds by the PBX's own clock until when the service counts as there. Written every two seconds while it reads its
 * events; a dialplan without `mod_expr` can compare, and not subtract.
 */
export const HEARTBEAT_VARIABLE = 'HOLDFAST_ALIVE_UNTIL'
/** How far ahead of the PBX's clock that is written. */
export const HEARTBEAT_AHEAD_SECONDS = 10
/** Global: the spool's root as the PBX sees it, where it is not `${recordings_dir}`. */
export const SPOOL_VARIABLE = 'HOLDFAST_SPOOL'
/** Channel: `<request id>:<recording id | no>`, and `:insure` behind it. */
export const ACK_VARIABLE = 'HOLDFAST_ACK'
/** Channel: `<request id of a feature code>:<answer>`. */
export const ANSWER_VARIABLE = 'HOLDFAST_ANSWER'
/** Channel: the API command that begins the dialplan's own recorder when it is answered; with `_<recording>.<index>` behind it, ours. All that begin with `api_on_answer` are run. Source: FreeSWITCH 1.10 switch_channel.c, `switch_channel_api_on` */
export const ARM_VARIABLE = 'api_on_answer_holdfast'
/** Channel: absolute path of the file that our recorder on this leg writes, or is going to: set before it is started or armed. */
export const RECORDING_VARIABLE = 'HOLDFAST_RECORDING'
/** Channel: to which interaction it belongs, by the service's word: the header of the same name may be the caller's. */
export const INTERACTION_VARIABLE = 'HOLDFAST_INTERACTION'
/** Global: the PBX's id, for calls of which the service was not asked. */
export const PBX_VARIABLE = 'HOLDFAST_PBX'
/** Channel: the ways by which its recording may be paused, joined by `-`; `none`. */
export const PAUSE_WAYS_VARIABLE = 'HOLDFAST_PAUSE'
/** Channel: `1` from before its recording is masked until after the mask was lifted. */
export const PAUSED_VARIABLE = 'HOLDFAST_PAUSED'
/** Channel: `prompt:microseconds since 1970` while an announcement is played; a leg that hangs up with it did not hear the end. */
export const ANNOUNCING_VARIABLE = 'HOLDFAST_ANNOUNCING'
/** Channel: the note of its native recording, until that was adopted; also in the realm below. */
export const NATIVE_VARIABLE = 'HOLDFAST_NATIVE'
/** Realm of mod_hash that holds the notes of native recordings, by the channel's id. */
export const NATIVES_REALM = 'holdfast'
/** Realm of mod_hash that says when the recorder of such a note began: the PBX's time in microseconds, by the channel's id. */
export const STARTED_REALM = 'holdfast-started'
/** Realm of mod_hash whose only entry tells the dialplan what else to note; see `tellWanted`. */
export const WANTED_REALM = 'holdfast-wanted'
/** Realm of mod_hash that holds what the dialplan did about pauses by itself: `<leg's id>.<microseconds since 1970>`. */
export const PAUSES_REALM = 'holdfast-pauses'

/** Subclasses of our CUSTOM events: what `event json … CUSTOM` has to name. */
export const RECORD_EVENT = 'holdfast::record'
export const NATIVE_EVENT = 'holdfast::native'
export const CODE_EVENT = 'holdfast::code'
export const PAUSE_EVENT = 'holdfast::pause'
export const ANNOUNCED_EVENT = 'holdfast::announced'
/** Raised by other programs, which attach data by it. */
export const ATTACHED_EVENT = 'holdfast::attached'
export const USER_EVENTS = [RECORD_EVENT, NATIVE_EVENT, CODE_EVENT, PAUSE_EVENT, ANNOUNCED_EVENT, ATTACHED_EVENT] as const

/** Folder of our files below the spool's root; part of what the dialplan knows. */
export { SPOOL_FOLDER } from '../wire/spool-file-name.ts'
