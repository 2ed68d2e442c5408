import { may, type Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { RetentionVerdict } from '../../domain/retention/judge-retention.ts'
import type { RetentionControl, RetentionPlan, RetentionReading, RetentionWhatIf } from '../../ports/retention-control.ts'
import type { HoldRegister } from '../../ports/hold-register.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { RetentionRun } from '../../ports/retention-store.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { covers } from '../access/scope-cover.ts'

/** A plan walks every row: seconds at a million. One at a time. */
export const MAX_RETENTION_SAMPLES = 500

/** What came of trying a draft. */
export type RetentionDraftAnswer = { readonly outcome: 'tried'; readonly report: RetentionWhatIf } | Extract<RetentionReading, { outcome: 'invalid' }>

interface Parts {
  readonly control: RetentionControl
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly holds: Pick<HoldRegister, 'over'>
  readonly audit: AuditWriter
}

/** What is kept, what goes, and why: for whoever manages retention, and of a recording for whoever may find it. */
export class RetentionReview {
  readonly #parts: Parts
  #running = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @throws HoldfastError `FORBIDDEN`; `RATE_LIMITED` (retry) while another plan is made; `AUDIT_UNAVAILABLE` (retry) */
  async plan(requester: Requester, samples: number, signal: AbortSignal): Promise<RetentionPlan> {
    await this.#allow(requester)
    const plan = await this.#alone(() => this.#parts.control.plan({ samples: Math.min(samples, MAX_RETENTION_SAMPLES), signal }))
    const { does, looked } = plan.totals
    await this.#told(requester, plan.version, { what: 'plan', digest: plan.digest, purge: does.purge.recordings, archive: does.archive.recordings, looked })
    return plan
  }

  /** What a draft would change. @throws HoldfastError as {@link plan} */
  async whatIf(requester: Requester, { text, samples }: { readonly text: string; readonly samples: number }, signal: AbortSignal): Promise<RetentionDraftAnswer> {
    await this.#allow(requester)
    const reading = this.#parts.control.read(text)
    if (reading.outcome === 'invalid') return reading
    const report = await this.#alone(() => this.#parts.control.whatIf(reading.rules, { samples: Math.min(samples, MAX_RETENTION_SAMPLES), signal }))
    await this.#told(requester, report.version, { what: 'what-if', inForce: report.inForce, looked: report.looked })
    return { outcome: 'tried', report }
  }

  /** @throws HoldfastError `FORBIDDEN` */
  async runs(requester: Requester, { first, before }: { readonly first: number; readonly before: Date | null }): Promise<{ readonly runs: readonly RetentionRun[]; readonly hasMore: boolean }> {
    await this.#allow(requester)
    const found = await this.#parts.control.runs({ first: first + 1, before })
    return { runs: found.slice(0, first), hasMore: found.length > first }
  }

  /** `null`: not there, or not this requester's. Cases that she may not know of are counted, and not named. @throws HoldfastError `FORBIDDEN` */
  async explain(requester: Requester, id: RecordingId): Promise<RetentionVerdict | null> {
    const scope = scopeFor(requester, 'search')
    const recording = await this.#parts.repository.find(id, scope)
    const verdict = recording === null ? null : await this.#parts.control.explain(id)
    if (recording === null || verdict === null || !verdict.obstacles.some(({ type }) => type === 'hold')) return verdict
    const over = (await this.#parts.holds.over([recording])).get(id) ?? []
    const known = may(requester, 'hold') || may(requester, 'release') ? over.filter((hold) => covers(scope, hold.scope)).map(({ caseName }) => caseName) : []
    const others = over.length - known.length
    const cases = [...known, ...(others > 0 ? [`${others} that others have placed`] : [])]
    return { ...verdict, obstacles: verdict.obstacles.map((obstacle) => (obstacle.type === 'hold' ? { type: 'hold', cases } : obstacle)) }
  }

  /** A plan tells of everything: whoever reaches only some does not see it. */
  async #allow(requester: Requester): Promise<void> {
    if (may(requester, 'manage-retention') && scopeFor(requester, 'manage-retention').type === 'all') return
    await this.#parts.audit.attempt(requester, { action: 'retention.planned', object: { type: 'retention', id: 'plan' }, outcome: 'refused', reason: 'FORBIDDEN', details: {}, personal: {} })
    scopeFor(requester, 'manage-retention')
    throw new HoldfastError('FORBIDDEN', 'retention is of all recordings: it needs the right to manage it over every partition', { permission: 'manage-retention' })
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running > 0) throw new HoldfastError('RATE_LIMITED', 'another plan of retention is being made: one at a time', {})
    this.#running += 1
    try {
      return await work()
    } finally {
      this.#running -= 1
    }
  }

  async #told(requester: Requester, version: string, details: AuditDraft['details']): Promise<void> {
    await this.#parts.audit.require(requester, { action: 'retention.planned', object: { type: 'retention', id: version }, outcome: 'ok', reason: null, details, personal: {} })
  }
}
