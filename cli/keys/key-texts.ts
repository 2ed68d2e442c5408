import { readFile } from 'node:fs/promises'
import type { Settings } from '../../config/settings.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { KeyText } from '../../core/crypto/key-ring.ts'

/** The recipients and identities that the settings name, by value and by file. @throws HoldfastError `KEY_FILE_INVALID` for a file that cannot be read */
export async function readKeyTexts({ recipients, recipientFiles, identityFiles }: Settings['keys']): Promise<{ readonly recipients: readonly KeyText[]; readonly identities: readonly KeyText[] }> {
  const named = recipients.map((text, index): KeyText => ({ place: `keys.recipients[${index}]`, text }))
  return {
    recipients: [...named, ...(await Promise.all(recipientFiles.map(readKeyFile)))],
    identities: await Promise.all(identityFiles.map(readKeyFile)),
  }
}

async function readKeyFile(place: string): Promise<KeyText> {
  try {
    return { place, text: await readFile(place, 'utf8') }
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new HoldfastError('KEY_FILE_INVALID', `${place} cannot be read: ${reason}`, { place, reason }, { cause })
  }
}
