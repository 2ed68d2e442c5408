import { type Requester, may } from '../../domain/actor.ts'
import type { Actor } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import { fileEnding, type MediaFormat } from '../../domain/media.ts'
import type { ExportAudio } from '../../domain/package/manifest.ts'
import type { AudioEncoder } from '../../ports/audio-encoder.ts'
import type { Clock } from '../../ports/runtime.ts'
import { type AuditWriter, recordingFacts } from '../audit/audit-writer.ts'
import type { Authentication } from '../sign-in/authentication.ts'
import { givenReason } from '../access/given-reason.ts'
import { wavBytes } from '../playback/played-bytes.ts'
import { STANDING_CHECK_MS } from '../playback/playback.ts'
import type { PackageMaker } from './package-maker.ts'
import { TakeawayTickets } from './takeaway-tickets.ts'

/** A link is followed at once; whoever comes later asks again, and is audited again. */
const TICKET_MS = 5 * 60_000

interface Issued {
  readonly id: RecordingId
  readonly requester: Requester
  readonly audio: ExportAudio
  readonly reason: string
  readonly until: Date
}

/** A file that somebody takes away: its size is known but for Opus, which is made while it is sent. */
export interface Download {
  readonly fileName: string
  readonly format: MediaFormat | 'opus'
  readonly sizeBytes: number | null
  /** In the audit before the first byte; ends when the right to it was lost meanwhile. @throws HoldfastError `FORBIDDEN`; `RECORDING_NOT_FOUND`; `INTEGRITY_MISMATCH`; `ENCODER_MISSING`; `ENCODER_FAILED`; `AUDIT_UNAVAILABLE` */
  bytes(signal: AbortSignal): AsyncGenerator<Uint8Array, void>
}

export interface DownloadsParts {
  readonly maker: PackageMaker
  readonly encoder: AudioEncoder
  readonly authentication: Pick<Authentication, 'again'>
  readonly audit: AuditWriter
  readonly clock: Clock
}

/** One recording as a file, for whoever may export. */
export class Downloads {
  readonly #parts: DownloadsParts
  readonly #tickets = new TakeawayTickets<Issued>()

  constructor(parts: DownloadsParts) {
    this.#parts = parts
  }

  /** A ticket for one download. @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `RECORDING_NOT_FOUND`; `MEDIA_NOT_READY`; `MEDIA_ABSENT` */
  async request(requester: Requester, id: RecordingId, { audio, reason: given }: { readonly audio: ExportAudio; readonly reason: string }): Promise<{ readonly ticket: string; readonly expiresAt: Date }> {
    const { maker, audit, clock } = this.#parts
    try {
      const { recording } = await maker.permitted(requester, id)
      const reason = givenReason(given)
      maker.soundOf(recording)
      const now = clock.now()
      const until = new Date(now.getTime() + TICKET_MS)
      return { ticket: this.#tickets.issue({ id, requester, audio, reason, until }, now), expiresAt: until }
    } catch (error) {
      if (isHoldfastError(error)) await audit.attempt(requester, { action: 'recording.exported', object: { type: 'recording', id }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      throw error
    }
  }

  /** What a ticket opens, by the rights of now. A ticket is good for one download; with the token of another actor (`bearer`) it is as good as none. @throws HoldfastError `TICKET_INVALID`; `TICKET_EXPIRED`; `RECORDING_NOT_FOUND`; `MEDIA_ABSENT` */
  async open(ticket: string, bearer: Actor | null): Promise<Download> {
    const { maker, clock, authentication } = this.#parts
    const issued = this.#tickets.find(ticket, bearer)
    this.#tickets.end(ticket)
    const again = await authentication.again(issued.requester)
    if (issued.until <= clock.now() || again === null || !may(again, 'export')) throw new HoldfastError('TICKET_EXPIRED', 'the ticket is over: ask for a new one')
    const { still, recording } = await maker.permitted(issued.requester, issued.id)
    const media = maker.soundOf(recording)
    const { audit, encoder } = this.#parts
    const { audio, reason } = issued
    return {
      fileName: `recording-${recording.id}.${audio === 'opus' ? 'opus' : fileEnding(media.format)}`,
      format: audio === 'opus' ? 'opus' : media.format,
      sizeBytes: audio === 'opus' ? null : media.sizeBytes,
      async *bytes(signal) {
        using blob = await maker.openSound(still, recording, media)
        const facts = recordingFacts(recording)
        await audit.require(still, { ...facts, action: 'recording.exported', outcome: 'ok', reason, details: { ...facts.details, audio, sha256: media.sha256 } })
        yield* whileStanding(audio === 'opus' ? encoder.opus(wavBytes(blob, media), signal) : blob.read(0, blob.sizeBytes), { clock, check: () => maker.mustStillBeGiven(issued.requester, issued.id) })
      },
    }
  }
}

/** The rights are asked for again while it is sent, as often as in playback: a slow client takes no more of what is not hers any more. */
async function* whileStanding(bytes: AsyncIterable<Uint8Array>, { clock, check }: { readonly clock: Clock; readonly check: () => Promise<void> }): AsyncGenerator<Uint8Array, void> {
  let checkedAt = clock.now().getTime()
  for await (const piece of bytes) {
    const now = clock.now().getTime()
    if (now - checkedAt >= STANDING_CHECK_MS) {
      await check()
      checkedAt = now
    }
    yield piece
  }
}
