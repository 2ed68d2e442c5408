import { randomBytes } from 'node:crypto'
import type { Actor } from '../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import { parseRetentionRunId, type RecordingId, type RetentionRunId } from '../domain/ids.ts'
import { judgeRetention } from '../domain/retention/judge-retention.ts'
import { canonicalRetention, restoreRetention, type RetentionRules } from '../domain/retention/retention-rules.ts'
import type { RecordingArchiver } from '../ports/archive.ts'
import type { HoldRegister } from '../ports/hold-register.ts'
import type { DestructionOutcome, RecordingDestroyer } from '../ports/recording-destroyer.ts'
import type { ItemOutcome, RetentionItem, RetentionRun, RetentionStore } from '../ports/retention-store.ts'
import type { Repeat, Runtime } from '../ports/runtime.ts'
import { PlanTally } from './plan-retention.ts'
import { aboutRun, rulesChanged } from './retention-audit.ts'
import { RetentionLease } from './retention-lease.ts'
import { planPages } from './retention-planning.ts'
import { MACHINE_TIME, RunPace, type RunTime } from './run-pace.ts'
import { stampMinimums } from './stamp-minimums.ts'

const ITEMS_AT_ONCE = 200
/** A store that was away is waited for by the next run: so many failures one after the other end this one. */
const MAX_FAILURES_IN_A_ROW = 10

export type RunStep = 'opened' | 'begun' | 'item-done' | 'ended'

export interface RetentionRunnerParts {
  readonly store: RetentionStore
  readonly holds: HoldRegister
  readonly destroyer: RecordingDestroyer
  /** `null`: no target to archive to. */
  readonly archiver: RecordingArchiver | null
  readonly runtime: Runtime
  /** Unique among all workers. */
  readonly owner: string
  /** Told at each step: for tests that break off there. */
  readonly onStep?: (step: RunStep) => void
  /** What keeps the lease; a timer, unless a test turns it. */
  readonly repeat?: Repeat
  /** What it goes by between items; the machine's, unless a test turns it. */
  readonly time?: RunTime
}

export interface RunOrder {
  readonly rules: RetentionRules
  readonly by: Actor
  readonly perSecond: number
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

export interface RunReport {
  readonly run: RetentionRun
  /** Whether it was begun by a process that did not end it. */
  readonly resumed: boolean
  readonly outcomes: Readonly<Partial<Record<ItemOutcome, number>>>
  /** Not done: it was ended before, or a store did not answer. The next run goes on with them. */
  readonly left: number
}

/** Carries out what the rules plan: one run at a time over all nodes, item by item, and a run that died is gone on with before another begins. */
export class RetentionRunner {
  readonly #parts: RetentionRunnerParts

  constructor(parts: RetentionRunnerParts) {
    this.#parts = parts
  }

  /** @throws HoldfastError `RETENTION_RUNNING` (retry) while another one runs; `STORE_FAILED`, `AUDIT_UNAVAILABLE` (retry) */
  async run(order: RunOrder): Promise<RunReport> {
    const lease = await RetentionLease.take(this.#parts)
    const signal = AbortSignal.any([order.signal, lease.lost])
    try {
      const held = { ...order, signal, lease, pace: new RunPace(this.#parts.time ?? MACHINE_TIME, order.perSecond) }
      return await this.#carryOut(lease.left ?? await this.#begin(held), { ...held, resumed: lease.left !== null })
    } finally {
      await lease.release()
    }
  }

  /** Plans, and writes the plan down before the first recording is touched: what is carried out is what the digest tells. */
  async #begin({ rules, by, signal, lease, pace }: HeldOrder): Promise<RetentionRun> {
    const { store, holds, archiver, runtime: { clock } } = this.#parts
    const now = clock.now()
    await store.useRules({ version: rules.version, canonical: canonicalRetention(rules), at: now }, rulesChanged(rules, { at: now, by }))
    await stampMinimums(store, { rules, reach: 'all', now, signal, afterPage: () => pace.afterPage(signal) })
    signal.throwIfAborted()
    const id = parseRetentionRunId(randomBytes(8).toString('hex'))
    const draft = { id, version: rules.version, begunBy: by, begunAt: now, plannedAt: now }
    await store.open(draft)
    this.#parts.onStep?.('opened')
    const tally = new PlanTally()
    for await (const { planned, candidates } of planPages({ store, holds, archive: archiver === null ? 'none' : 'there' }, { rules, now, signal })) {
      tally.add(planned, candidates.length)
      await store.addItems(id, planned.flatMap(({ verdict: { recordingId, rule, does } }) => does === null ? [] : [{ recordingId, action: does, rule }]))
      await pace.afterPage(signal)
    }
    const { does } = tally.totals
    const digest = tally.digest()
    const details = { digest, version: rules.version, purge: does.purge.recordings, purgeBytes: does.purge.sizeBytes, archive: does.archive.recordings, archiveBytes: does.archive.sizeBytes }
    await lease.check()
    signal.throwIfAborted()
    await store.begin(id, { digest, planned: does }, aboutRun(id, { at: now, by, action: 'retention.begun', details }))
    this.#parts.onStep?.('begun')
    return { ...draft, state: 'running', digest, planned: does, done: null, manifest: null, endedAt: null }
  }

  async #carryOut(run: RetentionRun, { by, pace, signal, lease, onProgress, resumed }: HeldOrder & { readonly resumed: boolean }): Promise<RunReport> {
    const { store, archiver, runtime } = this.#parts
    const kept = await store.rulesText(run.version)
    if (kept === null) throw new HoldfastError('STORE_FAILED', 'the rules of a run are not kept', { version: run.version })
    const rules = restoreRetention(kept)
    const counts = await store.countItems(run.id)
    const failed = await this.#items(run, { rules, by, pace, signal, lease, onDone: (done) => onProgress?.(counts.all - counts.left + done, counts.all) })
    const outcomes = await store.outcomes(run.id)
    const { left } = await store.countItems(run.id)
    if (left > 0) {
      runtime.log.warn({ runId: run.id, left, failed }, 'a run of the retention rules was left before its end')
      return { run, resumed, outcomes, left }
    }
    const manifest = archiver === null || (outcomes.archived ?? 0) === 0 ? null : await archiver.closeRun({ id: run.id, by }, signal)
    const endedAt = runtime.clock.now()
    const details = { digest: run.digest, ...outcomes, manifest }
    await store.end(run.id, { done: outcomes, manifest, endedAt }, aboutRun(run.id, { at: endedAt, by, action: 'retention.ended', details }))
    this.#parts.onStep?.('ended')
    return { run: { ...run, state: 'ended', done: outcomes, manifest, endedAt }, resumed, outcomes, left: 0 }
  }

  /** @returns how many failed, and are left */
  async #items(run: RetentionRun, { rules, by, pace, signal, lease, onDone }: ItemsOrder): Promise<number> {
    const { store, runtime } = this.#parts
    let [after, done, failures, failed]: [RecordingId | null, number, number, number] = [null, 0, 0, 0]
    for (;;) {
      const items: readonly RetentionItem[] = await store.itemsLeft(run.id, { after, first: ITEMS_AT_ONCE })
      for (const item of items) {
        await lease.check()
        if (signal.aborted || failures >= MAX_FAILURES_IN_A_ROW) return failed
        after = item.recordingId
        const beganMs = pace.nowMs()
        try {
          const outcome = await this.#one(run.id, item, { rules, by, signal })
          await store.finish(run.id, item.recordingId, { outcome, at: runtime.clock.now() })
          runtime.metrics.count('holdfast_retention_items_total', { outcome })
          this.#parts.onStep?.('item-done')
          onDone(++done)
          failures = 0
        } catch (error) {
          // It is as it was; the next run asks for it again.
          if (!isHoldfastError(error)) throw error
          ;[failures, failed] = [failures + 1, failed + 1]
          runtime.log.error({ runId: run.id, recordingId: item.recordingId, code: error.code, error }, 'retention did not come about for a recording')
        }
        await pace.afterItem(beganMs, signal)
      }
      if (items.length < ITEMS_AT_ONCE) return failed
    }
  }

  /** The rules are asked once more: a label, or a minimum, may have come since the plan. Whether a hold came, the destroyer asks in its own transaction. */
  async #one(runId: RetentionRunId, { recordingId, action, rule }: RetentionItem, { rules, by, signal }: Pick<ItemsOrder, 'rules' | 'by' | 'signal'>): Promise<ItemOutcome> {
    const { store, destroyer, archiver, runtime: { clock } } = this.#parts
    const candidate = await store.candidate(recordingId)
    if (candidate === null) return 'gone'
    const { subject, stampedUntil } = candidate
    if (subject.state !== 'purged') {
      const verdict = judgeRetention(subject, { rules, now: clock.now(), stampedUntil, cases: [], archive: archiver === null ? 'none' : 'there' })
      const isArchived = action === 'archive' && subject.state === 'archived'
      if (!isArchived && (verdict.rule !== rule || verdict.does !== action)) return 'not-due'
    }
    if (action === 'purge') return purgedOutcome(await destroyer.destroy({ recordingId, cause: 'retention', rule, reason: `retention run ${runId}`, by, address: null }))
    if (archiver === null) return 'not-due'
    const { outcome } = await archiver.archive(recordingId, { id: runId, rule, by }, signal)
    return outcome === 'already' ? 'archived' : outcome === 'unknown' ? 'gone' : outcome === 'not-stored' ? 'not-due' : outcome
  }
}

interface HeldOrder extends RunOrder {
  /** Its loss is part of `signal`. */
  readonly lease: RetentionLease
  readonly pace: RunPace
}

interface ItemsOrder {
  readonly rules: RetentionRules
  readonly by: Actor
  readonly pace: RunPace
  readonly signal: AbortSignal
  readonly lease: RetentionLease
  readonly onDone: (done: number) => void
}

/** What is under way is decided, and the destroyer goes on with it by itself. A destruction that somebody else decided is not this run's. */
function purgedOutcome(told: DestructionOutcome): ItemOutcome {
  if (told.outcome === 'unknown') return 'gone'
  if (!('destruction' in told)) return told.outcome
  if (told.destruction.cause !== 'retention') return 'gone'
  return told.outcome === 'destroyed' ? 'purged' : 'under-way'
}
