import { type Command, Option } from 'commander'
import { checkRetentionFile } from '../../config/retention/read-retention.ts'
import { problemLines } from '../../config/problem.ts'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { RetentionVerdict } from '../../core/domain/retention/judge-retention.ts'
import type { RetentionDifference, RetentionWhatIf } from '../../core/ports/retention-control.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { table } from '../demo/table.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption, parseCount } from './options.ts'

const HELP = `
Compares a draft with the rules in force, recording by recording: what a run would destroy, spare or archive, what would go earlier or later,
and whose minimum changes. Changes nothing; it stands in the audit.

Examples:
  holdfast retention what-if draft.yaml
  holdfast retention what-if draft.yaml --show 100
  holdfast retention what-if draft.yaml --json | jq '.differences[] | {kind, volume}'`

const DEFAULT_SHOWN = 5

interface WhatIfOptions extends ConfigOption, JsonOption {
  readonly show: number
}

export function addRetentionWhatIf(retention: Command, { terminal }: CommandContext): void {
  retention
    .command('what-if')
    .description('say what other rules would change')
    .argument('<draft>', 'a retention file')
    .addOption(new Option('--show <count>', 'so many recordings of each kind are shown').argParser(parseCount).default(DEFAULT_SHOWN))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (draft: string, { config, json, show }: WhatIfOptions) => {
      const check = checkRetentionFile(draft)
      if (check.outcome === 'invalid') throw new HoldfastError('RETENTION_INVALID', [`${draft} is not valid`, ...problemLines(check.problems)].join('\n  '), { file: draft, problems: check.problems.length })
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      using bar = new ProgressBar('what-if')
      const report = await legal.retention.control.whatIf(check.rules, { samples: show, signal: new AbortController().signal, onProgress: (looked, of) => bar.show(looked, of) })
      await legal.store.audit.append({
        at: new Date(), actor: legal.officer.actor, action: 'retention.planned', object: { type: 'retention', id: report.version }, outcome: 'ok', reason: null,
        details: { what: 'what-if', inForce: report.inForce, looked: report.looked }, personal: {},
      })
      terminal.out(json === true ? JSON.stringify(report, null, 2) : whatIfText(report))
    })
}

const WORDS: Readonly<Record<RetentionDifference, string>> = {
  destroyed: 'destroyed by a run now', spared: 'not destroyed by a run now', archived: 'archived, or earlier', 'not-archived': 'not archived, or later',
  'purged-earlier': 'destroyed earlier', 'purged-later': 'destroyed later, or never', 'minimum-longer': 'minimum longer', 'minimum-shorter': 'minimum shorter',
}

function whatIfText({ version, inForce, looked, differences }: RetentionWhatIf): string {
  const samples = differences.flatMap(({ kind, samples: shown }) => shown.map(({ before, after }) => [WORDS[kind], after.recordingId, ...termsOf(before), ...termsOf(after)]))
  return [
    ...(differences.length === 0 ? ['Nothing would change.'] : [
      table(['by the draft', 'recordings', 'hours', 'MB'], differences.map(({ kind, volume: { recordings, durationMs, sizeBytes } }) => [WORDS[kind], String(recordings), (durationMs / 3_600_000).toFixed(2), (sizeBytes / 1e6).toFixed(1)])),
      table(['', 'recording', 'rule', 'destroyed', 'rule of the draft', 'destroyed'], samples),
    ]),
    `${looked} recordings were looked at: the draft ${version.slice(0, 12)} against the rules in force ${inForce.slice(0, 12)}.`,
  ].join('\n\n')
}

function termsOf({ rule, purgeAt }: RetentionVerdict): readonly string[] {
  return [rule, purgeAt === null ? 'never' : purgeAt.toISOString().slice(0, 10)]
}
