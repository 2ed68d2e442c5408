import { readFile } from 'node:fs/promises'
import type { IdentityFileSetting } from '../../config/keys-settings.ts'
import type { Settings } from '../../config/settings.ts'
import type { KeyText } from '../../core/crypto/key-ring.ts'
import { isProtected, openProtected } from '../../core/crypto/protected-identity.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { unreadable } from '../file-trouble.ts'
import { type AskPassphrase, passphraseOf } from './passphrase.ts'

/** What recordings are sealed to now, and what opens them here. */
export interface KeyTexts {
  readonly recipients: readonly KeyText[]
  readonly identities: readonly KeyText[]
}

/**
 * The recipients and identities that the settings name, by value and by file; those that are retired are not among the recipients.
 * @throws HoldfastError `KEY_FILE_INVALID` for a file that cannot be read, or opened
 */
export async function readKeyTexts({ recipients, recipientFiles, identityFiles }: Omit<Settings['keys'], 'checkEveryDays'>, ask: AskPassphrase): Promise<KeyTexts> {
  const named = recipients.flatMap(({ recipient, standing }, index): readonly KeyText[] => standing === 'retired' ? [] : [{ place: `keys.recipients[${index}]`, text: recipient }])
  const identities: KeyText[] = []
  // One after another: two questions at once would share one terminal.
  for (const file of identityFiles) identities.push(await readIdentityFile(file, ask))
  return { recipients: [...named, ...(await Promise.all(recipientFiles.map(async (file) => ({ place: file, text: (await bytesOf(file)).toString('utf8') }))))], identities }
}

/** The identities in a file, whether it is protected or not. @throws HoldfastError `KEY_FILE_INVALID` */
export async function readIdentityFile(setting: IdentityFileSetting, ask: AskPassphrase): Promise<KeyText> {
  const { file } = setting
  const bytes = await bytesOf(file)
  if (!isProtected(bytes)) return { place: file, text: bytes.toString('utf8') }
  const text = await openProtected(bytes, await passphraseOf(setting, ask), file)
  if (text === null) throw new HoldfastError('KEY_FILE_INVALID', `${file}: the passphrase is not the one that it was protected with, or the file is damaged`, { place: file })
  return { place: file, text }
}

/** Whether a file is protected; `false` also where it cannot be read, which is told elsewhere. */
export async function isProtectedFile(file: string): Promise<boolean> {
  return await bytesOf(file).then(isProtected, () => false)
}

async function bytesOf(place: string): Promise<Buffer> {
  try {
    return await readFile(place)
  } catch (cause) {
    throw unreadable(place, cause, 'KEY_FILE_INVALID')
  }
}
