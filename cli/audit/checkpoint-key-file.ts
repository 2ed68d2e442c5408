import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../core/crypto/checkpoint-signer.ts'
import { formatCheckpointKey } from '../../core/domain/audit/checkpoint.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { fileTrouble } from '../file-trouble.ts'
import { publicKeyFileOf } from './public-keys.ts'

const SECRET_MODE = 0o600
/** Others than the owner may read it, or write it. */
const FOREIGN_BITS = 0o077

/** The signer of a node, and whether its key was made just now. */
export interface OpenedSigner {
  readonly signer: Ed25519CheckpointSigner
  readonly made: 'now' | 'before'
}

/**
 * Reads the key that signs this node's checkpoints, or makes one at the first time; beside it lies the public half for whoever verifies.
 * @throws HoldfastError `KEY_FILE_INVALID`
 */
export async function openCheckpointSigner({ node, audit, dataDirectory }: Pick<Settings, 'node' | 'audit' | 'dataDirectory'>): Promise<OpenedSigner> {
  const file = audit.keyFile
  try {
    const made = await makeOnce(file)
    const { mode } = await stat(file)
    if ((mode & FOREIGN_BITS) !== 0) throw new HoldfastError('KEY_FILE_INVALID', `${file} can be read by others than its owner: \`chmod 600\` it, and think of who may have signed with it`, { file })
    const signer = new Ed25519CheckpointSigner(node.name, await readFile(file, 'utf8'))
    await publish(publicKeyFileOf({ dataDirectory }), formatCheckpointKey(signer.publicKey))
    return { signer, made }
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause
    const reason = fileTrouble(cause)
    throw new HoldfastError('KEY_FILE_INVALID', `the key of the audit, ${file}, cannot be read or written: ${reason}`, { file, reason }, { cause })
  }
}

async function makeOnce(file: string): Promise<OpenedSigner['made']> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    // `wx`: whoever is second takes the key of the first, and no link that was laid there is followed.
    await using handle = await open(file, 'wx', SECRET_MODE)
    await handle.writeFile(newCheckpointKey())
    await handle.sync()
    return 'now'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return 'before'
    throw error
  }
}

/** Keys of before stay: what they signed must be verified, too. */
async function publish(file: string, key: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const published = await readFile(file, 'utf8').catch(() => '')
  if (published.split('\n').includes(key)) return
  await using handle = await open(file, 'a', 0o644)
  await handle.writeFile(`${key}\n`)
  await handle.sync()
}
