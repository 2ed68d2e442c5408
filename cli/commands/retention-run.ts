import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { RunReport } from '../../core/retention/retention-run.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { table } from '../demo/table.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption, parseCount } from './options.ts'

const HELP = `
Archives and destroys what \`holdfast retention plan\` says. The plan is written down first, with its digest in the audit; then one recording
after the other goes. It can be ended at any time (Ctrl-C, a power cut): the next run goes on with what is left, before it plans anew.
One runs at a time, over all nodes. The service may run meanwhile.

Ends with 1 when something is left.

Examples:
  holdfast retention plan && holdfast retention run
  holdfast retention run --per-second 5`

interface RunOptions extends ConfigOption, JsonOption {
  readonly perSecond?: number
}

export function addRetentionRun(retention: Command, context: CommandContext): void {
  retention
    .command('run')
    .description('carry the rules out: archive and destroy what is due')
    .addOption(new Option('--per-second <count>', 'no more recordings in a second; that of the settings when left out').argParser(parseCount))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json, perSecond }: RunOptions) => {
      const settings = loadSettingsDespitePolicy(config)
      await using legal = await openConsoleLegal(settings)
      const interrupted = new AbortController()
      const end = (): void => interrupted.abort()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
      using bar = new ProgressBar('retention')
      try {
        const report = await legal.retention.runner.run({
          rules: legal.retention.control.standing(), by: legal.officer.actor, perSecond: perSecond ?? settings.retention.perSecond, signal: interrupted.signal, onProgress: (done, of) => bar.show(done, of),
        })
        context.terminal.out(json === true ? JSON.stringify(report, null, 2) : reportText(report))
        if (report.left > 0) context.fail()
      } finally {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end)
      }
    })
}

function reportText({ run, resumed, outcomes, left }: RunReport): string {
  const rows = Object.entries(outcomes).map(([outcome, count]) => [outcome, String(count)])
  return [
    resumed ? `Run ${run.id}, which was begun ${run.begunAt.toISOString()}, was gone on with.` : `Run ${run.id}, plan ${run.digest.slice(0, 16)}.`,
    ...(rows.length === 0 ? ['Nothing was due.'] : [table(['outcome', 'recordings'], rows)]),
    ...(left > 0 ? [`${left} are left: run it again.`] : []),
  ].join('\n\n')
}
