import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { type HoldId, parseHoldId, parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import type { PlacedHold } from '../../core/library/legal/legal-holds.ts'
import { MAX_PAGE_SIZE } from '../../core/library/search/filters.ts'
import type { Hold, HoldMembers } from '../../core/ports/hold-register.ts'
import { COUNT_CAP } from '../../core/ports/recording-repository.ts'
import { openConsoleLegal } from '../console-legal.ts'
import { table } from '../demo/table.ts'
import { counted } from '../counted.ts'
import type { CommandContext } from './command-context.ts'
import { cautionsOfKeys, reasonOption, refused, searchOf, type SearchOptions, searchOptions } from './legal-options.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const PLACE_HELP = `
A hold names recordings, gives a search, or both. What its search finds is held from now on, also what is recorded later:
no rule, no command and no person destroys it until the hold is released. Prints the id of the hold.

Examples:
  holdfast hold place --case 'Court 12 O 345/26' --reason 'order of 3 March' --recording 797088153600064
  holdfast hold place --case 'claim 4711' --reason 'letter of the insurer' --data CLAIM=4711 --from 2026-01-01
  holdfast hold extend 0123456789abcdef --reason 'second letter' --caller +4915550100`

interface MemberOptions extends SearchOptions, ConfigOption {
  readonly recording: readonly RecordingId[]
  readonly reason: string
}

export function addHold(program: Command, context: CommandContext): void {
  const hold = program.command('hold').description('legal holds: what must not be destroyed (docs/holds.md)')
  addPlace(hold, context)
  addList(hold, context)
  addShow(hold, context)
  hold
    .command('release')
    .description('end a hold')
    .argument('<id>', 'the 16 hexadecimal digits that `hold list` shows', parseHoldArgument)
    .addOption(reasonOption())
    .addOption(configOption())
    .addHelpText('after', '\nExamples:\n  holdfast hold release 0123456789abcdef --reason \'case settled on 7 May\'')
    .action(async (id: HoldId, { config, reason }: ConfigOption & { readonly reason: string }) => {
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      const { caseName } = await legal.holds.release(legal.officer, id, reason)
      context.terminal.err(`The hold of ${caseName} is released. What no other hold stands over may be destroyed from now on.`)
    })
}

function addPlace(hold: Command, context: CommandContext): void {
  const place = withMembers(hold.command('place').description('forbid the destruction of recordings'))
  place
    .requiredOption('--case <name>', 'the case, 3 to 500 characters')
    .addHelpText('after', PLACE_HELP)
    .action(async (options: MemberOptions & { readonly case: string }, command: Command) => {
      const members = membersOf(options, command)
      const settings = loadSettingsDespitePolicy(options.config)
      await using legal = await openConsoleLegal(settings)
      for (const caution of cautionsOfKeys(options.data, settings)) context.terminal.err(caution)
      tell(await legal.holds.place(legal.officer, { caseName: options.case, reason: options.reason, members }), context)
    })
  withMembers(hold.command('extend').description('put more under a hold').argument('<id>', 'the 16 hexadecimal digits that `hold list` shows', parseHoldArgument))
    .addHelpText('after', PLACE_HELP)
    .action(async (id: HoldId, options: MemberOptions, command: Command) => {
      const members = membersOf(options, command)
      const settings = loadSettingsDespitePolicy(options.config)
      await using legal = await openConsoleLegal(settings)
      for (const caution of cautionsOfKeys(options.data, settings)) context.terminal.err(caution)
      tell(await legal.holds.extend(legal.officer, id, { reason: options.reason, members }), context)
    })
}

function addList(hold: Command, context: CommandContext): void {
  hold
    .command('list')
    .description('list the holds that stand')
    .option('--all', 'also those that were released')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  holdfast hold list\n  holdfast hold list --all --json')
    .action(async ({ config, json, all }: ConfigOption & JsonOption & { readonly all?: true }) => {
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      const holds: Hold[] = []
      for (let before: number | null = null; ;) {
        const page = await legal.holds.list(legal.officer, all === true ? 'all' : 'standing', { first: MAX_PAGE_SIZE, before })
        holds.push(...page.holds.map((each) => each.hold))
        before = page.holds.at(-1)?.place ?? null
        if (!page.hasMore || before === null) break
      }
      context.terminal.out(json === true ? JSON.stringify(holds, null, 2) : holdTable(holds))
    })
}

function addShow(hold: Command, context: CommandContext): void {
  hold
    .command('show')
    .description('show a hold with what it names')
    .argument('<id>', 'the 16 hexadecimal digits that `hold list` shows', parseHoldArgument)
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  holdfast hold show 0123456789abcdef')
    .action(async (id: HoldId, { config, json }: ConfigOption & JsonOption) => {
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
      const found = await legal.holds.find(legal.officer, id)
      if (found === null) {
        context.terminal.err('There is no such hold; `holdfast hold list --all` shows those there are.')
        context.fail()
        return
      }
      const recordings: RecordingId[] = []
      for (let before: RecordingId | null = null; ;) {
        const ids = await legal.store.holds.named(id, { first: MAX_PAGE_SIZE, before })
        recordings.push(...ids)
        before = ids.at(-1) ?? null
        if (ids.length < MAX_PAGE_SIZE || before === null) break
      }
      if (json === true) context.terminal.out(JSON.stringify({ ...found, recordings }, null, 2))
      else for (const line of linesOf(found, recordings)) context.terminal.out(line)
    })
}

function withMembers(command: Command): Command {
  command
    .addOption(new Option('--recording <id>', 'a recording that is named; may be given again').argParser(collected((text: string) => refused(text, parseRecordingId, 'The number of a recording, such as 797088153600064.'))).default([], 'none'))
    .addOption(reasonOption())
    .addOption(configOption())
  for (const option of searchOptions()) command.addOption(option)
  return command
}

function membersOf(options: MemberOptions, command: Command): HoldMembers {
  const search = searchOf(options)
  if (search === null && options.recording.length === 0) command.error('error: say what is to be held: --recording, or a search such as --caller')
  return { recordings: options.recording, searches: search === null ? [] : [search] }
}

function tell({ hold, tooLate, found }: PlacedHold, context: CommandContext): void {
  const { terminal } = context
  terminal.out(hold.id)
  for (const count of found) terminal.err(`The search finds ${count > COUNT_CAP ? `more than ${COUNT_CAP} recordings` : counted(count, 'recording')} now; what it finds later is held, too.`)
  if (tooLate.length === 0) return
  terminal.err(`Too late: ${tooLate.join(', ')}. Their destruction was decided before; they are not held.`)
  context.fail()
}

function holdTable(holds: readonly Hold[]): string {
  if (holds.length === 0) return 'There are no holds; `holdfast hold place` places one.'
  return table(['id', 'case', 'placed', 'by', 'recordings', 'searches', 'state'], holds.map(({ id, caseName, placedAt, placedBy, named, searches, released }) => [
    id, caseName, day(placedAt), placedBy.id, String(named), String(searches.length), released === null ? 'stands' : `released ${day(released.at)}`,
  ]))
}

function linesOf({ id, caseName, reason, placedBy, placedAt, searches, released }: Hold, recordings: readonly RecordingId[]): readonly string[] {
  return [
    `${id}  ${caseName}`,
    `  placed ${day(placedAt)} by ${placedBy.id}: ${reason}`,
    ...(released === null ? ['  stands'] : [`  released ${day(released.at)} by ${released.by.id}: ${released.reason}`]),
    ...searches.map(({ filter, at, by, reason: why }) => `  search of ${day(at)} by ${by.id} (${why}): ${conditionsOf(filter)}`),
    ...recordings.map((recording) => `  recording ${recording}`),
  ]
}

function conditionsOf(filter: Hold['searches'][number]['filter']): string {
  const { attached, ...rest } = filter
  const words = [...Object.entries(rest).filter(([, value]) => value !== null).map(([key, value]) => `${key} ${value instanceof Date ? value.toISOString() : String(value)}`), ...attached.map(({ key, value }) => `${key}=${value}`)]
  return words.length === 0 ? 'everything' : words.join(', ')
}

function day(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

function parseHoldArgument(text: string): HoldId {
  return refused(text, parseHoldId, 'The 16 hexadecimal digits that `holdfast hold list` shows.')
}
