import { posix } from 'node:path'
import { CLI_VARIABLE, KEYS_VARIABLE, SIP_HEADERS_VARIABLE, SPOOL_VARIABLE } from '../../adapters/asterisk/dialplan-names.ts'
import { PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import type { DialplanFacts } from './ami-facts.ts'
import { type Check, checksOf } from './check.ts'

/** What the settings want the dialplan to know. */
export interface DialplanWish {
  readonly attachedKeys: readonly string[]
  /** As the global has them: `Header:KEY`. */
  readonly sipHeaders: readonly string[]
  /** The spool as the PBX sees it. */
  readonly recordingDirectory: string
}

const INCLUDE = '`#include` dialplan/asterisk/holdfast.conf in extensions.conf (dialplan/README.md); then `dialplan reload`'
const GLOBALS = '`holdfast pbx-config asterisk` prints the lines for [globals] of extensions.conf; then `dialplan reload`'
const UPGRADE = 'Copy dialplan/asterisk/holdfast.conf anew, then `dialplan reload`; docs/upgrading.md has the order'
/** `Getvar` cuts at 1023 bytes: of a longer list the end cannot be compared. Source: facts of Asterisk 22, measured. */
const CUT_AT = 1023

/** Whether the dialplan has what calls are sent to, and knows what the settings say. */
export function checkDialplan(pbxId: string, facts: DialplanFacts, wish: DialplanWish): readonly Check[] {
  return [...checkContexts(pbxId, facts), ...checkVersion(pbxId, facts), ...checkHeaders(pbxId, facts, wish), ...checkConsole(pbxId, facts), ...checkKeys(pbxId, facts, wish), ...checkSpool(pbxId, facts, wish)]
}

function checkContexts(pbxId: string, { record, announce }: DialplanFacts): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  if (record === null) return [warn('whether holdfast-record is there cannot be asked', '`module load func_dialplan.so`, or look: `dialplan show holdfast-record`')]
  if (!record) return [fail('the context holdfast-record is not there: every call through the three lines is dropped', INCLUDE)]
  return announce === false ? [warn('the context holdfast-announce is not there: a call that is to be announced is dropped', INCLUDE)] : [ok('holdfast-record and holdfast-announce are there')]
}

/** An old file beside a new program: what it lacks hangs up where a route calls it, or keeps silent. */
function checkVersion(pbxId: string, { record, missingContexts, current }: DialplanFacts): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  if (record !== true || current === null) return []
  if (missingContexts.length > 0) return [fail(`holdfast.conf is of an older Holdfast: ${missingContexts.join(', ')} are not there, and a route that calls them drops the call`, UPGRADE)]
  return [current ? ok('holdfast.conf is the one of this Holdfast') : warn('holdfast.conf is of another version of Holdfast', UPGRADE)]
}

function checkHeaders(pbxId: string, { sipHeaders }: DialplanFacts, wish: DialplanWish): readonly Check[] {
  if (sipHeaders === null || sipHeaders.length >= CUT_AT) return []
  const told = new Set(sipHeaders.split(',').map((header) => header.trim()))
  const missing = wish.sipHeaders.filter((header) => !told.has(header))
  return missing.length === 0 ? [] : [checksOf(`pbx ${pbxId}: dialplan`).warn(`the global ${SIP_HEADERS_VARIABLE} does not name ${missing.join(', ')}: the dialplan does not hand them over`, GLOBALS)]
}

function checkConsole(pbxId: string, { record, cli }: DialplanFacts): readonly Check[] {
  return record !== true || cli !== '' ? [] : [checksOf(`pbx ${pbxId}: dialplan`).warn(`the global ${CLI_VARIABLE} is not set: feature codes do nothing while Holdfast is away`, `${GLOBALS}; or leave it out, where the dialplan must not run a command`)]
}

function checkKeys(pbxId: string, { keys }: DialplanFacts, { attachedKeys }: DialplanWish): readonly Check[] {
  const { ok, warn } = checksOf(`pbx ${pbxId}: dialplan`)
  if (keys === null || keys.length >= CUT_AT) return []
  const told = new Set(keys.split(',').map((key) => key.trim()))
  const missing = attachedKeys.filter((key) => key !== RECORD_KEY && key !== PARTITIONS_KEY && !told.has(key))
  return [missing.length === 0
    ? ok(`${KEYS_VARIABLE} names every key of the settings`)
    : warn(`the global ${KEYS_VARIABLE} does not name ${missing.join(', ')}: the dialplan does not hand them over`, GLOBALS)]
}

function checkSpool(pbxId: string, { spool, spoolDirectory }: DialplanFacts, { recordingDirectory }: DialplanWish): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  if (spool === null || (spool === '' && (spoolDirectory ?? '') === '')) return []
  const used = spool === '' ? `${spoolDirectory ?? ''}/recording` : spool
  return [posix.normalize(`${used}/`) === posix.normalize(`${recordingDirectory}/`)
    ? ok('it records by itself where the settings look')
    : fail(`what it records by itself goes to ${used}, and the settings look in ${recordingDirectory}`, `Set the global ${SPOOL_VARIABLE}, or \`recordingDirectory\`. ${GLOBALS}`)]
}
