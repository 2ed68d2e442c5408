import type { Settings } from '../config/settings.ts'
import type { RecordingId } from '../core/domain/ids.ts'
import type { ArchiveLedger } from '../core/ports/archive-ledger.ts'
import type { BlobStore } from '../core/ports/blob-store.ts'
import type { RecordingChanges } from '../core/ports/recording-changes.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import { RecordingArchive } from '../core/retention/archive-recordings.ts'
import { receiptSigner } from './open-destroyer.ts'

export interface ArchiveSurroundings {
  readonly ledger: ArchiveLedger
  readonly blobs: BlobStore
  readonly changes: RecordingChanges
  /** Whoever listens here; the console has none. */
  readonly playback: () => { endOf(id: RecordingId): void } | null
  readonly runtime: Runtime
}

/** @returns `null` when the settings name no archive @throws HoldfastError `KEY_FILE_INVALID` when manifests cannot be signed */
export async function openArchive({ archive, dataDirectory, node }: Pick<Settings, 'archive' | 'dataDirectory' | 'node'>, { changes, playback, ledger, blobs, runtime }: ArchiveSurroundings): Promise<RecordingArchive | null> {
  if (archive === null) return null
  return new RecordingArchive({
    ledger, blobs, runtime, target: archive.store, attached: archive.attached, signer: await receiptSigner(dataDirectory), installation: node.name,
    archived: (id) => {
      // Its old place is about to be cleared: who plays it asks again, and is sent to the new one.
      playback()?.endOf(id)
      changes.publish(id)
    },
  })
}
