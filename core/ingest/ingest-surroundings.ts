import type { PbxId } from '../domain/ids.ts'
import type { WantedFormat } from '../domain/media.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { Cipher } from '../ports/cipher.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { RecordingChanges } from '../ports/recording-changes.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import type { Runtime } from '../ports/runtime.ts'

/** What ingest works with. */
export interface IngestSurroundings extends Runtime {
  readonly recordings: Pick<RecordingRepository, 'find' | 'beginIngest' | 'recordMedia' | 'closeWithoutMedia'>
  readonly jobs: JobQueue
  readonly audit: Pick<AuditLog, 'append' | 'read'>
  readonly blobs: BlobStore
  /** What a blob of this PBX is called: its name says where it lies. */
  readonly placedOf: (pbxId: PbxId) => (name: string) => string
  /** What the recordings of this PBX are to be stored as, where their rule does not say it. */
  readonly formatOf: (pbxId: PbxId) => WantedFormat
  readonly cipher: Pick<Cipher, 'seal'>
  readonly changes: Pick<RecordingChanges, 'publish'>
  /** The spool of a PBX; `null` when the configuration does not know it (any more). */
  readonly spoolOf: (pbxId: PbxId) => RecordingSource | null
}
