import { setTimeout as delay } from 'node:timers/promises'
import { may, type Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { Policy } from '../../domain/rules/policy.ts'
import type { PolicyControl, PolicyReading } from '../../ports/policy-control.ts'
import type { RecordingFilter, RecordingRepository } from '../../ports/recording-repository.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AttachedVisibility } from './attached-visibility.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { checkedFilter } from '../search/filters.ts'
import { backtestHistory, type HistoryReport } from './policy-history.ts'

/** Over the API: some tens of megabytes, read in a second or two. The command line takes longer histories. */
export const MAX_BACKTEST_RECORDINGS = 10_000
/** Well below what an answer may take (graphql/http-options.ts). */
export const BACKTEST_TIME_MS = 10_000
/** Work without a rest: well below the 250 ms that a dialplan waits for its answer. */
const WORK_MS = 5
/** Whoever else waits for this thread goes first; and has it for a quarter of the time at least. */
const REST_MS = 2

/** What became of a draft: its report, or what is wrong with its text. */
export type BacktestAnswer =
  | { readonly outcome: 'tried'; readonly report: HistoryReport }
  | Extract<PolicyReading, { outcome: 'invalid' }>

interface Parts {
  readonly repository: Pick<RecordingRepository, 'search'>
  readonly control: PolicyControl
  readonly visibility: AttachedVisibility
  readonly audit: AuditWriter
  readonly clock: Clock
}

/** Drafts tried on the calls of before. One at a time, bounded in recordings and time, and never in the way of anybody. */
export class PolicyBacktests {
  readonly #parts: Parts
  #running = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param signal - aborted when nobody waits for the answer any more
   * @throws HoldfastError `FORBIDDEN`, also for a draft that looks at data which the requester may not see: its answer would tell it;
   * `FILTER_INVALID`; `RATE_LIMITED` (retry) while another runs; `QUERY_TIMEOUT` (retry); `AUDIT_UNAVAILABLE` (retry)
   */
  async tryDraft(requester: Requester, { text, filter }: { readonly text: string; readonly filter: RecordingFilter }, signal: AbortSignal): Promise<BacktestAnswer> {
    const { control, audit, visibility } = this.#parts
    const scope = await this.#allow(requester)
    const checked = checkedFilter(filter)
    visibility.refuseHidden(requester, checked.attached.map(({ key }) => key))
    const reading = await control.read(text)
    if (reading.outcome === 'invalid') return reading
    const draft = reading.policy
    this.#refuseHidden(requester, draft)
    if (this.#running > 0) throw new HoldfastError('RATE_LIMITED', 'another draft is being tried: one at a time', {})
    this.#running += 1
    try {
      const report = await backtestHistory(this.#parts.repository, { draft, filter: checked, scope, sight: (data) => visibility.data(requester, data) }, { maxRecordings: MAX_BACKTEST_RECORDINGS, timeLeft: this.#timer(signal), rest: this.#pace() })
      const { calls, recordings, cutBy } = report
      await audit.require(requester, {
        action: 'policy.backtested', object: { type: 'policy', id: draft.version }, outcome: 'ok', reason: null,
        details: { inForce: control.standing().policy.version, calls, recordings, cutBy, from: checked.startedFrom?.toISOString() ?? null, to: checked.startedTo?.toISOString() ?? null }, personal: {},
      })
      return { outcome: 'tried', report }
    } finally {
      this.#running -= 1
    }
  }

  async #allow(requester: Requester): Promise<ReturnType<typeof scopeFor>> {
    if (!may(requester, 'manage-policy')) {
      await this.#parts.audit.attempt(requester, { action: 'policy.backtested', object: { type: 'policy', id: 'draft' }, outcome: 'refused', reason: 'FORBIDDEN', details: {}, personal: {} })
    }
    return scopeFor(requester, 'manage-policy')
  }

  /** What a draft says of the calls of before tells of every field that it looks at. Of keys that are not listed (any more) it is told nothing. */
  #refuseHidden(requester: Requester, { lookedAt, factKeys }: Policy): void {
    const hidden = this.#parts.visibility.hiddenFields(requester, { fields: lookedAt.at(-1) ?? [], factKeys })
    if (hidden.length === 0) return
    throw new HoldfastError('FORBIDDEN', `the draft looks at ${hidden.join(', ')}, which your role may not see: try it with \`holdfast policy backtest\``, { field: 'text' })
  }

  #pace(): () => Promise<void> {
    const { clock } = this.#parts
    let restedAt = clock.now().getTime()
    return async () => {
      if (clock.now().getTime() - restedAt < WORK_MS) return
      await delay(REST_MS)
      restedAt = clock.now().getTime()
    }
  }

  #timer(signal: AbortSignal): () => number {
    const { clock } = this.#parts
    const startedAt = clock.now().getTime()
    return () => signal.aborted ? 0 : 1 - (clock.now().getTime() - startedAt) / BACKTEST_TIME_MS
  }
}
