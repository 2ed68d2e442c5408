import type { FreeSwitchSettings } from '../../../config/settings.ts'
import { type Check, checksOf } from '../check.ts'
import type { FreeSwitchFacts } from './freeswitch-facts.ts'
import { type SetVariable, whereSet } from './set-variables.ts'
import { type SofiaProfile, sofiaProfiles } from './sofia-profiles.ts'

/** After a followed transfer a recording can neither be masked nor stopped, and says "+OK". Source: facts of FreeSWITCH 1.10.12 §0.2, nine transfers tried */
const FOLLOWING = ['recording_follow_transfer', 'recording_follow_attxfer'] as const
/** The sound does not pass through FreeSWITCH, or passes unread: RECORD_START comes, and no sound. Source: the same, §0.4 */
const BYPASSING = ['bypass_media', 'bypass_media_after_bridge', 'proxy_media'] as const
/** Passed from leg to leg and never decoded, unless a licensed module is loaded: read in the sources of mod_g729, mod_g723_1 and mod_amr, not tried. */
const UNDECODED = ['G729', 'G723', 'AMR', 'AMR-WB'] as const
const WIDEBAND = ['OPUS', 'G722', 'SPEEX', 'SIREN', 'L16'] as const
/** A mask begins and ends with a frame. Those of 20 ms were measured. */
const LONG_FRAME_MS = 30
/** Enough to begin with; the rest is found when these are mended. */
const MAX_PLACES = 5

/** Whether calls pass through FreeSWITCH so that they can be recorded, masked and followed. */
export function checkMedia({ id, spoolFormat }: Pick<FreeSwitchSettings, 'id' | 'spoolFormat'>, facts: FreeSwitchFacts): readonly Check[] {
  const profiles = facts.sofia === null ? null : sofiaProfiles(facts.sofia)
  return [
    checkFollowing(id, facts),
    ...checkBypass(id, facts, profiles ?? []),
    ...checkSeen(id, facts),
    ...checkLegIds(id, profiles ?? []),
    ...checkTransferEvents(id, profiles ?? []),
    ...checkCodecs({ id, spoolFormat }, profiles ?? []),
  ]
}

function checkFollowing(pbxId: string, facts: FreeSwitchFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: transfers`)
  const found = whereSet(FOLLOWING, facts)
  if (found.length === 0) return ok('recording_follow_transfer and recording_follow_attxfer are set nowhere that can be asked')
  return fail(`a recording that FreeSWITCH itself moves to another leg can no longer be paused or stopped: ${placesOf(found)}`, 'Take these out. Holdfast records the customer\'s leg, which lives through transfers, and the agents\' legs one by one; nothing of yours needs them for its recordings.')
}

function checkBypass(pbxId: string, facts: FreeSwitchFacts, profiles: readonly SofiaProfile[]): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: media`)
  const advice = 'FreeSWITCH says that it records, and there is no sound: let the media pass through it wherever calls are recorded.'
  const found = whereSet(BYPASSING, facts)
  const everywhere = [
    ...profiles.flatMap(({ name, bypassMedia, proxyMedia }) => [...(bypassMedia ? [`inbound-bypass-media in profile ${name}`] : []), ...(proxyMedia ? [`inbound-proxy-media in profile ${name}`] : [])]),
    ...found.filter(({ place }) => place === 'global variable').map(({ variable, place }) => `${variable} (${place})`),
  ]
  const some = found.filter(({ place }) => place !== 'global variable')
  const later = profiles.flatMap(({ name, mediaOptions }) => mediaOptions.filter((option) => option.startsWith('bypass-media-after')).map((option) => `media-option ${option} in profile ${name}`))
  const checks = [
    ...(everywhere.length === 0 ? [] : [fail(`the sound of calls does not pass through FreeSWITCH: ${everywhere.join(', ')}`, advice)]),
    ...(some.length === 0 ? [] : [warn(`some calls may not be recorded, for their sound does not pass through FreeSWITCH: ${placesOf(some)}`, advice)]),
    ...(later.length === 0 ? [] : [warn(`the sound of a call may leave FreeSWITCH in its middle: ${later.join(', ')}`, advice)]),
  ]
  return checks.length === 0 ? [ok('bypass_media and proxy_media are set nowhere that can be asked')] : checks
}

/** What was not read is not well. */
function checkSeen(pbxId: string, { sofia, dialplan, directory }: FreeSwitchFacts): readonly Check[] {
  const unread = [...(sofia === null ? ['sofia.conf'] : []), ...(dialplan === null ? ['the dialplan'] : []), ...(directory === null ? ['the directory'] : [])]
  return unread.length === 0 ? [] : [checksOf(`pbx ${pbxId}: configuration`).warn(`${unread.join(', ')} could not be read, so nothing is known of what is set there`, 'Look yourself for recording_follow_transfer, recording_follow_attxfer, bypass_media and proxy_media, also in what mod_xml_curl serves.')]
}

function checkLegIds(pbxId: string, profiles: readonly SofiaProfile[]): readonly Check[] {
  const careless = profiles.filter(({ namesLegsByCallId }) => namesLegsByCallId).map(({ name }) => name)
  if (careless.length === 0) return []
  return [checksOf(`pbx ${pbxId}: calls`).fail(`inbound-use-callid-as-uuid in profile ${careless.join(', ')}: whoever calls chooses the id of his leg, is not recorded with one that no FreeSWITCH would make, and has run whatever \${…} he puts in it by any dialplan that sets a variable to \${uuid}`, 'Take it out, then restart the profile; X-Interaction-ID joins the calls of several PBXs.')]
}

function checkTransferEvents(pbxId: string, profiles: readonly SofiaProfile[]): readonly Check[] {
  const silent = profiles.filter(({ firesTransferEvents }) => !firesTransferEvents)
  if (silent.length === 0) return []
  return [checksOf(`pbx ${pbxId}: transfers`).warn(`nobody tells in ${named(silent)} who passes a call on: transfers by the telephones' own keys are seen by their outcome alone`, `<param name="fire-transfer-events" value="true"/> in the profile; then ${silent.map(({ name }) => `\`sofia profile ${name} rescan\``).join(', ')}, which drops no call`)]
}

function checkCodecs({ id, spoolFormat }: Pick<FreeSwitchSettings, 'id' | 'spoolFormat'>, profiles: readonly SofiaProfile[]): readonly Check[] {
  const { warn } = checksOf(`pbx ${id}: codecs`)
  const undecoded = offered(profiles, (codec) => isOneOf(codec, UNDECODED))
  const wideband = offered(profiles, (codec) => isOneOf(codec, WIDEBAND))
  const long = offered(profiles, (codec) => Number(/@(\d+)i/.exec(codec)?.[1] ?? 0) > LONG_FRAME_MS)
  return [
    ...(undecoded === null ? [] : [warn(`${undecoded}, which FreeSWITCH passes on without reading it unless a licensed module decodes it: such a call has no sound to record`, 'Take it out of the codec lists, or make a call and look at `holdfast coverage`.')]),
    ...(wideband === null || spoolFormat === 'wav16' ? [] : [warn(`${wideband}, and recordings have 8 kHz`, '`spoolFormat: wav16` keeps the wider band, in twice the space; else leave it.')]),
    ...(long === null ? [] : [warn(`${long}: a pause takes effect with a frame, so that much later`, 'Prefer frames of 20 ms.')]),
  ]
}

/** Which profiles offer such codecs, and which; `null`: none does. */
function offered(profiles: readonly SofiaProfile[], isMeant: (codec: string) => boolean): string | null {
  const offering = profiles.filter(({ codecs }) => codecs.some(isMeant))
  return offering.length === 0 ? null : `${named(offering)} offers ${[...new Set(offering.flatMap(({ codecs }) => codecs.filter(isMeant)))].join(', ')}`
}

function named(profiles: readonly SofiaProfile[]): string {
  return `profile ${profiles.map(({ name }) => name).join(', ')}`
}

function isOneOf(codec: string, names: readonly string[]): boolean {
  return names.includes(codec.toUpperCase().replace(/^[^.]*\./, '').replace(/@.*$/, ''))
}

function placesOf(found: readonly SetVariable[]): string {
  const places = [...new Set(found.map(({ variable, place }) => `${variable} (${place})`))]
  return `${places.slice(0, MAX_PLACES).join(', ')}${places.length > MAX_PLACES ? `, and ${places.length - MAX_PLACES} more` : ''}`
}
