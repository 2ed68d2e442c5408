import { type Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { verdictOf } from '../../core/domain/key-check.ts'
import { table } from '../demo/table.ts'
import { checkKeyStanding } from '../doctor/check-key-standing.ts'
import { checkKeys } from '../doctor/check-keys.ts'
import { generateKey } from '../keys/generate-key.ts'
import { type KeyStanding, keyStanding, openedBy } from '../keys/key-standing.ts'
import { askAtTerminal, passphraseIn } from '../keys/passphrase.ts'
import { describeKeys, type KeyReport, type RecipientReport } from '../keys/describe-keys.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { addKeysCheck } from './keys-check.ts'
import { addKeysRotate } from './keys-rotate.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const LOST = 'A lost identity is a lost recording: nobody, we neither, can open what was sealed to it alone. Copy the file to a safe place now, and try the copy.'

const GENERATE_HELP = `
Writes a new age identity to a file that only its owner can read (never over one that is there), and prints the recipient.
Recordings are sealed to the recipients that the settings name, so put it there.

${LOST}

--protect encrypts the file with a passphrase, as \`age -p\` does: \`age --decrypt\` and \`age -i\` read it, too. It is asked for here, twice,
and again when the service starts, unless the settings name a file or an environment variable that holds it (docs/keys.md).

Examples:
  holdfast keys generate                                  the first identity file of the settings that is not there yet
  holdfast keys generate --out /media/escrow/escrow.txt   a second key, kept apart: name only its recipient in the settings
  holdfast keys generate --protect                        protected with a passphrase that you are asked for
  holdfast keys generate --protect --passphrase-file p    with the one that a file holds`

const SHOW_HELP = `
Lists to whom recordings are sealed, how many each recipient opens, when its backup was last tried, and which identities are here; and what
is going to be lost if nothing is done. Prints no secrets.

Examples:
  holdfast keys
  holdfast keys show --json`

export function addKeys(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('make and list the keys that recordings are sealed with')
  keys
    .command('generate')
    .description('make a key')
    .addOption(configOption())
    .option('-o, --out <file>', 'where to write the identity')
    .option('--protect', 'encrypt the file with a passphrase, which is asked for')
    .option('--passphrase-file <file>', 'with --protect: take the passphrase from this file')
    .addHelpText('after', GENERATE_HELP)
    .action(async ({ config, out, protect, passphraseFile }: GenerateOptions, command: Command) => {
      if (protect === undefined && passphraseFile !== undefined) command.error('error: --passphrase-file goes with --protect')
      const passphrase = protect === undefined ? null : () => passphraseFile === undefined ? askTwice() : passphraseIn(passphraseFile)
      const { recipient, file } = await generateKey(loadSettingsDespitePolicy(config), { out: out ?? null, passphrase })
      context.terminal.out(recipient)
      context.terminal.err([
        `The identity is in ${file} (readable by its owner only${protect === undefined ? '' : ', and protected with the passphrase'}).`,
        protect === undefined ? LOST : `${LOST} The passphrase is as much a part of it as the file.`,
        `Put the recipient into the settings, under keys.recipients:\n    - ${recipient}`,
        `and, where this node shall play recordings back, the file under keys.identityFiles:\n    - ${file}`,
      ].join('\n'))
    })
  keys
    .command('show', { isDefault: true })
    .description('list recipients and identities')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', SHOW_HELP)
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      const settings = loadSettingsDespitePolicy(config)
      const report = await describeKeys(settings)
      const standing = await keyStanding(settings)
      const warnings = [...checkKeys(report), ...(standing === null ? [] : checkKeyStanding(report, standing, { now: systemClock.now(), everyDays: settings.keys.checkEveryDays }))].filter(({ status }) => status !== 'ok')
      context.terminal.out(json === true ? JSON.stringify({ ...report, ...standing, warnings }, null, 2) : reportText(report, standing))
      if (json !== true) for (const { found, advice } of warnings) context.terminal.err(`caution: ${found}${advice === null ? '' : `\n        → ${advice}`}`)
    })
  addKeysCheck(keys, context)
  addKeysRotate(keys, context)
}

interface GenerateOptions extends ConfigOption {
  readonly out?: string
  readonly protect?: true
  readonly passphraseFile?: string
}

/** Typed blind, so typed twice. @throws HoldfastError `KEY_FILE_INVALID` */
async function askTwice(): Promise<string> {
  const once = await askAtTerminal('Passphrase of the new identity')
  if (once === null) throw new HoldfastError('KEY_FILE_INVALID', 'there is no terminal to ask for a passphrase: --passphrase-file names a file that holds it')
  if (once === '') throw new HoldfastError('KEY_FILE_INVALID', 'an empty passphrase protects nothing')
  if (await askAtTerminal('Once more') === once) return once
  throw new HoldfastError('KEY_FILE_INVALID', 'the two passphrases differ: nothing was made')
}

function reportText({ recipients, identityFiles }: KeyReport, standing: KeyStanding | null): string {
  return [
    recipients.length === 0 ? 'No recipient: nothing can be sealed.' : table(['recipient', 'name', 'purpose', 'named in', 'opened here', 'recordings', 'backup tried'], recipients.map((each) => recipientCells(each, standing))),
    '',
    identityFiles.length === 0
      ? 'No identity file: this node records, and can play nothing back.'
      : table(['identity file', 'state'], identityFiles.map(({ file, state }) => [file, state])),
  ].join('\n')
}

function recipientCells({ recipient, name, purpose, standing: use, place, openedHere }: RecipientReport, standing: KeyStanding | null): readonly string[] {
  const last = standing?.checks.find((check) => check.recipient === recipient)
  const tried = last === undefined ? 'never' : `${last.checkedAt.toISOString().slice(0, 10)}${verdictOf(last) === 'passed' ? '' : ` (${verdictOf(last)})`}`
  return [recipient, name ?? '', use === 'retired' ? 'retired' : purpose, place, openedHere, standing === null ? '' : String(openedBy(standing.sets, recipient)), tried]
}
