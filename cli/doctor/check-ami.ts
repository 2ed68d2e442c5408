import { EVENT_CLASSES } from '../../adapters/asterisk/ami-actions.ts'
import { WRITE_CLASSES } from '../../adapters/asterisk/pbx-config.ts'
import type { AmiFacts } from './ami-facts.ts'
import { type Check, checksOf } from './check.ts'

const PRINT = '`holdfast pbx-config asterisk` prints the sections for manager.conf; then `manager reload`'

/** Rights, by the action that shows them: those that recording needs, and those that only do harm. */
const NEEDED: Readonly<Record<string, string>> = { MixMonitor: 'system', MixMonitorMute: 'call or system', StopMixMonitor: 'call or system', Setvar: 'call', CoreStatus: 'system' }
const HARMFUL: Readonly<Record<string, string>> = { Originate: 'originate', Command: 'command', UpdateConfig: 'config' }

/** Event times and decisions follow the PBX's clock, audit and tokens ours: people who compare them should not wonder. A guess. */
const MAX_CLOCK_OFFSET_MS = 2_000

/** What the facts of an AMI login mean. */
export function checkAmi(pbxId: string, facts: AmiFacts): readonly Check[] {
  const { ok } = checksOf(`pbx ${pbxId}: AMI`)
  return [
    ok(`connected and logged in to Asterisk ${facts.version ?? '(version not told)'}`),
    checkNeededRights(pbxId, facts),
    ...checkHarmfulRights(pbxId, facts),
    checkEvents(pbxId, facts),
    ...checkTimestamps(pbxId, facts),
    checkModules(pbxId, facts),
    ...checkClock(pbxId, facts),
  ]
}

function checkNeededRights(pbxId: string, { actions, variable }: AmiFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: AMI`)
  const missing = Object.entries(NEEDED).filter(([action]) => !actions.has(action))
  if (missing.length > 0) {
    return fail(`the login may not send ${missing.map(([action, right]) => `${action} (${right})`).join(', ')}`, `write = ${WRITE_CLASSES.join(',')}. ${PRINT}`)
  }
  return variable === 'refused' ? fail('the heartbeat cannot be set: Setvar was refused', `write = ${WRITE_CLASSES.join(',')}. ${PRINT}`) : ok('may start, mute and stop recorders, and set the heartbeat')
}

function checkHarmfulRights(pbxId: string, { actions }: AmiFacts): readonly Check[] {
  const { warn } = checksOf(`pbx ${pbxId}: AMI`)
  const surplus = Object.entries(HARMFUL).filter(([action]) => actions.has(action)).map(([, right]) => right)
  return surplus.length === 0 ? [] : [warn(`the login also has the rights ${surplus.join(', ')}, which Holdfast never uses and a thief would`, `Take them away. ${PRINT}`)]
}

function checkEvents(pbxId: string, { event, variable }: AmiFacts): Check {
  const { ok, fail, warn } = checksOf(`pbx ${pbxId}: AMI`)
  if (event !== null && variable === 'set-past-filters') return ok('events come: a variable that was set was told; the user\'s eventfilter lines were not tried, for no global that they let through has a value')
  if (event !== null) return ok('events come: a variable that was set was told')
  if (variable === 'refused') return warn('whether events come could not be tried: Setvar was refused', 'Mend the rights first.')
  if (variable === 'none') return warn('whether events come could not be tried: no global variable of ours has a value', '`holdfast pbx-config asterisk` prints the lines for [globals] of extensions.conf; then `dialplan reload`')
  return fail(`no event came for a variable that was set: the read right \`dialplan\` is missing, or the event filter holds VarSet back`, `read = ${EVENT_CLASSES.join(',')}. ${PRINT}`)
}

function checkTimestamps(pbxId: string, { event }: AmiFacts): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: AMI`)
  if (event === null) return []
  return event.pbxTimeMs === null
    ? [fail('events carry no time', 'timestampevents = yes in the section [general] of manager.conf; then `manager reload`')]
    : [ok('events carry the PBX\'s own time')]
}

function checkModules(pbxId: string, { missingModules }: AmiFacts): Check {
  const { ok, fail, warn } = checksOf(`pbx ${pbxId}: modules`)
  if (missingModules === null) return warn('which modules are loaded may not be asked', PRINT)
  return missingModules.length === 0
    ? ok('the recorder, the file format and the functions of the dialplan are loaded')
    : fail(`not loaded: ${missingModules.join(', ')}`, `\`module load ${missingModules[0] ?? ''}.so\` on the Asterisk console, and modules.conf for the next start`)
}

function checkClock(pbxId: string, { clockOffsetMs }: AmiFacts): readonly Check[] {
  const { ok, warn } = checksOf(`pbx ${pbxId}: clock`)
  if (clockOffsetMs === null) return []
  const seconds = (Math.abs(clockOffsetMs) / 1000).toFixed(1)
  return Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS
    ? [ok(`the PBX's clock and ours differ by ${seconds} s`)]
    : [warn(`the PBX's clock is ${seconds} s ${clockOffsetMs > 0 ? 'ahead of' : 'behind'} ours`, 'Let both follow the same NTP server: times of recordings are the PBX\'s, times of the audit are ours.')]
}
