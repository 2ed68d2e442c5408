import type { Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { type Check, worstOf } from '../doctor/check.ts'
import { examine } from '../doctor/doctor.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { counted } from '../counted.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Logs in to every PBX of the settings and tries rights, events, dialplan, media, clock, spool, rules, secrets, keys, checkpoints and port. It places no call and leaves nothing
behind: one global variable of an Asterisk that has a value is set to that value, one small file in the spool is made and removed. It may run beside the service.

Ends with 1 when anything failed; warnings alone end with 0.

Examples:
  holdfast doctor
  holdfast doctor --json | jq '.[] | select(.status != "ok")'`

const SIGNS: Readonly<Record<Check['status'], string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' }

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('try everything that a recording depends upon')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      const checks = await examine(loadSettingsDespitePolicy(config), { settingsFile: config, now: systemClock.now() })
      context.terminal.out(json === true ? JSON.stringify(checks, null, 2) : report(checks))
      if (worstOf(checks) === 'fail') context.fail()
    })
}

function report(checks: readonly Check[]): string {
  const lines = checks.map(({ subject, status, found, advice }) => `${SIGNS[status]}  ${subject}: ${found}${advice === null ? '' : `\n        → ${advice}`}`)
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length
  return [...lines, '', `${counted(checks.length, 'check')}: ${count('ok')} ok, ${counted(count('warn'), 'warning')}, ${count('fail')} failed`].join('\n')
}
