import type { Command } from 'commander'
import { Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { RetentionObstacle } from '../../core/domain/retention/judge-retention.ts'
import type { PlannedRecording, RetentionPlan } from '../../core/ports/retention-control.ts'
import type { RetentionVolume } from '../../core/ports/retention-store.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { table } from '../demo/table.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption, parseCount } from './options.ts'

const HELP = `
Says what the rules of the settings want of which recording, since when, and what stands in the way. Changes nothing.

Examples:
  holdfast retention plan
  holdfast retention plan --show 1000
  holdfast retention plan --json | jq .totals`

const DEFAULT_SHOWN = 30

interface PlanOptions extends ConfigOption, JsonOption {
  readonly show: number
}

export function addRetentionPlan(retention: Command, { terminal }: CommandContext): void {
  retention
    .command('plan')
    .description('say what a run would do, and what is prevented')
    .addOption(new Option('--show <count>', 'so many recordings are shown').argParser(parseCount).default(DEFAULT_SHOWN))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json, show }: PlanOptions) => {
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      using bar = new ProgressBar('plan')
      const plan = await legal.retention.control.plan({ samples: show, signal: new AbortController().signal, onProgress: (looked, of) => bar.show(looked, of) })
      await legal.store.audit.append({ at: plan.plannedAt, actor: legal.officer.actor, action: 'retention.planned', object: { type: 'retention', id: plan.version }, outcome: 'ok', reason: null, details: { digest: plan.digest, purge: plan.totals.does.purge.recordings, archive: plan.totals.does.archive.recordings, looked: plan.totals.looked }, personal: {} })
      terminal.out(json === true ? JSON.stringify(plan, null, 2) : planText(plan))
    })
}

export function planText({ totals, samples, digest, version }: RetentionPlan): string {
  const { does, prevented, rules, looked } = totals
  const due = Object.entries(prevented).filter(([, volume]) => volume.recordings > 0)
  const rows: readonly (readonly string[])[] = samples.map(rowOf)
  return [
    ...(rows.length === 0 ? ['Nothing is due.'] : [table(['recording', 'rule', 'due', 'since', 'does', 'in the way'], rows)]),
    table(['', 'recordings', 'hours', 'MB'], [volumeRow('to purge', does.purge), volumeRow('to archive', does.archive), ...due.map(([type, volume]) => volumeRow(`prevented: ${OBSTACLE_WORDS[type] ?? type}`, volume))]),
    ...(rules.length === 0 ? [] : [table(['rule', 'to purge', 'to archive'], rules.map(({ rule, purge, archive }) => [rule, String(purge.recordings), String(archive.recordings)]))]),
    `${looked} recordings were looked at, by the rules ${version.slice(0, 12)}. Plan ${digest.slice(0, 16)}.`,
  ].join('\n\n')
}

const OBSTACLE_WORDS: Readonly<Record<string, string>> = { hold: 'legal hold', minimum: 'minimum retention', state: 'not brought in yet', 'not-archived': 'not archived yet', 'no-archive': 'no archive target' }

function rowOf({ verdict: { recordingId, rule, due, does, obstacles } }: PlannedRecording): readonly string[] {
  return [recordingId, rule, due?.action ?? '', due?.since.toISOString().slice(0, 10) ?? '', does ?? 'nothing', obstacles.map(obstacleText).join('; ')]
}

/** What stands in the way, in words. */
export function obstacleText(obstacle: RetentionObstacle): string {
  if (obstacle.type === 'hold') return `held by ${obstacle.cases.join(', ')}`
  if (obstacle.type === 'minimum') return `kept until ${obstacle.until.toISOString().slice(0, 10)}`
  return obstacle.type === 'state' ? `it is ${obstacle.state}` : OBSTACLE_WORDS[obstacle.type] ?? obstacle.type
}

function volumeRow(name: string, { recordings, durationMs, sizeBytes }: RetentionVolume): readonly string[] {
  return [name, String(recordings), (durationMs / 3_600_000).toFixed(2), (sizeBytes / 1e6).toFixed(1)]
}
