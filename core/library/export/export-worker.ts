import { DEFAULT_ROLES, type Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { ExportId, RecordingId } from '../../domain/ids.ts'
import type { AuditLog } from '../../ports/audit-log.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { Cipher } from '../../ports/cipher.ts'
import type { ExportHolder, ExportRecord, ExportRegister, StoredPart } from '../../ports/export-register.ts'
import { KeptLease } from '../../ports/kept-lease.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { draftOf } from '../audit/audit-writer.ts'
import type { PackageMaker, PackedPart } from './package-maker.ts'

/** A worker that dies is replaced after this; one that lives says so meanwhile. */
const LEASE_MS = 60_000
/** What fails so often does not get better by itself. */
const MAX_ATTEMPTS = 8
/** A week is enough to fetch it; the less lies about, the better. */
export const EXPORT_KEPT_MS = 7 * 24 * 3_600_000
/** What an export leaves free on its disk: others write there, too, and a full disk stops them. */
export const EXPORT_RESERVE_BYTES = 1024 ** 3
const MEMBERS_PER_STEP = 100

export interface ExportWorkerParts {
  readonly register: ExportRegister
  readonly maker: PackageMaker
  /** Where packages lie, sealed. */
  readonly blobs: BlobStore
  readonly cipher: Pick<Cipher, 'seal'>
  readonly audit: Pick<AuditLog, 'append'>
  readonly runtime: Runtime
  /** Unique among all workers. */
  readonly owner: string
  readonly reserveBytes?: number
}

/** While an export is this worker's. */
interface Held {
  readonly lease: KeptLease
  /** Aborted when it is no longer, or the service stops. */
  readonly signal: AbortSignal
}

/**
 * Makes packages, one recording at a time: each is sealed and on the disk before the next begins. Whoever dies is followed by another one, who begins
 * behind the last whole recording. A package on the disk is never open.
 */
export class ExportWorker {
  readonly #parts: ExportWorkerParts

  constructor(parts: ExportWorkerParts) {
    this.#parts = parts
  }

  /** Works on the oldest that waits, or on `only`; `null`: there is none. Never throws what comes of an export itself: that is told in it. */
  async work(signal: AbortSignal, { only, progress }: { readonly only: ExportId | null; readonly progress?: (done: number, of: number) => void }): Promise<ExportId | null> {
    const { register, owner, runtime } = this.#parts
    const until = this.#until()
    const record = await register.lease(owner, runtime.clock.now(), { leaseMs: LEASE_MS, only })
    if (record === null) return null
    using lease = new KeptLease({
      clock: runtime.clock,
      until,
      leaseMs: LEASE_MS,
      extend: (end) => register.hold(record.id, this.#holder(record), end),
      onFault: (error) => runtime.log.warn({ exportId: record.id, error }, 'the lease of an export could not be extended'),
    })
    const ended = AbortSignal.any([signal, lease.lost])
    try {
      await this.#make(record, { lease, signal: ended, progress })
    } catch (error) {
      await this.#afterFault(record, error, { lease, signal: ended })
    }
    return record.id
  }

  /** Destroys what is kept of exports that are over. */
  async sweep(): Promise<number> {
    const { register, blobs, runtime } = this.#parts
    const over = await register.over(runtime.clock.now())
    for (const id of over) {
      const record = await register.find(id)
      for (const { blobName } of await register.parts(id)) await blobs.remove(blobName)
      if (record !== null) await this.#removeLeft(record, record.done, record.attempts)
      await register.forgetParts(id)
    }
    return over.length
  }

  async #make(record: ExportRecord, { lease, signal, progress }: Held & { readonly progress: ((done: number, of: number) => void) | undefined }): Promise<void> {
    const { register } = this.#parts
    if (record.attempts > MAX_ATTEMPTS) throw new HoldfastError('EXPORT_OVER', 'the export failed too often', { exportId: record.id })
    const requester = requesterOf(record)
    const parts: StoredPart[] = [...await register.parts(record.id)]
    // Whoever was here before may have died behind the disk and before the row.
    await this.#removeLeft(record, parts.length, record.attempts - 1)
    for (let ids = await register.members(record.id, parts.length, MEMBERS_PER_STEP); ids.length > 0; ids = await register.members(record.id, parts.length, MEMBERS_PER_STEP)) {
      for (const id of ids) {
        await lease.check()
        progress?.(parts.length, record.recordings)
        const part = await this.#pack(record, { requester, id, index: parts.length, signal })
        await this.#orWithdrawn(part, () => register.addPart(record.id, this.#holder(record), part, this.#until()))
        parts.push(part)
      }
    }
    await lease.check()
    await this.#finish(record, { requester, parts })
    progress?.(record.recordings, record.recordings)
  }

  async #pack(record: ExportRecord, { requester, id, index, signal }: { readonly requester: Requester; readonly id: RecordingId; readonly index: number; readonly signal: AbortSignal }): Promise<StoredPart> {
    const { maker } = this.#parts
    const { recording } = await maker.permitted(requester, id)
    await this.#mustFit(recording.media?.sizeBytes ?? 0)
    let packed: PackedPart | null = null
    const bytes = maker.part(orderOf(record), { requester, id, signal }, (part) => (packed = part))
    const stored = await this.#store(record, index, until(bytes, signal))
    return { ...stored, index, packed }
  }

  async #finish(record: ExportRecord, { requester, parts }: { readonly requester: Requester; readonly parts: readonly StoredPart[] }): Promise<void> {
    const { register, maker, runtime } = this.#parts
    const packed = parts.flatMap((part) => part.packed ?? [])
    const { bytes, manifestSha256 } = maker.end(orderOf(record), packed)
    const part = { ...await this.#store(record, parts.length, inOrder(bytes)), index: parts.length, packed: null }
    const at = runtime.clock.now()
    const about = { exportId: record.id, manifestSha256, audio: record.audio, sealedTo: record.recipient }
    const told = packed.map(({ recording }) => draftOf(requester, { action: 'recording.exported', object: { type: 'recording', id: recording.recordingId }, outcome: 'ok', reason: record.reason, details: { ...about, withoutSound: recording.withoutSound }, personal: {} }, at))
    const made = draftOf(requester, { action: 'export.made', object: { type: 'export', id: record.id }, outcome: 'ok', reason: record.reason, details: { ...about, recordings: packed.length, sizeBytes: [...parts, part].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }, personal: {} }, at)
    // One transaction: nothing can be fetched of which the audit does not tell.
    const ready = { state: 'ready', part, manifestSha256, at, expiresAt: new Date(at.getTime() + EXPORT_KEPT_MS) } as const
    await this.#orWithdrawn(part, () => register.finish(record.id, this.#holder(record), ready, [...told, made]))
  }

  /** Somebody else has the export by now, or it was cancelled: nobody would find this object when a recording in it is destroyed. */
  async #orWithdrawn({ blobName }: StoredPart, note: () => Promise<void>): Promise<void> {
    try {
      await note()
    } catch (error) {
      if (isHoldfastError(error, 'JOB_LEASE_LOST')) await this.#parts.blobs.remove(blobName)
      throw error
    }
  }

  async #store(record: ExportRecord, index: number, plain: AsyncIterable<Uint8Array>): Promise<Pick<StoredPart, 'blobName' | 'header' | 'sizeBytes'>> {
    const { cipher, blobs } = this.#parts
    let sizeBytes = 0
    const sealed = await cipher.seal(counted(plain, (bytes) => (sizeBytes += bytes)))
    const blobName = nameOf(record.id, index, record.attempts)
    await blobs.put(blobName, sealed.payload)
    return { blobName, header: sealed.header, sizeBytes }
  }

  async #afterFault(record: ExportRecord, error: unknown, { lease, signal }: Held): Promise<void> {
    const { register, runtime } = this.#parts
    // Somebody else has it, or it was cancelled: it is not ours to tell anything of.
    if (lease.lost.aborted || (isHoldfastError(error, 'JOB_LEASE_LOST') && !signal.aborted)) return
    const code = isHoldfastError(error) ? error.code : 'INTERNAL'
    const again = signal.aborted || (record.attempts < MAX_ATTEMPTS && (!isHoldfastError(error) || error.retry) && code !== 'EXPORT_LIMIT')
    if (!signal.aborted) runtime.log.warn({ exportId: record.id, code, attempts: record.attempts, again, error }, 'export failed')
    try {
      if (again) await register.release(record.id, this.#holder(record))
      else await register.finish(record.id, this.#holder(record), { state: 'failed', failure: code }, [draftOf(requesterOf(record), { action: 'export.made', object: { type: 'export', id: record.id }, outcome: code === 'FORBIDDEN' || code === 'RECORDING_NOT_FOUND' ? 'refused' : 'failed', reason: code, details: { done: record.done }, personal: {} }, runtime.clock.now())])
    } catch (fault) {
      // The lease ends by itself, and the next one finds what we could not tell.
      runtime.log.error({ exportId: record.id, error: fault }, 'export could not be given back')
    }
  }

  /** @throws HoldfastError `EXPORT_LIMIT` */
  async #mustFit(sizeBytes: number): Promise<void> {
    const free = await this.#parts.blobs.freeBytes()
    if (free !== null && free - sizeBytes < (this.#parts.reserveBytes ?? EXPORT_RESERVE_BYTES)) throw new HoldfastError('EXPORT_LIMIT', 'the disk of the exports is too full', { freeBytes: free })
  }

  /** Objects that attempts up to this one may have left at a place without a row. */
  async #removeLeft(record: ExportRecord, index: number, attempts: number): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) await this.#parts.blobs.remove(nameOf(record.id, index, attempt))
  }

  #holder({ attempts }: ExportRecord): ExportHolder {
    return { owner: this.#parts.owner, attempt: attempts }
  }

  #until(): Date {
    return new Date(this.#parts.runtime.clock.now().getTime() + LEASE_MS)
  }
}

/** As far as it is kept: its rights are looked up each time, but for whoever sits at the console, who reaches the file itself. Why, she said when she asked. */
export function requesterOf({ by, label, address, reason }: Pick<ExportRecord, 'by' | 'label' | 'address' | 'reason'>): Requester {
  return { actor: by, role: DEFAULT_ROLES['compliance-officer'], label, reach: by.type === 'cli' ? 'all' : [], units: [], binding: null, address, reason }
}

function orderOf({ id, by, label, reason, audio, recipient, requestedAt }: ExportRecord): Parameters<PackageMaker['part']>[0] {
  return { exportId: id, by, label, reason, audio, recipient, requestedAt }
}

/** Each attempt has names of its own: one that lost its lease in its last moment writes over nobody. */
function nameOf(id: ExportId, index: number, attempt: number): string {
  return `${id}.${index}.${attempt}`
}

async function* until(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  for await (const piece of bytes) {
    if (signal.aborted) throw new HoldfastError('JOB_LEASE_LOST', 'the export was cancelled, or the service stops')
    yield piece
  }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array, void> {
  for await (const piece of bytes) {
    count(piece.length)
    yield piece
  }
}

async function* inOrder(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}
