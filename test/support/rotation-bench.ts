import { join } from 'node:path'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing, type NewIdentity } from '../../core/crypto/key-ring.ts'
import { FIRST_HEADER_VERSION, headerBlobName } from '../../core/domain/header-blob.ts'
import { parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import { KeyRotation, type RotationReport, type RotationRun } from '../../core/library/keys/key-rotation.ts'
import { MediaReader } from '../../core/library/playback/media-reader.ts'
import type { Ticket } from '../../core/library/playback/tickets.ts'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { RecordingDestruction } from '../../core/retention/destroy-recording.ts'
import { type Catalogue, catalogueIn } from '../../core/store/catalogue.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { Ed25519Signer, newSigningKey } from '../../core/crypto/ed25519-signer.ts'
import { collect, inPieces, patternBytes } from './bytes.ts'
import { MemoryBlobStore } from './fakes/memory-blob-store.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { journalled, mediaOf, seconds, wholeLife } from './recording-facts.ts'

/** Two chunks and a bit: the last one is another than the first. */
export const PLAIN = patternBytes(140_000)

/** A catalogue on disk with recordings that are really sealed, and keys to rotate between. */
export class RotationBench {
  readonly catalogue: Catalogue
  readonly database: SqlDatabase
  readonly blobs = new MemoryBlobStore()
  now = seconds(10_000)
  readonly runtime = quietRuntime(() => this.now)

  private constructor(database: SqlDatabase) {
    this.database = database
    this.catalogue = catalogueIn(database, { node: parseNodeName('node-1'), runtime: this.runtime })
  }

  static async open(directory: string): Promise<RotationBench> {
    return new RotationBench(await openSqliteDatabase({ file: join(directory, `${process.hrtime.bigint()}.db`), schema: 'catalogue', readers: 'own' }))
  }

  /** A recording sealed to these, as ingest leaves it. */
  stored(id: RecordingId, recipients: readonly NewIdentity[]): Promise<RecordingId> {
    return storeSealed(this, id, recipients)
  }

  /** As a process that has just begun. */
  async rotation(to: readonly NewIdentity[], by: readonly NewIdentity[], blobs: BlobStore = this.blobs): Promise<KeyRotation> {
    const ring = await ringOf(to, by)
    return new KeyRotation({
      catalogue: this.catalogue.keys, jobs: this.catalogue.jobs, blobs, cipher: new AgeCipher(ring), clock: this.runtime.clock,
      recipients: ring.recipients, openable: await ring.openableRecipients(), owner: `test-${process.hrtime.bigint()}`,
    })
  }

  async rotated(rotation: KeyRotation, run: Partial<RotationRun> = {}): Promise<RotationReport> {
    return await rotation.run(await rotation.plan(), { perSecond: 100_000, signal: new AbortController().signal, ...run })
  }

  /** Longer than any lease. */
  pass(): void {
    this.now = new Date(this.now.getTime() + 600_000)
  }

  destroyer(): RecordingDestruction {
    return new RecordingDestruction({
      ledger: this.catalogue.destructions, holds: this.catalogue.holds, blobs: this.blobs, spoolOf: () => null, stores: [null], lockedStores: [], signer: new Ed25519Signer(newSigningKey()), installation: 'node-1',
      keptUntil: () => null, condemned: () => undefined, runtime: this.runtime,
    })
  }

  /** What somebody hears who asks now, as playback opens it; `null`: none of these identities opens it. */
  async heard(id: RecordingId, by: readonly NewIdentity[]): Promise<Buffer | null> {
    const recording = await this.catalogue.repository.find(id, { type: 'all' })
    if (recording === null || recording.media === null) return null
    const reader = new MediaReader({ repository: this.catalogue.repository, blobs: this.blobs, cipher: await cipherOf(by, by) })
    const ticket = { recordingId: id } as Ticket
    using borrowed = await reader.borrow(ticket, recording.media)
    const bytes = await collect(borrowed.blob.read(0, borrowed.blob.sizeBytes))
    reader.forget(ticket)
    return bytes
  }

  /** Every header of a recording that lies anywhere: rows and blobs. */
  async headers(id: RecordingId): Promise<readonly Uint8Array[]> {
    const rows = await this.database.ask((db) => db.selectFrom('media_headers').select('header').where('recording_id', '=', Number(id)).execute())
    return [...rows.map(({ header }) => header), ...[...this.blobs.blobs].filter(([name]) => name.startsWith(`${id}.`) && name.endsWith('.header')).map(([, bytes]) => bytes)]
  }

  async close(): Promise<void> {
    await this.catalogue.close()
  }
}

export async function cipherOf(recipients: readonly Pick<NewIdentity, 'recipient'>[], identities: readonly NewIdentity[]): Promise<AgeCipher> {
  return new AgeCipher(await ringOf(recipients, identities))
}

async function ringOf(recipients: readonly Pick<NewIdentity, 'recipient'>[], identities: readonly NewIdentity[]): Promise<KeyRing> {
  return await KeyRing.load({
    recipients: recipients.map(({ recipient }) => ({ place: 'recipients', text: recipient })),
    identities: identities.map(({ fileText }) => ({ place: 'identities', text: fileText })),
  })
}

/** What ingest does of a call, without the call. */
export async function storeSealed({ catalogue, blobs }: { readonly catalogue: Pick<Catalogue, 'repository' | 'jobs'>; readonly blobs: Pick<BlobStore, 'put'> }, id: RecordingId, recipients: readonly Pick<NewIdentity, 'recipient'>[]): Promise<RecordingId> {
  const { repository, jobs } = catalogue
  const sealed = await (await cipherOf(recipients, [])).seal(inPieces(PLAIN))
  const payloadName = `${id}.1.payload`
  await blobs.put(payloadName, sealed.payload)
  await blobs.put(headerBlobName(payloadName, FIRST_HEADER_VERSION), inPieces(sealed.header))
  await repository.apply({ node: parseNodeName('node-1'), journal: `journal-${id}` }, journalled(wholeLife({ id })))
  await repository.beginIngest(id)
  await repository.recordMedia(id, { media: { ...mediaOf(id), payloadName, sizeBytes: PLAIN.length }, header: sealed.header, recipients: sealed.recipients, findings: [], sounds: [] }, {
    at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {},
  })
  const job = await jobs.lease('ingest', 'ingest', seconds(1e6), 1000)
  if (job !== null) await jobs.complete(job, 'ingest')
  return id
}
