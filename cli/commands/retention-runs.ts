import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { RetentionRun } from '../../core/ports/retention-store.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption, parseCount } from './options.ts'

const HELP = `
Newest first. A run that is \`running\` either goes on in some process, or its process died: then the next \`holdfast retention run\` goes on with it.

Examples:
  holdfast retention runs
  holdfast retention runs --show 100 --json | jq '.[] | {id, state, done, left}'`

const DEFAULT_SHOWN = 20

interface RunsOptions extends ConfigOption, JsonOption {
  readonly show: number
}

/** What became of the items of a run until now. */
interface ShownRun extends RetentionRun {
  readonly left: number
}

export function addRetentionRuns(retention: Command, { terminal }: CommandContext): void {
  retention
    .command('runs')
    .description('list runs of the rules: what they planned, and what came of it')
    .addOption(new Option('--show <count>', 'so many').argParser(parseCount).default(DEFAULT_SHOWN))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json, show }: RunsOptions) => {
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const runs: ShownRun[] = []
      for (const run of await store.retention.runs({ first: show, before: null })) {
        runs.push({ ...run, done: run.done ?? await store.retention.outcomes(run.id), left: run.state === 'ended' ? 0 : (await store.retention.countItems(run.id)).left })
      }
      terminal.out(json === true ? JSON.stringify(runs, null, 2) : runsText(runs))
    })
}

function runsText(runs: readonly ShownRun[]): string {
  if (runs.length === 0) return 'There was no run.'
  return table(['run', 'begun', 'by', 'state', 'to purge', 'to archive', 'came of it', 'left', 'manifest'], runs.map(({ id, begunAt, begunBy, state, planned, done, left, manifest }) => [
    id, `${begunAt.toISOString().slice(0, 16)}Z`, begunBy.id, state, String(planned.purge.recordings), String(planned.archive.recordings),
    Object.entries(done ?? {}).map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'nothing', String(left), manifest ?? '',
  ]))
}
