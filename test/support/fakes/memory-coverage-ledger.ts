import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import type { CoverageEvidence } from '../../../core/domain/assess-coverage.ts'
import { type Assessment, COVERAGE_CAUSES, COVERAGE_EXCUSES, type CoverageGap, type Expectation, type ExpectationEnd, type ExpectationKey, type UnobservedWindow } from '../../../core/domain/coverage.ts'
import type { RecordingId } from '../../../core/domain/ids.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { CoverageLedger, CoverageRange, CoverageTotals, CoveredLeg, EndedExpectation, OpenExpectations } from '../../../core/ports/coverage-ledger.ts'
import { coveringOf, pausesOf, soundRow } from '../../../core/store/sql/coverage-rows.ts'
import type { MemoryRecordingRepository } from './memory-recording-repository.ts'

interface Kept {
  readonly expectation: Expectation
  toAt: Date | null
  end: ExpectationEnd
  settledAt: Date | null
  isOverdue: boolean
  assessment: Assessment | null
}

/** The ledger over a repository in memory: the same answers as the SQL one. */
export class MemoryCoverageLedger implements CoverageLedger {
  readonly #repository: MemoryRecordingRepository
  readonly #audit: Pick<AuditLog, 'append'>
  readonly #kept = new Map<string, Kept>()
  readonly #windows: UnobservedWindow[] = []
  readonly #sealed = new Set<RecordingId>()
  #read = 0

  constructor(repository: MemoryRecordingRepository, audit: Pick<AuditLog, 'append'>) {
    this.#repository = repository
    this.#audit = audit
  }

  async unsettled(limit: number, after: EndedExpectation | null): Promise<readonly EndedExpectation[]> {
    const ended = this.#all().filter(({ toAt, settledAt }) => toAt !== null && settledAt === null).map(endedOf)
      .toSorted((one, other) => orderOf(one) < orderOf(other) ? -1 : 1)
    return ended.filter((one) => after === null || orderOf(one) > orderOf(after)).slice(0, limit)
  }

  async evidence(ended: EndedExpectation): Promise<CoverageEvidence> {
    const { expectation, toAt } = ended
    const ofPbx = this.#repository.everything().filter(({ pbxId }) => pbxId === expectation.pbxId)
    const own = ofPbx.filter((recording) => recording.segments.some(({ channelId }) => channelId === expectation.channelId) || recording.interactionId === expectation.interactionId)
    return {
      ...ended,
      recordings: own.map((recording) => coveringOf(recording, expectation, (this.#repository.sounds.get(recording.id) ?? []).map((sound) => soundRow(Number(recording.id), sound)))),
      pauses: own.flatMap(pausesOf),
      unobserved: this.#allWindows().filter((window) => window.pbxId === expectation.pbxId && window.fromAt < toAt && (window.toAt === null || window.toAt > expectation.fromAt)),
    }
  }

  async settle(key: ExpectationKey, { assessment, at, audit }: { readonly assessment: Assessment; readonly at: Date; readonly audit: AuditDraft | null }): Promise<readonly CoverageGap[]> {
    this.#all()
    const kept = this.#kept.get(textOf(key))
    const before = kept?.assessment?.gaps ?? []
    if (kept !== undefined) Object.assign(kept, { assessment, settledAt: at })
    if (audit !== null) await this.#audit.append(audit)
    return before
  }

  async markOverdue(key: ExpectationKey, audit: AuditDraft): Promise<boolean> {
    this.#all()
    const kept = this.#kept.get(textOf(key))
    if (kept === undefined || kept.isOverdue) return false
    kept.isOverdue = true
    await this.#audit.append(audit)
    return true
  }

  async open(): Promise<readonly OpenExpectations[]> {
    const groups = Map.groupBy(this.#all().filter(({ settledAt }) => settledAt === null), ({ expectation }) => expectation.pbxId)
    return [...groups].map(([pbxId, open]) => {
      const ends = open.flatMap(({ toAt }) => toAt === null ? [] : [toAt.getTime()])
      return { pbxId, live: open.length - ends.length, waiting: ends.length, oldestEndedAt: ends.length === 0 ? null : new Date(Math.min(...ends)) }
    })
  }

  async totals(range: CoverageRange, toleratedMs: number): Promise<CoverageTotals> {
    const legs = this.#all().filter(({ expectation }) => isWithin(range, expectation))
    const assessed = legs.flatMap(({ assessment }) => assessment === null ? [] : [assessment])
    const sum = (of: (assessment: Assessment) => number): number => assessed.reduce((total, assessment) => total + of(assessment), 0)
    const of = (why: CoverageGap['why']): readonly { readonly legs: number; readonly milliseconds: number }[] => {
      const lengths = assessed.map(({ gaps }) => gaps.filter((gap) => gap.why === why)).filter((gaps) => gaps.length > 0)
      return lengths.length === 0 ? [] : [{ legs: lengths.length, milliseconds: lengths.flat().reduce((total, { beganAt, endedAt }) => total + endedAt.getTime() - beganAt.getTime(), 0) }]
    }
    const settled = legs.filter(({ settledAt }) => settledAt !== null).length
    const ended = legs.filter(({ toAt }) => toAt !== null).length
    return {
      legs: legs.length, settledLegs: settled, waitingLegs: ended - settled, liveLegs: legs.length - ended, gapLegs: assessed.filter(({ missingMs }) => missingMs > toleratedMs).length,
      wantedMs: sum(({ wantedMs }) => wantedMs), coveredMs: sum(({ coveredMs }) => coveredMs), missingMs: sum(({ missingMs }) => missingMs),
      missing: COVERAGE_CAUSES.flatMap((cause) => of(cause).map(({ legs: count, milliseconds }) => ({ cause, legs: count, milliseconds }))),
      excused: COVERAGE_EXCUSES.flatMap((excuse) => of(excuse).map(({ legs: count, milliseconds }) => ({ excuse, legs: count, milliseconds }))),
    }
  }

  async worst(range: CoverageRange, first: number): Promise<readonly CoveredLeg[]> {
    return this.#all().filter(({ expectation }) => isWithin(range, expectation))
      .flatMap((kept) => kept.assessment === null || kept.assessment.missingMs === 0 ? [] : [{ ...endedOf(kept), assessment: kept.assessment }])
      .toSorted((one, other) => other.assessment.missingMs - one.assessment.missingMs).slice(0, first)
  }

  async windows({ from, to, pbxId }: CoverageRange, first: number): Promise<readonly UnobservedWindow[]> {
    return this.#allWindows().filter((window) => window.fromAt < to && (window.toAt === null || window.toAt > from) && (pbxId === null || pbxId === window.pbxId)).slice(0, first)
  }

  /** Of recordings that were sealed since the last look: their legs are looked at again, where they lacked something. */
  #reopen(): void {
    const fresh = this.#repository.everything().filter(({ id }) => this.#repository.sounds.has(id) && !this.#sealed.has(id))
    for (const { id, segments } of fresh) {
      this.#sealed.add(id)
      for (const kept of this.#kept.values()) {
        if ((kept.assessment?.missingMs ?? 0) > 0 && segments.some(({ channelId }) => channelId === kept.expectation.channelId)) kept.settledAt = null
      }
    }
  }

  #all(): readonly Kept[] {
    const fresh = this.#repository.coverage.slice(this.#read)
    this.#read += fresh.length
    for (const fact of fresh) {
      if (fact.type === 'expectation-opened') {
        const { type: _, at: __, ...expectation } = fact
        if (!this.#kept.has(textOf(fact))) this.#kept.set(textOf(fact), { expectation, toAt: null, end: 'hangup', settledAt: null, isOverdue: false, assessment: null })
      } else if (fact.type === 'expectation-closed') {
        const kept = this.#kept.get(textOf(fact))
        if (kept?.toAt === null) Object.assign(kept, { toAt: fact.toAt, end: fact.end })
      } else if (fact.type === 'observation-lost') {
        if (!this.#windows.some(({ pbxId, toAt }) => pbxId === fact.pbxId && toAt === null)) this.#windows.push({ pbxId: fact.pbxId, fromAt: fact.at, toAt: null, because: fact.because, callsFound: 0 })
      } else {
        const place = this.#windows.findIndex(({ pbxId, toAt }) => pbxId === fact.pbxId && toAt === null)
        const window = this.#windows[place]
        if (window !== undefined) this.#windows[place] = { ...window, toAt: fact.at, callsFound: fact.callsFound, because: fact.because ?? window.because }
      }
    }
    this.#reopen()
    return [...this.#kept.values()]
  }

  #allWindows(): readonly UnobservedWindow[] {
    this.#all()
    return this.#windows
  }
}

function isWithin({ from, to, pbxId }: CoverageRange, { fromAt, pbxId: own }: Expectation): boolean {
  return fromAt >= from && fromAt < to && (pbxId === null || pbxId === own)
}

function endedOf({ expectation, toAt, end }: Kept): EndedExpectation {
  return { expectation, toAt: toAt ?? expectation.fromAt, end }
}

function textOf({ pbxId, channelId, side, fromAt }: ExpectationKey): string {
  return `${pbxId} ${channelId} ${side} ${fromAt.getTime()}`
}

function orderOf({ expectation, toAt }: EndedExpectation): string {
  return `${String(toAt.getTime()).padStart(16, '0')} ${textOf(expectation)}`
}
