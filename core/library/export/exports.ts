import { randomBytes } from 'node:crypto'
import { may, type Requester } from '../../domain/actor.ts'
import type { Actor } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { type ExportId, parseExportId, type RecordingId } from '../../domain/ids.ts'
import type { ExportAudio } from '../../domain/package/manifest.ts'
import type { Recording } from '../../domain/recording.ts'
import type { BlobReader, BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { ExportRecord, ExportRegister, StoredPart } from '../../ports/export-register.ts'
import type { AccessScope, RecordingFilter, RecordingRepository } from '../../ports/recording-repository.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import { type AuditWriter, draftOf } from '../audit/audit-writer.ts'
import type { Authentication } from '../sign-in/authentication.ts'
import { EXPORT_RESERVE_BYTES } from './export-worker.ts'
import { checkedFilter } from '../search/filters.ts'
import { givenReason } from '../access/given-reason.ts'
import type { PackageMaker } from './package-maker.ts'
import { TakeawayTickets } from './takeaway-tickets.ts'

/** A manifest of more is larger than anybody reads, and a browser holds it in one piece. */
export const MAX_EXPORT_RECORDINGS = 5000
/** Not over yet, of one actor and altogether: each takes disk. */
export const EXPORT_LIMITS = { perActor: 5, altogether: 50 } as const
/** A download that was begun is gone on with by ranges; a link that was left open is no way in. */
const TICKET_MS = 60 * 60_000
const EXPORT_ID_BYTES = 8
const PAGE = 200

/** What somebody wants to take away: recordings by id, or those that a search finds now. */
export interface ExportWish {
  readonly ids: readonly RecordingId[] | null
  readonly filter: RecordingFilter | null
  readonly audio: ExportAudio
  readonly recipient: string | null
  readonly reason: string
}

/** What a ticket opens. */
export interface TicketedExport {
  readonly record: ExportRecord
  readonly parts: readonly StoredPart[]
  readonly requester: Requester
  /** `null`: whoever reads needs none. */
  readonly ticket: IssuedExport | null
}

export interface ExportsParts {
  readonly register: ExportRegister
  readonly repository: Pick<RecordingRepository, 'find' | 'search'>
  readonly blobs: BlobStore
  readonly cipher: Pick<Cipher, 'open'>
  readonly authentication: Pick<Authentication, 'again'>
  readonly visibility: AttachedVisibility
  readonly maker: Pick<PackageMaker, 'mustStillBePermitted'>
  readonly audit: AuditWriter
  /** @throws HoldfastError `KEY_FILE_INVALID` for what is no recipient */
  readonly sealerTo: (recipient: string) => Promise<unknown>
  /** There is something to be made. */
  readonly wake: () => void
  readonly runtime: Runtime
}

/** A ticket of a package, as it is remembered. */
export interface IssuedExport {
  readonly id: ExportId
  readonly requester: Requester
  readonly until: Date
  /** With which rights all of it was last found to be hers. */
  rights: string
  fetched: 'yes' | 'no'
}

/** Orders for packages, and their fetching. Each is seen by whoever asked for it alone. */
export class Exports {
  readonly #parts: ExportsParts
  readonly #tickets = new TakeawayTickets<IssuedExport>()

  constructor(parts: ExportsParts) {
    this.#parts = parts
  }

  /**
   * Orders a package of recordings within reach now; each is looked at again when its turn comes.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID`; `RECORDING_NOT_FOUND`; `MEDIA_NOT_READY`; `EXPORT_TOO_LARGE`; `EXPORT_LIMIT`; `AUDIT_UNAVAILABLE`
   */
  async request(requester: Requester, wish: ExportWish): Promise<ExportRecord> {
    const { register, runtime, wake } = this.#parts
    const id = parseExportId(randomBytes(EXPORT_ID_BYTES).toString('hex'))
    const scope = await this.#scope(requester)
    const reason = givenReason(wish.reason)
    await this.#checkRecipient(wish.recipient)
    const recordings = await this.#wanted(requester, wish, scope)
    await this.#mustFit(recordings)
    const requestedAt = runtime.clock.now()
    const audit = draftOf(requester, { action: 'export.requested', object: { type: 'export', id }, outcome: 'ok', reason, details: { recordings: recordings.length, audio: wish.audio, sealedTo: wish.recipient, by: wish.ids === null ? 'search' : 'ids' }, personal: {} }, requestedAt)
    const order = { id, by: requester.actor, label: requester.label, address: requester.address, reason, audio: wish.audio, recipient: wish.recipient, requestedAt }
    if (await register.place(order, recordings.map((recording) => recording.id), EXPORT_LIMITS, audit) === 'full') {
      throw new HoldfastError('EXPORT_LIMIT', `${EXPORT_LIMITS.perActor} exports of one person and ${EXPORT_LIMITS.altogether} altogether are kept at once: cancel one that was fetched`)
    }
    wake()
    return await this.#mustFind(requester, id)
  }

  /** The requester's own, newest first. @throws HoldfastError `FORBIDDEN` */
  async list(requester: Requester, first: number): Promise<readonly ExportRecord[]> {
    scopeFor(requester, 'export')
    return await this.#parts.register.list(requester.actor, Math.min(first, PAGE))
  }

  /** `null`: not there, or somebody else's. @throws HoldfastError `FORBIDDEN` */
  async find(requester: Requester, id: ExportId): Promise<ExportRecord | null> {
    scopeFor(requester, 'export')
    const record = await this.#parts.register.find(id)
    return record !== null && record.by.type === requester.actor.type && record.by.id === requester.actor.id ? record : null
  }

  /** Ends it; what was made of it is destroyed soon. Idempotent. @throws HoldfastError `FORBIDDEN`; `EXPORT_NOT_FOUND` */
  async cancel(requester: Requester, id: ExportId): Promise<ExportRecord> {
    const { register, runtime, wake } = this.#parts
    const record = await this.#mustFind(requester, id)
    await register.cancel(id, draftOf(requester, { action: 'export.made', object: { type: 'export', id }, outcome: 'refused', reason: 'cancelled', details: { done: record.done }, personal: {} }, runtime.clock.now()))
    wake()
    return await this.#mustFind(requester, id)
  }

  /** A ticket for one download, for whoever reaches all of it still. @throws HoldfastError `FORBIDDEN`; `EXPORT_NOT_FOUND`; `EXPORT_NOT_READY`; `EXPORT_OVER`; `RECORDING_NOT_FOUND` */
  async ticket(requester: Requester, id: ExportId): Promise<{ readonly text: string; readonly expiresAt: Date }> {
    await this.#orTold(requester, id, async () => {
      mustBeReady(await this.#fresh(requester, id))
      await this.#mustStillReach(requester, id)
    })
    const now = this.#parts.runtime.clock.now()
    const until = new Date(now.getTime() + TICKET_MS)
    const text = this.#tickets.issue({ id, requester, until, rights: rightsOf(requester), fetched: 'no' }, now)
    return { text, expiresAt: until }
  }

  /** What a ticket opens, by the rights of now. With the token of another actor (`bearer`) it is as good as none. @throws HoldfastError `TICKET_INVALID`; `TICKET_EXPIRED`; `EXPORT_OVER` */
  async open(ticket: string, bearer: Actor | null): Promise<TicketedExport> {
    const issued = this.#tickets.find(ticket, bearer)
    return await this.#orTold(issued.requester, issued.id, async () => await this.#opened(ticket, issued))
  }

  async #opened(ticket: string, issued: IssuedExport): Promise<TicketedExport> {
    const still = await this.#parts.authentication.again(issued.requester)
    if (issued.until <= this.#parts.runtime.clock.now() || still === null || !may(still, 'export')) {
      this.#tickets.end(ticket)
      throw new HoldfastError('TICKET_EXPIRED', 'the ticket is over: ask for a new one')
    }
    const found = await this.whole(still, issued.id)
    if (issued.rights !== rightsOf(still)) await this.#mustStillReach(still, issued.id)
    issued.rights = rightsOf(still)
    return { ...found, ticket: issued }
  }

  /** A fetching that was refused stands in the audit; that it is not ready yet is no refusal. */
  async #orTold<T>(requester: Requester, id: ExportId, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (isHoldfastError(error) && error.code !== 'EXPORT_NOT_READY') await this.#parts.audit.attempt(requester, { action: 'export.fetched', object: { type: 'export', id }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      throw error
    }
  }

  /** As {@link open}, for whoever needs no ticket. @throws HoldfastError `FORBIDDEN`; `EXPORT_NOT_FOUND`; `EXPORT_NOT_READY`; `EXPORT_OVER` */
  async whole(requester: Requester, id: ExportId): Promise<TicketedExport> {
    const record = await this.#fresh(requester, id)
    mustBeReady(record)
    return { record, parts: await this.#parts.register.parts(id), requester, ticket: null }
  }

  /** The bytes `[start, end)` of a package, opened while they are read. In the audit before the first of them, once for each ticket. @throws HoldfastError `AUDIT_UNAVAILABLE`; `NO_IDENTITY`; `INTEGRITY_MISMATCH` */
  async *read({ record, parts, requester, ticket }: TicketedExport, start: number, end: number): AsyncGenerator<Uint8Array, void> {
    if (ticket?.fetched !== 'yes') {
      await this.#parts.audit.require(requester, { action: 'export.fetched', object: { type: 'export', id: record.id }, outcome: 'ok', reason: record.reason, details: { manifestSha256: record.manifestSha256, sizeBytes: record.sizeBytes, from: start }, personal: {} })
      if (ticket !== null) ticket.fetched = 'yes'
    }
    let at = 0
    for (const part of parts) {
      const [from, to] = [Math.max(start, at) - at, Math.min(end, at + part.sizeBytes) - at]
      at += part.sizeBytes
      if (from >= to) continue
      // Each part anew: a package that was cancelled, or of which a recording was destroyed, ends here, and so does one whose owner may not come in any more.
      const still = await this.#parts.authentication.again(requester)
      if (still === null) throw new HoldfastError('TICKET_EXPIRED', 'whoever asked for the export may not come in any more')
      mustBeReady(await this.#fresh(still, record.id))
      if (rightsOf(still) !== rightsOf(requester)) await this.#mustStillReach(still, record.id)
      using blob = await this.#openPart(part)
      yield* blob.read(from, to)
    }
  }

  /** A package lies for a week: whoever has lost a recording of it meanwhile takes none of it away. */
  async #mustStillReach(requester: Requester, id: ExportId): Promise<void> {
    if (scopeFor(requester, 'export').type === 'all') return
    const { register, maker } = this.#parts
    for (let from = 0, more = true; more; from += PAGE) {
      const ids = await register.members(id, from, PAGE)
      for (const each of ids) await maker.mustStillBePermitted(requester, each)
      more = ids.length === PAGE
    }
  }

  async #openPart({ blobName, header, sizeBytes }: StoredPart): Promise<Disposable & BlobReader> {
    const payload = await this.#parts.blobs.open(blobName)
    if (payload === null) throw new HoldfastError('BLOB_NOT_FOUND', 'a part of an export is not where it should be')
    const blob = await this.#parts.cipher.open(header, payload)
    if (blob === null) throw new HoldfastError('NO_IDENTITY', 'no identity on this node opens the export')
    if (blob.sizeBytes === sizeBytes) return blob
    blob[Symbol.dispose]()
    throw new HoldfastError('INTEGRITY_MISMATCH', 'a part of an export has another length than it should')
  }

  async #fresh(requester: Requester, id: ExportId): Promise<ExportRecord> {
    await this.#parts.register.over(this.#parts.runtime.clock.now())
    return await this.#mustFind(requester, id)
  }

  async #mustFind(requester: Requester, id: ExportId): Promise<ExportRecord> {
    const record = await this.find(requester, id)
    if (record === null) throw new HoldfastError('EXPORT_NOT_FOUND', 'there is no such export', { exportId: id })
    return record
  }

  async #scope(requester: Requester): Promise<AccessScope> {
    try {
      return scopeFor(requester, 'export')
    } catch (error) {
      if (isHoldfastError(error)) await this.#parts.audit.attempt(requester, { action: 'export.requested', object: { type: 'export', id: 'none' }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      throw error
    }
  }

  async #checkRecipient(recipient: string | null): Promise<void> {
    try {
      if (recipient !== null) await this.#parts.sealerTo(recipient)
    } catch (cause) {
      if (!isHoldfastError(cause)) throw cause
      throw new HoldfastError('FILTER_INVALID', 'recipient: an age recipient begins with age1', { field: 'recipient' }, { cause })
    }
  }

  async #wanted(requester: Requester, { ids, filter }: ExportWish, scope: AccessScope): Promise<readonly Recording[]> {
    if ((ids === null) === (filter === null)) throw new HoldfastError('FILTER_INVALID', 'recordingIds: give either ids or a search', { field: 'recordingIds' })
    const found = ids === null ? await this.#searched(requester, filter, scope) : await this.#named([...new Set(ids)], scope)
    if (found.length === 0) throw new HoldfastError('FILTER_INVALID', 'there is no recording to export', { field: ids === null ? 'filter' : 'recordingIds' })
    return found
  }

  async #named(ids: readonly RecordingId[], scope: AccessScope): Promise<readonly Recording[]> {
    if (ids.length > MAX_EXPORT_RECORDINGS) throw tooMany()
    const found: Recording[] = []
    for (const id of ids) {
      const recording = await this.#parts.repository.find(id, scope)
      if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
      if (recording.endedAt === null || recording.state === 'stopped' || recording.state === 'ingesting') throw new HoldfastError('MEDIA_NOT_READY', 'the recording is not stored yet', { recordingId: id })
      found.push(recording)
    }
    return found
  }

  /** Those with sound, unless other states were asked for. */
  async #searched(requester: Requester, asked: RecordingFilter | null, scope: AccessScope): Promise<readonly Recording[]> {
    if (asked === null) return []
    this.#parts.visibility.refuseHidden(requester, asked.attached.map(({ key }) => key))
    const filter = checkedFilter({ ...asked, states: asked.states ?? ['stored', 'archived'] })
    const found: Recording[] = []
    for (let before: RecordingId | null = null, more = true; more;) {
      const page: Awaited<ReturnType<RecordingRepository['search']>> = await this.#parts.repository.search({ filter, scope, first: PAGE, before })
      found.push(...page.recordings)
      if (found.length > MAX_EXPORT_RECORDINGS) throw tooMany()
      before = page.recordings.at(-1)?.id ?? null
      more = page.hasMore && before !== null
    }
    return found
  }

  async #mustFit(recordings: readonly Recording[]): Promise<void> {
    const free = await this.#parts.blobs.freeBytes()
    const needed = recordings.reduce((sum, { media }) => sum + (media?.sizeBytes ?? 0), 0)
    if (free !== null && free - needed < EXPORT_RESERVE_BYTES) throw new HoldfastError('EXPORT_LIMIT', 'the disk of the exports is too full for it', { neededBytes: needed, freeBytes: free })
  }
}

function rightsOf({ role, reach, units, binding }: Requester): string {
  return JSON.stringify([role, reach, units, binding])
}

function mustBeReady({ state, id }: ExportRecord): void {
  if (state === 'queued' || state === 'making') throw new HoldfastError('EXPORT_NOT_READY', 'the export is still being made', { exportId: id })
  if (state !== 'ready') throw new HoldfastError('EXPORT_OVER', `the export is ${state}: ask for a new one`, { exportId: id, state })
}

function tooMany(): HoldfastError {
  return new HoldfastError('EXPORT_TOO_LARGE', `an export has at most ${MAX_EXPORT_RECORDINGS} recordings: split it`, { most: MAX_EXPORT_RECORDINGS })
}
