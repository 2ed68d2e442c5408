import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettings } from '../../config/settings.ts'
import { type Role, ROLES } from '../../core/domain/actor.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parseTokenId } from '../../core/domain/ids.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import { TokenMint } from '../../core/library/token-mint.ts'
import type { StoredToken } from '../../core/ports/token-store.ts'
import { table } from '../demo/table.ts'
import { consoleActor } from '../console-actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { tokenState } from '../token-state.ts'
import type { CommandContext } from './command-context.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption, parseDurationMs } from './options.ts'

const CREATE_HELP = `
Prints the token once, alone on standard output: only its digest is stored, so it cannot be shown again.

Roles:
  administrator       runs the system, its rules and its audit; does not hear recordings
  supervisor          searches, plays and controls recordings of its partitions, and needs at least one --partition
  compliance-officer  searches and plays everything, confidential data too, and reads the audit; a --partition narrows it
  integrator          searches, plays and controls for another system; everywhere, unless a --partition narrows it

Examples:
  holdfast token create --role supervisor --partition /sales --label 'supervisor of sales' --expires 90d
  holdfast token create --role integrator --label crm > crm.token`

interface CreateOptions extends ConfigOption {
  readonly role: Role
  readonly label: string
  readonly partition: readonly string[]
  readonly expires?: number
}

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command('token').description('hand out and take back access to the API')
  token
    .command('create')
    .description('make a token')
    .addOption(configOption())
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .requiredOption('--label <text>', 'whom or what it is for, shown in the audit')
    .addOption(new Option('--partition <path>', 'what it reaches, with the subtree; may be given again').argParser(collected(parsePartitionOption)).default([], 'none'))
    .option('--expires <time>', 'ends by itself after this time: 12h, 30d, 8w', parseDurationMs)
    .addHelpText('after', CREATE_HELP)
    .action(async ({ config, role, label, partition, expires }: CreateOptions, command: Command) => {
      if (role === 'supervisor' && partition.length === 0) command.error('error: a supervisor reaches nothing without a partition: give --partition, such as --partition /sales')
      if (role === 'administrator' && partition.length > 0) command.error('error: an administrator is not narrowed by partitions: leave --partition out')
      await using store = await openConsoleStore(loadSettings(config))
      const expiresAt = expires === undefined ? null : new Date(systemClock.now().getTime() + expires)
      const made = await new TokenMint({ ...store, clock: systemClock }).create({ role, label, partitions: partition, expiresAt }, consoleActor())
      context.terminal.out(made.text)
      context.terminal.err(`Token ${made.token.id} for ${label} (${role}). It is shown this once; send it as \`Authorization: Bearer …\`. Take it back with: holdfast token revoke ${made.token.id}`)
    })
  token
    .command('list')
    .description('list tokens, without their secrets')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  holdfast token list\n  holdfast token list --json')
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using store = await openConsoleStore(loadSettings(config))
      const tokens = await store.tokens.list()
      const now = systemClock.now()
      context.terminal.out(json === true ? JSON.stringify(tokens.map((each) => withoutSecret(each, now)), null, 2) : tokenTable(tokens, now))
    })
  token
    .command('revoke')
    .description('take a token back, at once and for ever')
    .argument('<id>', 'the 16 hexadecimal digits that `token list` shows', parseTokenIdArgument)
    .addOption(configOption())
    .addHelpText('after', '\nPlayback that this token began ends, too.\n\nExamples:\n  holdfast token revoke 0123456789abcdef')
    .action(async (id: ReturnType<typeof parseTokenId>, { config }: ConfigOption) => {
      await using store = await openConsoleStore(loadSettings(config))
      const outcome = await new TokenMint({ ...store, clock: systemClock }).revoke(id, consoleActor())
      context.terminal.err(outcome === 'revoked' ? `Token ${id} is revoked.` : `There is no token ${id}; \`holdfast token list\` shows those there are.`)
      if (outcome === 'unknown') context.fail()
    })
}

function tokenTable(tokens: readonly StoredToken[], now: Date): string {
  if (tokens.length === 0) return 'There are no tokens; `holdfast token create` makes one.'
  return table(['id', 'role', 'label', 'partitions', 'created', 'expires', 'state'], tokens.map((token) => [
    token.id, token.role, token.label, token.partitions.join(' '), day(token.createdAt), token.expiresAt === null ? 'never' : day(token.expiresAt), tokenState(token, now),
  ]))
}

function withoutSecret({ id, role, label, partitions, createdAt, expiresAt, revokedAt }: StoredToken, now: Date): object {
  return { id, role, label, partitions, createdAt, expiresAt, revokedAt, state: tokenState({ expiresAt, revokedAt }, now) }
}

function day(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

function parsePartitionOption(text: string): string {
  return refused(text, parsePartition, 'A path such as /support/gold.')
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
