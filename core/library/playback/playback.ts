import { may, type Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import { isLive } from '../../domain/lifecycle.ts'
import type { MediaObject } from '../../domain/media.ts'
import type { Recording } from '../../domain/recording.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import { anonymous, type AuditNote, type AuditWriter, recordingFacts } from '../audit/audit-writer.ts'
import { type Authentication, OVER } from '../sign-in/authentication.ts'
import { type Hearing, silenced } from '../access/hearing.ts'
import { NO_IDENTITY_HERE } from '../keys/key-report.ts'
import { Listening } from './listening.ts'
import { MediaReader } from './media-reader.ts'
import { absent, inArchive, whyNoSound } from './no-sound.ts'
import { playedBytes, soundPlaces } from './played-bytes.ts'
import type { Bearer, TicketedMedia } from './ticketed-media.ts'
import { PlaybackTickets, type Ticket } from './tickets.ts'

/** How long somebody whose rights were taken away may still hear what is on its way. Each check is a few look-ups by key. */
export const STANDING_CHECK_MS = 5000

export interface PlaybackGrant {
  readonly recording: Recording
  /** Goes into the address of the audio. */
  readonly ticket: string
  /** When it ends unless it is used; each use renews it. */
  readonly expiresAt: Date
}

export interface PlaybackOptions {
  readonly repository: RecordingRepository
  readonly blobs: Pick<BlobStore, 'open'>
  readonly cipher: Pick<Cipher, 'open' | 'canOpen'>
  readonly authentication: Authentication
  readonly hearing: Hearing
  readonly audit: AuditWriter
  readonly runtime: Runtime
  /** Whether archived recordings are played here. */
  readonly playArchived: boolean
}

/** Reading of audio: a ticket first, an audit entry before the first byte, nothing that was altered. */
export class Playback implements Disposable {
  readonly #repository: RecordingRepository
  readonly #authentication: Authentication
  readonly #hearing: Hearing
  readonly #audit: AuditWriter
  readonly #runtime: Runtime
  readonly #reader: MediaReader
  readonly #cipher: Pick<Cipher, 'canOpen'>
  readonly #tickets: PlaybackTickets
  readonly #listening: Listening
  readonly #playArchived: boolean

  constructor({ repository, blobs, cipher, authentication, hearing, audit, runtime, playArchived }: PlaybackOptions) {
    this.#playArchived = playArchived
    this.#hearing = hearing
    this.#repository = repository
    this.#authentication = authentication
    this.#audit = audit
    this.#cipher = cipher
    this.#runtime = runtime
    this.#listening = new Listening({ audit, runtime })
    this.#reader = new MediaReader({ repository, blobs, cipher })
    this.#tickets = new PlaybackTickets({ clock: runtime.clock, ended: (ticket) => {
      this.#reader.forget(ticket)
      this.#listening.ended(ticket)
    } })
  }

  /** Answers that are being read now. */
  get streams(): number {
    return this.#listening.streams
  }

  /**
   * Hands out a ticket; the request stands in the audit before.
   * @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `MEDIA_NOT_READY` (retry); `MEDIA_ABSENT`; `NO_IDENTITY`; `AUDIT_UNAVAILABLE` (retry)
   */
  async request(requester: Requester, id: RecordingId): Promise<PlaybackGrant> {
    const recording = await this.#playable(requester, id)
    await this.#audit.require(requester, { action: 'playback.requested', outcome: 'ok', reason: null, ...recordingFacts(recording) })
    const { text, expiresAt } = this.#tickets.issue(id, requester)
    return { recording, ticket: text, expiresAt }
  }

  /**
   * What the ticket opens. Nothing is read yet, and nothing audited.
   * @throws HoldfastError `TICKET_INVALID`; `TICKET_EXPIRED`; `RATE_LIMITED`; `MEDIA_ABSENT` when it was purged meanwhile
   */
  async find(ticketText: string, bearer: Bearer): Promise<TicketedMedia> {
    const ticket = await this.#redeem(ticketText, bearer)
    const { recording, still } = await this.#stillReached(ticket)
    const media = whyNoSound(recording, this.#playArchived) === null ? recording.media : null
    if (media !== null) return { ticket, recording, media, bearer, heard: await this.#hearing.of(still, recording, media) }
    this.#tickets.end(ticket)
    throw recording.state === 'archived' ? inArchive(ticket.recordingId) : absent(ticket.recordingId)
  }

  /**
   * The plaintext bytes `[start, end)`, each chunk proved. The audit entry `playback.begun` is durable before the first of them.
   * Ends with an error as soon as the ticket or its actor is over.
   * @throws HoldfastError `AUDIT_UNAVAILABLE`; `INTEGRITY_MISMATCH`; `NO_IDENTITY`; `TICKET_EXPIRED`; `RATE_LIMITED`
   */
  async *read(found: TicketedMedia, start: number, end: number): AsyncGenerator<Uint8Array, void> {
    using _entered = this.#listening.enter(found.ticket)
    // Before opening: an object that is opened for a ticket that is over would never be closed.
    this.#tickets.renew(found.ticket)
    try {
      using borrowed = await this.#reader.borrow(found.ticket, found.media)
      await this.#listening.begin(found)
      await this.#listening.learnPlaces(found.ticket, () => soundPlaces(borrowed.blob, found.heard.file))
      const heard = silenced(this.#whileStanding(found, playedBytes(borrowed.blob, { file: found.heard.file, media: found.media, start, end })), start, found.heard)
      yield* this.#counted(found, start, heard)
    } catch (error) {
      if (isHoldfastError(error, 'INTEGRITY_MISMATCH')) await this.#listening.tellIncident(found, error)
      throw error
    }
  }

  /** Ends tickets whose time is over. Call it now and then. */
  sweep(): void {
    this.#tickets.sweep()
    this.#runtime.metrics.gauge('holdfast_playback_tickets', this.#tickets.size)
  }

  /** A recording is destroyed: nobody hears on, and the keys of its object are forgotten. */
  endOf(id: RecordingId): void {
    this.#tickets.endOf(id)
  }

  [Symbol.dispose](): void {
    this.#tickets.endAll()
  }

  /** Resolves when what was heard by tickets that are over stands in the audit. */
  settled(): Promise<void> {
    return this.#listening.settled()
  }

  async #playable(requester: Requester, id: RecordingId): Promise<Recording & { readonly media: MediaObject }> {
    try {
      const recording = await this.#repository.find(id, scopeFor(requester, 'play'))
      if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
      if (recording.media === null || recording.state === 'purged') throw isAwaited(recording) ? notReady(recording) : absent(id)
      if (recording.state === 'archived' && !this.#playArchived) throw inArchive(id)
      // Told now, and not by a player that finds an address without sound.
      if (this.#cipher.canOpen === 'no') throw new HoldfastError('NO_IDENTITY', NO_IDENTITY_HERE, { recordingId: id })
      return { ...recording, media: recording.media }
    } catch (error) {
      if (isHoldfastError(error)) await this.#tellRefusal(requester, id, error)
      throw error
    }
  }

  async #redeem(text: string, { address, actor }: Bearer): Promise<Ticket> {
    try {
      const ticket = this.#tickets.use(text)
      // A ticket is one actor's: with somebody else's token it is as good as none.
      if (actor === null || actor.id === ticket.requester.actor.id) return ticket
      throw new HoldfastError('TICKET_INVALID', 'there is no such ticket')
    } catch (error) {
      if (isHoldfastError(error, 'TICKET_INVALID')) {
        this.#authentication.countRefusal(address)
        await this.#audit.attempt(anonymous(address, actor), { ...refusal(error), object: { type: 'query', id: 'ticket' } })
      }
      throw error
    }
  }

  /** The recording, if the ticket's owner may still hear it: rights that were taken away since are worth nothing. @throws HoldfastError `TICKET_EXPIRED` */
  async #stillReached(ticket: Ticket): Promise<{ readonly recording: Recording; readonly still: Requester }> {
    const { requester, recordingId } = ticket
    const still = await this.#authentication.again(requester)
    const recording = still === null || !may(still, 'play') ? null : await this.#repository.find(recordingId, scopeFor(still, 'play'))
    if (still !== null && recording !== null) return { recording, still }
    this.#tickets.end(ticket)
    const over = new HoldfastError('TICKET_EXPIRED', still === null ? `the ticket is over: ${OVER}` : 'the ticket is over: its owner may not hear this any more')
    await this.#tellRefusal(requester, recordingId, over)
    throw over
  }

  /** Another process may have destroyed it, of which no call tells this one. */
  #mustBeThere(ticket: Ticket, { state }: Recording): void {
    if (state !== 'purged') return
    this.#tickets.end(ticket)
    throw absent(ticket.recordingId)
  }

  /** Each piece counts as sent when it is handed over: one that a client did not take to its end is at most a chunk too much. */
  async *#counted(found: TicketedMedia, start: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    let at = start
    for await (const chunk of chunks) {
      this.#listening.sent(found, at, at + chunk.length)
      at += chunk.length
      yield chunk
    }
  }

  /** More of it became silence meanwhile, or less: whoever asks again gets what is due now. */
  async #mustHearAlike(still: Requester, { media, heard }: TicketedMedia, recording: Recording): Promise<void> {
    const now = await this.#hearing.of(still, recording, media)
    if (now.version !== heard.version) throw new HoldfastError('TICKET_EXPIRED', 'what may be heard of it has changed: ask again')
  }

  async *#whileStanding(found: TicketedMedia, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    const { ticket } = found
    let checkedAt = this.#runtime.clock.now().getTime()
    for await (const chunk of chunks) {
      this.#tickets.renew(ticket)
      const now = this.#runtime.clock.now().getTime()
      if (now - checkedAt >= STANDING_CHECK_MS) {
        const { recording, still } = await this.#stillReached(ticket)
        this.#mustBeThere(ticket, recording)
        await this.#mustHearAlike(still, found, recording)
        checkedAt = now
      }
      yield chunk
    }
  }

  async #tellRefusal(requester: Requester, id: RecordingId, error: HoldfastError): Promise<void> {
    await this.#audit.attempt(requester, { ...refusal(error), object: { type: 'recording', id } })
  }
}

function refusal({ code }: HoldfastError): Omit<AuditNote, 'object'> {
  return { action: 'playback.refused', outcome: 'refused', reason: code, details: {}, personal: {} }
}

/** Whether sound may still come out of this recording. */
function isAwaited({ state }: Recording): boolean {
  return isLive(state) || state === 'stopped' || state === 'ingesting'
}

function notReady({ id, state }: Recording): HoldfastError {
  return new HoldfastError('MEDIA_NOT_READY', 'the recording is not stored yet', { recordingId: id, state })
}
