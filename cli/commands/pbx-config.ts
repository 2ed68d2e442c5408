import { type Command, InvalidArgumentError } from 'commander'
import { isIP } from 'node:net'
import { asteriskConfigSnippets } from '../../adapters/asterisk/pbx-config.ts'
import { freeSwitchConfigSnippets } from '../../adapters/freeswitch/pbx-config.ts'
import { isLoopback } from '../../config/leaves.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { AsteriskSettings, FreeSwitchSettings, PbxSettings, Settings } from '../../config/settings.ts'
import { keysFrom } from '../../core/domain/rules/attached-schema.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const ASTERISK_HELP = `
Prints what the settings mean for Asterisk's own files: a user of manager.conf with the least rights and an event filter that lets
through what Holdfast reads, a user of ari.conf where the settings name one, and the dialplan's globals. The secrets of the settings
are in it: mind where you send it. Nothing is written; dialplan/README.md tells where it goes.

Examples:
  holdfast pbx-config asterisk
  holdfast pbx-config asterisk --pbx branch --from 10.0.0.7
  holdfast pbx-config asterisk --json | jq -r '."manager.conf"'`

const FREESWITCH_HELP = `
Prints what the settings mean for FreeSWITCH's own files: the event socket and who may reach it, the modules, the event that tells who
passed a call on, and the folder of recordings. The password of the settings is in it: mind where you send it. Nothing is written;
dialplan/README.md tells where it goes, and where dialplan/freeswitch/*.xml go.

Examples:
  holdfast pbx-config freeswitch
  holdfast pbx-config freeswitch --pbx branch --from 10.9.0.7
  holdfast pbx-config freeswitch --json | jq -r '."vars.xml"'`

type Snippets = Readonly<Record<string, string | null>>

interface Options extends ConfigOption, JsonOption {
  readonly pbx?: string
  readonly from?: string
}

/** One kind of PBX. */
interface Kind<Pbx extends PbxSettings> {
  readonly type: Pbx['type']
  readonly description: string
  readonly help: string
  readonly isOne: (pbx: PbxSettings) => pbx is Pbx
  readonly host: (pbx: Pbx) => string
  readonly snippets: (settings: Settings, pbx: Pbx, from: string) => Snippets
  /** Around the name of a file, in the comments of its format. */
  readonly heading: (file: string) => string
}

const ASTERISK: Kind<AsteriskSettings> = {
  type: 'asterisk',
  description: 'print sections for manager.conf, ari.conf and extensions.conf',
  help: ASTERISK_HELP,
  isOne: (pbx) => pbx.type === 'asterisk',
  host: ({ ami }) => ami.host,
  snippets: ({ attached }, { ami, ari, recordingDirectory }, from) => ({
    ...asteriskConfigSnippets({
      ami: { username: ami.username, secret: ami.secret, from: `${from}/${isIP(from) === 6 ? 128 : 32}` },
      ari: ari === null ? null : { username: ari.username, password: ari.password },
      recordingDirectory,
      attachedKeys: keysFrom(attached, 'dialplan'),
      sipHeaders: attached.headers,
    }),
  }),
  heading: (file) => `; ==== ${file} ====`,
}

const FREESWITCH: Kind<FreeSwitchSettings> = {
  type: 'freeswitch',
  description: 'print XML for event_socket.conf, acl.conf, modules.conf, the SIP profiles and vars.xml',
  help: FREESWITCH_HELP,
  isOne: (pbx) => pbx.type === 'freeswitch',
  host: ({ esl }) => esl.host,
  snippets: (_settings, { id: pbxId, esl: { port, password }, recordingDirectory }, from) => ({ ...freeSwitchConfigSnippets({ pbxId, esl: { port, password, from }, recordingDirectory }) }),
  heading: (file) => `<!-- ==== ${file} ==== -->`,
}

export function addPbxConfig(program: Command, context: CommandContext): void {
  const parent = program.command('pbx-config').description('print what a PBX needs to know')
  addKind(parent, context, ASTERISK)
  addKind(parent, context, FREESWITCH)
}

function addKind<Pbx extends PbxSettings>(parent: Command, { terminal }: CommandContext, kind: Kind<Pbx>): void {
  parent
    .command(kind.type)
    .description(kind.description)
    .addOption(configOption())
    .option('--pbx <id>', 'which PBX, where the settings name several')
    .option('--from <address>', 'the IP address from which Holdfast connects, where the PBX is another machine', parseAddress)
    .addOption(jsonOption())
    .addHelpText('after', kind.help)
    .action(({ config, pbx, from, json }: Options, command: Command) => {
      const settings = loadSettings(config)
      const known = settings.pbxs.filter(kind.isOne)
      const chosen = pbx === undefined && known.length === 1 ? known[0] : known.find(({ id }) => id === pbx)
      if (known.length === 0) return command.error(`error: ${config} names no PBX of \`type: ${kind.type}\`; ${settings.pbxs.map(({ id, type }) => `${id} is ${type === 'asterisk' ? 'an' : 'a'} ${type}: holdfast pbx-config ${type} --pbx ${id}`).join('; ')}`)
      if (chosen === undefined) return command.error(`error: --pbx has to name one of: ${known.map(({ id }) => id).join(', ')}`)
      const host = kind.host(chosen)
      const address = from ?? (isLoopback(host) ? '127.0.0.1' : null)
      if (address === null) return command.error(`error: ${host} is another machine: give --from, the address from which Holdfast connects to it`)
      const snippets = kind.snippets(settings, chosen, address)
      terminal.out(json === true ? JSON.stringify(snippets, null, 2) : asText(snippets, kind.heading))
    })
}

function asText(snippets: Snippets, heading: (file: string) => string): string {
  return Object.entries(snippets).flatMap(([file, text]) => (text === null ? [] : [`${heading(file)}\n${text}`])).join('\n')
}

function parseAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('An IP address.')
  return text
}
