import type { Command } from 'commander'
import { checkSettings, loadSettings } from '../../config/load-settings.ts'
import type { PbxSettings, Settings } from '../../config/settings.ts'
import { type Problem, problemLines } from '../../config/problem.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { fileProblems } from '../file-problems.ts'
import { keyProblems } from '../keys/key-problems.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Reads the file, and those that it names, tries the keys, and tells every fault. Starts and changes nothing: what is valid here, serve accepts.

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

async function check(file: string, context: CommandContext): Promise<void> {
  const settings = loadSettings(file)
  const problems = [...await keyProblems(settings), ...await fileProblems(settings)]
  if (problems.length > 0) throw invalid(file, problems)
  context.terminal.out(`${file}: valid`)
  for (const line of summary(settings)) context.terminal.out(`  ${line}`)
  for (const line of cautions(settings)) context.terminal.err(`caution: ${line}`)
}

async function checkAsJson(file: string, { terminal }: CommandContext): Promise<void> {
  const result = checkSettings(file)
  const problems = result.outcome === 'valid' ? [...await keyProblems(result.settings), ...await fileProblems(result.settings)] : result.problems
  const outcome = problems.length === 0 ? 'valid' : 'invalid'
  terminal.out(JSON.stringify({ file, outcome, problems, cautions: result.outcome === 'valid' ? cautions(result.settings) : [] }, null, 2))
  if (outcome === 'invalid') throw invalid(file, problems)
}

function invalid(file: string, problems: readonly Problem[]): HoldfastError {
  return new HoldfastError('CONFIG_INVALID', [`${file} is not valid`, ...problemLines(problems)].join('\n  '), { file, problems: problems.length })
}

function summary({ node, pbxs, policy, policyFile, attached, catalogue, http }: Settings): readonly string[] {
  return [
    `node ${node.name} (number ${node.number})`,
    ...pbxs.map((pbx) => `pbx ${pbx.id}: ${pbx.type} at ${linkOf(pbx)}, spool by ${pbx.spool.type}`),
    `${policyFile === null ? 'no policy file: ' : `${policyFile}: ${counted(policy.never.length, '`never` rule')}, ${counted(policy.rules.length, 'rule')}, then `}the dialplan's own request; policy version ${policy.version.slice(0, 12)}`,
    `attached data: ${[...attached.keys.keys()].join(', ')}`,
    `catalogue ${catalogue.type}, API on ${http.tls === null ? 'http' : 'https'}://${http.host}:${http.port}`,
  ]
}

function linkOf(pbx: PbxSettings): string {
  return pbx.type === 'asterisk' ? `${pbx.ami.host}:${pbx.ami.port}${pbx.ami.tls === null ? '' : ' over TLS'}` : `${pbx.esl.host}:${pbx.esl.port}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** What is allowed, and likely not meant. */
function cautions({ keys, http, log }: Settings): readonly string[] {
  return [
    ...(keys.identityFiles.length === 0 ? ['no identity file is named: this node records, and can play nothing back.'] : []),
    ...(http.graphiql ? ['http.graphiql is on: meant for development.'] : []),
    ...(log.level === 'debug' ? ['log.level is debug: attached data and numbers may be written to the log.'] : []),
  ]
}
