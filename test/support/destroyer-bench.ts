import { join } from 'node:path'
import { Ed25519Signer, newSigningKey } from '../../core/crypto/ed25519-signer.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import { type DestroyerParts, RecordingDestruction } from '../../core/retention/destroy-recording.ts'
import { type Catalogue, catalogueIn } from '../../core/store/catalogue.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import { MemoryBlobStore } from './fakes/memory-blob-store.ts'
import { MemoryRecordingSource } from './fakes/memory-recording-source.ts'
import { failedRecording, storedRecording } from './held-recordings.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { type RequestOptions, seconds } from './recording-facts.ts'

/** A catalogue on disk, and what lies beside it, in which recordings are destroyed. */
export class DestroyerBench {
  readonly catalogue: Catalogue
  readonly database: SqlDatabase
  readonly file: string
  readonly blobs = new MemoryBlobStore()
  readonly spool = new MemoryRecordingSource()
  readonly signer = new Ed25519Signer(newSigningKey())
  readonly condemned: RecordingId[] = []
  readonly runtime = quietRuntime(() => seconds(10_000))

  private constructor(file: string, database: SqlDatabase) {
    this.file = file
    this.database = database
    this.catalogue = catalogueIn(database, { node: parseNodeName('node-1'), runtime: this.runtime })
  }

  static async open(directory: string): Promise<DestroyerBench> {
    const file = join(directory, `${process.hrtime.bigint()}.db`)
    return new DestroyerBench(file, await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' }))
  }

  /** As a process that has just begun: it knows what the database knows. */
  destroyer(change: Partial<DestroyerParts> = {}): RecordingDestruction {
    return new RecordingDestruction({
      ledger: this.catalogue.destructions, holds: this.catalogue.holds, blobs: this.blobs, spoolOf: () => this.spool, stores: [null], lockedStores: [], signer: this.signer, installation: 'node-1',
      keptUntil: () => null, condemned: (id) => void this.condemned.push(id), runtime: this.runtime, ...change,
    })
  }

  /** A recording with its object of the second attempt, an orphan of the first, and spool files that were left. */
  async stored(options: RequestOptions): Promise<RecordingId> {
    const id = await storedRecording(this.catalogue, options)
    for (const attempt of [1, 2]) for (const half of ['header', 'payload']) this.blobs.blobs.set(`${id}.${attempt}.${half}`, Buffer.from(`${half} of ${id}`))
    this.spool.put(`${id}.1.rx.wav`, Buffer.from('plaintext'), seconds(20))
    return id
  }

  /** A recording that could not be stored: its sound lies in the spool. */
  async failed(options: RequestOptions): Promise<RecordingId> {
    const id = await failedRecording(this.catalogue, options)
    this.spool.put(`${id}.1.rx.wav`, Buffer.from('plaintext'), seconds(20))
    return id
  }

  /** What is left of a recording outside of the catalogue. */
  left(id: RecordingId): readonly string[] {
    return [...this.blobs.blobs.keys(), ...this.spool.files.keys()].filter((name) => name.startsWith(`${id}.`))
  }

  async close(): Promise<void> {
    await this.catalogue.close()
  }
}
