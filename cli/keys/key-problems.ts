import type { Problem } from '../../config/problem.ts'
import type { Settings } from '../../config/settings.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { readKeyTexts } from './key-texts.ts'

type Keys = Settings['keys']

const NONE: Keys = { recipients: [], recipientFiles: [], identityFiles: [] }

/** Everything for which `serve` would refuse the keys, read and tried as it does; not only the first. */
export async function keyProblems({ keys }: Pick<Settings, 'keys'>): Promise<readonly Problem[]> {
  const tried = await Promise.all([
    ...keys.recipients.map((text, index) => tryKeys(`keys.recipients[${index}]`, { ...NONE, recipients: [text] })),
    ...keys.recipientFiles.map((file, index) => tryKeys(`keys.recipientFiles[${index}]`, { ...NONE, recipientFiles: [file] })),
    ...keys.identityFiles.map((file, index) => tryKeys(`keys.identityFiles[${index}]`, { ...NONE, identityFiles: [file] })),
  ])
  const problems = tried.filter((outcome) => typeof outcome !== 'number')
  if (problems.length > 0 || tried.some((outcome) => typeof outcome === 'number' && outcome > 0)) return problems
  return [{ path: 'keys.recipients', message: 'no recipient is named, and nothing is ever stored unsealed. `holdfast keys generate` makes a key; its recipient (age1…) goes here', position: null }]
}

/** How many recipients there are, or what is wrong. */
async function tryKeys(path: string, keys: Keys): Promise<number | Problem> {
  try {
    return (await KeyRing.load(await readKeyTexts(keys))).recipients.length
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    // The ring names the place; so does the path.
    return { path, message: error.message.replace(`${path}, line 1: `, ''), position: null }
  }
}
