import { stat } from 'node:fs/promises'
import type { IdentityFileSetting } from '../../config/keys-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type NamedRecipient, recipientNamed } from '../../core/domain/recipients.ts'
import { isProtectedFile, readIdentityFile, readKeyTexts } from './key-texts.ts'
import { askNobody } from './passphrase.ts'

/** One whom recordings are sealed to. */
export interface RecipientReport extends NamedRecipient {
  /** The setting or file that names it. */
  readonly place: string
  /** Whether an identity of this node opens what is sealed to it; `unknown` while a file waits for its passphrase. */
  readonly openedHere: 'yes' | 'no' | 'unknown'
}

export interface IdentityFileReport {
  readonly file: string
  /** In words: what is there, or what is wrong with it. */
  readonly state: string
  /** `waits`: it is protected, and its passphrase stands nowhere: it is asked for when the service starts. */
  readonly readable: 'yes' | 'no' | 'waits'
  /** Recipients of the identities in it; empty when it cannot be read. */
  readonly recipients: readonly string[]
  readonly exposure: 'private' | 'exposed' | 'unknown'
  readonly protection: 'passphrase' | 'none'
  /** The folder of recordings that lies on the same disk, or `null`. */
  readonly besideObjects: string | null
}

/** What `keys show` and doctor tell of the keys: no secrets. */
export interface KeyReport {
  readonly recipients: readonly RecipientReport[]
  readonly identityFiles: readonly IdentityFileReport[]
}

type Described = Pick<Settings, 'keys' | 'objects' | 'stores'>

/** Permission bits of group and others. */
const NOT_OWNER = 0o077

/**
 * Reads what the settings name. Identity files that are missing or broken are part of the answer; a passphrase is asked of nobody.
 * @throws HoldfastError `KEY_FILE_INVALID` for a bad recipient
 */
export async function describeKeys({ keys, objects, stores }: Described): Promise<KeyReport> {
  const places = [objects, ...stores].flatMap((store) => store.type === 'directory' ? [store.path] : [])
  const identityFiles = await Promise.all(keys.identityFiles.map((file) => describeFile(file, places)))
  const opened = new Set(identityFiles.flatMap(({ recipients }) => recipients))
  const otherwise = identityFiles.some(({ readable }) => readable === 'waits') ? 'unknown' : 'no'
  const recipients = [...await byValue(keys.recipients), ...await byFile(keys.recipientFiles)]
  const openedHere = ({ recipient }: Placed): RecipientReport['openedHere'] => opened.has(recipient) ? 'yes' : otherwise
  return { recipients: recipients.map((each) => reportOf(each, openedHere(each))), identityFiles }
}

type Placed = Omit<RecipientReport, 'openedHere'>

function reportOf(placed: Placed, openedHere: RecipientReport['openedHere']): RecipientReport {
  return { ...placed, openedHere }
}

async function byValue(named: readonly NamedRecipient[]): Promise<readonly Placed[]> {
  return await Promise.all(named.map(async (each, index) => {
    const place = `keys.recipients[${index}]`
    await KeyRing.load({ recipients: [{ place, text: each.recipient }], identities: [] })
    return { ...each, place }
  }))
}

async function byFile(files: readonly string[]): Promise<readonly Placed[]> {
  const found: Placed[] = []
  for (const place of files) {
    const ring = await KeyRing.load(await readKeyTexts({ recipients: [], recipientFiles: [place], identityFiles: [] }, askNobody))
    for (const recipient of ring.recipients) found.push({ ...recipientNamed(recipient), place })
  }
  return found
}

async function describeFile(setting: IdentityFileSetting, places: readonly string[]): Promise<IdentityFileReport> {
  const { file } = setting
  const protection = await isProtectedFile(file) ? 'passphrase' : 'none'
  const found = { file, protection, recipients: [], exposure: await exposureOf(file), besideObjects: await onSameDisk(file, places) } as const
  if (protection === 'passphrase' && setting.passphrase === null) return { ...found, readable: 'waits', state: 'protected: its passphrase is asked for when the service starts' }
  try {
    const recipients = await (await KeyRing.load({ recipients: [], identities: [await readIdentityFile(setting, askNobody)] })).openableRecipients()
    return { ...found, recipients, readable: 'yes', state: stateOf(recipients.length, found) }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return { ...found, readable: 'no', state: error.message.replace(`${file}: `, '').replace(`${file} `, '').replace(`${file}, `, '') }
  }
}

function stateOf(identities: number, { protection, exposure }: Pick<IdentityFileReport, 'protection' | 'exposure'>): string {
  return [
    identities === 1 ? 'one identity' : `${identities} identities`,
    ...(protection === 'passphrase' ? ['protected'] : []),
    ...(exposure === 'exposed' ? ['readable by others: chmod 600'] : []),
  ].join(', ')
}

async function exposureOf(file: string): Promise<IdentityFileReport['exposure']> {
  return await stat(file).then(({ mode }) => (mode & NOT_OWNER) === 0 ? 'private' : 'exposed', () => 'unknown')
}

/** One disk that is stolen, or copied with its backup, then carries both. */
async function onSameDisk(file: string, places: readonly string[]): Promise<string | null> {
  const own = await deviceOf(file)
  for (const place of places) if (own !== null && await deviceOf(place) === own) return place
  return null
}

async function deviceOf(path: string): Promise<number | null> {
  return await stat(path).then(({ dev }) => dev, () => null)
}
