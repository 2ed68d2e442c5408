import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkPolicyText, type LoadedPolicy, MAX_FILE_BYTES } from './read-policy.ts'

/** In the data directory: the text of the policy that was in force last. */
const KEPT_NAME = 'policy-kept.json'
/** The text, written as JSON: at most six characters for one, and a little beside it. */
const MAX_KEPT_BYTES = 7 * MAX_FILE_BYTES

/** A copy of the last good policy file. */
interface Kept {
  readonly format: 1
  /** Where the text stood: the key that it names is looked for beside it. */
  readonly file: string
  readonly text: string
}

/**
 * Keeps the text of the policy in force, for a start at which its file is wrong: a recorder that did not start would record every
 * call natively, also those that a rule says are never recorded. Whole or not at all, and durable when it resolves.
 */
export async function keepPolicy(dataDirectory: string, { file, text }: Pick<Kept, 'file' | 'text'>): Promise<void> {
  const kept: Kept = { format: 1, file, text }
  const target = join(dataDirectory, KEPT_NAME)
  const part = `${target}.part`
  await using handle = await open(part, 'w', 0o600)
  await handle.writeFile(JSON.stringify(kept))
  await handle.sync()
  await rename(part, target)
}

/** The kept policy as it is read today, or `null` when there is none, or none that can be used: its sampling key may be gone. */
export function keptPolicy(dataDirectory: string): LoadedPolicy | null {
  const kept = readKept(join(dataDirectory, KEPT_NAME))
  if (kept === null) return null
  const check = checkPolicyText(kept.text, { type: 'files', base: dirname(kept.file) })
  return check.outcome === 'valid' ? check : null
}

function readKept(path: string): Kept | null {
  try {
    const text = readFileSync(path, 'utf8')
    const value: unknown = text.length > MAX_KEPT_BYTES ? null : JSON.parse(text)
    return isKept(value) ? value : null
  } catch {
    // Never kept, cut short by a full disk before files were renamed, or changed by hand: as if there were none, and the caller says so.
    return null
  }
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 1
    && 'file' in value && typeof value.file === 'string' && 'text' in value && typeof value.text === 'string'
}
