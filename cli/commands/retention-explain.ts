import type { Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import type { RetentionVerdict } from '../../core/domain/retention/judge-retention.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { table } from '../demo/table.ts'
import type { CommandContext } from './command-context.ts'
import { refused } from './legal-options.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'
import { obstacleText } from './retention-plan.ts'

const HELP = `
Says which rule speaks for a recording, when it goes to the archive and when it is destroyed, until when nobody can destroy it, and what
stands in the way of what is due. Changes nothing.

Examples:
  holdfast retention explain 797088153600064
  holdfast retention explain 797088153600064 --json | jq .purgeAt`

export function addRetentionExplain(retention: Command, { terminal }: CommandContext): void {
  retention
    .command('explain')
    .description('say what the rules want of one recording, and when')
    .argument('<recording>', 'its id', (text: string) => refused(text, parseRecordingId, 'The number of a recording, such as 797088153600064.'))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (id: RecordingId, { config, json }: ConfigOption & JsonOption) => {
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      const verdict = await legal.retention.control.explain(id)
      if (verdict === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
      terminal.out(json === true ? JSON.stringify(verdict, null, 2) : verdictText(verdict))
    })
}

export function verdictText({ recordingId, rule, due, does, obstacles, keptUntil, archiveAt, purgeAt }: RetentionVerdict): string {
  return table(['recording', recordingId], [
    ['rule', rule],
    ['minimum', keptUntil === null ? 'none' : `until ${dayOf(keptUntil)}`],
    ['archived', archiveAt === null ? 'never, or it is already' : dayOf(archiveAt)],
    ['destroyed', purgeAt === null ? 'never' : dayOf(purgeAt)],
    ['due', due === null ? 'nothing' : `${due.action} since ${dayOf(due.since)}`],
    ['a run now', due === null ? 'leaves it' : does ?? 'leaves it'],
    ...obstacles.map((obstacle) => ['in the way', obstacleText(obstacle)]),
  ])
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
