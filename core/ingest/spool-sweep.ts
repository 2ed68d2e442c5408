import type { AuditDraft } from '../domain/audit-entry.ts'
import type { PbxId, RecordingId } from '../domain/ids.ts'
import type { RecordingState } from '../domain/lifecycle.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { RecordingSource, SpoolFile } from '../ports/recording-source.ts'
import type { Runtime } from '../ports/runtime.ts'

/** What sweeping works with. */
export interface SweepSurroundings extends Runtime {
  readonly recordings: Pick<RecordingRepository, 'knowsSpoolFile' | 'find'>
  readonly audit: Pick<AuditLog, 'append' | 'read'>
}

/** In these nobody is going to bring a recording in any more: its files, if there are any, lie in the spool as plaintext until an operator has looked at them. */
export const LEFT_STATES = ['failed', 'not-recorded', 'stored', 'archived', 'purged'] as const satisfies readonly RecordingState[]
type LeftState = (typeof LEFT_STATES)[number]

/** What one look at a spool found. `unclaimed`: files that no recording knows, longer than the bound. */
export interface SweepResult {
  readonly files: number
  readonly unclaimed: readonly string[]
}

/**
 * A file may be younger than its row: the journal reaches the catalogue late, and a native recording is adopted late.
 * After this long nobody is going to claim it (a guess; a reconnect after an outage of the catalogue takes minutes).
 */
export const UNCLAIMED_AFTER_MS = 900_000
/** A folder that does not answer in this time is looked at in the next sweep. */
const SWEEP_DEADLINE_MS = 60_000

/**
 * Every spool file has a row or a named reason: one that nobody knows is told to the audit, once, and to an alarm, always.
 * It is never removed here: it may be the only copy of a conversation.
 */
export class SpoolSweep {
  readonly #around: SweepSurroundings
  readonly #told = new Set<string>()

  constructor(around: SweepSurroundings) {
    this.#around = around
  }

  async sweep(pbxId: PbxId, source: RecordingSource): Promise<SweepResult> {
    const { log, metrics, clock } = this.#around
    const files = await source.list(AbortSignal.timeout(SWEEP_DEADLINE_MS))
    const bound = clock.now().getTime() - UNCLAIMED_AFTER_MS
    const unclaimed: string[] = []
    const owned: { readonly owner: RecordingId; readonly sizeBytes: number }[] = []
    for (const file of files) {
      if (file.modifiedAt.getTime() > bound) continue
      const owner = await this.#around.recordings.knowsSpoolFile(file.name)
      if (owner !== null) {
        owned.push({ owner, sizeBytes: file.sizeBytes })
        continue
      }
      unclaimed.push(file.name)
      await this.#tellOnce(pbxId, file)
    }
    await this.#measureLeft(pbxId, owned)
    metrics.gauge('holdfast_spool_files', files.length, { pbx: pbxId })
    metrics.gauge('holdfast_spool_unclaimed_files', unclaimed.length, { pbx: pbxId })
    if (unclaimed.length > 0) log.warn({ pbxId, unclaimed: unclaimed.length }, 'spool files that no recording knows')
    return { files: files.length, unclaimed }
  }

  async #measureLeft(pbxId: PbxId, owned: readonly { readonly owner: RecordingId; readonly sizeBytes: number }[]): Promise<void> {
    const states = new Map<RecordingId, RecordingState | null>()
    const bytes: Record<LeftState, number> = { failed: 0, 'not-recorded': 0, stored: 0, archived: 0, purged: 0 }
    for (const { owner, sizeBytes } of owned) {
      if (!states.has(owner)) states.set(owner, (await this.#around.recordings.find(owner, { type: 'all' }))?.state ?? null)
      const state = LEFT_STATES.find((left) => left === states.get(owner))
      if (state !== undefined) bytes[state] += sizeBytes
    }
    for (const state of LEFT_STATES) this.#around.metrics.gauge('holdfast_spool_left_bytes', bytes[state], { pbx: pbxId, state })
  }

  async #tellOnce(pbxId: PbxId, file: SpoolFile): Promise<void> {
    const { audit, clock } = this.#around
    const id = `${pbxId}:${file.name}`
    if (this.#told.has(id)) return
    const { entries } = await audit.read({ objectId: id, actorId: null, action: 'spool.unclaimed', from: null, to: null }, { first: 1, before: null })
    if (entries.length === 0) await audit.append(unclaimedDraft({ id, pbxId, file, now: clock.now() }))
    this.#told.add(id)
  }
}

function unclaimedDraft({ id, pbxId, file, now }: { readonly id: string; readonly pbxId: PbxId; readonly file: SpoolFile; readonly now: Date }): AuditDraft {
  return {
    at: now,
    actor: { type: 'system', id: 'ingest' },
    action: 'spool.unclaimed',
    object: { type: 'file', id },
    outcome: 'failed',
    reason: 'no-recording',
    details: { pbxId, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt.toISOString() },
    personal: {},
  }
}
