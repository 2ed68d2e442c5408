import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { ErasurePlan, ErasureReport, SubjectRecording } from '../../core/library/legal/subject-erasure.ts'
import type { DataSubject } from '../../core/ports/subject-index.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { ProgressBar } from '../progress-bar.ts'
import { counted } from '../counted.ts'
import type { CommandContext } from './command-context.ts'
import { reasonOption } from './legal-options.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Finds every recording in which one of the numbers called, was called, was heard or took part in a transfer, or whose attached
data has, or once had, one of the customer ids (the key: audit.customerIdKey), and shows what prevents its destruction: legal
holds, a minimum retention, a call that goes on. Without --execute nothing is changed, and the plan's id is printed.
With --execute and that id the recordings are destroyed; when nothing was prevented, what the audit tells of the person is
erased, too: the chain still verifies. Prints the signed receipt. Every spelling of a number is given by itself.

Examples:
  holdfast subject erase --number +4915550100 --number 015550100 --customer-id K-4711 --reason 'request 12 of 3 March'
  holdfast subject erase --number +4915550100 --reason 'request 12 of 3 March' --execute 1f0c… > receipt.json`

interface EraseOptions extends ConfigOption, JsonOption {
  readonly number: readonly string[]
  readonly customerId: readonly string[]
  readonly reason: string
  readonly execute?: string
}

export function addSubject(program: Command, context: CommandContext): void {
  program
    .command('subject')
    .description('persons whose calls were recorded')
    .command('erase')
    .description('erase what tells of a person')
    .addOption(new Option('--number <number>', 'one of her numbers, as recordings show it; may be given again').argParser(collected((text: string) => text)).default([], 'none'))
    .addOption(new Option('--customer-id <id>', 'one of her ids; may be given again').argParser(collected((text: string) => text)).default([], 'none'))
    .addOption(reasonOption())
    .option('--execute <plan id>', 'do what the plan with this id has shown: this cannot be taken back')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json, number, customerId, reason, execute }: EraseOptions, command: Command) => {
      const subject: DataSubject = { numbers: number, customerIds: customerId }
      if (number.length + customerId.length === 0) command.error('error: say who: --number or --customer-id')
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      if (execute === undefined) {
        const plan = await legal.subjectErasure.plan(legal.officer, subject)
        if (json === true) context.terminal.out(JSON.stringify({ planId: plan.planId, recordings: plan.recordings.map(told) }, null, 2))
        else showPlan(plan, context)
        return
      }
      using bar = new ProgressBar('erase')
      const report = await legal.subjectErasure.execute(legal.officer, subject, { planId: execute, reason, onProgress: (done, of) => bar.show(done, of) })
      bar[Symbol.dispose]()
      showReport(report, context)
    })
}

function showPlan({ planId, recordings }: ErasurePlan, { terminal }: CommandContext): void {
  for (const each of recordings) terminal.out(lineOf(each))
  const prevented = recordings.filter(({ obstacle }) => obstacle !== null).length
  terminal.err(`${counted(recordings.length, 'recording')}; prevented: ${prevented}. Nothing was changed.`)
  if (prevented > 0) terminal.err('What the audit tells of the person stays, too, as long as anything is prevented.')
  terminal.err(`To do it: --execute ${planId}`)
}

function showReport({ destroyed, underWay, prevented, auditEntries, receipt }: ErasureReport, context: CommandContext): void {
  const { terminal } = context
  terminal.out(receipt)
  for (const each of prevented) terminal.err(lineOf(each))
  const ofAudit = auditEntries === null ? 'the audit keeps what it tells of the person until nothing is prevented' : `${auditEntries} entries of the audit do not tell of the person any more`
  terminal.err(`${destroyed.length} destroyed, ${underWay.length} not to the end yet, ${prevented.length} prevented; ${ofAudit}.`)
  terminal.err('Each capture node forgets what its journal tells of these recordings within a minute of its service\'s running.')
  if (prevented.length > 0) context.fail()
}

function lineOf({ recording, obstacle }: SubjectRecording): string {
  const what = `${recording.id}  ${recording.startedAt.toISOString()}  ${recording.state}`
  if (obstacle === null) return `${what}  may be destroyed`
  if (obstacle.outcome === 'held') return `${what}  under legal hold: ${obstacle.holds.map(({ caseName, id }) => `${caseName} (${id})`).join(', ')}`
  return obstacle.outcome === 'kept' ? `${what}  kept by a minimum retention until ${obstacle.until.toISOString()}` : `${what}  is being recorded or brought in`
}

function told({ recording, obstacle }: SubjectRecording): object {
  return {
    id: recording.id, startedAt: recording.startedAt, state: recording.state, preventedBy: obstacle?.outcome ?? null,
    holds: obstacle?.outcome === 'held' ? obstacle.holds.map(({ id, caseName }) => ({ id, caseName })) : [], keptUntil: obstacle?.outcome === 'kept' ? obstacle.until : null,
  }
}
