import type { Command } from 'commander'
import { HoldfastError } from '../../core/domain/errors.ts'
import { checkNewPassword } from '../../core/domain/password.ts'
import { askAtTerminal } from '../keys/passphrase.ts'
import { openPasswords } from '../sign-in/console-passwords.ts'
import { firstLine } from '../sign-in/first-line.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const HELP = `
The password is asked for at the terminal, twice, or read from the first line of standard input: never from
the command line, which others on this machine can see. 12 to 256 characters; no other rules.
Sessions that she has end.

Examples:
  holdfast user password carla@example.com
  pass show holdfast/carla | holdfast user password carla@example.com`

export function addPassword(user: Command, { terminal }: CommandContext): void {
  user
    .command('password')
    .description('set the password with which a user signs in')
    .argument('<name>', 'her name')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(async (name: string, { config }: ConfigOption) => {
      const password = await newPassword(name)
      await using console = await openPasswords(config)
      const user = await console.passwords.set(console.requester, name, password)
      terminal.err(`${user.name} signs in with the new password from now on. Sessions that she had are over.`)
    })
}

export function addSignOut(user: Command, { terminal }: CommandContext): void {
  user
    .command('sign-out')
    .description('end all sessions of a user')
    .argument('<name>', 'her name')
    .addOption(configOption())
    .action(async (name: string, { config }: ConfigOption) => {
      await using console = await openPasswords(config)
      const ended = await console.passwords.signOut(console.requester, name)
      terminal.err(`${ended} ${ended === 1 ? 'session' : 'sessions'} of ${name} ended.`)
    })
}

/** Asked twice where somebody types it without seeing it. @throws HoldfastError `PEOPLE_INVALID` */
async function newPassword(name: string): Promise<string> {
  const typed = await askAtTerminal(`New password of ${name}`)
  if (typed === null) return await firstLine(process.stdin)
  checkNewPassword(typed, name)
  if (await askAtTerminal('Once more') !== typed) throw new HoldfastError('PEOPLE_INVALID', 'the two passwords differ; nothing was changed')
  return typed
}
