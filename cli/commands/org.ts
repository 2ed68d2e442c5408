import { type Command, Option } from 'commander'
import { parseAgent } from '../../core/domain/desk.ts'
import { parseUnitId, type UnitId } from '../../core/domain/ids.ts'
import type { PeopleEdit } from '../../core/domain/people-edit.ts'
import { restampAll } from '../../core/library/people/restamping.ts'
import { table } from '../demo/table.ts'
import { argument, openPeople, parseInstantArgument, shownTime } from '../people/console-people.ts'
import { addImport } from '../people/import-people.ts'
import { differenceLines } from '../people/show-differences.ts'
import { ProgressBar } from '../progress-bar.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
A unit stands in the tree, and an agent in a unit, from a time on: recordings are reached by the tree of the time of their
call. A change in the past is a correction: recordings of then are looked at again.

Examples:
  holdfast org add sales --name Sales
  holdfast org add north --below sales
  holdfast org join north anna --from 2026-03-01
  holdfast org leave north anna --at 2026-06-30T17:00
  holdfast org set north --top --from 2027-01-01`

const ALWAYS = new Date(0)
const PERCENT = 100

interface PlaceOptions extends ConfigOption {
  readonly name?: string
  readonly below?: UnitId
  readonly top?: true
  readonly from?: Date
}

interface StayOptions extends ConfigOption {
  readonly from?: Date
  readonly until?: Date
  readonly at?: Date
}

export function addOrg(program: Command, context: CommandContext): void {
  const org = program.command('org').description('business units, and which agents are in them').addHelpText('after', HELP)
  addList(org, context)
  places(org.command('add').description('make a unit'), 'be-new', context)
  places(org.command('set').description('move or rename a unit'), 'be-there', context)
  addRemove(org, context)
  addStays(org, context)
  addRestamp(org, context)
  addImport(org, context)
}

function unitArgument(command: Command): Command {
  return command.argument('<unit>', 'the unit', argument(parseUnitId, '1 to 40 of 0-9 a-z -, beginning with a letter or digit.')).addOption(configOption())
}

function instant(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseInstantArgument)
}

function addList(org: Command, { terminal }: CommandContext): void {
  org
    .command('list')
    .description('list units and agents, with their times')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using console = await openPeople(config)
      const { organisation } = await console.people.read(console.requester)
      if (json === true) terminal.out(JSON.stringify(organisation, null, 2))
      else if (organisation.places.length === 0) terminal.out('There are no units; `holdfast org add` makes one.')
      else {
        terminal.out(table(['unit', 'name', 'below', 'from', 'until'], organisation.places.map((place) => [place.unitId, place.name, place.parentId ?? '', shownTime(place.fromAt, 'always'), shownTime(place.toAt, '')])))
        if (organisation.members.length > 0) terminal.out(`\n${table(['agent', 'unit', 'from', 'until'], organisation.members.map((member) => [member.agent, member.unitId, shownTime(member.fromAt, 'always'), shownTime(member.toAt, '')]))}`)
      }
    })
}

function places(command: Command, must: 'be-new' | 'be-there', { terminal }: CommandContext): void {
  unitArgument(command)
    .option('--name <text>', 'the name that is shown')
    .addOption(new Option('--below <unit>', 'the unit above it').argParser(argument(parseUnitId, '1 to 40 of 0-9 a-z -.')))
    .option('--top', 'nothing is above it')
    .addOption(instant('--from <time>', must === 'be-new' ? 'since when; else always' : 'since when; else now'))
    .action(async (unitId: UnitId, { config, name, below, top, from }: PlaceOptions) => {
      const fromAt = from ?? (must === 'be-new' ? ALWAYS : systemClock.now())
      const parent = top === true ? { parentId: null } : below === undefined ? {} : { parentId: below }
      await edit(terminal, config, { type: 'unit-placed', unitId, must, fromAt, ...(name === undefined ? {} : { name }), ...parent })
    })
}

function addRemove(org: Command, { terminal }: CommandContext): void {
  unitArgument(org.command('remove').description('end a unit; with --history, as if it had never been'))
    .addOption(instant('--at <time>', 'when it ends; else now'))
    .option('--history', 'its past and its members, too: a correction')
    .action(async (unitId: UnitId, { config, at, history }: ConfigOption & { readonly at?: Date; readonly history?: true }) => {
      await edit(terminal, config, history === true ? { type: 'unit-removed', unitId } : { type: 'unit-closed', unitId, at: at ?? systemClock.now() })
    })
}

function addStays(org: Command, { terminal }: CommandContext): void {
  const agent = ['<agent>', 'her name as attached data, queues and telephones tell it', argument(parseAgent, '1 to 100 printable characters, and no telephone.')] as const
  unitArgument(org.command('join').description('an agent comes to a unit'))
    .argument(...agent)
    .addOption(instant('--from <time>', 'since when; else now'))
    .addOption(instant('--until <time>', 'until when; else for good'))
    .action(async (unitId: UnitId, name: string, { config, from, until }: StayOptions) => {
      await edit(terminal, config, { type: 'joined', unitId, agent: name, span: { fromAt: from ?? systemClock.now(), toAt: until ?? null } })
    })
  unitArgument(org.command('leave').description('an agent leaves a unit'))
    .argument(...agent)
    .addOption(instant('--at <time>', 'when; else now'))
    .action(async (unitId: UnitId, name: string, { config, at }: StayOptions) => {
      await edit(terminal, config, { type: 'left', unitId, agent: name, span: { fromAt: at ?? systemClock.now(), toAt: null } })
    })
}

async function edit(terminal: CommandContext['terminal'], config: string, wanted: PeopleEdit): Promise<void> {
  await using console = await openPeople(config)
  const { differences, restamp } = await console.people.edit(console.requester, [wanted])
  for (const line of differenceLines(differences)) terminal.out(line)
  if (differences.length === 0) terminal.err('Nothing has changed: it was so already.')
  else if (restamp !== null) terminal.err('Recordings since then are looked at again by the running service, or by `holdfast org restamp`.')
}

function addRestamp(org: Command, { terminal }: CommandContext): void {
  org
    .command('restamp')
    .description('look at recordings again after a correction, and wait for it; the running service does it by itself')
    .addOption(configOption())
    .action(async ({ config }: ConfigOption) => {
      await using console = await openPeople(config)
      using bar = new ProgressBar('restamp')
      const done = await restampAll({ people: console.store.people, clock: systemClock }, new AbortController().signal, ({ share }) => bar.show(Math.floor(share * PERCENT), PERCENT))
      terminal.err(done === null ? 'There was nothing to look at again.' : `${done.looked} recordings were looked at, ${done.changed} have other units now.`)
    })
}
