import { assessCoverage } from '../domain/assess-coverage.ts'
import type { AuditDraft } from '../domain/audit-entry.ts'
import { type Assessment, COVERAGE_CAUSES, type CoverageCause, type CoverageGap, isLoss } from '../domain/coverage.ts'
import { isHoldfastError } from '../domain/errors.ts'
import type { PbxId } from '../domain/ids.ts'
import { isLive, type RecordingState } from '../domain/lifecycle.ts'
import type { CoverageLedger, EndedExpectation } from '../ports/coverage-ledger.ts'
import type { Runtime } from '../ports/runtime.ts'

/** A sealed recording is compared with what was wanted within this; somebody who reads the ledger looks at minutes. */
const EVERY_MS = 2000
/** Expectations looked at in one turn: each is a handful of rows. What waits for its sound must not keep the others from being settled. */
const BATCH = 100

interface Parts {
  readonly ledger: CoverageLedger
  readonly runtime: Runtime
  /** Those of the configuration: one without any open leg is measured, too. */
  readonly pbxIds: readonly PbxId[]
  /** A leg that lacks more is alarmed. */
  readonly toleratedMs: number
  /** A leg whose sound is not sealed this long after its end is alarmed. */
  readonly overdueAfterMs: number
}

/** Closes expectations: compares each leg that is over with what was sealed of it, says what is missing and why, and raises the alarms (R6). */
export class CoverageKeeper {
  readonly #parts: Parts
  #timer: NodeJS.Timeout | null = null
  #turning: Promise<void> | null = null
  /** Where the last turn ended, when there was more. */
  #place: EndedExpectation | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => {
      // One that is slow is not overtaken by the next.
      this.#turning ??= this.#guardedTurn().finally(() => {
        this.#turning = null
      })
    }, EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#turning
  }

  /** Settles what can be settled, and measures what cannot. @throws HoldfastError `STORE_FAILED` */
  async turn(): Promise<void> {
    const { ledger } = this.#parts
    const found = await ledger.unsettled(BATCH, this.#place)
    for (const ended of found) await this.#look(ended)
    this.#place = found.length < BATCH ? null : found.at(-1) ?? null
    await this.#measure()
  }

  async #guardedTurn(): Promise<void> {
    try {
      await this.turn()
    } catch (error) {
      // The next turn tries again: nothing of it is lost.
      this.#parts.runtime.log.error({ error, code: isHoldfastError(error) ? error.code : 'BUG' }, 'the coverage ledger could not be settled')
    }
  }

  async #look(ended: EndedExpectation): Promise<void> {
    const { ledger } = this.#parts
    const evidence = await ledger.evidence(ended)
    if (evidence.recordings.some(({ state }) => mayBringSound(state))) await this.#wait(ended)
    else await this.#settle(ended, assessCoverage(evidence))
  }

  async #settle(ended: EndedExpectation, assessment: Assessment): Promise<void> {
    const { ledger, runtime: { clock, metrics, log }, toleratedMs } = this.#parts
    const { expectation } = ended
    const isAlarming = assessment.missingMs > toleratedMs
    const at = clock.now()
    const audit = isAlarming ? draftOf(ended, { at, action: 'coverage.gap', reason: worstCause(assessment), details: detailsOf(assessment) }) : null
    const before = await ledger.settle(expectation, { assessment, at, audit })
    for (const cause of COVERAGE_CAUSES) {
      const moreMs = lostTo(cause, assessment.gaps) - lostTo(cause, before)
      if (moreMs > 0) metrics.count('holdfast_coverage_missing_seconds_total', { pbx: expectation.pbxId, cause }, moreMs / 1000)
    }
    if (!isAlarming) return
    metrics.count('holdfast_coverage_gaps_total', { pbx: expectation.pbxId })
    log.error({ ...placeOf(ended), ...detailsOf(assessment) }, 'sound that a rule wanted is missing')
  }

  async #wait(ended: EndedExpectation): Promise<void> {
    const { ledger, runtime: { clock, metrics, log }, overdueAfterMs } = this.#parts
    const at = clock.now()
    const waitsMs = at.getTime() - ended.toAt.getTime()
    if (waitsMs <= overdueAfterMs) return
    const isNews = await ledger.markOverdue(ended.expectation, draftOf(ended, { at, action: 'coverage.overdue', reason: 'not-sealed', details: { waitsMs } }))
    if (!isNews) return
    metrics.count('holdfast_coverage_overdue_total', { pbx: ended.expectation.pbxId })
    log.error({ ...placeOf(ended), waitsMs }, 'sound that a rule wanted is not sealed, long after its call')
  }

  async #measure(): Promise<void> {
    const { ledger, pbxIds, runtime: { clock, metrics } } = this.#parts
    const open = await ledger.open()
    for (const pbxId of pbxIds) {
      const { live = 0, waiting = 0, oldestEndedAt = null } = open.find((one) => one.pbxId === pbxId) ?? {}
      metrics.gauge('holdfast_coverage_open_expectations', live, { pbx: pbxId, state: 'live' })
      metrics.gauge('holdfast_coverage_open_expectations', waiting, { pbx: pbxId, state: 'waiting' })
      metrics.gauge('holdfast_coverage_oldest_waiting_seconds', oldestEndedAt === null ? 0 : Math.max(0, clock.now().getTime() - oldestEndedAt.getTime()) / 1000, { pbx: pbxId })
    }
  }
}

/** One that goes on, or is on its way into the store. */
function mayBringSound(state: RecordingState): boolean {
  return isLive(state) || state === 'stopped' || state === 'ingesting'
}

function lostTo(cause: CoverageCause, gaps: readonly CoverageGap[]): number {
  return gaps.filter(({ why }) => why === cause).reduce((sum, { beganAt, endedAt }) => sum + endedAt.getTime() - beganAt.getTime(), 0)
}

function worstCause({ gaps }: Assessment): CoverageCause {
  const [worst] = COVERAGE_CAUSES.toSorted((one, other) => lostTo(other, gaps) - lostTo(one, gaps))
  return worst ?? 'unexplained'
}

function detailsOf({ wantedMs, missingMs, gaps }: Assessment): Readonly<Record<string, number | string>> {
  const causes = COVERAGE_CAUSES.filter((cause) => gaps.some((gap) => isLoss(gap) && gap.why === cause))
  return { wantedMs, missingMs, causes: causes.map((cause) => `${cause}=${lostTo(cause, gaps)}`).join(',') }
}

function placeOf({ expectation: { pbxId, channelId, callId, interactionId, side, rule, fromAt }, toAt }: EndedExpectation): Readonly<Record<'pbxId' | 'channelId' | 'callId' | 'interactionId' | 'side' | 'rule' | 'fromAt' | 'toAt', string>> {
  return { pbxId, channelId, callId, interactionId, side, rule, fromAt: fromAt.toISOString(), toAt: toAt.toISOString() }
}

function draftOf(ended: EndedExpectation, told: Pick<AuditDraft, 'at' | 'action' | 'reason' | 'details'>): AuditDraft {
  const { interactionId: id, ...place } = placeOf(ended)
  return {
    ...told,
    actor: { type: 'system', id: 'coverage' },
    object: { type: 'interaction', id },
    outcome: 'failed',
    details: { ...place, ...told.details },
    personal: {},
  }
}
