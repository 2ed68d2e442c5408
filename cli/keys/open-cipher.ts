import type { Settings } from '../../config/settings.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
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

/** As {@link openKeyRing}: what seals and opens with them. */
export async function openCipher(settings: Pick<Settings, 'keys'>): Promise<AgeCipher> {
  return new AgeCipher(await openKeyRing(settings))
}
