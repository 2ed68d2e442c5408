import { createHash } from 'node:crypto'
import { may, type Requester } from '../../domain/actor.ts'
import { formatProof } from '../../domain/audit/entry-proof.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import { isLive } from '../../domain/lifecycle.ts'
import { fileEnding, type MediaObject } from '../../domain/media.ts'
import { EXPORT_MANIFEST, MANIFEST_NAME, MANIFEST_VERSION, type PackageManifest, type PackageOrder, type PackedFile, type PackedRecording, VERIFY_PAGE_NAME } from '../../domain/package/manifest.ts'
import { sealedSize } from '../../domain/package/sealed-size.ts'
import { tarEnd, tarHeader, tarPadding } from '../../domain/package/tar.ts'
import type { Recording } from '../../domain/recording.ts'
import { signedStatement } from '../../domain/signed-statement.ts'
import type { AudioEncoder } from '../../ports/audio-encoder.ts'
import { type AuditLog, EVERY_ENTRY } from '../../ports/audit-log.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { Signer } from '../../ports/signer.ts'
import { scopeFor } from '../access/access.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import type { AuditProofs } from '../audit/audit-proofs.ts'
import type { Authentication } from '../sign-in/authentication.ts'
import { exportedRecording } from './exported-recording.ts'
import type { Hearing } from '../access/hearing.ts'
import { openMedia } from '../playback/media-reader.ts'
import { absent, inArchive, whyNoSound } from '../playback/no-sound.ts'
import { wavBytes } from '../playback/played-bytes.ts'
import { verifyPage } from './package-page.ts'

/** Entries of one recording's extract: a call has some dozens; one that is listened to every day has hundreds. About 1 kB each. */
const MAX_ENTRIES = 5000
const ENTRIES_PER_STEP = 500
/** Opus has no length before it is made, and a file of an archive has: about ten hours of two channels. */
const MAX_OPUS_BYTES = 128 * 1024 * 1024
/** Sound that an archive can hold; a recording of so much lasts days. Source: ustar, 11 octal digits */
const MAX_FILE_BYTES = 8 ** 11 - 1

export interface PackageMakerParts {
  readonly repository: Pick<RecordingRepository, 'find' | 'mediaHeader'>
  readonly blobs: Pick<BlobStore, 'open'>
  readonly cipher: Pick<Cipher, 'open'>
  readonly authentication: Pick<Authentication, 'again'>
  readonly hearing: Hearing
  readonly visibility: AttachedVisibility
  readonly log: Pick<AuditLog, 'read'>
  readonly proofs: AuditProofs
  readonly encoder: AudioEncoder
  /** Seals to one recipient alone. @throws HoldfastError `KEY_FILE_INVALID` for what is none */
  readonly sealerTo: (recipient: string) => Promise<Pick<Cipher, 'seal'>>
  readonly signer: Signer
  readonly installation: string
  /** Whether sound is taken from the archive. */
  readonly playArchived: boolean
  readonly policyVersion: () => string
  readonly clock: Clock
}

/** What came of one recording, once all its bytes were taken. */
export interface PackedPart {
  readonly recording: PackedRecording
  readonly files: readonly PackedFile[]
}

interface PartFile {
  readonly name: string
  readonly sizeBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Makes packages piece by piece: a tar archive whose last file is the signed list of all others. No more than a piece of sound is in memory, but for Opus. */
export class PackageMaker {
  readonly #parts: PackageMakerParts

  constructor(parts: PackageMakerParts) {
    this.#parts = parts
  }

  /**
   * The bytes of one recording within the archive, by the rights that the requester has now.
   * @param packed - told what it was, when all bytes were taken
   * @throws HoldfastError `FORBIDDEN` when she may not (any more), or may hear a part of it alone; `RECORDING_NOT_FOUND`; `MEDIA_NOT_READY`;
   * `NO_IDENTITY`; `INTEGRITY_MISMATCH`; `ENCODER_MISSING`; `ENCODER_FAILED`
   */
  async *part(order: PackageOrder, { requester, id, signal }: { readonly requester: Requester; readonly id: RecordingId; readonly signal: AbortSignal }, packed: (part: PackedPart) => void): AsyncGenerator<Uint8Array, void> {
    const { still, recording } = await this.permitted(requester, id)
    const files: PackedFile[] = []
    const put = (file: PartFile): AsyncGenerator<Uint8Array, void> => tarFile(file, (done) => files.push(done))
    const folder = `recordings/${id}`
    yield* put(textFile(`${folder}/recording.json`, `${JSON.stringify(exportedRecording(recording, still, this.#parts.visibility), null, 2)}\n`))
    const audit = await this.#extract(still, id)
    if (audit !== null) {
      yield* put(textFile(`${folder}/audit.jsonl`, audit.entries))
      yield* put(textFile(`${folder}/audit-proofs.jsonl`, audit.proofs))
    }
    const withoutSound = whyNoSound(recording, this.#parts.playArchived)
    if (recording.media !== null && withoutSound === null) yield* this.#sound(order, { still, recording, media: recording.media, folder, put, signal })
    // A package is fetched by the same rule, whether the sound is in it or not.
    if (recording.media !== null && withoutSound === 'archived') await this.#mustHearWhole(still, recording, recording.media)
    packed({ recording: { recordingId: id, withoutSound, audit: audit?.extent ?? 'not permitted' }, files })
  }

  /** The end of the archive: the page that verifies it, and the signed manifest. @returns also the digest of the manifest, which stands for the whole */
  end(order: PackageOrder, parts: readonly PackedPart[]): { readonly bytes: readonly Uint8Array[]; readonly manifestSha256: string } {
    const page = Buffer.from(verifyPage())
    const manifest: PackageManifest = {
      kind: EXPORT_MANIFEST, version: MANIFEST_VERSION, installation: this.#parts.installation, exportId: order.exportId,
      exportedBy: { type: order.by.type, id: order.by.id }, exporterLabel: order.label, reason: order.reason, audio: order.audio, recipient: order.recipient,
      requestedAt: order.requestedAt.toISOString(), madeAt: this.#parts.clock.now().toISOString(), policyVersion: this.#parts.policyVersion(),
      recordings: parts.map(({ recording }) => recording),
      files: [...parts.flatMap(({ files }) => files), { name: VERIFY_PAGE_NAME, sizeBytes: page.length, sha256: sha256(page) }],
    }
    const signed = Buffer.from(signedStatement(EXPORT_MANIFEST, manifest, this.#parts.signer))
    const file = (name: string, bytes: Uint8Array): readonly Uint8Array[] => [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)]
    return { bytes: [...file(VERIFY_PAGE_NAME, page), ...file(MANIFEST_NAME, signed), tarEnd()], manifestSha256: sha256(signed) }
  }

  /** The requester with the rights of now, and the recording, if she may take it away. @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `MEDIA_NOT_READY` */
  async permitted(requester: Requester, id: RecordingId): Promise<{ readonly still: Requester; readonly recording: Recording }> {
    const still = await this.#parts.authentication.again(requester)
    if (still === null) throw new HoldfastError('FORBIDDEN', 'whoever asked for the export may not come in any more')
    const recording = await this.#parts.repository.find(id, scopeFor(still, 'export'))
    if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
    if (recording.media === null && (isLive(recording.state) || recording.state === 'stopped' || recording.state === 'ingesting')) throw new HoldfastError('MEDIA_NOT_READY', 'the recording is not stored yet', { recordingId: id, state: recording.state })
    return { still, recording }
  }

  /** The sound that is given away here. @throws HoldfastError `MEDIA_ABSENT` where there is none, or it lies in an archive from which nothing is given */
  soundOf(recording: Recording): MediaObject {
    const why = whyNoSound(recording, this.#parts.playArchived)
    if (recording.media !== null && why === null) return recording.media
    throw why === 'archived' ? inArchive(recording.id) : absent(recording.id)
  }

  /** The sound as it was recorded, each chunk proved. Dispose the blob when it was read. @throws HoldfastError `FORBIDDEN` for whoever hears only parts of it */
  async openSound(still: Requester, recording: Recording, media: MediaObject): Promise<Awaited<ReturnType<typeof openMedia>>> {
    await this.#mustHearWhole(still, recording, media)
    return await openMedia(this.#parts, recording.id, media)
  }

  /** Whether what was packed before may still be taken away: by the rights of now, and whole. @throws as {@link permitted} */
  async mustStillBePermitted(requester: Requester, id: RecordingId): Promise<void> {
    const { still, recording } = await this.permitted(requester, id)
    if (recording.media !== null) await this.#mustHearWhole(still, recording, recording.media)
  }

  /** {@link mustStillBePermitted} while the sound itself is sent: what was archived meanwhile is given no further. @throws also `MEDIA_ABSENT` */
  async mustStillBeGiven(requester: Requester, id: RecordingId): Promise<void> {
    const { still, recording } = await this.permitted(requester, id)
    await this.#mustHearWhole(still, recording, this.soundOf(recording))
  }

  async #mustHearWhole(still: Requester, recording: Recording, media: MediaObject): Promise<void> {
    const heard = await this.#parts.hearing.of(still, recording, media)
    if (heard.silent.length > 0) throw new HoldfastError('FORBIDDEN', 'of this recording you may hear a part alone: it cannot be exported', { recordingId: recording.id })
  }

  async *#sound(order: PackageOrder, { still, recording, media, folder, put, signal }: { readonly still: Requester; readonly recording: Recording; readonly media: MediaObject; readonly folder: string; readonly put: (file: PartFile) => AsyncGenerator<Uint8Array, void>; readonly signal: AbortSignal }): AsyncGenerator<Uint8Array, void> {
    using blob = await this.openSound(still, recording, media)
    const plain = order.audio === 'opus' ? await this.#opus(wavBytes(blob, media), signal) : { sizeBytes: blob.sizeBytes, bytes: blob.read(0, blob.sizeBytes) }
    const name = `${folder}/audio.${order.audio === 'opus' ? 'opus' : fileEnding(media.format)}`
    if (plain.sizeBytes > MAX_FILE_BYTES) throw new HoldfastError('EXPORT_TOO_LARGE', 'the sound of one recording is larger than a package can hold', { recordingId: recording.id, sizeBytes: plain.sizeBytes })
    if (order.recipient === null) {
      yield* put({ name, ...plain })
      return
    }
    const sealed = await (await this.#parts.sealerTo(order.recipient)).seal(plain.bytes)
    yield* put({ name: `${name}.age`, sizeBytes: sealedSize(sealed.header.length, plain.sizeBytes), bytes: behind(sealed.header, sealed.payload) })
  }

  async #opus(wav: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<{ readonly sizeBytes: number; readonly bytes: AsyncIterable<Uint8Array> }> {
    const pieces: Uint8Array[] = []
    let sizeBytes = 0
    for await (const piece of this.#parts.encoder.opus(wav, signal)) {
      sizeBytes += piece.length
      if (sizeBytes > MAX_OPUS_BYTES) throw new HoldfastError('EXPORT_TOO_LARGE', 'the recording is too long for a package in Opus: take it as WAV', { sizeBytes })
      pieces.push(piece)
    }
    return { sizeBytes, bytes: inOrder(pieces) }
  }

  /** What the audit tells of a recording, oldest first, and the proofs of it as far as checkpoints go; `null`: the requester may not take it out. */
  async #extract(still: Requester, id: RecordingId): Promise<{ readonly entries: string; readonly proofs: string; readonly extent: 'whole' | 'cut off' } | null> {
    if (!may(still, 'export-audit') || scopeFor(still, 'export-audit').type !== 'all') return null
    const { log, proofs, visibility } = this.#parts
    const lines: { readonly entry: string; readonly proof: string | null }[] = []
    let after: number | null = 0
    while (after !== null && lines.length < MAX_ENTRIES) {
      const page: Awaited<ReturnType<AuditLog['read']>> = await log.read({ ...EVERY_ENTRY, recordingId: id }, { first: ENTRIES_PER_STEP, before: null, after })
      for (const { entry } of page.entries) {
        const personal = entry.personal === null ? null : visibility.personal(still, entry.personal)
        const proof = await proofs.proveWithin(still, entry)
        lines.push({ entry: `${JSON.stringify({ ...entry, personal: personal?.shown ?? null, personalHidden: personal?.hidden ?? 0 })}\n`, proof: proof === null ? null : `${JSON.stringify(JSON.parse(formatProof(proof)))}\n` })
      }
      after = page.hasMore ? page.entries.at(-1)?.position ?? null : null
    }
    return { entries: lines.map(({ entry }) => entry).join(''), proofs: lines.map(({ proof }) => proof ?? '').join(''), extent: after === null ? 'whole' : 'cut off' }
  }
}

/** One file of an archive. @throws HoldfastError `INTEGRITY_MISMATCH` when it has another size than was said: its header is written already */
async function* tarFile({ name, sizeBytes, bytes }: PartFile, done: (file: PackedFile) => void): AsyncGenerator<Uint8Array, void> {
  yield tarHeader(name, sizeBytes)
  const hash = createHash('sha256')
  let written = 0
  for await (const piece of bytes) {
    hash.update(piece)
    written += piece.length
    yield piece
  }
  if (written !== sizeBytes) throw new HoldfastError('INTEGRITY_MISMATCH', 'a file of a package has another size than it should', { sizeBytes: written, expectedBytes: sizeBytes })
  yield tarPadding(sizeBytes)
  done({ name, sizeBytes, sha256: hash.digest('hex') })
}

function textFile(name: string, text: string): PartFile {
  const bytes = Buffer.from(text)
  return { name, sizeBytes: bytes.length, bytes: inOrder([bytes]) }
}

async function* inOrder(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

async function* behind(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield first
  yield* rest
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
