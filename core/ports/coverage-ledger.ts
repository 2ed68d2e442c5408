import type { AuditDraft } from '../domain/audit-entry.ts'
import type { CoverageEvidence } from '../domain/assess-coverage.ts'
import type { Assessment, CoverageCause, CoverageExcuse, CoverageGap, Expectation, ExpectationEnd, ExpectationKey, UnobservedWindow } from '../domain/coverage.ts'
import type { PbxId } from '../domain/ids.ts'

/** An expectation whose leg is over and that nobody has compared with the sealed sound yet, or not since more of it was sealed. */
export interface EndedExpectation {
  readonly expectation: Expectation
  readonly toAt: Date
  readonly end: ExpectationEnd
}

/** How many expectations stand open, of each PBX that has any. */
export interface OpenExpectations {
  readonly pbxId: PbxId
  /** Their legs are not over. */
  readonly live: number
  /** Their legs are over, and their sound is not sealed yet. */
  readonly waiting: number
  /** When the first of the waiting ended. */
  readonly oldestEndedAt: Date | null
}

/** Which part of the ledger: legs that began in `[from, to)`; `null` = every PBX. */
export interface CoverageRange {
  readonly from: Date
  readonly to: Date
  readonly pbxId: PbxId | null
}

/** A leg as the report shows it. */
export interface CoveredLeg extends EndedExpectation {
  readonly assessment: Assessment
}

/** Sums of one range. Times are milliseconds. */
export interface CoverageTotals {
  /** Legs that were wanted; each stands in exactly one of the three below. */
  readonly legs: number
  readonly settledLegs: number
  readonly waitingLegs: number
  readonly liveLegs: number
  /** Of the settled ones: more is missing than is tolerated. */
  readonly gapLegs: number
  readonly wantedMs: number
  readonly coveredMs: number
  readonly missingMs: number
  readonly missing: readonly { readonly cause: CoverageCause; readonly legs: number; readonly milliseconds: number }[]
  readonly excused: readonly { readonly excuse: CoverageExcuse; readonly legs: number; readonly milliseconds: number }[]
}

/** The coverage ledger as the catalogue keeps it: capture's facts fill it, ingest settles it, anybody who may reads it. */
export interface CoverageLedger {
  /** Oldest end first, at most `limit`, ended before `endedBefore`; `after`: those behind this one. */
  unsettled(limit: number, after: EndedExpectation | null): Promise<readonly EndedExpectation[]>
  /** Everything that bears on one expectation. */
  evidence(ended: EndedExpectation): Promise<CoverageEvidence>
  /**
   * Writes what became of it, in one transaction with the audit entry. Twice is once; a later assessment replaces an earlier one.
   * @returns what was missing before, by cause; empty at the first time
   */
  settle(key: ExpectationKey, outcome: { readonly assessment: Assessment; readonly at: Date; readonly audit: AuditDraft | null }): Promise<readonly CoverageGap[]>
  /** Notes that it waits too long, with the audit entry. `false`: it was noted before. */
  markOverdue(key: ExpectationKey, audit: AuditDraft): Promise<boolean>
  open(): Promise<readonly OpenExpectations[]>
  totals(range: CoverageRange, toleratedMs: number): Promise<CoverageTotals>
  /** Those that lack most, at most `first`. */
  worst(range: CoverageRange, first: number): Promise<readonly CoveredLeg[]>
  /** Those that overlap the range, oldest first, at most `first`. */
  windows(range: CoverageRange, first: number): Promise<readonly UnobservedWindow[]>
}
