import type { Settings } from '../../config/settings.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import { recipientNamed } from '../../core/domain/recipients.ts'
import type { KeyStanding } from '../../core/ports/key-standing.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { readKeyTexts } from './key-texts.ts'
import { type AskPassphrase, askAtTerminal } from './passphrase.ts'

/**
 * The keys of the settings; passphrases that stand nowhere are asked for at the terminal.
 * @throws HoldfastError `KEY_FILE_INVALID`; `NO_RECIPIENT`
 */
export async function openKeyRing({ keys }: Pick<Settings, 'keys'>, ask: AskPassphrase = askAtTerminal): Promise<KeyRing> {
  const ring = await KeyRing.load(await readKeyTexts(keys, ask))
  if (ring.recipients.length === 0) throw new HoldfastError('NO_RECIPIENT', 'no recipient is configured: nothing can be stored, and nothing is ever stored unsealed')
  return ring
}

/** As {@link openKeyRing}: what seals and opens with them, and what may be told of them. */
export async function openKeys(settings: Pick<Settings, 'keys'>): Promise<{ readonly cipher: AgeCipher; readonly standing: KeyStanding }> {
  const ring = await openKeyRing(settings)
  const { recipients } = settings.keys
  const byFile = ring.recipients.filter((recipient) => !recipients.some((named) => named.recipient === recipient)).map(recipientNamed)
  return { cipher: new AgeCipher(ring), standing: { recipients: [...recipients, ...byFile], openable: await ring.openableRecipients() } }
}
