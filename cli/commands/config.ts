import type { Command } from 'commander'
import { checkSettings, loadSettings, type Settings } from '../../config/settings.ts'
import { problemLines } from '../../config/problem.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Reads the file, and those that it names, and tells every fault with its line. Starts and changes nothing.

Examples:
  holdfast config check --config holdfast.yaml
  holdfast config check --json | jq '.problems[].path'`

export function addConfig(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('look at the settings')
    .command('check')
    .description('tell every fault of a settings file')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((options: ConfigOption & JsonOption) => options.json === true ? checkAsJson(options.config, context) : check(options.config, context))
}

function check(file: string, { terminal }: CommandContext): void {
  const settings = loadSettings(file)
  terminal.out(`${file}: valid`)
  for (const line of summary(settings)) terminal.out(`  ${line}`)
  for (const line of cautions(settings)) terminal.err(`caution: ${line}`)
}

function checkAsJson(file: string, { terminal }: CommandContext): void {
  const result = checkSettings(file)
  const problems = result.outcome === 'valid' ? [] : result.problems
  terminal.out(JSON.stringify({ file, outcome: result.outcome, problems, cautions: result.outcome === 'valid' ? cautions(result.settings) : [] }, null, 2))
  if (result.outcome === 'invalid') throw new HoldfastError('CONFIG_INVALID', [`${file} is not valid`, ...problemLines(problems)].join('\n  '), { file, problems: problems.length })
}

function summary({ node, pbxs, policy, policyFile, attached, catalogue, http }: Settings): readonly string[] {
  return [
    `node ${node.name} (number ${node.number})`,
    ...pbxs.map((pbx) => `pbx ${pbx.id}: ${pbx.type} at ${pbx.ami.host}:${pbx.ami.port}${pbx.ami.tls === null ? '' : ' over TLS'}, spool by ${pbx.spool.type}`),
    `${policyFile === null ? 'no policy file: ' : `${policyFile}: ${counted(policy.never.length, '`never` rule')}, ${counted(policy.rules.length, 'rule')}, then `}the dialplan's own request; policy version ${policy.version.slice(0, 12)}`,
    `attached data: ${[...attached.keys.keys()].join(', ')}`,
    `catalogue ${catalogue.type}, API on ${http.tls === null ? 'http' : 'https'}://${http.host}:${http.port}`,
  ]
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** What is allowed, and likely not meant. */
function cautions({ keys, http, log }: Settings): readonly string[] {
  return [
    ...(keys.recipients.length + keys.recipientFiles.length === 0 ? ['no recipient is named: nothing can be sealed, and `holdfast serve` will not start. `holdfast keys generate` makes a key.'] : []),
    ...(keys.identityFiles.length === 0 ? ['no identity file is named: this node records, and can play nothing back.'] : []),
    ...(http.graphiql ? ['http.graphiql is on: meant for development.'] : []),
    ...(log.level === 'debug' ? ['log.level is debug: attached data and numbers may be written to the log.'] : []),
  ]
}
