import type { Requester } from '../../domain/actor.ts'
import type { UnobservedWindow } from '../../domain/coverage.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { CoverageLedger, CoverageRange, CoverageTotals, CoveredLeg } from '../../ports/coverage-ledger.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'

/** Legs and windows that a report lists; the sums are of all. */
export const MOST_LISTED = 100

/** What the ledger says of a range. */
export interface CoverageReport {
  readonly range: CoverageRange
  /** What a leg may lack before it counts as a gap. */
  readonly toleratedMs: number
  readonly totals: CoverageTotals
  /** Those that lack most. */
  readonly worst: readonly CoveredLeg[]
  /** What nobody saw, and so nobody can prove. */
  readonly windows: readonly UnobservedWindow[]
}

/** Reads the ledger for a report. @throws HoldfastError `FILTER_INVALID` for an empty range; `STORE_FAILED` */
export async function coverageReport(ledger: CoverageLedger, range: CoverageRange, { toleratedMs, listed }: { readonly toleratedMs: number; readonly listed: number }): Promise<CoverageReport> {
  if (range.from >= range.to) throw new HoldfastError('FILTER_INVALID', 'the range ends before it begins')
  if (!Number.isInteger(listed) || listed < 1 || listed > MOST_LISTED) throw new HoldfastError('FILTER_INVALID', `1 to ${MOST_LISTED} calls can be listed`)
  const [totals, worst, windows] = [await ledger.totals(range, toleratedMs), await ledger.worst(range, listed), await ledger.windows(range, MOST_LISTED)]
  return { range, toleratedMs, totals, worst, windows }
}

/** The coverage ledger for whoever may read the audit: it tells of calls in every partition. */
export class CoverageReports {
  readonly #ledger: CoverageLedger
  readonly #audit: AuditWriter
  readonly #clock: Clock
  readonly #toleratedMs: number

  constructor({ ledger, audit, clock, toleratedMs }: { readonly ledger: CoverageLedger; readonly audit: AuditWriter; readonly clock: Clock; readonly toleratedMs: number }) {
    this.#ledger = ledger
    this.#audit = audit
    this.#clock = clock
    this.#toleratedMs = toleratedMs
  }

  /** Without an end: until now. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID`; `AUDIT_UNAVAILABLE` (retry) */
  async read(requester: Requester, { to, ...asked }: Omit<CoverageRange, 'to'> & { readonly to: Date | null }, listed: number): Promise<CoverageReport> {
    const about = { action: 'coverage.read', object: { type: 'audit', id: 'coverage' }, personal: {} } as const
    try {
      if (scopeFor(requester, 'read-audit').type !== 'all') throw new HoldfastError('FORBIDDEN', 'the ledger tells of every partition, and this token reaches only some')
    } catch (error) {
      if (isHoldfastError(error, 'FORBIDDEN')) await this.#audit.attempt(requester, { ...about, outcome: 'refused', reason: error.code, details: {} })
      throw error
    }
    const range = { ...asked, to: to ?? this.#clock.now() }
    const report = await coverageReport(this.#ledger, range, { toleratedMs: this.#toleratedMs, listed })
    const details = { from: range.from.toISOString(), to: range.to.toISOString(), pbxId: range.pbxId, legs: report.totals.legs, missingMs: report.totals.missingMs }
    await this.#audit.require(requester, { ...about, outcome: 'ok', reason: null, details })
    return report
  }
}
