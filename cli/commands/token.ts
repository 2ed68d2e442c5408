import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { type AgentView, isDefaultRole, parseRoleName, type Permission, PERMISSIONS, type RoleName, ROLES, type TokenBinding } from '../../core/domain/actor.ts'
import { type Desk, formatDesk, parseAgent, parseDesk } from '../../core/domain/desk.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parseTokenId } from '../../core/domain/ids.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import { TokenMint } from '../../core/library/sign-in/token-mint.ts'
import type { StoredToken } from '../../core/ports/token-store.ts'
import { table } from '../demo/table.ts'
import { consoleActor } from '../console-actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { tokenState } from '../token-state.ts'
import type { CommandContext } from './command-context.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption, parseDurationMs, refuseUnknownPbx } from './options.ts'

const CREATE_HELP = `
Prints the token once, alone on standard output: only its digest is stored, so it cannot be shown again.

Roles:
  administrator       runs the system, its rules and its audit; does not hear recordings
  supervisor          searches, plays and controls recordings of its partitions, and needs at least one --partition
  compliance-officer  searches and plays everything, confidential data too, and reads the audit; a --partition narrows it
  integrator          searches, plays and controls for another system; everywhere, unless a --partition narrows it
  agent               pauses, starts and stops her own calls while they go on; needs --agent, an --endpoint, or both

A --permission leaves of the role what is named, and nothing that the role lacks, now or later.

Examples:
  holdfast token create --role supervisor --partition /sales --label 'supervisor of sales' --expires 90d
  holdfast token create --role integrator --label crm > crm.token
  holdfast token create --role integrator --permission search --permission play --label 'quality desk'
  holdfast token create --role agent --agent anna --endpoint main:PJSIP/200 --label 'desktop of anna'`

interface CreateOptions extends ConfigOption {
  readonly role: RoleName
  readonly permission: readonly Permission[]
  readonly label: string
  readonly partition: readonly string[]
  readonly expires?: number
  readonly agent?: string
  readonly endpoint: readonly Desk[]
  readonly ownRecordings?: true
}

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command('token').description('hand out and take back access to the API')
  addCreate(token, context)
  addList(token, context)
  addRevoke(token, context)
}

function addCreate(token: Command, context: CommandContext): void {
  token
    .command('create')
    .description('make a token')
    .addOption(configOption())
    .addOption(new Option('--role <role>', `what it may do: ${ROLES.join(', ')}, or a role of your own`).argParser(parseRoleOption).makeOptionMandatory())
    .addOption(new Option('--permission <permission>', 'of the role, this alone; may be given again').argParser(collected(parsePermissionOption)).default([], 'all of the role'))
    .requiredOption('--label <text>', 'whom or what it is for, shown in the audit')
    .addOption(new Option('--partition <path>', 'what it reaches, with the subtree; may be given again').argParser(collected(parsePartitionOption)).default([], 'none'))
    .addOption(new Option('--agent <name>', 'of an agent: her name, as attached data, queues and sign-ins write it').argParser(parseAgentOption))
    .addOption(new Option('--endpoint <pbx:endpoint>', 'of an agent: her telephone, where nobody says otherwise; may be given again').argParser(collected(parseDeskOption)).default([], 'none'))
    .option('--own-recordings', 'of an agent: she may also search her own recordings of before')
    .option('--expires <time>', 'ends by itself after this time: 12h, 30d, 8w', parseDurationMs)
    .addHelpText('after', CREATE_HELP)
    .action(async (options: CreateOptions, command: Command) => {
      const { config, role, permission, label, partition, expires } = options
      if (role === 'supervisor' && partition.length === 0) command.error('error: a supervisor reaches nothing without a partition: give --partition, such as --partition /sales')
      const fault = bindingFault(options)
      if (fault !== null) command.error(`error: ${fault}`)
      if (role === 'administrator' && partition.length > 0) command.error('error: an administrator is not narrowed by partitions: leave --partition out')
      const settings = loadSettingsDespitePolicy(config)
      for (const { pbxId } of options.endpoint) refuseUnknownPbx(command, settings, pbxId)
      await using store = await openConsoleStore(settings)
      if (await store.people.findRole(role) === null) command.error(`error: there is no role ${role}; \`holdfast role list\` shows those there are`)
      const expiresAt = expires === undefined ? null : new Date(systemClock.now().getTime() + expires)
      const made = await new TokenMint({ ...store, clock: systemClock }).create({ role, permissions: permission.length === 0 ? null : permission, label, partitions: partition, binding: bindingOf(options), expiresAt }, consoleActor())
      context.terminal.out(made.text)
      context.terminal.err(`Token ${made.token.id} for ${label} (${roleOf(made.token)}). It is shown this once; send it as \`Authorization: Bearer …\`. Take it back with: holdfast token revoke ${made.token.id}`)
    })
}

function addList(token: Command, context: CommandContext): void {
  token
    .command('list')
    .description('list tokens, without their secrets')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  holdfast token list\n  holdfast token list --json')
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const tokens = await store.tokens.list()
      const now = systemClock.now()
      context.terminal.out(json === true ? JSON.stringify(tokens.map((each) => withoutSecret(each, now)), null, 2) : tokenTable(tokens, now))
    })
}

function addRevoke(token: Command, context: CommandContext): void {
  token
    .command('revoke')
    .description('take a token back, at once and for ever')
    .argument('<id>', 'the 16 hexadecimal digits that `token list` shows', parseTokenIdArgument)
    .addOption(configOption())
    .addHelpText('after', '\nPlayback that this token began ends, too.\n\nExamples:\n  holdfast token revoke 0123456789abcdef')
    .action(async (id: ReturnType<typeof parseTokenId>, { config }: ConfigOption) => {
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const outcome = await new TokenMint({ ...store, clock: systemClock }).revoke(id, consoleActor())
      context.terminal.err(outcome === 'revoked' ? `Token ${id} is revoked.` : `There is no token ${id}; \`holdfast token list\` shows those there are.`)
      if (outcome === 'unknown') context.fail()
    })
}

function tokenTable(tokens: readonly StoredToken[], now: Date): string {
  if (tokens.length === 0) return 'There are no tokens; `holdfast token create` makes one.'
  return table(['id', 'role', 'permissions', 'label', 'partitions', 'bound to', 'created', 'expires', 'state'], tokens.map((token) => [
    token.id, token.role, token.permissions?.join(' ') ?? 'all of the role', token.label, token.partitions.join(' '), boundTo(token), day(token.createdAt), token.expiresAt === null ? 'never' : day(token.expiresAt), tokenState(token, now),
  ]))
}

function withoutSecret({ id, role, permissions, label, partitions, binding, createdAt, expiresAt, revokedAt }: StoredToken, now: Date): object {
  return { id, role, permissions, label, partitions, agent: binding?.agent ?? null, desks: (binding?.desks ?? []).map(formatDesk), sees: binding?.sees ?? null, createdAt, expiresAt, revokedAt, state: tokenState({ expiresAt, revokedAt }, now) }
}

function roleOf({ role, permissions }: StoredToken): string {
  return permissions === null ? role : `${role}, ${permissions.join(' ')} alone`
}

function boundTo({ binding }: StoredToken): string {
  if (binding === null) return ''
  return [...binding.agent === null ? [] : [binding.agent], ...binding.desks.map(formatDesk), ...binding.sees === 'own' ? ['(own recordings)'] : []].join(' ')
}

/** What is wrong with the options of an agent, or `null`. */
function bindingFault({ role, agent, endpoint, partition, ownRecordings }: CreateOptions): string | null {
  const isBound = agent !== undefined || endpoint.length > 0
  if (role !== 'agent' && ownRecordings === true) return '--own-recordings is for --role agent; a role of your own has it among its permissions'
  if (role !== 'agent') return isBound && isDefaultRole(role) ? '--agent and --endpoint are for --role agent, and for roles of your own' : null
  if (!isBound) return 'an agent reaches nothing without her name or her telephone: give --agent, --endpoint or both'
  if (partition.length > 0) return 'an agent reaches her own calls, and no partition: leave --partition out'
  return ownRecordings === true && agent === undefined ? 'only a person has recordings of her own: give --agent' : null
}

function bindingOf({ agent, endpoint, ownRecordings }: CreateOptions): TokenBinding | null {
  const sees: AgentView = ownRecordings === true ? 'own' : 'live'
  return agent !== undefined || endpoint.length > 0 ? { agent: agent ?? null, desks: endpoint, sees } : null
}

function day(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

function parseRoleOption(text: string): RoleName {
  return refused(text, parseRoleName, `${ROLES.join(', ')}, or a role of your own.`)
}

function parsePermissionOption(text: string): Permission {
  const permission = PERMISSIONS.find((known) => known === text)
  if (permission === undefined) throw new InvalidArgumentError(`One of ${PERMISSIONS.join(', ')}.`)
  return permission
}

function parsePartitionOption(text: string): string {
  return refused(text, parsePartition, 'A path such as /support/gold.')
}

function parseAgentOption(text: string): string {
  return refused(text, parseAgent, '1 to 100 printable characters, and no telephone such as PJSIP/200: that is --endpoint.')
}

function parseDeskOption(text: string): Desk {
  return refused(text, parseDesk, 'The name of a PBX in the settings, and a telephone: main:PJSIP/200.')
}

function parseTokenIdArgument(text: string): ReturnType<typeof parseTokenId> {
  return refused(text, parseTokenId, 'The 16 hexadecimal digits that `holdfast token list` shows.')
}

function refused<Value>(text: string, parse: (text: string) => Value, allowed: string): Value {
  try {
    return parse(text)
  } catch (error) {
    if (isHoldfastError(error)) throw new InvalidArgumentError(allowed)
    throw error
  }
}
