/**
 * The names that this adapter shares with `dialplan/asterisk/holdfast.conf`. A test keeps the two equal.
 */

/** The extension of the context `holdfast-version`: one more with each change that a PBX has to be given. */
export const DIALPLAN_VERSION = '2'
/** Global: epoch seconds by the PBX's own clock, written while the service reads its events. */
export const HEARTBEAT_VARIABLE = 'HOLDFAST_HEARTBEAT'
/** Global: comma-separated keys of attached data that the dialplan hands over. */
export const KEYS_VARIABLE = 'HOLDFAST_KEYS'
/** Global: comma-separated `Header:KEY`, the SIP headers that the dialplan hands over. */
export const SIP_HEADERS_VARIABLE = 'HOLDFAST_SIP_HEADERS'
/** Global: the spool's root as the PBX sees it, where it is not `${ASTSPOOLDIR}/recording`. */
export const SPOOL_VARIABLE = 'HOLDFAST_SPOOL'
/** Global: the name of this PBX in the settings. */
export const PBX_VARIABLE = 'HOLDFAST_PBX'
/** Channel, inherited: to which interaction its call belongs. */
export const INTERACTION_VARIABLE = 'HOLDFAST_INTERACTION'
/** Channel: `<request id>:<recording id | no>`. */
export const ACK_VARIABLE = 'HOLDFAST_ACK'
/** Channel: `<request id of a feature code>:<answer>`. */
export const ANSWER_VARIABLE = 'HOLDFAST_ANSWER'
/** Channel: id of the recorder that was started last by us, or natively by our dialplan. */
export const RECORDER_VARIABLE = 'HOLDFAST_MMID'
/** Global: how Asterisk's own console is called. Without it the dialplan pauses nothing by itself. */
export const CLI_VARIABLE = 'HOLDFAST_CLI'
/** Channel: the ways by which its recording may be paused, joined by `-`; `none`. */
export const PAUSE_WAYS_VARIABLE = 'HOLDFAST_PAUSE'
/** Channel: `1` from before its recording is masked until after the mask was lifted. */
export const PAUSED_VARIABLE = 'HOLDFAST_PAUSED'
/** Family of what the dialplan notes about pauses of its own, below it one part per recorded channel. */
export const PAUSES_FAMILY = 'holdfast-pauses'
/** Family of what the dialplan notes about native recordings, below it one part per channel. */
export const ASTDB_FAMILY = 'holdfast'
/** All our UserEvents begin so; the event filter relies on it. */
export const USER_EVENT_PREFIX = 'Holdfast'

/** The name under which the dialplan files what belongs to a channel. Source: holdfast.conf, FILTER(-0-9A-Za-z.,${UNIQUEID}) */
export function nativeName(channelId: string): string {
  return channelId.replace(/[^0-9A-Za-z.-]/g, '')
}

/** Folder of our files below the spool's root; part of what the dialplan knows. */
export { SPOOL_FOLDER } from '../wire/spool-file-name.ts'
