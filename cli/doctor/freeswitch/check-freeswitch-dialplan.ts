import { posix } from 'node:path'
import { DIALPLAN_VERSION, SPOOL_VARIABLE, VERSION_VARIABLE } from '../../../adapters/freeswitch/dialplan-names.ts'
import { type Check, checksOf } from '../check.ts'
import type { FreeSwitchFacts } from './freeswitch-facts.ts'
import type { XmlTag } from './xml-tags.ts'

/** What routes send calls to. */
const CONTEXT = 'holdfast'
const CODES_CONTEXT = 'holdfast-codes'
const INCLUDE = 'Put dialplan/freeswitch/holdfast.xml and holdfast-codes.xml into FreeSWITCH\'s dialplan/ (dialplan/README.md); then `reloadxml`, without which FreeSWITCH does not see them'
const UPGRADE = 'Copy dialplan/freeswitch/holdfast.xml anew, then `reloadxml`; docs/upgrading.md has the order'

/** Whether the dialplan has what calls are sent to, and records by itself where the settings look. */
export function checkFreeSwitchDialplan(pbxId: string, facts: Pick<FreeSwitchFacts, 'globals' | 'dialplan'>, recordingDirectory: string): readonly Check[] {
  return [...checkContexts(pbxId, facts), ...(isMissing(facts) ? [] : [...checkVersion(pbxId, facts), ...checkPlace(pbxId, facts, recordingDirectory)])]
}

function isMissing({ dialplan }: Pick<FreeSwitchFacts, 'dialplan'>): boolean {
  return dialplan !== null && contextsNamed(dialplan, CONTEXT) === 0
}

function contextsNamed(dialplan: readonly XmlTag[], name: string): number {
  return dialplan.filter((tag) => tag.name === 'context' && tag.attributes.get('name') === name).length
}

function checkContexts(pbxId: string, { dialplan }: Pick<FreeSwitchFacts, 'dialplan'>): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  // That the dialplan cannot be read is told where it is read for other things, too.
  if (dialplan === null) return []
  if (contextsNamed(dialplan, CONTEXT) === 0) return [fail(`the context ${CONTEXT} is not there: what a route asks of it is never done, and no call is recorded`, INCLUDE)]
  return [
    ...(contextsNamed(dialplan, CONTEXT) > 1 ? [warn(`the context ${CONTEXT} is there twice, and FreeSWITCH uses the first alone`, `Remove the older file. ${UPGRADE}`)] : [ok(`the context ${CONTEXT} is there`)]),
    ...(contextsNamed(dialplan, CODES_CONTEXT) === 0 ? [warn(`the context ${CODES_CONTEXT} is not there: agents have no feature codes`, `${INCLUDE}; or leave it out, where pauses are asked for by API or dialplan alone`)] : []),
  ]
}

/** An old file beside a new program: what it lacks is never done where a route calls it. */
function checkVersion(pbxId: string, { globals }: Pick<FreeSwitchFacts, 'globals'>): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  const version = globals.get(VERSION_VARIABLE) ?? null
  if (version === null) return [fail(`the global ${VERSION_VARIABLE} is not set: holdfast.xml was not loaded as a whole`, INCLUDE)]
  return [version === DIALPLAN_VERSION ? ok('holdfast.xml is the one of this Holdfast') : warn('holdfast.xml is of another version of Holdfast', UPGRADE)]
}

function checkPlace(pbxId: string, { globals }: Pick<FreeSwitchFacts, 'globals'>, recordingDirectory: string): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: dialplan`)
  const used = globals.get(SPOOL_VARIABLE) || globals.get('recordings_dir') || null
  if (used === null) return []
  return [posix.normalize(`${used}/`) === posix.normalize(`${recordingDirectory}/`)
    ? ok('it records by itself where the settings look')
    : fail(`what it records by itself goes to ${used}, and the settings look in ${recordingDirectory}`, `Set the global ${SPOOL_VARIABLE} in vars.xml, or \`recordingDirectory\` in the settings; then \`reloadxml\``)]
}
