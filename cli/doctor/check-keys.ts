import type { IdentityFileReport, KeyReport, RecipientReport } from '../keys/describe-keys.ts'
import { type Check, checksOf } from './check.ts'

const { ok, warn, fail } = checksOf('keys')

/** What the keys mean for recordings that are made from now on. */
export function checkKeys({ recipients: named, identityFiles }: KeyReport): readonly Check[] {
  const recipients = named.filter(({ standing }) => standing === 'current')
  if (recipients.length === 0) return [fail('no recipient is named: nothing can be sealed, so nothing can be stored', '`holdfast keys generate` makes a key; put its recipient into `keys.recipients`')]
  return [
    ...checkRecipients(recipients),
    ...identityFiles.flatMap(checkFile),
    checkOpening(recipients, identityFiles),
  ]
}

function checkRecipients(recipients: readonly RecipientReport[]): readonly Check[] {
  if (recipients.length === 1) return [warn('one recipient only: when its identity is lost, every recording is', 'Make a second key whose identity is kept elsewhere, and name its recipient with `purpose: escrow`, too: `holdfast keys generate --out …` (docs/keys.md)')]
  if (!recipients.some(({ purpose }) => purpose === 'escrow')) return [warn(`recordings are sealed to ${recipients.length} recipients, and none of them is for escrow: nothing says that an identity is kept elsewhere`, 'Write `purpose: escrow` to the recipient whose identity lies in another place, or make one: docs/keys.md')]
  return [ok(`recordings are sealed to ${recipients.length} recipients`)]
}

function checkFile({ file, readable, exposure, state, protection, besideObjects }: IdentityFileReport): readonly Check[] {
  if (readable === 'no') return [fail(`identity file ${file}: ${state}`, `Let the user who serves read it (chown holdfast ${file}), restore it from its copy, or take it out of \`keys.identityFiles\`. What is sealed to it alone cannot be played meanwhile.`)]
  return [
    ...(exposure === 'exposed' && protection === 'none' ? [fail(`identity file ${file} can be read by other users of this machine`, `chmod 600 ${file}`)] : []),
    ...(besideObjects !== null && protection === 'none' ? [warn(`identity file ${file} lies on the disk of the recordings (${besideObjects}): who takes the disk, or its backup, has both`, 'Keep it on another disk, or protect it with a passphrase: `age -p` or `holdfast keys generate --protect` (docs/keys.md)')] : []),
  ]
}

function checkOpening(recipients: readonly RecipientReport[], identityFiles: readonly IdentityFileReport[]): Check {
  if (identityFiles.length === 0) return ok('no identity is here: this node records, and plays nothing back')
  if (recipients.some(({ openedHere }) => openedHere === 'yes')) return ok('what is sealed now can be opened here')
  if (recipients.some(({ openedHere }) => openedHere === 'unknown')) return ok('an identity waits for its passphrase: whether it opens what is sealed now shows when the service starts')
  return warn('no identity here opens what is sealed now: it cannot be played back here', 'Name the recipient of an identity of `keys.identityFiles` in `keys.recipients`: `holdfast keys show` lists both')
}
