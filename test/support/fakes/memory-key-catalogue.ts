import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import type { RecordingId } from '../../../core/domain/ids.ts'
import type { KeyCheck } from '../../../core/domain/key-check.ts'
import { recipientSet } from '../../../core/domain/recipients.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { JobQueue } from '../../../core/ports/job-queue.ts'
import type { HeaderReplacement, KeyCatalogue, RecipientSet, SealedHeader } from '../../../core/ports/key-catalogue.ts'
import type { MemoryRecordingRepository } from './memory-recording-repository.ts'

/** What the catalogue in memory knows of keys. A header that was replaced is forgotten at once. */
export class MemoryKeyCatalogue implements KeyCatalogue {
  readonly #headers: Map<RecordingId, SealedHeader>
  readonly #jobs: Pick<JobQueue, 'enqueue'>
  readonly #audit: Pick<AuditLog, 'append'>
  readonly #checks = new Map<string, KeyCheck>()

  constructor({ repository, jobs, audit }: { readonly repository: Pick<MemoryRecordingRepository, 'headers'>; readonly jobs: Pick<JobQueue, 'enqueue'>; readonly audit: Pick<AuditLog, 'append'> }) {
    this.#headers = repository.headers
    this.#jobs = jobs
    this.#audit = audit
  }

  async recipientSets(): Promise<readonly RecipientSet[]> {
    const sets = new Map<string, RecipientSet>()
    for (const { recipients } of this.#headers.values()) {
      const key = recipientSet(recipients)
      sets.set(key, { recipients, recordings: 1 + (sets.get(key)?.recordings ?? 0) })
    }
    return [...sets.values()].toSorted((one, other) => other.recordings - one.recordings)
  }

  async header(id: RecordingId): Promise<SealedHeader | null> {
    return this.#headers.get(id) ?? null
  }

  async sample(size: number, draw: () => number): Promise<readonly SealedHeader[]> {
    const all = [...this.#headers.values()].toSorted((one, other) => Number(one.recordingId) - Number(other.recordingId))
    const chosen = new Set([all.at(-1), all[0]].slice(0, size))
    for (let at = Math.floor(draw() * all.length); chosen.size < Math.min(size, all.length); at += 1) chosen.add(all[at % all.length])
    return all.filter((each) => chosen.has(each))
  }

  async queueRotation(sets: readonly RecipientSet[], runAt: Date): Promise<void> {
    const wanted = new Set(sets.map(({ recipients }) => recipientSet(recipients)))
    for (const { recordingId, recipients } of this.#headers.values()) if (wanted.has(recipientSet(recipients))) await this.#jobs.enqueue('rotate', recordingId, runAt)
  }

  async replaceHeader(replaced: SealedHeader, { header, recipients }: Parameters<KeyCatalogue['replaceHeader']>[1]): Promise<HeaderReplacement> {
    const current = this.#headers.get(replaced.recordingId)
    if (current === undefined) return 'gone'
    if (current.version !== replaced.version) return 'moved'
    this.#headers.set(replaced.recordingId, { ...current, version: current.version + 1, header, recipients })
    return 'replaced'
  }

  async forgetHeadersBefore(): Promise<void> {
    await Promise.resolve()
  }

  async keepChecks(checks: readonly KeyCheck[], audit: readonly AuditDraft[]): Promise<void> {
    for (const check of checks) this.#checks.set(check.recipient, check)
    for (const entry of audit) await this.#audit.append(entry)
  }

  async lastChecks(): Promise<readonly KeyCheck[]> {
    return [...this.#checks.values()]
  }
}
