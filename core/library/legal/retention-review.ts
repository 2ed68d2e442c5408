import { may, type Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { RetentionVerdict } from '../../domain/retention/judge-retention.ts'
import type { RetentionControl, RetentionPlan, RetentionReading, RetentionWhatIf } from '../../ports/retention-control.ts'
import type { HoldRegister } from '../../ports/hold-register.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { RetentionRun } from '../../ports/retention-store.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { JoinedWork } from './joined-work.ts'
import { mayKnowOfHolds } from './legal-holds.ts'
import { covers } from '../access/scope-cover.ts'

/** Samples of each kind. */
export const MAX_RETENTION_SAMPLES = 500

/** What came of trying a draft. */
export type RetentionDraftAnswer = { readonly outcome: 'tried'; readonly report: RetentionWhatIf } | Extract<RetentionReading, { outcome: 'invalid' }>

interface Parts {
  readonly control: RetentionControl
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly holds: Pick<HoldRegister, 'over'>
  readonly audit: AuditWriter
  readonly clock: Clock
  /** When somebody has waited long enough for a plan: for tests that do not wait. */
  readonly patience?: () => AbortSignal
}

/** What a walk over every recording came to. */
type Walked = { readonly type: 'plan'; readonly plan: RetentionPlan } | { readonly type: 'what-if'; readonly report: RetentionWhatIf }

/** What is kept, what goes, and why: for whoever manages retention, and of a recording for whoever may find it. */
export class RetentionReview {
  readonly #parts: Parts
  readonly #walks: JoinedWork<Walked>

  constructor(parts: Parts) {
    this.#parts = parts
    this.#walks = new JoinedWork(parts)
  }

  /**
   * It walks every row: seconds at a million. Whoever asks again for what goes on joins it.
   * @throws HoldfastError `FORBIDDEN`; `QUERY_TIMEOUT` (retry) while it goes on; `RATE_LIMITED` (retry) while another plan is made; `AUDIT_UNAVAILABLE` (retry)
   */
  async plan(requester: Requester, samples: number, gone: AbortSignal): Promise<RetentionPlan> {
    await this.#allow(requester)
    const most = Math.min(samples, MAX_RETENTION_SAMPLES)
    const { control } = this.#parts
    const walked = await this.#walks.join(keyOf(requester, ['plan', most, control.standing().version]), async (around) => ({ type: 'plan', plan: await control.plan({ samples: most, ...around }) }), gone)
    if (walked.type !== 'plan') throw new TypeError('a plan was asked for')
    const { plan } = walked
    const { does, looked } = plan.totals
    await this.#told(requester, plan.version, { what: 'plan', digest: plan.digest, purge: does.purge.recordings, archive: does.archive.recordings, looked })
    return plan
  }

  /** What a draft would change. @throws HoldfastError as {@link plan} */
  async whatIf(requester: Requester, { text, samples }: { readonly text: string; readonly samples: number }, gone: AbortSignal): Promise<RetentionDraftAnswer> {
    await this.#allow(requester)
    const { control } = this.#parts
    const reading = control.read(text)
    if (reading.outcome === 'invalid') return reading
    const most = Math.min(samples, MAX_RETENTION_SAMPLES)
    const key = keyOf(requester, ['what-if', most, control.standing().version, reading.rules.version])
    const walked = await this.#walks.join(key, async (around) => ({ type: 'what-if', report: await control.whatIf(reading.rules, { samples: most, ...around }) }), gone)
    if (walked.type !== 'what-if') throw new TypeError('another set of rules was asked about')
    const { report } = walked
    await this.#told(requester, report.version, { what: 'what-if', inForce: report.inForce, looked: report.looked })
    return { outcome: 'tried', report }
  }

  /** @throws HoldfastError `FORBIDDEN` */
  async runs(requester: Requester, { first, before }: { readonly first: number; readonly before: Date | null }): Promise<{ readonly runs: readonly RetentionRun[]; readonly hasMore: boolean }> {
    await this.#allow(requester)
    const found = await this.#parts.control.runs({ first: first + 1, before })
    return { runs: found.slice(0, first), hasMore: found.length > first }
  }

  /**
   * `null`: not there, or not this requester's. Cases that she may not know of are counted, and not named; whoever looks at calls of her own is told what the rules alone say:
   * a hold may be about her. @throws HoldfastError `FORBIDDEN`
   */
  async explain(requester: Requester, id: RecordingId): Promise<RetentionVerdict | null> {
    const scope = scopeFor(requester, 'search')
    const recording = await this.#parts.repository.find(id, scope)
    const verdict = recording === null ? null : await this.#parts.control.explain(id)
    if (recording === null || verdict === null || !verdict.obstacles.some(({ type }) => type === 'hold')) return verdict
    if (requester.role.reach === 'own' && !mayKnowOfHolds(requester)) return withoutHolds(verdict)
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

  async #told(requester: Requester, version: string, details: AuditDraft['details']): Promise<void> {
    await this.#parts.audit.require(requester, { action: 'retention.planned', object: { type: 'retention', id: version }, outcome: 'ok', reason: null, details, personal: {} })
  }
}

function withoutHolds(verdict: RetentionVerdict): RetentionVerdict {
  const obstacles = verdict.obstacles.filter(({ type }) => type !== 'hold')
  return { ...verdict, obstacles, does: obstacles.length === 0 ? verdict.due?.action ?? null : verdict.does }
}

/** Two questions of one person are one when nothing about them differs. */
function keyOf({ actor }: Requester, words: readonly (string | number)[]): string {
  return JSON.stringify([actor.type, actor.id, ...words])
}
