import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { Ed25519Signer, newSigningKey } from '../core/crypto/ed25519-signer.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import type { RecordingId } from '../core/domain/ids.ts'
import type { BlobStore } from '../core/ports/blob-store.ts'
import type { DestructionLedger } from '../core/ports/destruction-ledger.ts'
import type { HoldRegister } from '../core/ports/hold-register.ts'
import type { RecordingChanges } from '../core/ports/recording-changes.ts'
import type { RecordingSource } from '../core/ports/recording-source.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import { type DestroyerParts, RecordingDestruction } from '../core/retention/destroy-recording.ts'

export interface DestroyerSurroundings {
  readonly ledger: DestructionLedger
  readonly holds: HoldRegister
  readonly blobs: BlobStore
  readonly spoolOf: (pbxId: string) => RecordingSource | null
  readonly changes: RecordingChanges
  /** Whoever listens here; the console has none. */
  readonly playback: () => { endOf(id: RecordingId): void } | null
  readonly runtime: Runtime
  /** By the rules of retention in force. */
  readonly keptUntil: DestroyerParts['keptUntil']
}

/** @throws HoldfastError `KEY_FILE_INVALID` when receipts cannot be signed: then nothing is destroyed */
export async function openDestroyer({ dataDirectory, node, stores, archive }: Pick<Settings, 'dataDirectory' | 'node' | 'stores' | 'archive'>, { changes, playback, ...surroundings }: DestroyerSurroundings): Promise<RecordingDestruction> {
  return new RecordingDestruction({
    ...surroundings,
    stores: [null, ...stores.map(({ name }) => name)],
    lockedStores: archive === null || archive.erasable ? [] : [archive.store],
    signer: await receiptSigner(dataDirectory),
    installation: node.name,
    condemned: (id) => {
      playback()?.endOf(id)
      changes.publish(id)
    },
  })
}

/** The key under which receipts are signed: made once, and kept beside the other keys. Whoever has its verification key can check a receipt anywhere. */
export async function receiptSigner(dataDirectory: string): Promise<Ed25519Signer> {
  const file = join(dataDirectory, 'keys', 'receipts.pem')
  try {
    return new Ed25519Signer(await readFile(file, 'utf8'))
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw keyFault(file, error)
  }
  await makeKey(file)
  return new Ed25519Signer(await readFile(file, 'utf8'))
}

async function makeKey(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    // `wx`: of two that begin at once one makes it, and the other reads that.
    await using handle = await open(file, 'wx', 0o600)
    await handle.writeFile(newSigningKey())
    await handle.sync()
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw keyFault(file, error)
  }
}

function keyFault(file: string, cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause
  return new HoldfastError('KEY_FILE_INVALID', `${file} cannot be read or written: ${systemCode(cause) ?? 'unknown'}`, { file, reason: systemCode(cause) }, { cause })
}

function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
