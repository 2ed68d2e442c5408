import { isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { KeyCatalogue, SealedHeader } from '../../ports/key-catalogue.ts'

export interface BackupCheckParts {
  readonly catalogue: Pick<KeyCatalogue, 'sample'>
  readonly blobs: Pick<BlobStore, 'open'>
  /** Opens with the identities that are tried, and with no others. */
  readonly cipher: Pick<Cipher, 'open'>
}

export interface BackupCheckOptions {
  /** Recordings to draw. */
  readonly size: number
  /** Whose identities are tried: what is sealed to none of them is not theirs to open. */
  readonly recipients: readonly string[]
  /** Numbers of [0, 1). */
  readonly draw: () => number
  /** Told after each recording. */
  readonly onTried?: (done: number, of: number) => void
}

/** What became of one recording of the sample. */
export interface TriedRecording {
  readonly recordingId: RecordingId
  /** `opened`: header and last chunk, so that the object is whole; nothing between was read. `foreign`: it is sealed to others. */
  readonly outcome: 'opened' | 'foreign' | 'failed'
  /** The code of a failure; `null` otherwise. */
  readonly reason: string | null
}

/** Tries identities on a sample of the stored recordings, over all of their time. Reads no sound. */
export async function checkBackup({ catalogue, blobs, cipher }: BackupCheckParts, { size, recipients, draw, onTried }: BackupCheckOptions): Promise<readonly TriedRecording[]> {
  const sample = await catalogue.sample(size, draw)
  const tried: TriedRecording[] = []
  for (const sealed of sample) {
    tried.push(await tryOne(sealed, { blobs, cipher }, recipients))
    onTried?.(tried.length, sample.length)
  }
  return tried
}

async function tryOne(sealed: SealedHeader, { blobs, cipher }: Omit<BackupCheckParts, 'catalogue'>, recipients: readonly string[]): Promise<TriedRecording> {
  const { recordingId } = sealed
  const ours = sealed.recipients.some((recipient) => recipients.includes(recipient))
  try {
    const payload = await blobs.open(sealed.payloadName)
    if (payload === null) return ours ? { recordingId, outcome: 'failed', reason: 'BLOB_NOT_FOUND' } : { recordingId, outcome: 'foreign', reason: null }
    // Tried also where the row names others: what counts is what opens.
    using opened = await cipher.open(sealed.header, payload)
    if (opened !== null) return { recordingId, outcome: 'opened', reason: null }
    return ours ? { recordingId, outcome: 'failed', reason: 'NO_IDENTITY' } : { recordingId, outcome: 'foreign', reason: null }
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return { recordingId, outcome: 'failed', reason: error.code }
  }
}
