import { type Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/settings.ts'
import { table } from '../demo/table.ts'
import { generateKey } from '../keys/generate-key.ts'
import { describeKeys, type KeyReport } from '../keys/describe-keys.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const LOST = 'A lost identity is a lost recording: nobody, we neither, can open what was sealed to it alone. Copy the file to a safe place now, and try the copy.'

const GENERATE_HELP = `
Writes a new age identity to a file that only its owner can read (never over one that is there), and prints the recipient.
Recordings are sealed to the recipients that the settings name, so put it there.

${LOST}

Examples:
  holdfast keys generate                                  the first identity file of the settings that is not there yet
  holdfast keys generate --out /media/escrow/escrow.txt   a second key, kept apart: name only its recipient in the settings`

const SHOW_HELP = `
Lists to whom recordings are sealed and which identities are here. Prints no secrets.

Examples:
  holdfast keys show
  holdfast keys show --json`

export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('make and list the keys that recordings are sealed with')
  keys
    .command('generate')
    .description('make a key')
    .addOption(configOption())
    .option('-o, --out <file>', 'where to write the identity')
    .addHelpText('after', GENERATE_HELP)
    .action(async ({ config, out }: ConfigOption & { readonly out?: string }) => {
      const { recipient, file } = await generateKey(loadSettingsDespitePolicy(config), out ?? null)
      context.terminal.out(recipient)
      context.terminal.err([
        `The identity is in ${file} (readable by its owner only).`,
        LOST,
        `Put the recipient into the settings, under keys.recipients:\n    - ${recipient}`,
        `and, where this node shall play recordings back, the file under keys.identityFiles:\n    - ${file}`,
      ].join('\n'))
    })
  keys
    .command('show')
    .description('list recipients and identities')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', SHOW_HELP)
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      const report = await describeKeys(loadSettingsDespitePolicy(config))
      context.terminal.out(json === true ? JSON.stringify(report, null, 2) : reportText(report))
    })
}

function reportText({ recipients, identityFiles }: KeyReport): string {
  return [
    recipients.length === 0 ? 'No recipient: nothing can be sealed.' : table(['recipient', 'named in', 'opened here'], recipients.map(({ recipient, place, openedHere }) => [recipient, place, openedHere ? 'yes' : 'no'])),
    '',
    identityFiles.length === 0
      ? 'No identity file: this node records, and can play nothing back.'
      : table(['identity file', 'state'], identityFiles.map(({ file, state }) => [file, state])),
  ].join('\n')
}
