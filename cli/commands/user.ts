import { type Command, Option } from 'commander'
import { parseRoleName, type RoleName } from '../../core/domain/actor.ts'
import { parseAgent } from '../../core/domain/desk.ts'
import { parseUnitId, type UnitId } from '../../core/domain/ids.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import type { UserWish } from '../../core/domain/people-edit.ts'
import { parseUserName } from '../../core/domain/person.ts'
import { table } from '../demo/table.ts'
import { argument, openPeople, shownTime } from '../people/console-people.ts'
import { addImport } from '../people/import-people.ts'
import { differenceLines } from '../people/show-differences.ts'
import type { CommandContext } from './command-context.ts'
import { addPassword, addSignOut } from './user-password.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
What is left out stays as it is. Lists are given whole: --partition and --unit say all that she reaches from now on.
What is taken away is over at once, also for what she is listening to.

Examples:
  holdfast user add carla@example.com --role supervisor --unit sales --partition /support/gold
  holdfast user set carla@example.com --no-units --disabled`

interface WishOptions extends ConfigOption {
  readonly role?: RoleName
  readonly agent?: string | false
  readonly partition: readonly string[]
  readonly partitions?: false
  readonly unit: readonly UnitId[]
  readonly units?: false
  readonly disabled?: true
  readonly enabled?: true
  readonly name?: string
}

export function addUser(program: Command, context: CommandContext): void {
  const user = program.command('user').description('users: who they are, what they may, whose recordings they reach')
  addList(user, context)
  wishes(user.command('add').description('make a user'), 'be-new', context)
  wishes(user.command('set').description('change a user'), 'be-there', context)
  addRemove(user, context)
  addImport(user, context)
  addPassword(user, context)
  addSignOut(user, context)
}

function addList(user: Command, { terminal }: CommandContext): void {
  user
    .command('list')
    .description('list users')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using console = await openPeople(config)
      const { users } = await console.people.read(console.requester)
      if (json === true) terminal.out(JSON.stringify(users, null, 2))
      else if (users.length === 0) terminal.out('There are no users; `holdfast user add` makes one.')
      else terminal.out(table(['name', 'role', 'agent', 'partitions', 'leads', 'since', 'state'], users.map((each) => [each.name, each.role, each.agent ?? '', each.partitions.join(' '), each.units.join(' '), shownTime(each.createdAt, ''), each.disabledAt === null ? '' : 'disabled'])))
    })
}

function wishes(command: Command, must: 'be-new' | 'be-there', { terminal }: CommandContext): void {
  command
    .argument('<name>', 'what she signs in with', argument(parseUserName, '1 to 100 printable characters.'))
    .addOption(configOption())
    .addOption(new Option('--role <role>', 'a default role, or one of your own').argParser(argument(parseRoleName, '1 to 40 of 0-9 a-z -, beginning with a letter.')).makeOptionMandatory(must === 'be-new'))
    .addOption(new Option('--agent <name>', 'her name as attached data, queues and telephones tell it').argParser(argument(parseAgent, '1 to 100 printable characters, and no telephone.')))
    .option('--no-agent', 'she has no calls of her own')
    .addOption(new Option('--partition <path>', 'a partition that she reaches, with the subtree; may be given again').argParser(collected(argument(parsePartition, 'A path such as /support/gold.'))).default([], 'as before'))
    .option('--no-partitions', 'she reaches no partition')
    .addOption(new Option('--unit <unit>', 'a unit that she leads, with those below; may be given again').argParser(collected(argument(parseUnitId, '1 to 40 of 0-9 a-z -.'))).default([], 'as before'))
    .option('--no-units', 'she leads no unit')
    .option('--disabled', 'she may not come in')
    .option('--enabled', 'she may come in again')
    .addHelpText('after', HELP)
  if (must === 'be-there') command.addOption(new Option('--name <name>', 'another name').argParser(argument(parseUserName, '1 to 100 printable characters.')))
  command.action(async (name: string, options: WishOptions) => {
    await using console = await openPeople(options.config)
    const { differences } = await console.people.edit(console.requester, [{ type: 'user', name, must, wish: wishOf(options) }])
    for (const line of differenceLines(differences)) terminal.out(line)
    if (differences.length === 0) terminal.err('Nothing has changed: it was so already.')
  })
}

function wishOf({ role, agent, partition, partitions, unit, units, disabled, enabled, name }: WishOptions): UserWish {
  return {
    ...(role === undefined ? {} : { role }),
    // Commander gives true where neither --agent nor --no-agent came.
    ...(agent === false ? { agent: null } : typeof agent === 'string' ? { agent } : {}),
    ...(partitions === false ? { partitions: [] } : partition.length === 0 ? {} : { partitions: partition }),
    ...(units === false ? { units: [] } : unit.length === 0 ? {} : { units: unit }),
    ...(disabled === true ? { disabled: true } : enabled === true ? { disabled: false } : {}),
    ...(name === undefined ? {} : { name }),
  }
}

function addRemove(user: Command, { terminal }: CommandContext): void {
  user
    .command('remove')
    .description('take a user away; what the audit tells of her stays')
    .argument('<name>', 'her name')
    .addOption(configOption())
    .action(async (name: string, { config }: ConfigOption) => {
      await using console = await openPeople(config)
      await console.people.edit(console.requester, [{ type: 'user-removed', name }])
      terminal.err(`User ${name} is removed. What she was listening to ends.`)
    })
}
