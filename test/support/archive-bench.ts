import { createHash } from 'node:crypto'
import { Ed25519Signer, newSigningKey } from '../../core/crypto/ed25519-signer.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import { parseNodeName, parseRetentionRunId } from '../../core/domain/ids.ts'
import type { ArchiveRun } from '../../core/ports/archive.ts'
import { type ArchiverParts, RecordingArchive } from '../../core/retention/archive-recordings.ts'
import { PlacedBlobStore } from '../../core/store/placed-blob-store.ts'
import { type Catalogue, catalogueIn } from '../../core/store/catalogue.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { inPieces, patternBytes } from './bytes.ts'
import { aboutHold, HEADER, withoutJobs } from './held-recordings.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { journalled, mediaOf, type RequestOptions, seconds, wholeLife } from './recording-facts.ts'

export const RUN: ArchiveRun = { id: parseRetentionRunId('00000000000000aa'), rule: 'after a month', by: { type: 'system', id: 'retention' } }
/** Three pieces of a reader. */
const PAYLOAD_BYTES = 600_000

/** A catalogue in which recordings are archived from one store into another. */
export class ArchiveBench {
  readonly catalogue: Catalogue
  readonly blobs: PlacedBlobStore
  readonly signer = new Ed25519Signer(newSigningKey())
  readonly archived: RecordingId[] = []
  readonly runtime = quietRuntime(() => seconds(10_000))

  private constructor(catalogue: Catalogue, { own, cold }: { readonly own: BlobStore; readonly cold: BlobStore }) {
    this.catalogue = catalogue
    this.blobs = new PlacedBlobStore(own, new Map([['cold', cold]]))
  }

  static async open(file: string, stores: { readonly own: BlobStore; readonly cold: BlobStore }): Promise<ArchiveBench> {
    const database = await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' })
    return new ArchiveBench(catalogueIn(database, { node: parseNodeName('node-1'), runtime: quietRuntime(() => seconds(10_000)) }), stores)
  }

  /** As a process that has just begun. */
  archive(change: Partial<ArchiverParts> = {}): RecordingArchive {
    return new RecordingArchive({
      ledger: this.catalogue.archived, blobs: this.blobs, target: 'cold', attached: [], signer: this.signer, installation: 'node-1',
      archived: (id) => void this.archived.push(id), runtime: this.runtime, ...change,
    })
  }

  /** A recording whose sealed bytes are there, and are those that its row tells of. */
  async stored(options: RequestOptions, place = ''): Promise<Buffer> {
    const { id } = options
    const { repository, jobs } = this.catalogue
    const payload = patternBytes(PAYLOAD_BYTES, Number(id) % 1000)
    const payloadName = `${place}${id}.1.payload`
    await repository.apply({ node: parseNodeName('node-1'), journal: `journal-${id}` }, journalled(wholeLife(options)))
    await repository.beginIngest(id)
    await repository.recordMedia(id, {
      media: { ...mediaOf(id), payloadName, payloadSizeBytes: payload.length, payloadSha256: createHash('sha256').update(payload).digest('hex') },
      header: HEADER, recipients: ['age1operational'], findings: [], sounds: [],
    }, { ...aboutHold(1), action: 'recording.stored', object: { type: 'recording', id } })
    await withoutJobs(jobs)
    await this.blobs.put(payloadName, inPieces(payload))
    await this.blobs.put(payloadName.replace('payload', 'header'), inPieces(HEADER))
    return payload
  }

  async close(): Promise<void> {
    await this.catalogue.close()
  }
}
