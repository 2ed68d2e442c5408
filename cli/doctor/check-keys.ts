import type { KeyReport } from '../keys/describe-keys.ts'
import { type Check, checksOf } from './check.ts'

/** What the keys mean for recordings that are made from now on. */
export function checkKeys({ recipients, identityFiles }: KeyReport): readonly Check[] {
  const { ok, warn, fail } = checksOf('keys')
  if (recipients.length === 0) return [fail('no recipient is named: nothing can be sealed, so nothing can be stored', '`holdfast keys generate` makes a key; put its recipient into `keys.recipients`')]
  const count = recipients.length === 1 ? 'one recipient' : `${recipients.length} recipients`
  const openable = recipients.filter(({ openedHere }) => openedHere).length
  return [
    recipients.length === 1
      ? warn('one recipient only: when its identity is lost, every recording is', 'Make a second key whose identity is kept elsewhere, and name its recipient, too: `holdfast keys generate --out …`')
      : ok(`recordings are sealed to ${count}`),
    ...identityFiles.flatMap(({ file, recipients: found, exposure, state }) => {
      if (found.length === 0) return [fail(`identity file ${file}: ${state}`, 'Restore it from its copy, or take it out of `keys.identityFiles`. What is sealed to it alone cannot be played meanwhile.')]
      return exposure === 'exposed' ? [fail(`identity file ${file} can be read by other users of this machine`, `chmod 600 ${file}`)] : []
    }),
    identityFiles.length === 0 || openable > 0
      ? ok(openable > 0 ? 'what is sealed now can be opened here' : 'no identity is here: this node records, and plays nothing back')
      : warn('no identity here opens what is sealed now: it cannot be played back here', 'Name the recipient of an identity of `keys.identityFiles` in `keys.recipients`: `holdfast keys show` lists both'),
  ]
}
