import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { MediaObject } from '../../domain/media.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher, OpenedBlob } from '../../ports/cipher.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { Ticket } from './tickets.ts'

interface Held {
  readonly opened: Promise<OpenedBlob>
  readers: number
  forgotten: boolean
}

/** Where sound lies, and what opens it. */
export interface MediaPlace {
  readonly repository: Pick<RecordingRepository, 'mediaHeader'>
  readonly blobs: Pick<BlobStore, 'open'>
  readonly cipher: Pick<Cipher, 'open'>
}

/** An opened object that is lent out: dispose it when reading is over. */
export interface BorrowedBlob extends Disposable {
  readonly blob: OpenedBlob
}

/** Opens sealed objects, one for each ticket, and keeps each open until its ticket is over and its last reader has gone. */
export class MediaReader {
  readonly #place: MediaPlace
  readonly #held = new Map<Ticket, Held>()

  constructor(place: MediaPlace) {
    this.#place = place
  }

  /** How many file keys are in memory now. */
  get open(): number {
    return this.#held.size
  }

  /**
   * @throws HoldfastError `NO_IDENTITY`; `INTEGRITY_MISMATCH` when header, length or size do not fit; `BLOB_NOT_FOUND`; `STORE_FAILED`
   */
  async borrow(ticket: Ticket, media: MediaObject): Promise<BorrowedBlob> {
    const held = this.#held.get(ticket) ?? this.#hold(ticket, openMedia(this.#place, ticket.recordingId, media))
    held.readers += 1
    try {
      const blob = await held.opened
      return { blob, [Symbol.dispose]: () => this.#giveBack(ticket, held) }
    } catch (error) {
      // Not kept: a store that was away may be back at the next attempt.
      held.forgotten = true
      this.#giveBack(ticket, held)
      throw error
    }
  }

  /** The ticket is over: closes its object as soon as nobody reads from it. */
  forget(ticket: Ticket): void {
    const held = this.#held.get(ticket)
    if (held === undefined) return
    held.forgotten = true
    held.readers += 1
    this.#giveBack(ticket, held)
  }

  #hold(ticket: Ticket, opened: Promise<OpenedBlob>): Held {
    const held: Held = { opened, readers: 0, forgotten: false }
    this.#held.set(ticket, held)
    return held
  }

  #giveBack(ticket: Ticket, held: Held): void {
    held.readers -= 1
    if (!held.forgotten || held.readers > 0) return
    if (this.#held.get(ticket) === held) this.#held.delete(ticket)
    // An object that could not be opened has nothing to close, and was told to whoever asked for it.
    held.opened.then((blob) => blob[Symbol.dispose](), () => undefined)
  }
}

/**
 * The plaintext of a stored recording.
 * @throws HoldfastError `NO_IDENTITY`; `INTEGRITY_MISMATCH`; `BLOB_NOT_FOUND`; `STORE_FAILED`
 */
export async function openMedia({ repository, blobs, cipher }: MediaPlace, id: RecordingId, media: MediaObject): Promise<OpenedBlob> {
  const [header, payload] = await Promise.all([repository.mediaHeader(id), blobs.open(media.payloadName)])
  if (header === null) throw new HoldfastError('BLOB_NOT_FOUND', 'the header of a stored recording is not there', { recordingId: id })
  if (payload === null) throw new HoldfastError('BLOB_NOT_FOUND', 'the payload of a stored recording is not there', { recordingId: id })
  const blob = await cipher.open(header, payload)
  if (blob === null) throw new HoldfastError('NO_IDENTITY', 'no identity on this node opens the recording: listen on a node that has one, or ask whoever manages the keys (docs/keys.md)', { recordingId: id })
  if (blob.sizeBytes === media.sizeBytes) return blob
  blob[Symbol.dispose]()
  throw new HoldfastError('INTEGRITY_MISMATCH', 'the sealed object has another length than the catalogue says', { recordingId: id, sizeBytes: blob.sizeBytes, expectedBytes: media.sizeBytes })
}
