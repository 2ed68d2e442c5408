import { stat } from 'node:fs/promises'
import type { Settings } from '../../config/settings.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { readKeyTexts } from './key-texts.ts'

/** One whom recordings are sealed to. */
export interface RecipientReport {
  readonly recipient: string
  /** The setting or file that names it. */
  readonly place: string
  /** Whether an identity of this node opens what is sealed to it. */
  readonly openedHere: boolean
}

export interface IdentityFileReport {
  readonly file: string
  /** In words: what is there, or what is wrong with it. */
  readonly state: string
  /** Recipients of the identities in it; empty when it cannot be read. */
  readonly recipients: readonly string[]
  readonly exposure: 'private' | 'exposed' | 'unknown'
}

/** What `keys show` and doctor tell of the keys: no secrets. */
export interface KeyReport {
  readonly recipients: readonly RecipientReport[]
  readonly identityFiles: readonly IdentityFileReport[]
}

/** Permission bits of group and others. */
const NOT_OWNER = 0o077

/**
 * Reads what the settings name. Identity files that are missing or broken are part of the answer.
 * @throws HoldfastError `KEY_FILE_INVALID` for a bad recipient
 */
export async function describeKeys({ keys }: Pick<Settings, 'keys'>): Promise<KeyReport> {
  const identityFiles = await Promise.all(keys.identityFiles.map(describeFile))
  const opened = new Set(identityFiles.flatMap(({ recipients }) => recipients))
  const { recipients: texts } = await readKeyTexts({ ...keys, identityFiles: [] })
  const recipients: RecipientReport[] = []
  for (const text of texts) {
    const ring = await KeyRing.load({ recipients: [text], identities: [] })
    recipients.push(...ring.recipients.map((recipient) => ({ recipient, place: text.place, openedHere: opened.has(recipient) })))
  }
  return { recipients, identityFiles }
}

async function describeFile(file: string): Promise<IdentityFileReport> {
  try {
    const { identities } = await readKeyTexts({ recipients: [], recipientFiles: [], identityFiles: [file] })
    const recipients = await (await KeyRing.load({ recipients: [], identities })).openableRecipients()
    const exposed = ((await stat(file)).mode & NOT_OWNER) !== 0
    const count = recipients.length === 1 ? 'one identity' : `${recipients.length} identities`
    return { file, recipients, exposure: exposed ? 'exposed' : 'private', state: exposed ? `${count}, readable by others: chmod 600` : count }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return { file, recipients: [], exposure: 'unknown', state: error.message.replace(`${file} `, '').replace(`${file}, `, '') }
  }
}
