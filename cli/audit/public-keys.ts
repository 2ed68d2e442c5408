import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { type CheckpointKey, parseCheckpointKey } from '../../core/domain/audit/checkpoint.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { unreadable } from '../file-trouble.ts'

/** Where a node keeps the public half of the key that signs its checkpoints. */
export function publicKeyFileOf({ dataDirectory }: Pick<Settings, 'dataDirectory'>): string {
  return join(dataDirectory, 'keys', 'audit.pub')
}

/**
 * Public keys, one a line; lines that begin with # are comments.
 * @throws HoldfastError `KEY_FILE_INVALID`
 */
export async function readPublicKeys(file: string): Promise<readonly CheckpointKey[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause, 'KEY_FILE_INVALID')
  })
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw new HoldfastError('KEY_FILE_INVALID', `${file} holds no public key`, { file })
  return lines.map(parseCheckpointKey)
}
