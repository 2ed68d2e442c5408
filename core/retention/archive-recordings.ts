import { createHash } from 'node:crypto'
import { manifestEnd, manifestHead } from '../domain/archive-manifest.ts'
import { placedName, unplacedName } from '../domain/blob-place.ts'
import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import { headerBlobName, headerBlobNames } from '../domain/header-blob.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { MediaObject } from '../domain/media.ts'
import type { ArchiveOutcome, ArchiveRun, RecordingArchiver } from '../ports/archive.ts'
import type { ArchiveCandidate, ArchiveLedger, LeftOriginal } from '../ports/archive-ledger.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Signer } from '../ports/signer.ts'
import { archiveAudit, archiveEntry } from './archive-entry.ts'

/** A rotation of keys may give a recording a new header once, hardly twice, while it is copied. */
const COPIES_AT_MOST = 3
/** Lines of a manifest, and originals that are left, read at once. */
const READ_AT_ONCE = 500

/** Where the work stands before its next step: a test ends it there. */
export type ArchiveStep = 'payload' | 'header' | 'proved' | 'recorded' | 'cleared'

export interface ArchiverParts {
  readonly ledger: ArchiveLedger
  readonly blobs: BlobStore
  /** The store of the settings into which recordings go. */
  readonly target: string
  /** Keys of the attached data that stand in the manifest, in clear. */
  readonly attached: readonly string[]
  readonly signer: Signer
  /** The name under which manifests are signed. */
  readonly installation: string
  /** It lies elsewhere from now on: whoever plays it, or shows it, must learn of it. */
  readonly archived: (id: RecordingId) => void
  readonly runtime: Runtime
  readonly onStep?: (step: ArchiveStep) => void
}

interface Copied {
  readonly media: MediaObject
  readonly payloadName: string
  readonly header: NonNullable<ArchiveCandidate['header']>
}

/**
 * Copies what is sealed, reads the copies back, and only then says so and removes what was there before. Whatever line it dies at: the
 * row names objects that are whole, and who comes next makes the same copies under the same names.
 */
export class RecordingArchive implements RecordingArchiver {
  readonly #parts: ArchiverParts

  constructor(parts: ArchiverParts) {
    this.#parts = parts
  }

  async archive(id: RecordingId, run: ArchiveRun, signal: AbortSignal): Promise<ArchiveOutcome> {
    for (let copies = 0; copies < COPIES_AT_MOST; copies += 1) {
      signal.throwIfAborted()
      const candidate = await this.#parts.ledger.candidate(id)
      if (candidate === null) return { outcome: 'unknown' }
      const { state, media } = candidate.recording
      if (state === 'archived') return { outcome: 'already' }
      if (state !== 'stored' || media === null || candidate.header === null) return { outcome: 'not-stored', state }
      const copied = await this.#copy(candidate, { media, header: candidate.header, signal })
      const recorded = await this.#record(candidate, copied, run)
      if (recorded === 'archived') return { outcome: 'archived', sizeBytes: media.payloadSizeBytes + candidate.header.bytes.length }
      if (recorded === 'gone') return await this.#takeBack(id, copied)
    }
    throw new HoldfastError('STORE_FAILED', 'a recording changed again and again while it was archived', { recordingId: id })
  }

  async closeRun({ id }: Omit<ArchiveRun, 'rule'>, signal: AbortSignal): Promise<string | null> {
    const { ledger, blobs, target } = this.#parts
    await this.clearOriginals(signal)
    if ((await ledger.entriesAfter(id, null, 1)).length === 0) return null
    // A name that begins with a digit lies in the store that stands before it.
    const name = placedName(target, `0.${id}.manifest`)
    const written = await blobs.put(name, this.#manifest(id, signal))
    await this.#prove(name, written, signal)
    return name
  }

  /** Removes what archived recordings had before, where a crash or a store that was away left it. Throws nothing: what fails is tried again. */
  async clearOriginals(signal: AbortSignal): Promise<void> {
    for (const left of await this.#parts.ledger.leftOriginals(READ_AT_ONCE)) {
      if (signal.aborted) return
      await this.#clear(left)
    }
  }

  async #copy({ recording }: ArchiveCandidate, { media, header, signal }: { readonly media: MediaObject; readonly header: NonNullable<ArchiveCandidate['header']>; readonly signal: AbortSignal }): Promise<Copied> {
    const { blobs, target, onStep } = this.#parts
    const payloadName = placedName(target, unplacedName(media.payloadName))
    const original = await blobs.open(media.payloadName)
    if (original === null) throw new HoldfastError('BLOB_NOT_FOUND', 'the payload of a stored recording is not there', { recordingId: recording.id })
    const payload = { sizeBytes: media.payloadSizeBytes, sha256: media.payloadSha256 }
    // One that lies there already is only proved, and never written over itself.
    if (payloadName !== media.payloadName) await blobs.put(payloadName, proved(original.read(0, original.sizeBytes), payload, signal))
    onStep?.('payload')
    const headerName = headerBlobName(payloadName, header.version)
    await blobs.put(headerName, only(header.bytes))
    onStep?.('header')
    await this.#prove(payloadName, payload, signal)
    await this.#prove(headerName, { sizeBytes: header.bytes.length, sha256: sha256(header.bytes) }, signal)
    onStep?.('proved')
    return { media, payloadName, header }
  }

  /** Every byte comes back from the target as it was. */
  async #prove(name: string, expected: { readonly sizeBytes: number; readonly sha256: string }, signal: AbortSignal): Promise<void> {
    const copy = await this.#parts.blobs.open(name)
    if (copy === null) throw new HoldfastError('STORE_FAILED', 'the archive has not what it was sent', { name })
    let read = 0
    for await (const piece of proved(copy.read(0, copy.sizeBytes), expected, signal)) read += piece.length
    if (read !== expected.sizeBytes) throw new HoldfastError('STORE_FAILED', 'the archive has not what it was sent', { name })
  }

  async #record(candidate: ArchiveCandidate, copied: Copied, run: ArchiveRun): Promise<'archived' | 'moved' | 'gone'> {
    const { ledger, target, attached, archived, onStep, runtime } = this.#parts
    const { recording } = candidate
    const at = runtime.clock.now()
    const place = { archivedAt: at, store: target, runId: run.id }
    const { payloadName, headerVersion } = copied.media
    const recorded = await ledger.record(recording.id, {
      ...place, copied: { payloadName, headerVersion }, payloadName: copied.payloadName, entry: archiveEntry(recording, { ...copied, at, rule: run.rule, attached }),
    }, archiveAudit(recording, { ...place, run, payloadSha256: copied.media.payloadSha256 }))
    if (recorded !== 'archived') return recorded
    onStep?.('recorded')
    archived(recording.id)
    runtime.metrics.count('holdfast_recordings_archived_total')
    if (copied.payloadName !== payloadName) await this.#clear({ recordingId: recording.id, payloadName, headerVersion })
    return recorded
  }

  /** The copies are of a recording that was destroyed meanwhile: they must not outlive it. */
  async #takeBack(id: RecordingId, { media, payloadName }: Copied): Promise<ArchiveOutcome> {
    const { blobs, ledger } = this.#parts
    const now = await ledger.candidate(id)
    if (now?.recording.state === 'archived') return { outcome: 'already' }
    if (payloadName !== media.payloadName) for (const name of [...headerBlobNames({ ...media, payloadName }), payloadName]) await blobs.remove(name)
    return now === null ? { outcome: 'unknown' } : { outcome: 'not-stored', state: now.recording.state }
  }

  async #clear({ recordingId, payloadName, headerVersion }: LeftOriginal): Promise<void> {
    const { blobs, ledger, runtime, onStep } = this.#parts
    try {
      for (const name of [...headerBlobNames({ payloadName, headerVersion }), payloadName]) await blobs.remove(name)
      onStep?.('cleared')
      await ledger.originalGone(recordingId)
    } catch (error) {
      // It is archived, and stays so: what is left of it goes at the next look.
      if (!isHoldfastError(error)) throw error
      runtime.log.warn({ recordingId, code: error.code, error }, 'what an archived recording had before is not removed yet')
    }
  }

  async *#manifest(runId: ArchiveRun['id'], signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { ledger, installation, target: store, signer } = this.#parts
    const hash = createHash('sha256')
    const lined = (text: string): Buffer => {
      const bytes = Buffer.from(`${text}\n`)
      hash.update(bytes)
      return bytes
    }
    yield lined(manifestHead({ installation, runId, store }))
    let recordings = 0
    for (let after: RecordingId | null = null; ;) {
      signal.throwIfAborted()
      const entries: Awaited<ReturnType<ArchiveLedger['entriesAfter']>> = await ledger.entriesAfter(runId, after, READ_AT_ONCE)
      for (const { entry } of entries) yield lined(entry)
      recordings += entries.length
      const last = entries.at(-1)
      if (last === undefined) break
      after = last.recordingId
    }
    yield Buffer.from(`${manifestEnd(recordings, hash.digest('hex'), signer)}\n`)
  }
}

/** The bytes as they pass; another digest at their end is a failure, so that what is being written does not appear. */
async function* proved(bytes: AsyncIterable<Uint8Array>, expected: { readonly sizeBytes: number; readonly sha256: string }, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256')
  for await (const piece of bytes) {
    signal.throwIfAborted()
    hash.update(piece)
    yield piece
  }
  if (hash.digest('hex') !== expected.sha256) throw new HoldfastError('INTEGRITY_MISMATCH', 'sealed bytes are not those that were stored')
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
