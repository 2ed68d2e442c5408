import { type Command, Option } from 'commander'
import { DEFAULT_ROLES, type Hearing, HEARINGS, isDefaultRole, parseRoleName, type Permission, PERMISSIONS, ROLE_REACHES, type RoleDefinition, type RoleName, type RoleReach } from '../../core/domain/actor.ts'
import type { RoleWish } from '../../core/domain/people-edit.ts'
import { VISIBILITIES, type Visibility } from '../../core/domain/rules/attached-schema.ts'
import { table } from '../demo/table.ts'
import { argument, openPeople } from '../people/console-people.ts'
import { addImport } from '../people/import-people.ts'
import { differenceLines } from '../people/show-differences.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
The five default roles are built in and never change; yours stand beside them. Lists are given whole. What a change takes
away is over at once for everybody who has the role.

Examples:
  holdfast role add team-lead --permissions search play control-team --hears own-parts
  holdfast role set team-lead --reason-required`

interface WishOptions extends ConfigOption {
  readonly permissions?: readonly Permission[]
  readonly reach?: RoleReach
  readonly sees?: readonly Visibility[]
  readonly hears?: Hearing
  readonly reasonRequired?: boolean
}

export function addRole(program: Command, context: CommandContext): void {
  const role = program.command('role').description('roles: named sets of permissions')
  addList(role, context)
  wishes(role.command('add').description('make a role'), 'be-new', context)
  wishes(role.command('set').description('change a role'), 'be-there', context)
  addRemove(role, context)
  addImport(role, context)
}

function addList(role: Command, { terminal }: CommandContext): void {
  role
    .command('list')
    .description('list roles, the default ones first')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using console = await openPeople(config)
      const { roles: own } = await console.people.read(console.requester)
      const roles: readonly RoleDefinition[] = [...Object.values(DEFAULT_ROLES), ...own]
      if (json === true) terminal.out(JSON.stringify(roles.map((each) => ({ ...each, builtIn: isDefaultRole(each.name) })), null, 2))
      else terminal.out(table(['name', 'reach', 'sees', 'hears', 'reason', 'permissions'], roles.map((each) => [each.name, each.reach, each.sees.join(' '), each.hears, each.reasonRequired ? 'required' : '', each.permissions.join(' ')])))
    })
}

function wishes(command: Command, must: 'be-new' | 'be-there', { terminal }: CommandContext): void {
  command
    .argument('<name>', 'the role', argument(parseRoleName, '1 to 40 of 0-9 a-z -, beginning with a letter.'))
    .addOption(configOption())
    .addOption(new Option('--permissions <permission...>', 'all that it may').choices(PERMISSIONS).makeOptionMandatory(must === 'be-new'))
    .addOption(new Option('--reach <reach>', 'whose recordings it is about').choices(ROLE_REACHES))
    .addOption(new Option('--sees <class...>', 'attached data of these classes').choices(VISIBILITIES))
    .addOption(new Option('--hears <part>', 'where several agents speak in one recording').choices(HEARINGS))
    .option('--reason-required', 'whoever listens says why')
    .option('--no-reason-required', 'nobody is asked why')
    .addHelpText('after', HELP)
    .action(async (name: RoleName, options: WishOptions) => {
      await using console = await openPeople(options.config)
      const { differences } = await console.people.edit(console.requester, [{ type: 'role', name, must, wish: wishOf(options) }])
      for (const line of differenceLines(differences)) terminal.out(line)
      if (differences.length === 0) terminal.err('Nothing has changed: it was so already.')
    })
}

function wishOf({ permissions, reach, sees, hears, reasonRequired }: WishOptions): RoleWish {
  return {
    ...(permissions === undefined ? {} : { permissions }),
    ...(reach === undefined ? {} : { reach }),
    ...(sees === undefined ? {} : { sees }),
    ...(hears === undefined ? {} : { hears }),
    ...(reasonRequired === undefined ? {} : { reasonRequired }),
  }
}

function addRemove(role: Command, { terminal }: CommandContext): void {
  role
    .command('remove')
    .description('take a role away that no user has; tokens of it are no good any more')
    .argument('<name>', 'the role', argument(parseRoleName, '1 to 40 of 0-9 a-z -, beginning with a letter.'))
    .addOption(configOption())
    .action(async (name: RoleName, { config }: ConfigOption) => {
      await using console = await openPeople(config)
      await console.people.edit(console.requester, [{ type: 'role-removed', name }])
      terminal.err(`Role ${name} is removed.`)
    })
}
