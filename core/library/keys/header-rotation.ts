import { HoldfastError } from '../../domain/errors.ts'
import { FIRST_HEADER_VERSION, headerBlobName } from '../../domain/header-blob.ts'
import type { RecordingId } from '../../domain/ids.ts'
import { recipientSet } from '../../domain/recipients.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { KeyCatalogue, SealedHeader } from '../../ports/key-catalogue.ts'
import type { Clock } from '../../ports/runtime.ts'

export interface HeaderRotationParts {
  readonly catalogue: Pick<KeyCatalogue, 'header' | 'replaceHeader' | 'forgetHeadersBefore'>
  readonly blobs: Pick<BlobStore, 'put' | 'open' | 'remove'>
  readonly cipher: Pick<Cipher, 'open' | 'rewrap'>
  readonly clock: Clock
  /** To whom everything shall be sealed. */
  readonly recipients: readonly string[]
}

/** Where the work stands before each of its steps: a test ends it there. */
export type RotationStep = 'wrapped' | 'in-force' | 'written' | 'forgotten'

/** `rotated`; `as-wanted`: it was sealed to these already, and only remains of an earlier run were cleared; `gone`: it was destroyed. */
export type RotationOutcome = 'rotated' | 'as-wanted' | 'gone'

/** What a run that died must be able to clear though the recording has gone meanwhile. */
export interface RotationIntent {
  readonly payloadName: string
  readonly version: number
}

export interface RotationOfOne {
  readonly recordingId: RecordingId
  /** What an earlier attempt was about to do; `null`: there was none. */
  readonly intended: RotationIntent | null
  /** Must be durable when it resolves; also makes sure that nobody else has taken the work over. @throws HoldfastError `JOB_LEASE_LOST` */
  readonly intend: (intent: RotationIntent) => Promise<void>
  readonly onStep?: (step: RotationStep) => void
}

/**
 * Gives one recording a header for other recipients; its payload is not written. Each step may be the last of a process that dies: whoever
 * comes next goes on, and the header in force is always one that opens the payload. Readers take the header from the row, which changes at once.
 */
export class HeaderRotation {
  readonly #parts: HeaderRotationParts
  readonly #wanted: string

  constructor(parts: HeaderRotationParts) {
    this.#parts = parts
    this.#wanted = recipientSet(parts.recipients)
  }

  /**
   * @throws HoldfastError `NO_IDENTITY`; `INTEGRITY_MISMATCH`; `BLOB_NOT_FOUND`; `STORE_FAILED` (retry); the header in force is then as it was
   */
  async rotate(work: RotationOfOne): Promise<RotationOutcome> {
    const found = await this.#parts.catalogue.header(work.recordingId)
    if (found === null) return await this.#clearGone(work.intended)
    const rotated = recipientSet(found.recipients) === this.#wanted ? null : await this.#replace(found, work)
    if (rotated === 'gone') return await this.#clearGone({ payloadName: found.payloadName, version: found.version + 1 })
    // Read again, also after one's own change: what is written beside the payload is what is in force.
    const current = await this.#parts.catalogue.header(work.recordingId)
    if (current === null) return await this.#clearGone({ payloadName: found.payloadName, version: found.version + 1 })
    if (recipientSet(current.recipients) !== this.#wanted) throw new HoldfastError('JOB_LEASE_LOST', 'somebody else rotates this recording to other recipients', { recordingId: work.recordingId })
    return await this.#settle(current, work, rotated === null ? 'to-be-told' : 'told') === 'gone' ? 'gone' : rotated === null ? 'as-wanted' : 'rotated'
  }

  async #replace(found: SealedHeader, { intend, onStep }: RotationOfOne): Promise<'rotated' | 'gone'> {
    const { catalogue, cipher, clock } = this.#parts
    const made = await cipher.rewrap(found.header)
    if (made === null) throw new HoldfastError('NO_IDENTITY', 'no identity here opens the recording, so that nobody else can be let in', { recordingId: found.recordingId })
    await this.#prove(found, made)
    await intend({ payloadName: found.payloadName, version: found.version + 1 })
    onStep?.('wrapped')
    const outcome = await catalogue.replaceHeader(found, { ...made, at: clock.now() })
    return outcome === 'gone' ? 'gone' : 'rotated'
  }

  /**
   * The new header is made with the old one's file key, which its MAC has proved. Where an identity of a new recipient is here, it opens the
   * payload's end with the new header, as a listener would; else the old header does, so that no damaged object is touched.
   */
  async #prove({ recordingId, payloadName, header }: SealedHeader, made: { readonly header: Uint8Array }): Promise<void> {
    const payload = await this.#parts.blobs.open(payloadName)
    if (payload === null) throw new HoldfastError('BLOB_NOT_FOUND', 'the payload of a stored recording is not there', { recordingId })
    using opened = await this.#parts.cipher.open(made.header, payload)
    if (opened !== null) return
    using before = await this.#parts.cipher.open(header, payload)
    if (before === null) throw new HoldfastError('NO_IDENTITY', 'no identity here opens the recording', { recordingId })
  }

  /** The copy beside the payload, then the end of what was before. */
  async #settle(current: SealedHeader, { recordingId, intend, onStep }: RotationOfOne, intention: 'told' | 'to-be-told'): Promise<'settled' | 'gone'> {
    const { catalogue, blobs } = this.#parts
    const { payloadName, version } = current
    onStep?.('in-force')
    if (version > FIRST_HEADER_VERSION) {
      if (intention === 'to-be-told') await intend({ payloadName, version })
      await this.#write(headerBlobName(payloadName, version), current.header)
      onStep?.('written')
    }
    await catalogue.forgetHeadersBefore(recordingId, version)
    onStep?.('forgotten')
    for (let old = FIRST_HEADER_VERSION; old < version; old += 1) await blobs.remove(headerBlobName(payloadName, old))
    // Destroyed in between: its destroyer cannot have seen what was written after it looked.
    if (await catalogue.header(recordingId) !== null) return 'settled'
    await this.#clearGone({ payloadName, version })
    return 'gone'
  }

  async #write(name: string, header: Uint8Array): Promise<void> {
    const { blobs } = this.#parts
    await blobs.put(name, once(header))
    const kept = await blobs.open(name)
    const pieces: Uint8Array[] = []
    if (kept !== null) for await (const piece of kept.read(0, kept.sizeBytes)) pieces.push(Buffer.from(piece))
    if (!Buffer.concat(pieces).equals(header)) throw new HoldfastError('STORE_FAILED', 'the object store does not give back what it took', { sizeBytes: header.length })
  }

  async #clearGone(intended: RotationIntent | null): Promise<'gone'> {
    if (intended === null) return 'gone'
    for (let version = FIRST_HEADER_VERSION; version <= intended.version; version += 1) await this.#parts.blobs.remove(headerBlobName(intended.payloadName, version))
    return 'gone'
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
