import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type CheckpointKey, isSignedBy, parseCheckpoint, type SignedCheckpoint } from '../../core/domain/audit/checkpoint.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { unreadable } from '../file-trouble.ts'

/** What a file of checkpoints holds: those whose signature is good, and the places of all others. */
export interface ReadCheckpoints {
  readonly good: readonly SignedCheckpoint[]
  readonly bad: readonly { readonly line: number; readonly why: string }[]
}

/** How a line is told from others in a log that several programs write to. */
const MARK = '"note":"holdfast/audit/'

/**
 * Reads checkpoints as they were written outside: one JSON object a line, also behind what a log puts before it. Lines about something else are passed over.
 * @throws HoldfastError `CONFIG_INVALID` when the file cannot be read
 */
export async function readCheckpoints(file: string, keys: readonly CheckpointKey[]): Promise<ReadCheckpoints> {
  const good: SignedCheckpoint[] = []
  const bad: { line: number; why: string }[] = []
  let line = 0
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      line += 1
      if (!text.includes(MARK)) continue
      const read = readLine(text, keys)
      if (typeof read === 'string') bad.push({ line, why: read })
      else good.push(read)
    }
  } catch (cause) {
    throw unreadable(file, cause)
  }
  return { good, bad }
}

/** The checkpoint of a line, or what is wrong with it. */
function readLine(text: string, keys: readonly CheckpointKey[]): SignedCheckpoint | string {
  try {
    const parsed: unknown = JSON.parse(text.slice(text.indexOf('{')))
    const note = typeof parsed === 'object' && parsed !== null && 'note' in parsed ? String(parsed.note) : ''
    const checkpoint = parseCheckpoint(note)
    return isSignedBy(checkpoint, keys) ? checkpoint : `not signed by any of the public keys given (key ${checkpoint.keyName}+${checkpoint.keyId})`
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isHoldfastError(error)) throw error
    return 'this is no checkpoint'
  }
}
