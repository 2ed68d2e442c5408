import type { KeysSettings } from '../../config/keys-settings.ts'
import type { Problem } from '../../config/problem.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import type { NamedRecipient } from '../../core/domain/recipients.ts'
import { isProtectedFile, readKeyTexts } from './key-texts.ts'
import { askNobody } from './passphrase.ts'

type Keys = Omit<KeysSettings, 'checkEveryDays'>

const NONE: Keys = { recipients: [], recipientFiles: [], identityFiles: [] }

/** Everything for which `serve` would refuse the keys, read and tried as it does; not only the first. A passphrase is asked of nobody. */
export async function keyProblems({ keys }: { readonly keys: Keys }): Promise<readonly Problem[]> {
  const asked = await Promise.all(keys.identityFiles.map(async ({ file, passphrase }) => passphrase === null && await isProtectedFile(file)))
  const tried = await Promise.all([
    ...keys.recipients.map((recipient, index) => tryRecipient(`keys.recipients[${index}]`, recipient)),
    ...keys.recipientFiles.map((file, index) => tryKeys(`keys.recipientFiles[${index}]`, { ...NONE, recipientFiles: [file] })),
    ...keys.identityFiles.map((file, index) => asked[index] === true ? 0 : tryKeys(`keys.identityFiles[${index}]`, { ...NONE, identityFiles: [file] })),
  ])
  const problems = tried.filter((outcome) => typeof outcome !== 'number')
  if (problems.length > 0 || tried.some((outcome) => typeof outcome === 'number' && outcome > 0)) return problems
  return [{ path: 'keys.recipients', message: 'no recipient is named, and nothing is ever stored unsealed. `holdfast keys generate` makes a key; its recipient (age1…) goes here', position: null }]
}

/** One that is retired has to be one, and counts for nothing. */
async function tryRecipient(path: string, recipient: NamedRecipient): Promise<number | Problem> {
  const outcome = await tryKeys(path, { ...NONE, recipients: [{ ...recipient, standing: 'current' }] })
  return typeof outcome === 'number' && recipient.standing === 'retired' ? 0 : outcome
}

/** How many recipients there are, or what is wrong. */
async function tryKeys(path: string, keys: Keys): Promise<number | Problem> {
  try {
    return (await KeyRing.load(await readKeyTexts(keys, askNobody))).recipients.length
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    // The ring names the place; so does the path.
    return { path, message: error.message.replace(/^keys\.recipients\[\d+\], line 1: /, ''), position: null }
  }
}
