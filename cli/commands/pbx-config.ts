import { type Command, InvalidArgumentError } from 'commander'
import { isIP } from 'node:net'
import { asteriskConfigSnippets } from '../../adapters/asterisk/pbx-config.ts'
import { isLoopback } from '../../config/leaves.ts'
import { type AsteriskSettings, loadSettings, type Settings } from '../../config/settings.ts'
import { keysFrom } from '../../core/domain/rules/attached-schema.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Prints what the settings mean for Asterisk's own files: a user of manager.conf with the least rights and an event filter that lets
through what Holdfast reads, a user of ari.conf where the settings name one, and the dialplan's globals. The secrets of the settings
are in it: mind where you send it. Nothing is written; dialplan/README.md tells where it goes.

Examples:
  holdfast pbx-config asterisk
  holdfast pbx-config asterisk --pbx branch --from 10.0.0.7
  holdfast pbx-config asterisk --json | jq -r '."manager.conf"'`

interface Options extends ConfigOption, JsonOption {
  readonly pbx?: string
  readonly from?: string
}

export function addPbxConfig(program: Command, context: CommandContext): void {
  program
    .command('pbx-config')
    .description('print what a PBX needs to know')
    .command('asterisk')
    .description('print sections for manager.conf, ari.conf and extensions.conf')
    .addOption(configOption())
    .option('--pbx <id>', 'which PBX, where the settings name several')
    .option('--from <address>', 'the IP address from which Holdfast connects, where the PBX is another machine', parseAddress)
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(({ config, pbx, from, json }: Options, command: Command) => {
      const settings = loadSettings(config)
      const chosen = choose(settings, pbx ?? null)
      if (chosen === null) return command.error(`error: --pbx has to name one of: ${asterisksOf(settings).map(({ id }) => id).join(', ')}`)
      const address = from ?? (isLoopback(chosen.ami.host) ? '127.0.0.1' : null)
      if (address === null) return command.error(`error: ${chosen.ami.host} is another machine: give --from, the address from which Holdfast connects to it`)
      const snippets = snippetsOf(settings, chosen, address)
      context.terminal.out(json === true ? JSON.stringify(snippets, null, 2) : asText(snippets))
    })
}

function asterisksOf({ pbxs }: Settings): readonly AsteriskSettings[] {
  return pbxs.filter((pbx) => pbx.type === 'asterisk')
}

function choose(settings: Settings, id: string | null): AsteriskSettings | null {
  const pbxs = asterisksOf(settings)
  if (id === null) return pbxs.length === 1 ? (pbxs[0] ?? null) : null
  return pbxs.find((pbx) => pbx.id === id) ?? null
}

function snippetsOf({ attached }: Settings, { ami, ari, recordingDirectory }: AsteriskSettings, from: string): Readonly<Record<string, string | null>> {
  return {
    ...asteriskConfigSnippets({
      ami: { username: ami.username, secret: ami.secret, from: `${from}/${isIP(from) === 6 ? 128 : 32}` },
      ari: ari === null ? null : { username: ari.username, password: ari.password },
      recordingDirectory,
      attachedKeys: keysFrom(attached, 'dialplan'),
      sipHeaders: attached.headers,
    }),
  }
}

function asText(snippets: Readonly<Record<string, string | null>>): string {
  return Object.entries(snippets).flatMap(([file, text]) => (text === null ? [] : [`; ==== ${file} ====\n${text}`])).join('\n')
}

function parseAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('An IP address.')
  return text
}
