import { type Check, checksOf } from '../check.ts'
import type { FreeSwitchFacts } from './freeswitch-facts.ts'

/** Event times and decisions follow the PBX's clock, audit and tokens ours: people who compare them should not wonder. A guess. */
const MAX_CLOCK_OFFSET_MS = 2_000
/** Holdfast's facts were found with 1.10.12; `uuid_record`'s verbs are the same from 1.10.7 on (read in the sources). */
const OLDEST = [1, 10, 7] as const
/** The first with a limit for messages of strangers, and with `<interface-allowlist>`. Source: FreeSWITCH commits a097e12421, ea74c0acb8 */
const MENDED = [1, 11, 0] as const

/** What the facts of a login to the event socket mean, but for its guards and for the media. */
export function checkFreeSwitch(pbxId: string, facts: FreeSwitchFacts): readonly Check[] {
  const { ok } = checksOf(`pbx ${pbxId}: ESL`)
  return [
    ok(`connected and logged in to FreeSWITCH ${facts.version ?? '(version not told)'}`),
    ...checkVersion(pbxId, facts),
    ...checkEvents(pbxId, facts),
    checkModules(pbxId, facts),
    checkClock(pbxId, facts),
  ]
}

function checkVersion(pbxId: string, { version }: FreeSwitchFacts): readonly Check[] {
  const { ok, warn } = checksOf(`pbx ${pbxId}: version`)
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '')?.slice(1).map((part) => Number(part ?? 0))
  if (numbers === undefined) return [warn('which version it is was not told', 'Look: `version` on the FreeSWITCH console. Holdfast was built upon 1.10.12.')]
  if (isBefore(numbers, OLDEST)) return [warn(`${version ?? ''} is older than any that Holdfast knows`, 'Bring it to 1.10.12 or newer: what `uuid_record` does there was not looked at.')]
  if (isBefore(numbers, MENDED)) {
    return [warn(`${version ?? ''} is older than 1.11: a peer whom the access list lets in may end FreeSWITCH with one message, before any password; and whoever has the password may run programs on its machine, which no setting of this version prevents`, 'Keep the event socket on loopback or in a tunnel, and its password as you keep root\'s. 1.11 limits messages, and has `<interface-allowlist>` in switch.conf, with which `system` need not be there.')]
  }
  return [ok(`${version ?? ''} has a limit for messages of strangers; \`<interface-allowlist>\` of switch.conf can leave \`system\` out`)]
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((number, index) => number !== (version[index] ?? 0))
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0)
}

function checkEvents(pbxId: string, { event }: FreeSwitchFacts): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: ESL`)
  if (event === null) return [fail('no event came for a command that was given', 'Is this the event socket itself, and does the login have rights to events? A user of the directory (`userauth`) needs esl-allowed-events = all.')]
  return [event.pbxTimeMs === null ? fail('events carry no time', 'Every FreeSWITCH sends Event-Date-Timestamp: something between it and Holdfast takes it away.') : ok('events come, and carry the PBX\'s own time')]
}

function checkModules(pbxId: string, { missingModules }: FreeSwitchFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: modules`)
  return missingModules.length === 0
    ? ok('the recorder\'s commands, the file format and what the dialplan uses are loaded')
    : fail(`not loaded: ${missingModules.join(', ')}`, `\`load ${missingModules[0] ?? ''}\` on the FreeSWITCH console, and modules.conf.xml for the next start`)
}

function checkClock(pbxId: string, { clockOffsetMs }: FreeSwitchFacts): Check {
  const { ok, warn } = checksOf(`pbx ${pbxId}: clock`)
  if (clockOffsetMs === null) return warn('what time it is there was not told', '`load mod_dptools` on the FreeSWITCH console: its `strmicroepoch` is asked.')
  const seconds = (Math.abs(clockOffsetMs) / 1000).toFixed(1)
  return Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS
    ? ok(`the PBX's clock and ours differ by ${seconds} s`)
    : warn(`the PBX's clock is ${seconds} s ${clockOffsetMs > 0 ? 'ahead of' : 'behind'} ours`, 'Let both follow the same NTP server, then `fsctl sync_clock` on the FreeSWITCH console: it reads the system\'s clock at its start alone. Times of recordings are the PBX\'s, times of the audit are ours.')
}
